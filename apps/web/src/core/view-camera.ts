/** Cameras that show what another person sees, and ways from one camera to the next. Pure. */
import { MAX_ZOOM, MIN_ZOOM, type Camera, type Point, type ViewSize } from '@wetink/canvas';
import type { View } from './presence-parts.ts';

/** The size of the element that the stage fills, and how far bars reach into it. */
export type { ViewSize };

/** Time in which a camera goes two thirds of its way, ms: longer than the interval between two messages, so it never stops between them. */
const PACE_MS = 90;
/** Nearer than these, the rest of the way can't be seen. */
const NEAR_PX = 0.5;
const NEAR_ZOOM = 0.001;

/** The part of the board that is in view. */
export function viewOf(camera: Camera, size: ViewSize): View {
  return { x: camera.x, y: camera.y, w: size.width / camera.zoom, h: size.height / camera.zoom };
}

/** Shows all of the view, centred, as large as this screen allows. */
export function cameraFor(view: View, size: ViewSize): Camera {
  const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, Math.min(size.width / view.w, size.height / view.h)));
  return cameraAround({ x: view.x + view.w / 2, y: view.y + view.h / 2 }, zoom, size);
}

export function cameraAround(centre: Point, zoom: number, size: ViewSize): Camera {
  return { x: centre.x - size.width / 2 / zoom, y: centre.y - size.height / 2 / zoom, zoom };
}

/**
 * The camera after `ms` on the way from one to another. The middle of the view moves, and the zoom by equal factors.
 *
 * @returns `to` itself once the rest can't be seen.
 */
export function between(from: Camera, to: Camera, ms: number, size: ViewSize): Camera {
  const share = 1 - Math.exp(-ms / PACE_MS);
  const [a, b] = [centreOf(from, size), centreOf(to, size)];
  const zoom = from.zoom * (to.zoom / from.zoom) ** share;
  const centre = { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  const restPx = Math.hypot(b.x - centre.x, b.y - centre.y) * zoom;
  return restPx < NEAR_PX && Math.abs(Math.log(to.zoom / zoom)) < NEAR_ZOOM ? to : cameraAround(centre, zoom, size);
}

function centreOf(camera: Camera, size: ViewSize): Point {
  return { x: camera.x + size.width / 2 / camera.zoom, y: camera.y + size.height / 2 / camera.zoom };
}
