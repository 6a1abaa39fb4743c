/**
 * Decides which pointers on the board draw, pan or pinch: a pure state machine over pointer events.
 *
 * - one mouse, pen or finger uses the tool; in pen mode a finger pans;
 * - two fingers always pan and zoom, also in the middle of a stroke (the tool is interrupted and decides what stays);
 * - a touch is a palm while a pen is down, near a pen that hovers or has just been there, and just before a pen lands;
 * - middle and right button, the hand tool and a held space bar pan; other buttons of a mouse do nothing.
 *
 * Accidents are recognised by time and distance, never by counts of samples: devices send 60 to 240 a second.
 * After a pinch nothing is drawn until all fingers have been lifted.
 */
import { distance, type Point } from '../geometry.ts';
import type { PointerType } from '../tools/tool.ts';
import { isPalm, noPen, seePen, type SeenPen } from './palm.ts';
import { isButtonHeld, isButtonUsed, isErasing } from './buttons.ts';

export interface PointerInput {
  /** A pen also sends `move` and `leave` while it hovers. */
  readonly type: 'down' | 'move' | 'up' | 'cancel' | 'leave';
  readonly pointerId: number;
  readonly pointerType: PointerType;
  /** As in PointerEvent: 0 first, 1 middle, 2 second, 3 back, 4 forward, 5 the eraser end of a pen. */
  readonly button: number;
  /** For a move, the buttons held now, as bits of PointerEvent. Default: those of the press. */
  readonly buttons?: number;
  /** View position, CSS pixels. */
  readonly at: Point;
  /** Milliseconds. */
  readonly time: number;
}

/** Whether a first press pans: with the hand tool, or while the space bar is held. */
export interface PointerSetting {
  readonly isPanning: boolean;
}

export type PointerAction =
  | { readonly do: 'tool-down'; readonly pointerId: number; readonly clicks: number; readonly isEraserEnd: boolean }
  | { readonly do: 'tool-move' }
  | { readonly do: 'tool-up' }
  | { readonly do: 'tool-interrupt' }
  | { readonly do: 'tool-cancel' }
  /** Two fingers or more touched the board for a moment, and did nothing else. */
  | { readonly do: 'tap'; readonly fingers: number }
  | { readonly do: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly do: 'pinch'; readonly from: Point; readonly to: Point; readonly factor: number }
  /** Fingers begin to move the view. */
  | { readonly do: 'hold-view' }
  /** The touches were a palm: the view returns to where it was then. */
  | { readonly do: 'restore-view' };

interface Press {
  readonly pointerId: number;
  readonly pointerType: PointerType;
  readonly button: number;
  /** Milliseconds. */
  readonly since: number;
}

type Mode =
  | { readonly kind: 'none' }
  /** `reach`: the greatest distance from the press at `from` so far, CSS pixels. */
  | (Press & { readonly kind: 'tool'; readonly from: Point; readonly reach: number })
  | (Press & { readonly kind: 'pan' })
  | { readonly kind: 'pinch'; readonly a: number; readonly b: number; readonly since: number };

/** `unseen`: no pen has been used, and fingers draw. The first pen switches to `on`: fingers pan. `off`: fingers draw, too. */
export type PenMode = 'unseen' | 'on' | 'off';

export interface PointersState {
  readonly mode: Mode;
  /** The last position of each pointer that is down, without palms. */
  readonly down: ReadonlyMap<number, { readonly at: Point; readonly pointerType: PointerType }>;
  readonly penMode: PenMode;
  readonly pen: SeenPen;
  /** Fingers that may be tapping together: since the first of them landed, where each did, and whether it is a tap so far. */
  readonly tap: Tap | null;
  /** The last press, for double clicks. */
  readonly lastPress: { readonly at: Point; readonly time: number; readonly clicks: number } | null;
}

export const noPointers: PointersState = {
  mode: { kind: 'none' },
  down: new Map(),
  penMode: 'unseen',
  pen: noPen,
  tap: null,
  lastPress: null,
};

interface Tap {
  /** Milliseconds. */
  readonly since: number;
  readonly from: ReadonlyMap<number, Point>;
  readonly isStill: boolean;
}

