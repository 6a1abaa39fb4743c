/** The map of a board: the part of the board it shows, and the way between places on the map and on the board. Pure. */
import type { Box, Camera, Point, Surface } from '@wetink/canvas';
import { cameraAround, type ViewSize } from './view-camera.ts';

/** Places the board on the map: map = (board - corner) * scale. */
export interface MapFit {
  /** Board units at the top left of the map. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels of the map per board unit. */
  readonly scale: number;
}

export interface MapPerson {
  readonly hue: number;
  readonly cursor: Point | null;
  /** Known of people who lead others or present. */
  readonly view: Box | null;
}

/** All that the map shows now. */
export interface MapContent {
  readonly fit: MapFit;
  /** The picture of all that is drawn, and the part of the board that it shows. */
  readonly picture: { readonly surface: Surface; readonly box: Box } | null;
  readonly view: Box;
  readonly people: readonly MapPerson[];
}

export function viewBox(camera: Camera, size: ViewSize): Box {
  return { minX: camera.x, minY: camera.y, maxX: camera.x + size.width / camera.zoom, maxY: camera.y + size.height / camera.zoom };
}

/** Shows all that is drawn, and the view, as large as the map allows and in its middle. */
export function fitMap(drawn: Box | null, view: Box, map: ViewSize): MapFit {
  const box = drawn ?? view;
  const [minX, minY] = [Math.min(box.minX, view.minX), Math.min(box.minY, view.minY)];
  const [maxX, maxY] = [Math.max(box.maxX, view.maxX), Math.max(box.maxY, view.maxY)];
  const scale = Math.min(map.width / Math.max(1e-6, maxX - minX), map.height / Math.max(1e-6, maxY - minY));
  return { x: (minX + maxX) / 2 - map.width / 2 / scale, y: (minY + maxY) / 2 - map.height / 2 / scale, scale };
}

export function toMap({ x, y, scale }: MapFit, p: Point): Point {
  return { x: (p.x - x) * scale, y: (p.y - y) * scale };
}

export function fromMap({ x, y, scale }: MapFit, p: Point): Point {
  return { x: p.x / scale + x, y: p.y / scale + y };
}

/** A press on the map: where in the view it took hold, as board units from the view's middle. */
export function grip(at: Point, view: Box): Point {
  const isInView = at.x >= view.minX && at.x <= view.maxX && at.y >= view.minY && at.y <= view.maxY;
  // Beside the view, its middle goes there at once.
  return isInView ? { x: at.x - (view.minX + view.maxX) / 2, y: at.y - (view.minY + view.maxY) / 2 } : { x: 0, y: 0 };
}

/** The camera whose view is held at `held` by a pointer at `at`. */
export function dragged(at: Point, held: Point, zoom: number, size: ViewSize): Camera {
  return cameraAround({ x: at.x - held.x, y: at.y - held.y }, zoom, size);
}
