/**
 * Which of the pointers on the board is drawing, panning or pinching: a pure state machine over pointer events.
 *
 * - one mouse, pen or finger uses the tool; once a pen has been seen a finger pans (pen mode);
 * - two fingers always pan and zoom, also in the middle of a stroke (the tool is interrupted and decides what stays);
 * - while a pen is down every touch is a palm, and a touch that came just before the pen was one too;
 * - middle and right button, the hand tool and a held space bar pan.
 *
 * After a pinch nothing is drawn until all fingers have been lifted.
 */
import { distance } from '../geometry.ts';
import type { Point } from '../geometry.ts';
import type { PointerType } from '../tools/tool.ts';

export interface PointerInput {
  readonly type: 'down' | 'move' | 'up' | 'cancel';
  readonly pointerId: number;
  readonly pointerType: PointerType;
  /** As in PointerEvent: 0 first, 1 middle, 2 second, 5 the eraser end of a pen. */
  readonly button: number;
  /** View position, CSS pixels. */
  readonly at: Point;
  /** Milliseconds. */
  readonly time: number;
}

/** Who a first press belongs to when nothing else decides: the hand tool and the space bar pan. */
export interface PointerSetting {
  readonly isPanning: boolean;
}

export type PointerAction =
  | { readonly do: 'tool-down'; readonly pointerId: number; readonly clicks: number; readonly isEraserEnd: boolean }
  | { readonly do: 'tool-move' }
  | { readonly do: 'tool-up' }
  | { readonly do: 'tool-interrupt' }
  | { readonly do: 'tool-cancel' }
  | { readonly do: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly do: 'pinch'; readonly from: Point; readonly to: Point; readonly factor: number };

type Mode =
  | { readonly kind: 'none' }
  | { readonly kind: 'tool'; readonly pointerId: number; readonly pointerType: PointerType; readonly since: number }
  | { readonly kind: 'pan'; readonly pointerId: number; readonly button: number }
  | { readonly kind: 'pinch'; readonly a: number; readonly b: number };

export interface PointersState {
  readonly mode: Mode;
  /** Where each pointer that is down was last seen. */
  readonly down: ReadonlyMap<number, { readonly at: Point; readonly pointerType: PointerType }>;
  /** A pen has drawn here: fingers pan. */
  readonly isPenMode: boolean;
  /** The last press, for double clicks. */
  readonly lastPress: { readonly at: Point; readonly time: number; readonly clicks: number } | null;
}

export const noPointers: PointersState = { mode: { kind: 'none' }, down: new Map(), isPenMode: false, lastPress: null };

/** A hand is put down up to this long before the pen it holds. */
const PALM_MS = 500;
const DOUBLE_CLICK_MS = 450;
const DOUBLE_CLICK_PX = { mouse: 6, pen: 10, touch: 24 };
/** Fingers nearer than this jitter more than they pinch. */
const MIN_PINCH_PX = 10;

interface Outcome {
  readonly state: PointersState;
  readonly actions: readonly PointerAction[];
}

export function stepPointers(state: PointersState, input: PointerInput, setting: PointerSetting): Outcome {
  if (input.type === 'down') return down(state, input, setting);
  if (!state.down.has(input.pointerId)) return { state, actions: [] };
  if (input.type === 'move') return move(state, input);
  return lift(state, input);
}

/** Leaves pen mode: fingers draw again. */
export function leavePenMode(state: PointersState): PointersState {
  return { ...state, isPenMode: false };
}

