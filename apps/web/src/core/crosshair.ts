/** The crosshair: a pointer that arrow keys move and Enter presses, for drawing without a mouse. Pure. */
import type { BoardElement } from '@wetink/board';
import type { Action } from './shortcuts.ts';

export interface ViewPoint {
  readonly x: number;
  readonly y: number;
}

/** CSS pixels per press of an arrow key; with Shift ten times as many. */
const STEP_PX = 10;
/** CSS pixels by which the view moves where an arrow key has nothing to move. */
const PAN_PX = 40;
/** CSS pixels to the edge of the view, within which the board moves in place of the crosshair: bars lie there. */
const EDGE_PX = 80;

const directions: Readonly<Partial<Record<Action, readonly [dx: number, dy: number]>>> = {
  'nudge-left': [-1, 0],
  'nudge-right': [1, 0],
  'nudge-up': [0, -1],
  'nudge-down': [0, 1],
  'nudge-far-left': [-10, 0],
  'nudge-far-right': [10, 0],
  'nudge-far-up': [0, -10],
  'nudge-far-down': [0, 10],
};

/** How far an arrow key moves the crosshair, or the view, in CSS pixels; null for other keys. */
export function arrowStep(action: Action, moves: 'crosshair' | 'view'): ViewPoint | null {
  const direction = directions[action];
  if (direction === undefined) return null;
  const px = moves === 'crosshair' ? STEP_PX : PAN_PX;
  return { x: direction[0] * px, y: direction[1] * px };
}

/** Where it is after a step. Beyond the edges of the view the board moves in its place, by `pan`. */
export function stepped(at: ViewPoint, by: ViewPoint, size: { width: number; height: number }): { at: ViewPoint; pan: ViewPoint } {
  const kept = { x: within(at.x + by.x, at.x, size.width), y: within(at.y + by.y, at.y, size.height) };
  // `|| 0` because -0 is no distance.
  return { at: kept, pan: { x: kept.x - (at.x + by.x) || 0, y: kept.y - (at.y + by.y) || 0 } };
}

/** The element that this page made last, wherever it lies: a frame is beneath everything. */
export function newestOf(elements: readonly BoardElement[], session: BoardElement['session']): BoardElement | undefined {
  let newest: BoardElement | undefined;
  for (const element of elements) {
    // The topmost one of a step.
    if (element.session === session && element.createdAt >= (newest?.createdAt ?? 0)) newest = element;
  }
  return newest;
}

export function isInView({ x, y }: ViewPoint, { width, height }: { width: number; height: number }): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/** Inside the margin; one that begins outside of it only gets nearer. */
function within(next: number, before: number, length: number): number {
  const margin = Math.min(EDGE_PX, length / 4);
  return Math.min(Math.max(next, Math.min(before, margin)), Math.max(before, length - margin));
}
