/**
 * Freehand points to the outline that is filled.
 *
 * One function for wet and dry ink: the shape must not jump when the pen lifts, so both are computed with
 * the same options, the last point included.
 */
import { getStroke } from 'perfect-freehand';
import { PathBuilder, type Path } from './path.ts';

export interface OutlineInput {
  /** x0, y0, p0, x1, … in board units, p 0..1. */
  readonly xyp: ArrayLike<number>;
  /** Without pressure p is ignored and a weak pressure derived from the speed, so a mouse line still looks like ink. */
  readonly hasPressure: boolean;
  /** Board units. */
  readonly width: number;
}

/** The filled outline of a stroke of one point or more. A single point is a dot as wide as the pen. */
export function strokeOutline(input: OutlineInput): Path {
  const { xyp, hasPressure, width } = input;
  const builder = new PathBuilder();
  if (isDot(xyp, width)) {
    const pressure = hasPressure ? 0.6 + 0.8 * (xyp[2] ?? 0.5) : 1;
    addEllipse(builder, xyp[0] ?? 0, xyp[1] ?? 0, (width / 2) * pressure, (width / 2) * pressure);
    return builder.build();
  }
  const points: number[][] = [];
  for (let i = 0; i + 2 < xyp.length; i += 3) points.push([xyp[i] ?? 0, xyp[i + 1] ?? 0, xyp[i + 2] ?? 0.5]);
  const outline = getStroke(points, {
    // Derived pressure only makes a line thinner; at usual speed it must still have its nominal width.
    size: hasPressure ? width : width * 1.12,
    // Real pressure has a strong effect; derived pressure a weak one, or a width of 4 px would not look like 4 px.
    thinning: hasPressure ? 0.6 : 0.25,
    simulatePressure: !hasPressure,
    smoothing: 0.5,
    streamline: 0.3,
    last: true,
  });
  addSmoothLoop(builder, outline);
  return builder.build();
}

/** A closed curve through the middles of the polygon's edges, with its corners as control points. */
function addSmoothLoop(builder: PathBuilder, outline: readonly (readonly number[])[]): void {
  const count = outline.length;
  if (count < 3) return;
  const at = (i: number): { x: number; y: number } => {
    const p = outline[i % count];
    return { x: p?.[0] ?? 0, y: p?.[1] ?? 0 };
  };
  const first = at(0);
  const second = at(1);
  builder.moveTo((first.x + second.x) / 2, (first.y + second.y) / 2);
  for (let i = 1; i <= count; i++) {
    const corner = at(i);
    const next = at(i + 1);
    builder.quadraticCurveTo(corner.x, corner.y, (corner.x + next.x) / 2, (corner.y + next.y) / 2);
  }
  builder.closePath();
}

/** An ellipse as four cubic curves; 0.5523 is the usual circle constant 4/3 (sqrt 2 - 1). */
export function addEllipse(builder: PathBuilder, cx: number, cy: number, rx: number, ry: number): void {
  const k = 0.5522847498;
  builder.moveTo(cx + rx, cy);
  builder.bezierCurveTo(cx + rx, cy + ry * k, cx + rx * k, cy + ry, cx, cy + ry);
  builder.bezierCurveTo(cx - rx * k, cy + ry, cx - rx, cy + ry * k, cx - rx, cy);
  builder.bezierCurveTo(cx - rx, cy - ry * k, cx - rx * k, cy - ry, cx, cy - ry);
  builder.bezierCurveTo(cx + rx * k, cy - ry, cx + rx, cy - ry * k, cx + rx, cy);
  builder.closePath();
}

/** Whether all points lie within a quarter of the pen's width: their outline would be a splinter. */
function isDot(xyp: ArrayLike<number>, width: number): boolean {
  const x = xyp[0] ?? 0;
  const y = xyp[1] ?? 0;
  for (let i = 3; i + 2 < xyp.length; i += 3) {
    if (Math.abs((xyp[i] ?? 0) - x) > width / 4 || Math.abs((xyp[i + 1] ?? 0) - y) > width / 4) return false;
  }
  return true;
}
