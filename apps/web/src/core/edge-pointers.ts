/** Pointers of others that are out of view, as marks along the edge of the view. Pure. */
import type { Camera, Peer, Point } from '@wetink/canvas';
import type { ViewSize } from './view-camera.ts';

export interface EdgePointer {
  readonly clientId: number;
  readonly name: string;
  readonly hue: number;
  readonly ringPieces: number;
  /** Middle of the mark, CSS pixels from the view's top left. */
  readonly x: number;
  readonly y: number;
  /** Direction of the pointer, radians; 0 points right. */
  readonly angle: number;
  /** How many other pointers are out of view in the same direction, farther away. */
  readonly more: number;
}

/** Space along the edges that bars take, CSS pixels. */
export interface Insets {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Marks nearer to each other than this would lie over each other: the farther one is counted in the nearer one. */
const APART_PX = 52;
/** Pixels beyond the edge at which a cursor can't be seen at all. */
const HIDDEN_PX = 16;

export function edgePointers(peers: readonly Peer[], camera: Camera, size: ViewSize, insets: Insets): EdgePointer[] {
  const middle = { x: (insets.left + size.width - insets.right) / 2, y: (insets.top + size.height - insets.bottom) / 2 };
  const reach = { x: middle.x - insets.left, y: middle.y - insets.top };
  if (reach.x <= 0 || reach.y <= 0) return [];
  const far = peers
    .flatMap((peer) => {
      if (peer.cursor === null) return [];
      const at = { x: (peer.cursor.x - camera.x) * camera.zoom, y: (peer.cursor.y - camera.y) * camera.zoom };
      const isSeen = at.x > -HIDDEN_PX && at.y > -HIDDEN_PX && at.x < size.width + HIDDEN_PX && at.y < size.height + HIDDEN_PX;
      return isSeen ? [] : [{ peer, distance: Math.hypot(at.x - middle.x, at.y - middle.y), ...onEdge(at, middle, reach) }];
    })
    .sort((a, b) => a.distance - b.distance || a.peer.clientId - b.peer.clientId);
  const placed: (EdgePointer & { more: number })[] = [];
  for (const { peer, x, y, angle } of far) {
    const near = placed.find((mark) => Math.hypot(mark.x - x, mark.y - y) < APART_PX);
    if (near !== undefined) near.more++;
    else placed.push({ clientId: peer.clientId, name: peer.name, hue: peer.hue, ringPieces: peer.ringPieces, x, y, angle, more: 0 });
  }
  return placed;
}

/** Where the line from the middle to the point crosses the box that is left for marks. */
function onEdge(at: Point, middle: Point, reach: Point): Pick<EdgePointer, 'x' | 'y' | 'angle'> {
  const [dx, dy] = [at.x - middle.x, at.y - middle.y];
  const share = Math.min(reach.x / Math.abs(dx), reach.y / Math.abs(dy));
  return { x: Math.round(middle.x + dx * share), y: Math.round(middle.y + dy * share), angle: Math.atan2(dy, dx) };
}
