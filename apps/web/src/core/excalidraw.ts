/**
 * Elements of Excalidraw (its clipboard and its `.excalidraw` files, JSON documented by its project) as content of a board file.
 * Pure. The JSON is of unknown origin: an element that is not as it should be is left out and counted.
 */
import {
  encodeInk,
  decodeInk,
  defaultStyle,
  fileLimits,
  inkBounds,
  inkLimits,
  isColor,
  lineThrough,
  MAX_LINE_POINTS,
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
  type Color,
  type FileElement,
  type Geometry,
  type Head,
  type Style,
} from '@wetink/board';
import {
  entryOf,
  groupNumber,
  INK_ZOOM,
  isFields,
  isNumber,
  MAX_AT,
  type Fields,
  type ForeignDrawing,
  noneLeftOut,
  type ForeignPicture,
  type WhyLeftOut,
} from './foreign-drawing.ts';
import { jsonInSteps } from './json-in-steps.ts';

/** Excalidraw's inks for light and dark, which follow the theme there as well. */
const inks: ReadonlySet<string> = new Set(['#1e1e1e', '#000000', '#ffffff']);

/** Reads it, an element in each step. @returns Null for JSON that is not Excalidraw's. */
export function* fromExcalidrawInSteps(text: string): Generator<undefined, ForeignDrawing | null> {
  const scene = yield* parsed(text);
  if (scene === null || !Array.isArray(scene['elements'])) return null;
  const files = isFields(scene['files']) ? scene['files'] : {};
  const groups = new Map<string, number>();
  const frames = framesIn(scene['elements']);
  const elements: (FileElement | ForeignPicture)[] = [];
  const leftOut = { ...noneLeftOut, many: Math.max(0, scene['elements'].length - fileLimits.maxElements) };
  for (const given of scene['elements'].slice(0, fileLimits.maxElements) as unknown[]) {
    yield;
    if (isFields(given) && given['isDeleted'] === true) continue;
    const made = isFields(given) ? elementOf(given, files, { groups, frames }) : 'damaged';
    if (typeof made === 'string') leftOut[made] += 1;
    else elements.push(made);
  }
  return { elements, leftOut };
}

/** Element by element, picture by picture. */
function* parsed(text: string): Generator<undefined, Fields | null> {
  try {
    const scene = yield* jsonInSteps(text, 2);
    return isFields(scene) ? scene : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null; // Cut off, or text that only begins like it.
  }
}

/** Numbers of groups and frames by name, and the frames there are. */
interface Holders {
  readonly groups: Map<string, number>;
  readonly frames: ReadonlySet<unknown>;
}

function framesIn(elements: readonly unknown[]): ReadonlySet<unknown> {
  const frames = elements.filter((one): one is Fields => isFields(one) && isFrame(one['type']) && one['isDeleted'] !== true);
  return new Set(frames.map(({ id }) => id).filter((id) => typeof id === 'string'));
}

function isFrame(type: unknown): boolean {
  return type === 'frame' || type === 'magicframe';
}

/** Excalidraw's names of what a board has as well. */
const kinds: ReadonlySet<string> = new Set([
  'rectangle',
  'ellipse',
  'diamond',
  'frame',
  'magicframe',
  'text',
  'line',
  'arrow',
  'freedraw',
  'image',
]);

function elementOf(given: Fields, files: Fields, holders: Holders): FileElement | ForeignPicture | WhyLeftOut {
  const { type, text } = given;
  if (typeof type === 'string' && !kinds.has(type)) return 'kind';
  if (type === 'text' && typeof text === 'string' && text.length > MAX_TEXT_LENGTH) return 'long';
  const geometry = geometryOf(given);
  return (geometry === null ? null : madeOf(given, geometry, files, holders)) ?? 'damaged';
}

/** Null for one that is malformed. */
function madeOf(given: Fields, geometry: Geometry, files: Fields, holders: Holders): FileElement | ForeignPicture | null {
  const style = styleOf(given);
  const common = { style, isLocked: given['locked'] === true, alt: '', groups: groupsOf(given, holders), raw: null, data: null };
  switch (given['type']) {
    case 'rectangle':
    case 'ellipse':
    case 'diamond':
      return { ...common, kind: given['type'], geometry, base: geometry, ink: null, text: '' };
    case 'frame':
    case 'magicframe':
      return frameOf(given, geometry, { ...common, style: defaultStyle }, holders);
    case 'text':
      return textOf(given, geometry, common);
    case 'line':
    case 'arrow':
      return lineOf(given, given['type'], geometry, common) ?? null;
    case 'freedraw':
      return strokeOf(pointsOf(given), given['pressures'], geometry, { ...common, style: { ...style, width: style.width * 2 } });
    case 'image': {
      const file = entryOf(files, given['fileId']);
      const url = isFields(file) ? file['dataURL'] : null;
      const { groups, isLocked } = common;
      return typeof url === 'string' && url.startsWith('data:image/') ? { kind: 'picture', geometry, url, groups, isLocked } : null;
    }
    default:
      return null;
  }
}

type Common = Pick<FileElement, 'style' | 'isLocked' | 'alt' | 'groups' | 'raw' | 'data'>;

function textOf(given: Fields, geometry: Geometry, common: Common): FileElement | null {
  const { text } = given;
  if (typeof text !== 'string' || text.trim() === '') return null;
  return { ...common, kind: 'text', geometry, base: geometry, ink: null, text };
}

