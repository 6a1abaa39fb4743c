/**
 * The draw list: what an element looks like, as paths and text in board units with colours still as tokens.
 *
 * Screen tiles, PNG and SVG all paint from this, so an export looks like the screen. It does not depend on theme, zoom or
 * canvas, so each element object needs only one list, cached by identity.
 */
import {
  resolveColor,
  resolveFill,
  type BoardElement,
  type Color,
  type Geometry,
  type ImageContent,
  type Style,
  type Theme,
} from '@wetink/board';
import { ARROW_HEAD_BASE, ARROW_HEAD_WIDTHS } from '../bounds.ts';
import { geometryCentre, geometryCorners, rotatePoint, type Point } from '../geometry.ts';
import { RecentCache, shownPoints } from './ink-points.ts';
import { PathBuilder, type Path } from './path.ts';
import { addEllipse, strokeOutline } from './stroke-outline.ts';
import { layoutText, type TextLine } from './text-layout.ts';

export interface FillOp {
  readonly op: 'fill';
  readonly path: Path;
  readonly color: Color;
  /** True for the inside of a shape, filled with the tint of its colour; false for ink, filled as an outline. */
  readonly isInside: boolean;
}

export interface StrokeOp {
  readonly op: 'stroke';
  readonly path: Path;
  readonly color: Color;
  /** Board units; joins and caps are round. */
  readonly width: number;
  readonly dash: readonly number[];
}

export interface TextOp {
  readonly op: 'text';
  readonly lines: readonly TextLine[];
  readonly font: Style['font'];
  readonly fontSize: number;
  readonly color: Color;
  /** Top-left of the text before it is turned by `rotation` about `centre`. */
  readonly origin: Point;
  /** Board units. Lines that run from right to left end at the right edge. */
  readonly width: number;
  readonly centre: Point;
  readonly rotation: number;
}

/** Painted in the box of `geometry`, in which a negative side mirrors it. */
export interface ImageOp {
  readonly op: 'image';
  readonly image: ImageContent;
  readonly geometry: Geometry;
}

/** The `#rrggbb` of a fill on a screen of `theme`. */
export function fillColor({ color, isInside }: FillOp, theme: Theme): string {
  return isInside ? resolveFill(color, theme) : resolveColor(color, theme);
}

export interface Drawable {
  /** 0..1, for the whole element. */
  readonly opacity: number;
  readonly ops: readonly (FillOp | StrokeOp | TextOp | ImageOp)[];
}

/** The fields of an element that drawing needs: previews have no id yet. */
export type Shape = Pick<BoardElement, 'kind' | 'geometry' | 'style' | 'text'> & Partial<Pick<BoardElement, 'image'>>;

const cache = new RecentCache<Drawable>(20_000);

export function drawableOf(element: BoardElement): Drawable {
  return cache.getOrMake(element, makeDrawable);
}

function makeDrawable(element: BoardElement): Drawable {
  if (element.kind !== 'stroke') return shapeDrawable(element);
  const points = shownPoints(element);
  return points === null ? placeholder(element.geometry) : strokeDrawable(points, element.style);
}

/** Ink, dry or still wet. */
export function strokeDrawable(points: { xyp: ArrayLike<number>; hasPressure: boolean }, style: Style): Drawable {
  const path = strokeOutline({ xyp: points.xyp, hasPressure: points.hasPressure, width: style.width });
  return { opacity: style.opacity, ops: [{ op: 'fill', path, color: style.color, isInside: false }] };
}

/** Everything but ink. */
export function shapeDrawable({ kind, geometry, style, text, image }: Shape): Drawable {
  if (kind === 'image' && image !== undefined && image !== null) return { opacity: style.opacity, ops: [{ op: 'image', image, geometry }] };
  if (kind === 'text') return { opacity: style.opacity, ops: [textOp(geometry, style, text)] };
  if (kind === 'rectangle') return closedShape(polygon(geometryCorners(geometry)), style);
  if (kind === 'ellipse') return closedShape(ellipse(geometry), style);
  if (kind === 'line' || kind === 'arrow') {
    const path = new PathBuilder();
    addShaft(path, geometry, kind === 'arrow' ? style.width : null);
    return { opacity: style.opacity, ops: [{ op: 'stroke', path: path.build(), color: style.color, width: style.width, dash: [] }] };
  }
  return placeholder(geometry);
}

