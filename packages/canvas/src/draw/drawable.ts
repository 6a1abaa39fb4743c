/**
 * The draw list: what an element looks like, as paths and text in board units with colours still as tokens.
 *
 * Screen tiles, PNG and SVG all paint from this, so an export looks like the screen. It does not depend on theme, zoom or
 * canvas, so each element object needs only one list, cached by identity.
 */
import {
  isLineKind,
  isShapeKind,
  plainLook,
  resolveColor,
  resolveFill,
  type AttachedFile,
  wholeCrop,
  type BoardElement,
  type Color,
  type Crop,
  type Geometry,
  type ImageContent,
  type Style,
  type Theme,
} from '@wetink/board';
import { geometryCentre, geometryCorners, type Point } from '../geometry.ts';
import { filterOf, type PixelFilter } from '../images/pixel-filter.ts';
import { RecentCache, shownPoints } from './ink-points.ts';
import { lineHeads, linePath, type Line } from './line.ts';
import { PathBuilder, type Path } from './path.ts';
import { closedPart, shapeOutline } from './outline.ts';
import { strokeOutline } from './stroke-outline.ts';
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
  readonly crop: Crop;
  /** Board units. */
  readonly radius: number;
  readonly filter: PixelFilter | null;
}

/** A card in the box of `geometry`, see `files/file-card.ts`. */
export interface FileOp {
  readonly op: 'file';
  readonly file: AttachedFile;
  readonly geometry: Geometry;
}

/** The paper and the edge of a frame; its title is no part of the drawing. */
export interface FrameOp {
  readonly op: 'frame';
  readonly geometry: Geometry;
}

/** The `#rrggbb` of a fill on a screen of `theme`. */
export function fillColor({ color, isInside }: FillOp, theme: Theme): string {
  return isInside ? resolveFill(color, theme) : resolveColor(color, theme);
}

export interface Drawable {
  /** 0..1, for the whole element. */
  readonly opacity: number;
  readonly ops: readonly (FillOp | StrokeOp | TextOp | ImageOp | FileOp | FrameOp)[];
}

/** The fields of an element that drawing needs: previews have no id yet. */
export type Shape = Pick<BoardElement, 'kind' | 'geometry' | 'style' | 'text'> &
  Partial<Pick<BoardElement, 'image' | 'file' | 'look' | 'crop' | 'points'>>;

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
export function shapeDrawable(shape: Shape): Drawable {
  const { kind, geometry, style, text, image, file } = shape;
  if (kind === 'image' && image !== undefined && image !== null) return { opacity: style.opacity, ops: [imageOp(image, shape)] };
  if (kind === 'file' && file !== undefined && file !== null) return { opacity: style.opacity, ops: [{ op: 'file', file, geometry }] };
  if (kind === 'frame') return { opacity: 1, ops: [{ op: 'frame', geometry }] };
  if (kind === 'text') return { opacity: style.opacity, ops: [textOp(geometry, style, text)] };
  if (isShapeKind(kind)) return closedShape(shapeOutline(kind, geometry, style.corners), { geometry, style });
  if (isLineKind(kind)) return { opacity: style.opacity, ops: lineOps(shape) };
  return placeholder(geometry);
}

function imageOp(image: ImageContent, { geometry, look = plainLook, crop = wholeCrop }: Shape): ImageOp {
  const radius = (look.radius * Math.min(Math.abs(geometry.w), Math.abs(geometry.h))) / 2;
  return { op: 'image', image, geometry, crop, radius, filter: filterOf(look, crop) };
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

function closedShape(path: Path, { geometry, style }: Pick<Shape, 'geometry' | 'style'>): Drawable {
  const line = { op: 'stroke', path, color: style.color, width: style.width, dash: dashOf(style, geometry) } as const;
  const ops = style.fill === 'none' ? [line] : [{ op: 'fill', path: closedPart(path), color: style.fill, isInside: true } as const, line];
  return { opacity: style.opacity, ops };
}

function polygon(corners: readonly Point[]): Path {
  const path = new PathBuilder();
  corners.forEach((p, i) => (i === 0 ? path.moveTo(p.x, p.y) : path.lineTo(p.x, p.y)));
  path.closePath();
  return path.build();
}

/** Dashes of one line; a longer one is solid. */
const MAX_DASHES = 5_000;

/** Dots and dashes grow with the pen. Caps are round, so a dash of no length is a dot. */
function dashOf({ dash, width }: Style, { w, h }: Geometry): readonly number[] {
  // Nobody sees that many, and painting them would take seconds.
  if ((2 * (Math.abs(w) + Math.abs(h))) / (2 * width + 2) > MAX_DASHES) return [];
  if (dash === 'dashed') return [2 * width + 6, 2 * width + 4];
  return dash === 'dotted' ? [0, 2 * width + 2] : [];
}

/** The heads of a dashed line are solid. */
function lineOps(line: Line): (StrokeOp | FillOp)[] {
  const { style } = line;
  const op = { op: 'stroke', color: style.color, width: style.width } as const;
  const dash = dashOf(style, line.geometry);
  const [shaft, { stroked, filled }] = [linePath(line), lineHeads(line)];
  const ops: (StrokeOp | FillOp)[] = filled.verbs === '' ? [] : [{ op: 'fill', path: filled, color: style.color, isInside: false }];
  if (stroked.verbs === '') return [...ops, { ...op, path: shaft, dash }];
  // In one path where they can be: see-through lines would be darker where two of them lie on each other.
  const together = { verbs: shaft.verbs + stroked.verbs, coords: [...shaft.coords, ...stroked.coords] };
  return dash.length === 0
    ? [...ops, { ...op, path: together, dash }]
    : [...ops, { ...op, path: shaft, dash }, { ...op, path: stroked, dash: [] }];
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
