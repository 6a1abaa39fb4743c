/** Changes of images from a panel, apart from their looks. A page needs this only once that panel is open. */
import { wholeCrop, type Board, type BoardElement, type ElementId, type Geometry, type ImageContent } from '@wetink/board';
import { geometryCentre } from '../geometry.ts';
import { frameOf } from '../frame.ts';
import { scaleGeometry, type Scaling } from '../transform.ts';

/**
 * Shows another image in place of each of these, as one step. It keeps look, place and turn; one of other proportions lies
 * within the box of the first, and shows all of itself.
 */
export function replaceImages(board: Board, ids: readonly ElementId[], image: ImageContent): void {
  board.run((edit) => {
    for (const id of ids) {
      const { image: before = null, geometry } = board.get(id) ?? {};
      if (before === null || geometry === undefined) continue;
      edit.setImage(id, image);
      if (isSameRatio(before, image)) continue;
      edit.setCrop(id, wholeCrop);
      edit.setGeometry(id, fitWithin(geometry, image));
    }
  });
}

/** A pixel of rounding on either side is no other ratio. */
function isSameRatio(a: ImageContent, b: ImageContent): boolean {
  return Math.abs(a.width * b.height - b.width * a.height) <= Math.max(a.width, a.height, b.width, b.height);
}

function fitWithin({ x, y, w, h, rotation }: Geometry, { width, height }: ImageContent): Geometry {
  const scale = Math.min(Math.abs(w) / width, Math.abs(h) / height);
  const [fitW, fitH] = [Math.sign(w) * width * scale, Math.sign(h) * height * scale];
  return { x: x + (w - fitW) / 2, y: y + (h - fitH) / 2, w: fitW, h: fitH, rotation };
}

/** Mirrors elements about the middle of their frame, as one step. */
export function flipAll(board: Board, elements: readonly BoardElement[], along: 'x' | 'y'): void {
  const frame = frameOf(elements)?.geometry;
  if (frame === undefined) return;
  const mirror: Scaling = { anchor: geometryCentre(frame), angle: frame.rotation, sx: along === 'x' ? -1 : 1, sy: along === 'y' ? -1 : 1 };
  board.run((edit) => {
    for (const { id, kind, geometry } of elements) edit.setGeometry(id, scaleGeometry(geometry, mirror, { isUpright: kind === 'text' }));
  });
}
