/** Places for cards of files that are added together: in columns, as papers are laid out on a table. */
import type { AttachedFile, Geometry } from '@wetink/board';
import type { Point } from '../geometry.ts';
import { CARD, cardHeight } from './card-size.ts';

const GAP = 16;
/** Cards in a column. */
const COLUMN = 5;

/**
 * @param options.zoom CSS pixels per board unit: new cards have the same size on every screen.
 * @param options.centre Their middle, board units.
 * @returns One box for each file, in their order.
 */
export function arrangeCards(
  files: readonly Pick<AttachedFile, 'type' | 'name'>[],
  { zoom, centre }: { zoom: number; centre: Point },
): Geometry[] {
  const heights = files.map(cardHeight);
  const across = CARD.width + GAP;
  const width = Math.ceil(files.length / COLUMN) * across - GAP;
  let y = 0;
  return heights.map((h, i) => {
    const place = i % COLUMN;
    const column = heights.slice(i - place, i - place + COLUMN);
    if (place === 0) y = -(column.reduce((sum, height) => sum + height + GAP, -GAP) / 2);
    const x = Math.floor(i / COLUMN) * across - width / 2;
    const geometry = { x: centre.x + x / zoom, y: centre.y + y / zoom, w: CARD.width / zoom, h: h / zoom, rotation: 0 };
    y += h + GAP;
    return geometry;
  });
}
