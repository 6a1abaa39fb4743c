/** Two people who type in one text. For tests only. */

import type { ElementId } from '../types.ts';
import { type Device, device, draw, rectangle, type Wall } from './people.ts';

/** A text to draw. */
export const textBox = (text = ''): ReturnType<typeof rectangle> => rectangle(0, { kind: 'text', text });

export const textOf = (at: Device, id: ElementId): string | undefined => at.board.get(id)?.text;

/** A text on the board that is not in anyone's newest step. */
export function sharedText(wall: Wall, text: string): { ana: Device; ben: Device; id: ElementId } {
  const ana = device('ana', wall);
  const id = draw(ana, textBox(text));
  draw(ana);
  const ben = device('ben', wall, { state: ana.state() });
  return { ana, ben, id };
}

/** Opens the text's box, makes one edit and leaves the box. */
export function type(at: Device, id: ElementId, start: number, deleted: number, inserted: string): void {
  const box = at.board.text(id);
  box.edit(start, deleted, inserted);
  box.close();
}
