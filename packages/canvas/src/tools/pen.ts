/**
 * Pen: every press is a stroke, and a tap is a dot.
 *
 * idle --down--> drawing --move--> drawing --up--> idle + commit
 *                drawing --interrupt--> idle + commit (8 px long or more) or abandon
 *
 * Whether a pen has a pressure sensor is decided for each stroke. A pen that reports 0 throughout has none, and its stroke
 * is drawn like a mouse's. From a pen with a sensor 0 is a real pressure: the end of a stroke that tapers off.
 */
import { inkLimits, type Style } from '@wetink/board';
import { enter, stay, type InkSample, type Transition, type Tool, type ToolEvent } from './tool.ts';

export type PenState =
  | { readonly kind: 'idle' }
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
    };

/** CSS pixels: a stroke that reaches less is a hand at rest. */
export const MIN_KEPT_PX = 8;
/** The pressure stored in ink that has none. */
const NO_PRESSURE = 0.5;

type Drawing = Extract<PenState, { kind: 'drawing' }>;

const idle: PenState = { kind: 'idle' };

export const penTool: Tool<PenState> = {
  initial: idle,
  next(state, event, context): Transition<PenState> {
    if (state.kind === 'idle') {
      if (event.type !== 'down' || context.isReadOnly) return stay(state);
      const { zoom, style } = context;
      const drawn: Drawing = {
        kind: 'drawing',
        gesture: event.gesture,
        style,
        isPen: event.hasPressure,
        hasPressure: false,
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
    return drawing(state, event);
  },
  preview(state) {
    return state.kind === 'idle' ? null : { ...state, kind: 'stroke' };
  },
};

function drawing(before: Drawing, event: ToolEvent): Transition<PenState> {
  if (event.type === 'move') {
    const state = sense(before, event.points);
    if (event.modifiers.shift) return enter(straighten(state, event.points));
    let { reach } = state;
    for (const point of event.points) {
      append(state, point);
      reach = Math.max(reach, reachOf(state, point));
    }
    return enter({ ...state, reach, straightFrom: null });
  }
  const { gesture, style, hasPressure, xyp, reach, minReach } = before;
  const keep = enter(idle, { do: 'commit', gesture, commit: { type: 'stroke', style, hasPressure, xyp } });
  switch (event.type) {
    case 'up':
      return keep;
    case 'interrupt':
      return reach >= minReach ? keep : enter(idle, { do: 'abandon', gesture });
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture });
    case 'down':
    case 'modifiers':
      return stay(before);
  }
}

/** The first pressure above 0 shows that the pen has a sensor: the zeros before it were pressures, too. */
function sense(state: Drawing, points: readonly InkSample[]): Drawing {
  if (!state.isPen || state.hasPressure || points.every((point) => point.pressure === 0)) return state;
  // A new array, since points change that may have been sent as wet ink: the sender compares arrays by identity.
  return { ...state, hasPressure: true, xyp: state.xyp.map((value, i) => (i % 3 === 2 ? 0 : value)) };
}

function pressureOf({ hasPressure }: Drawing, { pressure }: InkSample): number {
  return hasPressure ? pressure : NO_PRESSURE;
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
