/** Places for images that are added together: one in its own size, several in rows of equal height, as on a table. */
import type { Geometry, ImageContent } from '@wetink/board';
import type { Point } from '../geometry.ts';

export interface ArrangeOptions {
  /** Board units that all of them may take together. */
  readonly room: { readonly w: number; readonly h: number };
  /** CSS pixels per board unit: an image is at most as large on screen as its pixels are. */
  readonly zoom: number;
  /** Their middle. */
  readonly centre: Point;
}

/** CSS pixels between two images. */
const GAP_PX = 16;

type Size = Pick<ImageContent, 'width' | 'height'>;

/** @returns One box for each image, in their order. */
export function arrangeImages(images: readonly Size[], { room, zoom, centre }: ArrangeOptions): Geometry[] {
  const [only] = images;
  if (only !== undefined && images.length === 1) {
    const scale = Math.min(1 / zoom, room.w / only.width, room.h / only.height);
    const [w, h] = [only.width * scale, only.height * scale];
    return [{ x: centre.x - w / 2, y: centre.y - h / 2, w, h, rotation: 0 }];
  }
  const gap = GAP_PX / zoom;
  const perRow = Math.ceil(Math.sqrt(images.length));
  const rows = Array.from({ length: Math.ceil(images.length / perRow) }, (_, i) => images.slice(i * perRow, (i + 1) * perRow));
  const ratios = rows.map((row) => row.reduce((sum, { width, height }) => sum + width / height, 0));
  const heights = rows.map((row, i) => {
    const widest = (room.w - gap * (row.length - 1)) / (ratios[i] ?? 1);
    const tallest = Math.max(...row.map(({ height }) => height)) / zoom;
    return Math.max(1 / zoom, Math.min(widest, tallest, (room.h - gap * (rows.length - 1)) / rows.length));
  });
  const total = heights.reduce((sum, height) => sum + height, 0) + gap * (rows.length - 1);
  const places: Geometry[] = [];
  let y = centre.y - total / 2;
  for (const [i, row] of rows.entries()) {
    const h = heights[i] ?? 0;
    let x = centre.x - ((ratios[i] ?? 0) * h + gap * (row.length - 1)) / 2;
    for (const { width, height } of row) {
      const w = (width / height) * h;
      places.push({ x, y, w, h, rotation: 0 });
      x += w + gap;
    }
    y += h + gap;
  }
  return places;
}