/** From the first finger that lands to the last that lifts. A pinch takes longer, or moves. */
const TAP_MS = 250;
/** CSS pixels that a tapping finger rolls. */
const TAP_PX = 10;
/** A hand may land this long before the pen it holds. */
const PALM_MS = 500;
/** The two fingers of a pinch land within this time, or the first has hardly moved by then. */
const PINCH_LEAD_MS = 350;
const PINCH_LEAD_PX = 16;
const DOUBLE_CLICK_MS = 450;
const DOUBLE_CLICK_PX = { mouse: 6, pen: 10, touch: 24 };
/** Fingers nearer than this jitter more than they pinch. */
const MIN_PINCH_PX = 10;

interface Outcome {
  readonly state: PointersState;
  readonly actions: readonly PointerAction[];
}

export function stepPointers(before: PointersState, input: PointerInput, setting: PointerSetting): Outcome {
  const state = input.pointerType === 'pen' ? { ...before, pen: seePen(before.pen, input) } : before;
  const { state: next, actions } = stepModes(state, input, setting);
  return withTap(next, actions, before, input);
}

function stepModes(state: PointersState, input: PointerInput, setting: PointerSetting): Outcome {
  if (input.type === 'leave') return { state, actions: [] };
  if (input.type === 'down') return down(state, input, setting);
  if (!state.down.has(input.pointerId)) return { state, actions: [] };
  if (input.type === 'move') return move(state, input);
  return lift(state, input);
}

/** Follows fingers that may be tapping. A finger that draws or moves the board does so at first, which a tap takes back. */
function withTap(state: PointersState, actions: readonly PointerAction[], before: PointersState, input: PointerInput): Outcome {
  const { pointerId, at, time, type, pointerType } = input;
  const isDown = state.down.has(pointerId);
  if (pointerType !== 'touch') return { state: { ...state, tap: null }, actions };
  if (type === 'down' && isDown) {
    const tap = before.down.size === 0 ? { since: time, from: new Map<number, Point>(), isStill: true } : state.tap;
    return { state: { ...state, tap: tap && { ...tap, from: new Map(tap.from).set(pointerId, at) } }, actions };
  }
  // A finger that has lifted loses its capture as well, which arrives as a cancel.
  if (!before.down.has(pointerId)) return { state, actions };
  const { tap } = state;
  const from = tap?.from.get(pointerId);
  if (tap === null || from === undefined) return { state, actions };
  const isStill = tap.isStill && type !== 'cancel' && distance(from, at) <= TAP_PX;
  if (state.down.size > 0) return { state: { ...state, tap: { ...tap, isStill } }, actions };
  const fingers = tap.from.size;
  const isTap = isStill && fingers > 1 && time - tap.since <= TAP_MS;
  return {
    state: { ...state, tap: null },
    actions: isTap ? [...actions, { do: 'restore-view' }, { do: 'tap', fingers }] : actions,
  };
}

/** Sets pen mode, as the person chose or as it was remembered. */
export function withPenMode(state: PointersState, penMode: PenMode): PointersState {
  return { ...state, penMode };
}

function down(state: PointersState, input: PointerInput, setting: PointerSetting): Outcome {
  const { pointerId, pointerType, at, button } = input;
  if (!isButtonUsed(button)) return { state, actions: [] };
  if (pointerType === 'pen') return penDown(state, input, setting);
  const positions = new Map(state.down).set(pointerId, { at, pointerType });
  const { mode } = state;
  if (mode.kind === 'none') {
    if (pointerType === 'touch' && isPalm(state.pen, input)) return { state, actions: [] };
    if (state.down.size > 0) return { state: { ...state, down: positions }, actions: [] };
    return press({ ...state, down: positions }, input, setting, []);
  }
  if (pointerType === 'touch' && mode.kind !== 'pinch') {
    // A touch beside a pen is a palm, beside a mouse an accident: neither is part of a pinch.
    if (mode.pointerType !== 'touch') return { state, actions: [] };
    return {
      state: { ...state, down: positions, mode: { kind: 'pinch', a: mode.pointerId, b: pointerId, since: mode.since }, lastPress: null },
      actions: mode.kind === 'tool' ? [{ do: isLead(mode, input) ? 'tool-cancel' : 'tool-interrupt' }, { do: 'hold-view' }] : [],
    };
  }
  // A third finger, or a finger beside a mouse, is only remembered.
  return { state: { ...state, down: positions }, actions: [] };
}

