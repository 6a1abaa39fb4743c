/** The highlighter: a broad pen that one can see through. Its strokes are strokes like any other. */
import type { Style } from '@wetink/board';
import type { PlainContext } from './tool.ts';

/** Times the width of the pen, at least so wide that it covers a line of text. */
const BROADER = 4;
const LEAST_WIDTH = 16;
const OPACITY = 0.4;

/** In the colour of the pen; ink would hide what it marks, so it is yellow then. */
export function highlighterStyle(style: Style): Style {
  const { color, width, opacity } = style;
  return {
    ...style,
    color: color === 'ink' ? 'yellow' : color,
    width: Math.max(LEAST_WIDTH, width * BROADER),
    opacity: Math.min(OPACITY, opacity),
  };
}

export function asHighlighter(context: PlainContext): PlainContext {
  return { ...context, style: highlighterStyle(context.style) };
}