/** Start and end of a line or arrow as shown. */
export function lineEnds(g: Geometry): [Point, Point] {
  const centre = geometryCentre(g);
  return [rotatePoint({ x: g.x, y: g.y }, centre, g.rotation), rotatePoint({ x: g.x + g.w, y: g.y + g.h }, centre, g.rotation)];
}

/** The placeholder of a newer version's element: a dashed box, at least 16 units so that it is visible. */
function placeholder(g: Geometry): Drawable {
  const centre = geometryCentre(g);
  const w = Math.max(16, Math.abs(g.w));
  const h = Math.max(16, Math.abs(g.h));
  const box = { x: centre.x - w / 2, y: centre.y - h / 2, w, h, rotation: g.rotation };
  const path = polygon(geometryCorners(box));
  return { opacity: 0.6, ops: [{ op: 'stroke', path, color: 'grey', width: 1.5, dash: [6, 5] }] };
}

function closedShape(path: Path, style: Style): Drawable {
  const line = { op: 'stroke', path, color: style.color, width: style.width, dash: [] } as const;
  const ops = style.fill === 'none' ? [line] : [{ op: 'fill', path, color: style.fill, isInside: true } as const, line];
  return { opacity: style.opacity, ops };
}

function polygon(corners: readonly Point[]): Path {
  const path = new PathBuilder();
  corners.forEach((p, i) => (i === 0 ? path.moveTo(p.x, p.y) : path.lineTo(p.x, p.y)));
  path.closePath();
  return path.build();
}

function ellipse(g: Geometry): Path {
  const centre = geometryCentre(g);
  const upright = new PathBuilder();
  addEllipse(upright, centre.x, centre.y, Math.abs(g.w) / 2, Math.abs(g.h) / 2);
  const path = upright.build();
  if (g.rotation === 0) return path;
  const coords: number[] = [];
  for (let i = 0; i + 1 < path.coords.length; i += 2) {
    const p = rotatePoint({ x: path.coords[i] ?? 0, y: path.coords[i + 1] ?? 0 }, centre, g.rotation);
    coords.push(p.x, p.y);
  }
  return { verbs: path.verbs, coords };
}

/** The line, and with `headWidth` an open head at its end, never longer than the shaft. */
function addShaft(path: PathBuilder, g: Geometry, headWidth: number | null): void {
  const [start, end] = lineEnds(g);
  path.moveTo(start.x, start.y);
  path.lineTo(end.x, end.y);
  if (headWidth === null) return;
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  if (length === 0) return;
  const size = Math.min(length * 0.8, headWidth * ARROW_HEAD_WIDTHS + ARROW_HEAD_BASE);
  const angle = Math.atan2(end.y - start.y, end.x - start.x);
  const side = (turn: number): Point => ({ x: end.x - size * Math.cos(angle + turn), y: end.y - size * Math.sin(angle + turn) });
  // 27 degrees either side: open enough to read at zoom 0.3, closed enough to point.
  const left = side(0.47);
  const right = side(-0.47);
  path.moveTo(left.x, left.y);
  path.lineTo(end.x, end.y);
  path.lineTo(right.x, right.y);
}

function textOp(g: Geometry, style: Style, text: string): TextOp {
  return {
    op: 'text',
    lines: layoutText(text, style.fontSize),
    font: style.font,
    fontSize: style.fontSize,
    color: style.color,
    origin: { x: Math.min(g.x, g.x + g.w), y: Math.min(g.y, g.y + g.h) },
    width: Math.abs(g.w),
    centre: geometryCentre(g),
    rotation: g.rotation,
  };
}
