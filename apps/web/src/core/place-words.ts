/** Where on a board something is, in words: the board in three by three parts. Pure. */
import * as m from '$words/place-words';
interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const words = [
  [m.topLeft(), 'top', m.topRight()],
  ['left', 'middle', 'right'],
  [m.bottomLeft(), 'bottom', m.bottomRight()],
] as const;

/** @param all Around everything on the board. */
export function placeWords(box: Box, all: Box): string {
  const third = (min: number, max: number, from: number, to: number): number =>
    to > from ? Math.min(2, Math.max(0, Math.floor((((min + max) / 2 - from) / (to - from)) * 3))) : 1;
  return words[third(box.minY, box.maxY, all.minY, all.maxY)]?.[third(box.minX, box.maxX, all.minX, all.maxX)] ?? 'middle';
}
