/** Moves the content of a file before it is put on a board: pasted elements appear where the person points. */
import { isElementKind } from '../document/records.ts';
import { BoardError } from '../errors.ts';
import { shiftInk } from '../ink/shift-ink.ts';
import type { FileContent, FileElement } from './file-codec.ts';
import type { Geometry } from '../types.ts';

/**
 * @param dx Board units, finite.
 * @returns The same content, further on. A stroke moves by whole steps of its ink, so that its points stay exact: it may lie up
 *   to half a step, less than anybody sees, beside the others.
 */
export function moveFile(content: FileContent, dx: number, dy: number): FileContent {
  return { ...content, elements: content.elements.map((element) => moveElement(element, dx, dy)) };
}

function moveElement(element: FileElement, dx: number, dy: number): FileElement {
  const { kind, ink } = element;
  const shifted = ink === null ? null : shiftReadable(ink, dx, dy);
  if (shifted !== null) return { ...element, ...moved(element, shifted.dx, shifted.dy), ink: shifted.ink };
  // Ink of a newer version, and unknown kinds, may have coordinates of their own, which belong to the box they were made in.
  if (ink !== null || !isElementKind(kind)) return { ...element, geometry: shift(element.geometry, dx, dy) };
  return { ...element, ...moved(element, dx, dy) };
}

function shiftReadable(ink: Uint8Array, dx: number, dy: number): ReturnType<typeof shiftInk> | null {
  try {
    return shiftInk(ink, dx, dy);
  } catch (error) {
    if (error instanceof BoardError && error.code === 'BAD_INK') return null;
    throw error;
  }
}

function moved({ geometry, base }: FileElement, dx: number, dy: number): Pick<FileElement, 'geometry' | 'base'> {
  return { geometry: shift(geometry, dx, dy), base: shift(base, dx, dy) };
}

function shift(geometry: Geometry, dx: number, dy: number): Geometry {
  return { ...geometry, x: geometry.x + dx, y: geometry.y + dy };
}
