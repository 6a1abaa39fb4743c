/** An element at another place, as previews and commits of a move name it. */
import { lineThrough, type BoardElement, type Geometry } from '@wetink/board';
import type { Point } from '../geometry.ts';
import type { MovedItem } from './tool.ts';

export function itemOf(element: BoardElement, geometry: Geometry): MovedItem {
  return element.kind === 'image' ? { id: element.id, geometry, seen: element } : { id: element.id, geometry };
}

/** A line that goes through these points of the board now. */
export function bentItem({ id, points: before }: BoardElement, way: readonly Point[]): MovedItem {
  const { geometry, points } = lineThrough(way);
  return points === null && before === null ? { id, geometry } : { id, geometry, points };
}
