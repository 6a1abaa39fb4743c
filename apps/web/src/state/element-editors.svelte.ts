/**
 * Where the people who edit a picture or write a text are shown: at it, also while it is moved or cropped.
 *
 * The people are read again when one of them changes, the places with each frame of the canvas.
 */
import type { ElementId } from '@wetink/board';
import { boundsOf } from '@wetink/canvas';
import { editorsAt, writersAt, type Participant } from '../core/participants.ts';
import type { BoardContext } from './board-context.ts';

export interface EditorsPlace {
  readonly id: ElementId;
  /** `edit`: a picture, by those who have its panel open. `write`: an element whose text they have open. */
  readonly act: 'edit' | 'write';
  readonly editors: readonly Participant[];
  /** The top left corner of the element's box, CSS pixels from that of the canvas. */
  readonly x: number;
  readonly y: number;
}

type View = Pick<BoardContext['view'], 'camera' | 'shown'>;
type People = Pick<BoardContext['people'], 'list'>;
type Act = Pick<EditorsPlace, 'id' | 'act' | 'editors'>;

export class ElementEditors {
  #view: View;
  #people: People;
  #acts: readonly Act[] = $derived.by(() => {
    const people = this.#people.list;
    return [
      ...editorsAt(people).map(({ picture, editors }): Act => ({ id: picture, act: 'edit', editors })),
      ...writersAt(people).map(({ text, writers }): Act => ({ id: text, act: 'write', editors: writers })),
    ];
  });
  /** By element; none for an element that is gone. */
  readonly places: readonly EditorsPlace[] = $derived.by(() => this.#place());

  constructor({ view, people }: { view: View; people: People }) {
    this.#view = view;
    this.#people = people;
  }

  #place(): EditorsPlace[] {
    const { x, y, zoom } = this.#view.camera;
    const elements = this.#view.shown(this.#acts.map(({ id }) => id));
    const byId = new Map(elements.map((element) => [element.id, element]));
    return this.#acts.flatMap((act) => {
      const element = byId.get(act.id);
      const isPlace = element !== undefined && (act.act === 'write' || element.kind === 'image');
      const box = isPlace ? boundsOf([element]) : null;
      return box === null ? [] : [{ ...act, x: (box.minX - x) * zoom, y: (box.minY - y) * zoom }];
    });
  }
}
