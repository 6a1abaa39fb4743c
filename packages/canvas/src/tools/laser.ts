/** Laser pointer: a trail in the person's colour that fades within two seconds. It is wet ink that never dries: nothing of it is stored. */
import { inkLimits } from '@wetink/board';
import { enter, stay, type InkSample, type Tool } from './tool.ts';

export type LaserState =
  | { readonly kind: 'idle' }
  /** `xyp`: as of a stroke without pressure. Grown in place. */
  | { readonly kind: 'pointing'; readonly gesture: string; readonly xyp: number[] };

const idle: LaserState = { kind: 'idle' };

export const laserTool: Tool<LaserState> = {
  initial: idle,
  next(state, event, { isReadOnly }) {
    if (state.kind === 'idle') {
      // The relay passes on no wet ink of a person who may only look, so nobody would see theirs.
      if (event.type !== 'down' || isReadOnly) return stay(state);
      return enter({ kind: 'pointing', gesture: event.gesture, xyp: [event.at.x, event.at.y, 0.5] });
    }
    switch (event.type) {
      case 'move':
        for (const point of event.points) append(state.xyp, point);
        return enter({ ...state });
      case 'up':
      case 'interrupt':
      case 'cancel':
        return enter(idle, { do: 'let-fade', gesture: state.gesture });
      default:
        return stay(state);
    }
  },
  preview(state) {
    return state.kind === 'idle' ? null : { kind: 'laser', gesture: state.gesture, xyp: state.xyp };
  },
};

function append(xyp: number[], { x, y }: InkSample): void {
  if (xyp.length / 3 < inkLimits.maxPoints) xyp.push(x, y, 0.5);
}
