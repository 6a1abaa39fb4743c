/**
 * Text: a click opens the text under it, or a new one. It does so on the release, so that a second finger (a pan)
 * creates nothing.
 */
import { dragThresholdPx, HIT_MARGIN_PX, enter, stay, type Transition, type Tool } from './tool.ts';
import { distance, type Point } from '../geometry.ts';

export type TextState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pressed'; readonly gesture: string; readonly at: Point; readonly threshold: number; readonly isDrag: boolean };

const idle: TextState = { kind: 'idle' };

export const textTool: Tool<TextState> = {
  initial: idle,
  next(state, event, context): Transition<TextState> {
    if (state.kind === 'idle') {
      if (event.type !== 'down' || context.isReadOnly) return stay(state);
      const threshold = (4 * dragThresholdPx(event.pointerType)) / context.zoom;
      return enter({ kind: 'pressed', gesture: event.gesture, at: event.at, threshold, isDrag: false });
    }
    if (event.type === 'move') {
      const last = event.points[event.points.length - 1];
      const isDrag = state.isDrag || (last !== undefined && distance(last, state.at) > state.threshold);
      return isDrag === state.isDrag ? stay(state) : enter({ ...state, isDrag });
    }
    if (event.type === 'interrupt' || event.type === 'cancel') return enter(idle, { do: 'abandon', gesture: state.gesture });
    if (event.type !== 'up') return stay(state);
    if (state.isDrag) return enter(idle, { do: 'abandon', gesture: state.gesture });
    const hit = context.pick(state.at, HIT_MARGIN_PX / 2 / context.zoom);
    if (hit?.kind === 'text') return enter(idle, { do: 'edit-text', id: hit.id });
    return enter(idle, { do: 'text-at', at: state.at, gesture: state.gesture });
  },
  preview: () => null,
};
