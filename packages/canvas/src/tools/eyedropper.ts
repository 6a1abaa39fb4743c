/** Eyedropper: a press on something takes its colour, and its fill if it has one, for what is drawn next; with Alt its whole style. */
import { isShapeKind, type BoardElement, type Style } from '@wetink/board';
import { enter, HIT_MARGIN_PX, stay, type Tool } from './tool.ts';

export const eyedropperTool: Tool<null> = {
  initial: null,
  next(state, event, context) {
    if (event.type !== 'down' || context.isReadOnly) return stay(state);
    const margin = HIT_MARGIN_PX / context.zoom;
    const element = context.pick(event.at, margin) ?? context.shapeAround(event.at);
    return element === null
      ? stay(state)
      : enter(state, { do: 'take-style', kind: element.kind, style: takenFrom(element, event.modifiers.alt) });
  },
  preview: () => null,
};

function takenFrom({ kind, style }: BoardElement, isWhole: boolean): Partial<Style> {
  if (isWhole) return style;
  // A picture or a card has no colour of its own.
  if (kind === 'image' || kind === 'file') return {};
  return isShapeKind(kind) && style.fill !== 'none' ? { color: style.color, fill: style.fill } : { color: style.color };
}
