/**
 * The camera: which board point lies at the view's top-left corner, and how many CSS pixels a board unit takes.
 *
 * view = (board - camera) * zoom, so resizing the window changes nothing here: the same board point stays in
 * the corner, and a sharper screen only changes the backing store. Every function is pure.
 */
import type { Box, Point } from './geometry.ts';

export interface Camera {
  /** Board point at the view's top-left. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels per board unit, MIN_ZOOM..MAX_ZOOM. */
  readonly zoom: number;
}

export interface ViewSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** How far bars reach into the view from its edges, CSS pixels. Default 0. */
  readonly top?: number;
  readonly bottom?: number;
}

/** Below a tenth handwriting is a grey smear; above thirty a quantised ink step (1/8 px) would show. */
export const MIN_ZOOM = 0.1;
export const MAX_ZOOM = 30;
/** A board holds coordinates up to ten million; the rest is room for what a zoomed-out view shows beyond its corner. */
export const MAX_COORDINATE = 9_000_000;
/** Steps of the zoom buttons; each is near 1.4 times the one before. */
const ZOOM_STEPS = [0.1, 0.15, 0.2, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 30];

export function clampZoom(zoom: number): number {
  return Number.isFinite(zoom) ? Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom)) : 1;
}

/** A usable camera from any numbers; a number that is not finite becomes 0 (or zoom 1). */
export function clampCamera(c: Camera): Camera {
  const clamp = (v: number): number => (Number.isFinite(v) ? Math.min(MAX_COORDINATE, Math.max(-MAX_COORDINATE, v)) : 0);
  return { x: clamp(c.x), y: clamp(c.y), zoom: clampZoom(c.zoom) };
}

export function toView(camera: Camera, p: Point): Point {
  return { x: (p.x - camera.x) * camera.zoom, y: (p.y - camera.y) * camera.zoom };
}

export function toBoard(camera: Camera, p: Point): Point {
  return { x: p.x / camera.zoom + camera.x, y: p.y / camera.zoom + camera.y };
}

/** Moves the board by CSS pixels: positive dx moves it right and shows more on the left. */
export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return clampCamera({ x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom, zoom: camera.zoom });
}

/** Zooms to `zoom` (clamped) while the board point under the view point `anchor` stays under it. */
export function zoomAt(camera: Camera, anchor: Point, zoom: number): Camera {
  const next = clampZoom(zoom);
  const fixed = toBoard(camera, anchor);
  return clampCamera({ x: fixed.x - anchor.x / next, y: fixed.y - anchor.y / next, zoom: next });
}

/** Two fingers: the board point that was under `from` comes under `to`, and distances grow by `factor`. */
export function pinch(camera: Camera, from: Point, to: Point, factor: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  const fixed = toBoard(camera, from);
  return clampCamera({ x: fixed.x - to.x / zoom, y: fixed.y - to.y / zoom, zoom });
}

/** The next step of the zoom buttons, `direction` 1 closer or -1 farther. */
export function nextZoomStep(zoom: number, direction: 1 | -1): number {
  // A little slack, so that 0.9999999 counts as step 1.
  if (direction === 1) return ZOOM_STEPS.find((step) => step > zoom * 1.001) ?? MAX_ZOOM;
  return ZOOM_STEPS.findLast((step) => step < zoom * 0.999) ?? MIN_ZOOM;
}

export function visibleBox(camera: Camera, size: ViewSize): Box {
  return { minX: camera.x, minY: camera.y, maxX: camera.x + size.width / camera.zoom, maxY: camera.y + size.height / camera.zoom };
}

/** Between what is fitted into the view and a bar, CSS pixels. */
const BAR_GAP_PX = 16;

/**
 * Shows the whole box between the bars, no closer than 1:1, with a margin of at least 14 % or 128 px a side. A quarter of the
 * height is always used, also where bars cover more than the rest.
 */
export function fitBox(box: Box, size: ViewSize): Camera {
  const margin = Math.min(128, 0.14 * Math.min(size.width, size.height));
  const width = Math.max(1, box.maxX - box.minX);
  const height = Math.max(1, box.maxY - box.minY);
  const [top, bottom] = [size.top ?? 0, size.bottom ?? 0].map((bar) => Math.max(margin, bar === 0 ? 0 : bar + BAR_GAP_PX)) as [
    number,
    number,
  ];
  const room = { width: Math.max(1, size.width - 2 * margin), height: Math.max(1, size.height / 4, size.height - top - bottom) };
  const zoom = clampZoom(Math.min(1, room.width / width, room.height / height));
  return clampCamera({
    x: (box.minX + box.maxX - size.width / zoom) / 2,
    y: (box.minY + box.maxY - (size.height + top - bottom) / zoom) / 2,
    zoom,
  });
}

/** Shows the whole box, centred, as close as it fits. */
export function zoomToBox(box: Box, size: ViewSize): Camera {
  const [width, height] = [box.maxX - box.minX, box.maxY - box.minY];
  const zoom = clampZoom(Math.min(size.width / Math.max(1e-6, width), size.height / Math.max(1e-6, height)));
  return clampCamera({ x: box.minX + (width - size.width / zoom) / 2, y: box.minY + (height - size.height / zoom) / 2, zoom });
}

/** The smallest pan that brings the box into view: none when it is in view; centres a box larger than the view. */
export function reveal(camera: Camera, box: Box, size: ViewSize): Camera {
  const view = visibleBox(camera, size);
  const shift = (min: number, max: number, viewMin: number, viewMax: number): number => {
    if (min >= viewMin && max <= viewMax) return 0;
    if (max - min > viewMax - viewMin) return (min + max) / 2 - (viewMin + viewMax) / 2;
    return min < viewMin ? min - viewMin : max - viewMax;
  };
  const dx = shift(box.minX, box.maxX, view.minX, view.maxX);
  const dy = shift(box.minY, box.maxY, view.minY, view.maxY);
  return dx === 0 && dy === 0 ? camera : clampCamera({ x: camera.x + dx, y: camera.y + dy, zoom: camera.zoom });
}

/**
 * The zoom factor of one wheel event with Mod held (trackpad pinches also arrive this way).
 *
 * @param deltaY CSS pixels. A notch of a mouse wheel is 100 or more and is capped, so that it zooms by a third at most.
 */
export function wheelZoomFactor(deltaY: number): number {
  return Math.exp(-Math.max(-28, Math.min(28, deltaY)) / 100);
}
