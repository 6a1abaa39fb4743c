/**
 * Pen: every press is a stroke, a mere tap is a dot.
 *
 * idle --down--> drawing --move--> drawing --up--> idle + commit
 *                drawing --interrupt--> idle + commit (10 points or more) or abandon
 */
import { inkLimits } from '@wetink/board';
import { stay } from './tool.ts';
import type { InkSample, Step, Tool, ToolEvent } from './tool.ts';
import type { Style } from '@wetink/board';

export type PenState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'drawing';
      readonly gesture: string;
      readonly style: Style;
      readonly hasPressure: boolean;
      /** x, y, pressure per point. Owned by this state and grown in place: copying would make a long stroke O(n²). */
      readonly xyp: number[];
      /** Board units: samples closer than an eighth of a CSS pixel add nothing that could be stored. */
      readonly step: number;
      /** Shift: a straight line from this point on (index into points), or null. */
      readonly straightFrom: number | null;
    };

/** Fewer points than this are the first of two fingers landing, not writing. */
export const MIN_KEPT_POINTS = 10;

const idle: PenState = { kind: 'idle' };

export const penTool: Tool<PenState> = {
  initial: idle,
  step(state, event, context): Step<PenState> {
    if (state.kind === 'idle') {
      if (event.type !== 'down' || context.isReadOnly) return stay(state);
      const { at, gesture, hasPressure } = event;
      const step = 1 / (8 * context.zoom);
      return stay({
        kind: 'drawing',
        gesture,
        style: context.style,
        hasPressure,
        xyp: [at.x, at.y, at.pressure],
        step,
        straightFrom: null,
      });
    }
    return drawing(state, event);
  },
  preview(state) {
    return state.kind === 'idle' ? null : { ...state, kind: 'stroke' };
  },
};

function drawing(state: Extract<PenState, { kind: 'drawing' }>, event: ToolEvent): Step<PenState> {
  const { gesture, style, hasPressure, xyp } = state;
  const keep = stay(idle, { do: 'commit', gesture, commit: { type: 'stroke', style, hasPressure, xyp } });
  switch (event.type) {
    case 'move': {
      if (event.modifiers.shift) return stay(straighten(state, event.points));
      for (const point of event.points) append(xyp, point, state.step);
      return stay(state.straightFrom === null ? state : { ...state, straightFrom: null });
    }
    case 'up':
      return keep;
    case 'interrupt':
      return xyp.length / 3 >= MIN_KEPT_POINTS ? keep : stay(idle, { do: 'abandon', gesture });
    case 'cancel':
      return stay(idle, { do: 'abandon', gesture });
    case 'down':
    case 'modifiers':
      return stay(state);
  }
}

/** A point on the last one adds nothing but its pressure, and a full stroke takes no more. */
function append(xyp: number[], { x, y, pressure }: InkSample, step: number): void {
  const end = xyp.length;
  const isNew = Math.abs((xyp[end - 3] ?? 0) - x) >= step || Math.abs((xyp[end - 2] ?? 0) - y) >= step;
  if (!isNew) xyp[end - 1] = Math.max(xyp[end - 1] ?? 0, pressure);
  else if (end / 3 < inkLimits.maxPoints) xyp.push(x, y, pressure);
}

/** Replaces what was drawn since Shift went down by one straight segment to the pointer. */
function straighten(state: Extract<PenState, { kind: 'drawing' }>, points: readonly InkSample[]): PenState {
  const straightFrom = state.straightFrom ?? state.xyp.length / 3 - 1;
  const last = points[points.length - 1];
  if (last === undefined) return state;
  // A new array: points already sent as wet ink change, and the sender notices by identity.
  return { ...state, straightFrom, xyp: [...state.xyp.slice(0, (straightFrom + 1) * 3), last.x, last.y, last.pressure] };
}