/** Excalidraw's own name of a frame without one is not in its files. */
function frameOf(given: Fields, geometry: Geometry, common: Common, { groups }: Holders): FileElement {
  const { id, name } = given;
  const text = typeof name === 'string' ? name.slice(0, MAX_TITLE_LENGTH) : '';
  const base = { ...geometry, rotation: 0 };
  const holds = typeof id === 'string' ? { holds: groupNumber(frameName(id), groups) } : {};
  return { ...common, kind: 'frame', geometry: base, base, ink: null, text, ...holds };
}

/** One with more points than a board's lines have becomes a stroke. */
function lineOf(given: Fields, kind: 'line' | 'arrow', geometry: Geometry, common: Common): FileElement | null {
  const points = pointsOf(given);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  if (points.length > MAX_LINE_POINTS) return strokeOf(points, null, geometry, common);
  const through = lineThrough(points.map(([x, y]) => ({ x, y })));
  const box = { ...through.geometry, rotation: geometry.rotation };
  const style = { ...common.style, startHead: headOf(given['startArrowhead'], 'none'), endHead: headOf(given['endArrowhead'], kind) };
  return { ...common, style, kind, geometry: box, base: box, ink: null, text: '', points: through.points };
}

/** @param own The head that a board's line of this kind has there of its own. */
function headOf(given: unknown, own: 'none' | 'line' | 'arrow'): Head {
  const head = typeof given !== 'string' ? 'none' : (entryOf(heads, given) ?? 'arrow');
  return head === (own === 'line' ? 'none' : own) ? 'auto' : head;
}

const heads: Readonly<Record<string, Head>> = {
  arrow: 'arrow',
  bar: 'bar',
  dot: 'dot',
  circle: 'dot',
  circle_outline: 'dot',
  triangle: 'triangle',
  triangle_outline: 'triangle',
  diamond: 'diamond',
  diamond_outline: 'diamond',
};

function strokeOf(
  points: readonly (readonly [number, number])[],
  pressures: unknown,
  geometry: Geometry,
  common: Common,
): FileElement | null {
  if (points.length === 0 || points.length > inkLimits.maxPoints) return null;
  const all: readonly unknown[] = Array.isArray(pressures) ? pressures : [];
  const hasPressure = all.length >= points.length && all.every((value) => isNumber(value, 0, 1));
  const ink = encodeInk({ xyp: points.flatMap(([x, y], i) => [x, y, hasPressure ? (all[i] as number) : 0.5]), hasPressure }, INK_ZOOM);
  const base = inkBounds(decodeInk(ink));
  return { ...common, kind: 'stroke', geometry: { ...base, rotation: geometry.rotation }, base, ink, text: '' };
}

/** Board coordinates; those that are no numbers are left out. */
function pointsOf(given: Fields): (readonly [number, number])[] {
  const { x, y, points } = given as { x: number; y: number; points: unknown };
  if (!Array.isArray(points)) return [];
  return points.flatMap((point: unknown) => {
    const [dx, dy]: unknown[] = Array.isArray(point) ? point : [];
    return isNumber(dx, -MAX_AT, MAX_AT) && isNumber(dy, -MAX_AT, MAX_AT) ? [[x + dx, y + dy] as const] : [];
  });
}

function geometryOf({ x, y, width, height, angle = 0 }: Fields): Geometry | null {
  const sizes = [x, y, width, height];
  if (!sizes.every((value) => isNumber(value, -MAX_AT, MAX_AT)) || !isNumber(angle, -1_000, 1_000)) return null;
  const [left, top, w, h] = sizes as [number, number, number, number];
  return { x: left, y: top, w, h, rotation: angle };
}

function styleOf(given: Fields): Style {
  const { strokeColor, backgroundColor, strokeWidth, strokeStyle, opacity, fontSize, fontFamily, roundness } = given;
  return {
    color: colorOf(strokeColor) ?? 'ink',
    fill: colorOf(backgroundColor) ?? 'none',
    width: isNumber(strokeWidth, 0.1, 100) ? strokeWidth : defaultStyle.width,
    opacity: isNumber(opacity, 0, 100) ? opacity / 100 : 1,
    fontSize: isNumber(fontSize, 1, 1_000) ? fontSize : defaultStyle.fontSize,
    // Virgil and Excalifont are handwriting; Cascadia and Comic Shanns are for code.
    font: fontFamily === 1 || fontFamily === 5 ? 'hand' : fontFamily === 3 || fontFamily === 8 ? 'mono' : 'sans',
    dash: strokeStyle === 'dashed' || strokeStyle === 'dotted' ? strokeStyle : 'solid',
    corners: isFields(roundness) ? 'round' : 'sharp',
    startHead: 'auto',
    endHead: 'auto',
  };
}

/** Null for none, and for one that is no `#rrggbb`. */
function colorOf(given: unknown): Color | null {
  const color = typeof given === 'string' ? given.toLowerCase() : '';
  if (inks.has(color)) return color === '#ffffff' ? 'white' : 'ink';
  return isColor(color) && color.startsWith('#') ? color : null;
}

/** The frame, then the groups: Excalidraw has the innermost group first. */
function groupsOf({ groupIds, frameId, type }: Fields, { groups, frames }: Holders): number[] {
  const given: readonly unknown[] = Array.isArray(groupIds) ? groupIds : [];
  const ids = [...new Set(given.filter((id): id is string => typeof id === 'string'))].slice(0, fileLimits.maxGroups - 1).reverse();
  const around = !isFrame(type) && typeof frameId === 'string' && frames.has(frameId) ? [frameName(frameId)] : [];
  return [...around, ...ids.map((id) => `group ${id}`)].map((name) => groupNumber(name, groups));
}

function frameName(id: string): string {
  return `frame ${id}`;
}
