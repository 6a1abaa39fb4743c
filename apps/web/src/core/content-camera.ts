/** The camera that leads back to the drawing from a place where nothing of it is in view. Pure. */
import { fitBox, uniteAll, type Box, type Camera } from '@wetink/canvas';
import { showsAll } from './start-view.ts';
import type { ViewSize } from './view-camera.ts';

/**
 * Shows everything if it fits into the view. Parts that lie too far from each other would leave the middle between them in view,
 * with nothing in it: then it shows the nearest element.
 *
 * @param boxes Around each element, board units.
 * @returns Null when there is nothing.
 */
export function contentCamera(boxes: readonly Box[], from: Camera, size: ViewSize): Camera | null {
  const all = uniteAll(boxes);
  if (all === null) return null;
  const whole = fitBox(all, size);
  if (showsAll(whole, size, all)) return whole;
  const middle = { x: from.x + size.width / 2 / from.zoom, y: from.y + size.height / 2 / from.zoom };
  const distance = (box: Box): number =>
    Math.hypot(Math.max(box.minX - middle.x, 0, middle.x - box.maxX), Math.max(box.minY - middle.y, 0, middle.y - box.maxY));
  let [nearest, least] = [all, Infinity];
  for (const box of boxes) {
    const far = distance(box);
    if (far < least) [nearest, least] = [box, far];
  }
  return fitBox(nearest, size);
}