/** A pen landed, so the touches were the hand that holds it: what they did in the last moment is taken back. */
function penDown(state: PointersState, input: PointerInput, setting: PointerSetting): Outcome {
  const { mode } = state;
  const actions: PointerAction[] = [];
  const isPalmOf = (since: number): boolean => input.time - since <= PALM_MS;
  if (mode.kind === 'tool') actions.push({ do: isPalmOf(mode.since) ? 'tool-cancel' : 'tool-interrupt' });
  const isByTouch = mode.kind === 'pinch' || (mode.kind === 'pan' && mode.pointerType === 'touch');
  if (isByTouch && isPalmOf(mode.since)) actions.push({ do: 'restore-view' });
  const positions = new Map([...state.down].filter(([, pointer]) => pointer.pointerType !== 'touch'));
  positions.set(input.pointerId, { at: input.at, pointerType: 'pen' });
  const penMode = state.penMode === 'unseen' ? 'on' : state.penMode;
  return press({ ...state, penMode, down: positions, mode: { kind: 'none' } }, input, setting, actions);
}

/** The first pointer of a gesture uses the tool or pans. */
function press(state: PointersState, input: PointerInput, setting: PointerSetting, before: PointerAction[]): Outcome {
  const { pointerId, pointerType, at, button, time } = input;
  const pressed: Press = { pointerId, pointerType, button, since: time };
  const isEraserEnd = pointerType === 'pen' && isErasing(button, input.buttons);
  const isPan =
    (setting.isPanning && !isEraserEnd) ||
    button === 1 ||
    (button === 2 && !isEraserEnd) ||
    (pointerType === 'touch' && state.penMode === 'on');
  if (isPan) return { state: { ...state, mode: { kind: 'pan', ...pressed } }, actions: [...before, { do: 'hold-view' }] };
  const last = state.lastPress;
  const isSecond =
    last !== null && last.clicks === 1 && time - last.time <= DOUBLE_CLICK_MS && distance(last.at, at) <= DOUBLE_CLICK_PX[pointerType];
  const clicks = isSecond ? 2 : 1;
  return {
    state: { ...state, mode: { kind: 'tool', ...pressed, from: at, reach: 0 }, lastPress: { at, time, clicks } },
    actions: [...before, { do: 'tool-down', pointerId, clicks, isEraserEnd }],
  };
}

function move(state: PointersState, input: PointerInput): Outcome {
  const { pointerId, at } = input;
  const before = state.down.get(pointerId);
  if (before === undefined) return { state, actions: [] };
  const { mode } = state;
  // The button was released without an event: outside the window, or while another button was held.
  if ((mode.kind === 'tool' || mode.kind === 'pan') && mode.pointerId === pointerId && !isButtonHeld(mode, input.buttons))
    return lift(state, { ...input, type: 'up' });
  const positions = new Map(state.down).set(pointerId, { at, pointerType: before.pointerType });
  const next = { ...state, down: positions };
  if (mode.kind === 'tool' && mode.pointerId === pointerId) {
    const reach = Math.max(mode.reach, distance(mode.from, at));
    return { state: { ...next, mode: { ...mode, reach } }, actions: [{ do: 'tool-move' }] };
  }
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
    // A touch that the system cancels was a palm or a system gesture; a cancelled pen was drawing a stroke.
    const end: PointerAction =
      type === 'up' ? { do: 'tool-up' } : pointerType === 'touch' ? { do: 'tool-cancel' } : { do: 'tool-interrupt' };
    return { state: { ...next, mode: { kind: 'none' } }, actions: [end] };
  }
  if (mode.kind === 'pan' && mode.pointerId === pointerId) return { state: { ...next, mode: { kind: 'none' } }, actions: [] };
  if (mode.kind === 'pinch' && (mode.a === pointerId || mode.b === pointerId)) {
    const rest = mode.a === pointerId ? mode.b : mode.a;
    const pan: Mode = { kind: 'pan', pointerId: rest, pointerType: 'touch', button: 0, since: mode.since };
    return { state: { ...next, mode: positions.has(rest) ? pan : { kind: 'none' } }, actions: [] };
  }
  return { state: next, actions: [] };
}

/** Whether the movement of the first finger, before the second landed, was the start of a pinch and not a stroke. */
function isLead(first: Extract<Mode, { kind: 'tool' }>, second: PointerInput): boolean {
  return second.time - first.since <= PINCH_LEAD_MS || first.reach < PINCH_LEAD_PX;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