function down(state: PointersState, input: PointerInput, setting: PointerSetting): Outcome {
  const { pointerId, pointerType, at, button } = input;
  const positions = new Map(state.down).set(pointerId, { at, pointerType });
  const { mode } = state;

  if (pointerType === 'pen') {
    const actions: PointerAction[] = [];
    // What the touch drew was drawn by the palm of this hand, unless it has been at it for long.
    if (mode.kind === 'tool') actions.push({ do: input.time - mode.since <= PALM_MS ? 'tool-cancel' : 'tool-interrupt' });
    for (const [id, pointer] of positions) if (pointer.pointerType === 'touch') positions.delete(id);
    return press({ ...state, isPenMode: true, down: positions, mode: { kind: 'none' } }, input, setting, actions);
  }
  if (mode.kind === 'none') {
    if (state.down.size > 0) return { state: { ...state, down: positions }, actions: [] };
    return press({ ...state, down: positions }, input, setting, []);
  }
  if (pointerType === 'touch' && mode.kind !== 'pinch') {
    const first = mode.pointerId;
    // Beside a pen a touch is a palm, beside a mouse an accident: neither is half of a pinch.
    if (state.down.get(first)?.pointerType !== 'touch') return { state, actions: [] };
    const actions: PointerAction[] = mode.kind === 'tool' ? [{ do: 'tool-interrupt' }] : [];
    return { state: { ...state, down: positions, mode: { kind: 'pinch', a: first, b: pointerId } }, actions };
  }
  // Another button of the mouse that draws, or a third finger: taken note of, nothing else.
  return { state: button === 0 || pointerType === 'touch' ? { ...state, down: positions } : state, actions: [] };
}

/** The first pointer of a gesture: tool or pan. */
function press(state: PointersState, input: PointerInput, setting: PointerSetting, before: PointerAction[]): Outcome {
  const { pointerId, pointerType, at, button, time } = input;
  const isPan = setting.isPanning || button === 1 || button === 2 || (pointerType === 'touch' && state.isPenMode);
  if (isPan) return { state: { ...state, mode: { kind: 'pan', pointerId, button } }, actions: before };
  const last = state.lastPress;
  const isSecond =
    last !== null && last.clicks === 1 && time - last.time <= DOUBLE_CLICK_MS && distance(last.at, at) <= DOUBLE_CLICK_PX[pointerType];
  const clicks = isSecond ? 2 : 1;
  return {
    state: { ...state, mode: { kind: 'tool', pointerId, pointerType, since: time }, lastPress: { at, time, clicks } },
    actions: [...before, { do: 'tool-down', pointerId, clicks, isEraserEnd: pointerType === 'pen' && button === 5 }],
  };
}

function move(state: PointersState, input: PointerInput): Outcome {
  const { pointerId, at } = input;
  const before = state.down.get(pointerId);
  if (before === undefined) return { state, actions: [] };
  const positions = new Map(state.down).set(pointerId, { at, pointerType: before.pointerType });
  const next = { ...state, down: positions };
  const { mode } = state;
  if (mode.kind === 'tool' && mode.pointerId === pointerId) return { state: next, actions: [{ do: 'tool-move' }] };
  if (mode.kind === 'pan' && mode.pointerId === pointerId) {
    return { state: next, actions: [{ do: 'pan', dx: at.x - before.at.x, dy: at.y - before.at.y }] };
  }
  if (mode.kind === 'pinch' && (mode.a === pointerId || mode.b === pointerId)) {
    const other = state.down.get(mode.a === pointerId ? mode.b : mode.a);
    if (other === undefined) return { state: next, actions: [] };
    const factor = Math.max(MIN_PINCH_PX, distance(at, other.at)) / Math.max(MIN_PINCH_PX, distance(before.at, other.at));
    return { state: next, actions: [{ do: 'pinch', from: middle(before.at, other.at), to: middle(at, other.at), factor }] };
  }
  return { state: next, actions: [] };
}

function lift(state: PointersState, input: PointerInput): Outcome {
  const { pointerId, type, pointerType } = input;
  const positions = new Map(state.down);
  positions.delete(pointerId);
  const { mode } = state;
  const next = { ...state, down: positions };
  if (mode.kind === 'tool' && mode.pointerId === pointerId) {
    // A touch the system takes away was a palm or a system gesture; a pen's was a stroke.
    const end: PointerAction =
      type === 'up' ? { do: 'tool-up' } : pointerType === 'touch' ? { do: 'tool-cancel' } : { do: 'tool-interrupt' };
    return { state: { ...next, mode: { kind: 'none' } }, actions: [end] };
  }
  if (mode.kind === 'pan' && mode.pointerId === pointerId) return { state: { ...next, mode: { kind: 'none' } }, actions: [] };
  if (mode.kind === 'pinch' && (mode.a === pointerId || mode.b === pointerId)) {
    const rest = mode.a === pointerId ? mode.b : mode.a;
    return { state: { ...next, mode: positions.has(rest) ? { kind: 'pan', pointerId: rest, button: 0 } : { kind: 'none' } }, actions: [] };
  }
  return { state: next, actions: [] };
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
