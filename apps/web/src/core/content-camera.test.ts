import { describe, expect, it } from 'vitest';
import { contentCamera } from './content-camera.ts';
import { showsAll } from './start-view.ts';

const size = { width: 800, height: 600 };
const box = (x: number, y: number, side = 100) => ({ minX: x, minY: y, maxX: x + side, maxY: y + side });
const far = { x: 500_000, y: 500_000, zoom: 1 };

describe('the way back to the drawing', () => {
  it('shows everything that fits into the view, no closer than 1:1', () => {
    const boxes = [box(0, 0), box(900, 700)];
    const camera = contentCamera(boxes, far, size);
    expect(camera?.zoom).toBeLessThan(1);
    for (const one of boxes) expect(camera !== null && showsAll(camera, size, one)).toBe(true);
    expect(contentCamera([box(40, 40)], far, size)?.zoom).toBe(1);
  });

  it('shows the nearest element when parts lie too far from each other, not the gap between them', () => {
    const near = box(400_000, 400_000);
    const camera = contentCamera([box(0, 0), near, box(-900_000, 0)], far, size);
    expect(camera !== null && showsAll(camera, size, near)).toBe(true);
  });

  it('measures the distance to the edge of a large element, not to its middle', () => {
    const large = box(200_000, 200_000, 250_000);
    const camera = contentCamera([box(350_000, 560_000), large], far, size);
    const middle = { x: (camera?.x ?? 0) + 400 / (camera?.zoom ?? 1), y: (camera?.y ?? 0) + 300 / (camera?.zoom ?? 1) };
    expect(middle.x).toBeCloseTo(325_000, 0);
  });

  it('has nowhere to go on an empty board', () => {
    expect(contentCamera([], far, size)).toBeNull();
  });
});
