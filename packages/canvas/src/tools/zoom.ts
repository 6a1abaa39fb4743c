/** Zoom, while its key is held: a click zooms in there (with Alt out), a drag zooms to the box it draws. */
import { boxBetween, distance, type Box, type Point } from '../geometry.ts';
import { dragThresholdPx, enter, stay, type Tool } from './tool.ts';

export type ZoomState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pressed'; readonly from: Point; readonly to: Point; readonly threshold: number; readonly isOut: boolean };

const idle: ZoomState = { kind: 'idle' };

export const zoomTool: Tool<ZoomState> = {
  initial: idle,
  next(state, event, { zoom }) {
    if (state.kind === 'idle') {
      if (event.type !== 'down') return stay(state);
      const threshold = dragThresholdPx(event.pointerType) / zoom;
      return enter({ kind: 'pressed', from: event.at, to: event.at, threshold, isOut: event.modifiers.alt });
    }
    switch (event.type) {
      case 'move':
        return enter({ ...state, to: event.points[event.points.length - 1] ?? state.to });
      case 'up': {
        const box = boxOf(state);
        if (box !== null) return enter(idle, { do: 'zoom-to', box });
        return enter(idle, { do: 'zoom-at', at: state.from, direction: state.isOut ? -1 : 1 });
      }
      case 'cancel':
      case 'interrupt':
        return enter(idle);
      default:
        return stay(state);
    }
  },
  preview(state) {
    const box = boxOf(state);
    return box === null ? null : { kind: 'box', box };
  },
};

/** Null for a click. */
function boxOf(state: ZoomState): Box | null {
  const isDrag = state.kind === 'pressed' && distance(state.from, state.to) >= state.threshold;
  return isDrag ? boxBetween(state.from, state.to) : null;
}
