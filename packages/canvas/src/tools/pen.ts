/**
 * Pen: every press is a stroke, and a tap is a dot.
 *
 * idle --down--> drawing --move--> drawing --up--> idle + commit
 *                drawing --interrupt--> idle + commit (8 px long or more) or abandon
 *                drawing --held still, looks like a shape--> shaped --up | interrupt--> idle + commit of the shape
 *
 * Whether a pen has a pressure sensor is decided for each stroke. A pen that reports 0 throughout has none, and its stroke
 * is drawn like a mouse's. From a pen with a sensor 0 is a real pressure: the end of a stroke that tapers off.
 */
import { inkLimits, type Style } from '@wetink/board';
import type { Recognised } from './recognise.ts';
import { pulledTip, stringOf } from './stabiliser.ts';
import { enter, stay, type InkSample, type PlainContext, type Transition, type Tool, type ToolEvent } from './tool.ts';

export type PenState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'shaped'; readonly gesture: string; readonly style: Style } & Recognised)
  | {
      readonly kind: 'drawing';
      readonly gesture: string;
      readonly style: Style;
      /** The device is a pen. */
      readonly isPen: boolean;
      /** A pressure above 0 has been reported in this stroke. */
      readonly hasPressure: boolean;
      /** x, y, pressure per point. Owned by this state and grown in place: copying would make a long stroke O(n²). */
      readonly xyp: number[];
      /** Board units from the first point to the farthest. */
      readonly reach: number;
      /** Board units: an interrupted stroke that reached less far is dropped. */
      readonly minReach: number;
      /** Board units, an eighth of a CSS pixel: samples closer than the grid of stored ink add nothing. */
      readonly step: number;
      /** Shift: a straight line from this point on (index into points), or null. */
      readonly straightFrom: number | null;
      /** Where the pointer is: the last point may hang behind it. */
      readonly pointer: InkSample;
      /** Board units, see `stabiliser.ts`. */
      readonly string: number;
      /** Ignores the pressure of the pen, and the speed. */
      readonly isConstant: boolean;
    };

/** CSS pixels: a stroke that reaches less is a hand at rest. */
export const MIN_KEPT_PX = 8;
/** The pressure stored in ink that has none. */
const NO_PRESSURE = 0.5;

type Drawing = Extract<PenState, { kind: 'drawing' }>;

const idle: PenState = { kind: 'idle' };

export const penTool: Tool<PenState, PlainContext> = {
  initial: idle,
  next(state, event, context): Transition<PenState> {
    if (state.kind === 'idle') {
      if (event.type !== 'down' || context.isReadOnly) return stay(state);
      const { zoom, style, pen } = context;
      const drawn: Drawing = {
        kind: 'drawing',
        gesture: event.gesture,
        style,
        isPen: event.hasPressure && !pen.isConstant,
        // Its pressure is then always the same. A stroke without pressure gets thinner with speed.
        hasPressure: pen.isConstant,
        isConstant: pen.isConstant,
        pointer: event.at,
        string: stringOf(pen.steadiness, zoom),
        xyp: [event.at.x, event.at.y, NO_PRESSURE],
        reach: 0,
        minReach: MIN_KEPT_PX / zoom,
        step: 1 / (8 * zoom),
        straightFrom: null,
      };
      const sensed = sense(drawn, [event.at]);
      sensed.xyp[2] = pressureOf(sensed, event.at);
      return enter(sensed);
    }
    return state.kind === 'shaped' ? shaped(state, event) : drawing(state, event);
  },
  preview(state) {
    if (state.kind === 'shaped') return { ...state, kind: 'shape' };
    if (state.kind === 'idle') return null;
    const { gesture, style, hasPressure, xyp } = state;
    return { kind: 'stroke', gesture, style, hasPressure, xyp };
  },
};

