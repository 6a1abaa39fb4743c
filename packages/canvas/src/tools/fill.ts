/** Fill: a press in a shape gives it the fill of the style; without one there, the colour of the pen. */
import { enter, stay, type Tool } from './tool.ts';

export const fillTool: Tool<null> = {
  initial: null,
  next(state, event, context) {
    if (event.type !== 'down' || context.isReadOnly) return stay(state);
    const shape = context.shapeAround(event.at);
    if (shape === null || shape.isLocked) return stay(state);
    const fill = context.style.fill === 'none' ? context.style.color : context.style.fill;
    return enter(state, { do: 'commit', gesture: event.gesture, commit: { type: 'style', ids: [shape.id], patch: { fill } } });
  },
  preview: () => null,
};
