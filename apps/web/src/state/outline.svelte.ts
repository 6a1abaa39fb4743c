/** The outline of the board while its list is open: made again, in slices, when something on the board has changed. */
import * as m from '$words/state-outline';
import type { BoardElement, ElementId } from '@wetink/board';
import { boundsOf } from '@wetink/canvas';
import { readsFrom } from '../browser/reads-from.ts';
import { inSlices } from '../browser/in-slices.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { elementName } from '../core/element-sentence.ts';
import { idsOfRow, outlineOf, PAGE_ROWS, type OutlineRow } from '../core/outline.ts';
import { placeWords } from '../core/place-words.ts';
import { getBoardContext, type BoardContext } from './board-context.ts';
import { getSession } from './open-session.ts';

/** Changes of this time are one new list: a person who draws makes many. */
const GATHER_MS = 400;

/** One row, as it is shown. */
export interface OutlineEntry {
  readonly row: OutlineRow;
  /** 'Red rectangle "Start"', 'Group of 3'. */
  readonly name: string;
  /** 'top left, locked'. */
  readonly facts: string;
}

/** For a component of the board page, while it is being made. */
export function createOutline(): Outline {
  const { board, view } = getBoardContext();
  const session = getSession();
  const outline = new Outline(() => session.board, view);
  $effect(() => {
    void board.elements; // Also when they change.
    outline.makeSoon();
  });
  $effect(() => () => outline.close());
  return outline;
}

export class Outline {
  #board: () => ReturnType<typeof getSession>['board'];
  #view: BoardContext['view'];
  #rows = $state.raw<readonly OutlineRow[] | null>(null);
  #from = $state(0);
  #isMaking = false;
  /** The board has changed since the list was begun. */
  #isStale = false;
  #isClosed = false;
  #cancel: (() => void) | null = null;

  constructor(board: () => ReturnType<typeof getSession>['board'], view: BoardContext['view']) {
    this.#board = board;
    this.#view = view;
  }
  /** Null while it is made for the first time. */
  get total(): number | null {
    return this.#rows?.length ?? null;
  }
  /** The first row of the page, counted from 0. */
  get from(): number {
    return this.#from;
  }
  readonly entries: readonly OutlineEntry[] = $derived.by(() => this.#entriesFrom(this.#from));

  /** One page on, or back. */
  turn(by: 1 | -1): void {
    const last = Math.max(0, Math.ceil((this.total ?? 0) / PAGE_ROWS) - 1) * PAGE_ROWS;
    this.#from = Math.min(last, Math.max(0, this.#from + by * PAGE_ROWS));
  }
  get hasBefore(): boolean {
    return this.#from > 0;
  }
  get hasAfter(): boolean {
    return this.#from + PAGE_ROWS < (this.total ?? 0);
  }
  /** Selects what a row stands for, and brings it into view. */
  show({ row, name }: OutlineEntry): void {
    const { stage } = this.#view;
    if (stage === null) return;
    stage.setTool('select');
    stage.select(idsOfRow(this.#board(), this.#rows ?? [], row));
    stage.zoomToSelection();
    this.#view.said = m.isSelected({ name });
  }
  makeSoon(): void {
    this.#isStale = true;
    if (this.#isMaking || this.#cancel !== null) return;
    if (this.#rows === null) return void this.#make();
    this.#cancel = scheduleTimeout(() => {
      this.#cancel = null;
      void this.#make();
    }, GATHER_MS);
  }
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  async #make(): Promise<void> {
    this.#isMaking = true;
    this.#isStale = false;
    const rows = await inSlices(this.#steps());
    this.#isMaking = false;
    if (this.#isClosed) return;
    if (this.#rows === null) this.#beginAtSelection(rows);
    this.#rows = rows;
    if (this.#from >= rows.length) this.turn(1);
    if (this.#isStale) this.makeSoon();
  }
  /** A list that will never be seen is given up. */
  *#steps(): Generator<undefined, readonly OutlineRow[]> {
    const steps = outlineOf(this.#board(), readsFrom());
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      if (this.#isClosed) return [];
      yield;
    }
  }
  #beginAtSelection(rows: readonly OutlineRow[]): void {
    const [selected] = this.#view.selection;
    const at = selected === undefined ? -1 : rows.findIndex(({ id }) => id === selected);
    if (at >= 0) this.#from = at - (at % PAGE_ROWS);
  }
  #entriesFrom(from: number): OutlineEntry[] {
    const all = this.#view.stage?.bounds() ?? null;
    const board = this.#board();
    return (this.#rows ?? []).slice(from, from + PAGE_ROWS).flatMap((row) => {
      const element = board.get(row.id);
      const inside = element === undefined ? elementsOf(board, row.id) : [element];
      const box = boundsOf(inside);
      // A group deleted since stays out of the list until that is made again.
      if (box === null && element === undefined) return [];
      const own = element === undefined ? m.group() : elementName(element);
      const name = row.count === 0 ? own : m.withElements({ name: own, count: row.count });
      const place = box === null || all === null ? '' : placeWords(box, all);
      const isLocked = inside.length > 0 && inside.every((each) => each.isLocked);
      return [
        { row, name, facts: isLocked && place !== '' ? m.facts({ first: place, second: m.locked() }) : isLocked ? m.locked() : place },
      ];
    });
  }
}

/** Enough of them to say where a group is: the first 50 at any depth. */
function elementsOf(board: ReturnType<typeof getSession>['board'], group: ElementId): BoardElement[] {
  const found: BoardElement[] = [];
  const left = [group];
  for (let id = left.pop(); id !== undefined && found.length < 50; id = left.pop()) {
    const element = board.get(id);
    if (element === undefined) left.push(...board.membersOf(id));
    else found.push(element);
  }
  return found;
}