function drawing(before: Drawing, event: ToolEvent): Transition<PenState> {
  if (event.type === 'move') {
    const state = sense(before, event.points);
    if (event.modifiers.shift) return enter(straighten(state, event.points));
    let { reach, pointer } = state;
    for (const point of event.points) {
      follow(state, point);
      reach = Math.max(reach, reachOf(state, point));
      pointer = point;
    }
    return enter({ ...state, reach, pointer, straightFrom: null });
  }
  const { gesture, style, hasPressure, xyp, reach, minReach } = before;
  const keep = enter(idle, { do: 'commit', gesture, commit: { type: 'stroke', style, hasPressure, xyp } });
  switch (event.type) {
    case 'shape':
      return enter({ kind: 'shaped', gesture, style, shape: event.shape, geometry: event.geometry });
    case 'up':
      // The tip catches up with the pointer.
      if (before.string > 0 && before.straightFrom === null && reach > 0) append(before, before.pointer);
      return keep;
    case 'interrupt':
      return reach >= minReach ? keep : enter(idle, { do: 'abandon', gesture });
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture });
    case 'down':
    case 'finish':
    case 'modifiers':
      return stay(before);
  }
}

function shaped(state: Extract<PenState, { kind: 'shaped' }>, event: ToolEvent): Transition<PenState> {
  const { gesture, style, shape, geometry } = state;
  switch (event.type) {
    case 'up':
    case 'interrupt':
      return enter(idle, { do: 'commit', gesture, commit: { type: 'shape', shape, style, geometry } });
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture });
    default:
      return stay(state);
  }
}

/** The tip is the last point. */
function follow(state: Drawing, point: InkSample): void {
  const { xyp, string } = state;
  if (string === 0) return append(state, point);
  const tip = pulledTip({ x: xyp[xyp.length - 3] ?? point.x, y: xyp[xyp.length - 2] ?? point.y }, point, string);
  if (tip !== null) append(state, { ...point, ...tip });
}

/** The first pressure above 0 shows that the pen has a sensor: the zeros before it were pressures, too. */
function sense(state: Drawing, points: readonly InkSample[]): Drawing {
  if (!state.isPen || state.hasPressure || points.every((point) => point.pressure === 0)) return state;
  // A new array, since points change that may have been sent as wet ink: the sender compares arrays by identity.
  return { ...state, hasPressure: true, xyp: state.xyp.map((value, i) => (i % 3 === 2 ? 0 : value)) };
}

function pressureOf({ hasPressure, isConstant }: Drawing, { pressure }: InkSample): number {
  return hasPressure && !isConstant ? pressure : NO_PRESSURE;
}

function reachOf({ xyp }: Drawing, { x, y }: InkSample): number {
  return Math.hypot(x - (xyp[0] ?? 0), y - (xyp[1] ?? 0));
}

/** A point on top of the last one only adds its pressure. A full stroke takes no more points. */
function append(state: Drawing, point: InkSample): void {
  const { xyp, step } = state;
  const { x, y } = point;
  const pressure = pressureOf(state, point);
  const end = xyp.length;
  const isNew = Math.abs((xyp[end - 3] ?? 0) - x) >= step || Math.abs((xyp[end - 2] ?? 0) - y) >= step;
  if (!isNew) xyp[end - 1] = Math.max(xyp[end - 1] ?? 0, pressure);
  else if (end / 3 < inkLimits.maxPoints) xyp.push(x, y, pressure);
}

/** Replaces what was drawn since Shift went down by one straight segment to the pointer. */
function straighten(state: Drawing, points: readonly InkSample[]): PenState {
  const straightFrom = state.straightFrom ?? state.xyp.length / 3 - 1;
  const last = points[points.length - 1];
  if (last === undefined) return state;
  // A new array, as in `sense`.
  const xyp = [...state.xyp.slice(0, (straightFrom + 1) * 3), last.x, last.y, pressureOf(state, last)];
  return { ...state, straightFrom, xyp, reach: Math.max(state.reach, reachOf(state, last)) };
}
