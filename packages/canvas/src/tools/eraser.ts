/**
 * Stroke eraser: removes every element that the drag touches, as one step, when the pointer lifts. Until then they are faded.
 */
import { enter, stay, type Effect, type Transition, type Tool, type ToolContext, type ToolEvent } from './tool.ts';
import type { Point } from '../geometry.ts';
import type { ElementId } from '@wetink/board';

export type EraserState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'erasing';
      readonly gesture: string;
      readonly last: Point;
      /** Grown in place, as is the trail: a long drag over a full board touches thousands. */
      readonly ids: Set<ElementId>;
      readonly trail: Point[];
      readonly radius: number;
    };

/** CSS pixels: a fingertip is wider than a pointer. */
const RADIUS_PX = { mouse: 6, pen: 6, touch: 12 };
/** Points of the visible trail. */
const TRAIL_LENGTH = 24;

const idle: EraserState = { kind: 'idle' };

export const eraserTool: Tool<EraserState> = {
  initial: idle,
  next(state, event, context): Transition<EraserState> {
    if (state.kind === 'idle') {
      if (event.type !== 'down' || context.isReadOnly) return stay(state);
      const radius = RADIUS_PX[event.pointerType] / context.zoom;
      const ids = new Set(context.crossed(event.at, event.at, radius).map((element) => element.id));
      return enter({ kind: 'erasing', gesture: event.gesture, last: event.at, ids, trail: [event.at], radius });
    }
    return erasing(state, event, context);
  },
  preview(state) {
    return state.kind === 'idle' ? null : { kind: 'erase', ids: state.ids, trail: state.trail };
  },
};

function erasing(state: Extract<EraserState, { kind: 'erasing' }>, event: ToolEvent, context: ToolContext): Transition<EraserState> {
  const { ids, trail, gesture } = state;
  switch (event.type) {
    case 'move': {
      let last = state.last;
      for (const point of event.points) {
        for (const element of context.crossed(last, point, state.radius)) ids.add(element.id);
        last = point;
        trail.push(point);
      }
      trail.splice(0, Math.max(0, trail.length - TRAIL_LENGTH));
      return enter({ ...state, last });
    }
    case 'up': {
      const effect: Effect =
        ids.size === 0 ? { do: 'abandon', gesture } : { do: 'commit', gesture, commit: { type: 'remove', ids: [...ids] } };
      return enter(idle, effect);
    }
    // A second finger landed, or the system took the pointer: erasing by accident is worse than having to erase again.
    case 'interrupt':
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture });
    case 'down':
    case 'finish':
    case 'shape':
    case 'modifiers':
      return stay(state);
  }
}
