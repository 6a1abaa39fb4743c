/** The highlighter: a broad pen that one can see through. Its strokes are strokes like any other. */
import { fills, type Color, type Style } from '@wetink/board';
import type { PlainContext } from './tool.ts';

/** Times the width of the pen, at least so wide that it covers a line of text. */
const BROADER = 4;
const LEAST_WIDTH = 16;
const OPACITY = 0.4;

/** A yellow line on paper is ochre, so that it can be seen; a highlight in it would look like mud. */
const YELLOW = fills.yellow.light as Color;

/** In the colour of the pen; ink would hide what it marks, so it is yellow then. */
export function highlighterStyle(style: Style): Style {
  const { color, width, opacity } = style;
  return {
    ...style,
    color: color === 'ink' || color === 'yellow' ? YELLOW : color,
    width: Math.max(LEAST_WIDTH, width * BROADER),
    opacity: Math.min(OPACITY, opacity),
  };
}

/** The change to the style of the pen after which the highlighter has this color and width. */
export function penPatch({ color, width }: Partial<Style>): Partial<Style> {
  return { ...(color === undefined ? {} : { color }), ...(width === undefined ? {} : { width: width / BROADER }) };
}

export function asHighlighter(context: PlainContext): PlainContext {
  return { ...context, style: highlighterStyle(context.style) };
}
