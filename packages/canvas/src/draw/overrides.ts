/**
 * An element as a preview shows it: at another place, or scaled, with everything else as it is.
 */
import type { BoardElement, Geometry } from '@wetink/board';
import { drawableOf } from './drawable.ts';
import { paintDrawable } from './paint.ts';
import type { Context, Theme } from './paint.ts';

/** The element with another geometry. Text that is taller is written larger. */
export function withGeometry(element: BoardElement, geometry: Geometry): BoardElement {
  if (element.kind !== 'text' || element.geometry.h === 0) return { ...element, geometry };
  const fontSize = element.style.fontSize * Math.abs(geometry.h / element.geometry.h);
  return { ...element, geometry, style: { ...element.style, fontSize } };
}

/** Paints a moved element. What was only shifted is painted from its cached list. */
export function paintMoved(ctx: Context, element: BoardElement, geometry: Geometry, theme: Theme): void {
  const g = element.geometry;
  if (g.w !== geometry.w || g.h !== geometry.h || g.rotation !== geometry.rotation) {
    return paintDrawable(ctx, drawableOf(withGeometry(element, geometry)), { theme });
  }
  ctx.save();
  ctx.translate(geometry.x - g.x, geometry.y - g.y);
  paintDrawable(ctx, drawableOf(element), { theme });
  ctx.restore();
}
