/** Frames of a board in the order in which people read them, and the one frame that a picture shows. Pure. */
import type { BoardElement } from '@wetink/board';
import { geometryBox, type Box } from '../geometry.ts';

/** Row by row, and from left to right in a row. Two frames are in one row if they share more than half of the lower one's height. */
export function readingOrder(elements: Iterable<BoardElement>): BoardElement[] {
  const frames: { element: BoardElement; box: Box }[] = [];
  for (const element of elements) if (element.kind === 'frame') frames.push({ element, box: geometryBox(element.geometry) });
  frames.sort((a, b) => a.box.minY - b.box.minY || a.box.minX - b.box.minX);
  const rows: { first: Box; frames: typeof frames }[] = [];
  for (const frame of frames) {
    const row = rows.at(-1);
    if (row !== undefined && areInOneRow(row.first, frame.box)) row.frames.push(frame);
    else rows.push({ first: frame.box, frames: [frame] });
  }
  return rows.flatMap((row) => row.frames.sort((a, b) => a.box.minX - b.box.minX || a.box.minY - b.box.minY).map(({ element }) => element));
}

/** The frame that holds all of the others; null if there is none. */
export function singleFrame(elements: readonly BoardElement[]): BoardElement | null {
  const ids = new Set<unknown>(elements.map(({ id }) => id));
  const outermost = elements.filter(({ frame }) => frame === null || !ids.has(frame));
  const [only] = outermost;
  return outermost.length === 1 && only?.kind === 'frame' ? only : null;
}

function areInOneRow(a: Box, b: Box): boolean {
  const shared = Math.min(a.maxY, b.maxY) - Math.max(a.minY, b.minY);
  return shared > Math.min(a.maxY - a.minY, b.maxY - b.minY) / 2;
}
