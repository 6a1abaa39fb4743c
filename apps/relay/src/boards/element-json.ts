/**
 * Elements as programs send them over HTTP (the README of this package describes the JSON), turned into elements of a board.
 * Pure. Strict: a property that an element does not have is a mistake of the sender, not ignored.
 */

import {
  decodeInk,
  defaultStyle,
  encodeInk,
  inkBounds,
  isElementId,
  isShapeKind,
  isStyleValue,
  lineThrough,
  MAX_ALT_LENGTH,
  MAX_LINE_POINTS,
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
  shapeKinds,
  styleProps,
  type Geometry,
  type NewElement,
  type ShapeKind,
  type Style,
} from '@wetink/board';

export const MAX_ELEMENTS = 100;
export const MAX_POINTS = 10_000;
/** Board units. Beyond this, canvases stop being useful. */
const MAX_AT = 1_000_000;
const LINE_HEIGHT = 1.25;
/** CSS pixels per board unit for which points of a stroke are exact to 1/16 pixel. */
const ZOOM = 4;

/** The element is not as the README says; the message is a sentence for the sender. */
export class ElementMistake extends Error {
  override readonly name = 'ElementMistake';
}

type Fields = Readonly<Record<string, unknown>>;

const common = ['kind', 'color', 'opacity', 'alt', 'page', 'frame'];
const box = ['x', 'y', 'w', 'h', 'width', 'fill', 'dash', 'rotation'];
const line = ['from', 'to', 'points', 'width', 'dash', 'corners', 'startHead', 'endHead'];
const hasCorners = (kind: ShapeKind): boolean => !['ellipse', 'cloud', 'cylinder'].includes(kind);
const allowed: Readonly<Record<string, readonly string[]>> = {
  text: ['x', 'y', 'text', 'fontSize', 'font', 'rotation'],
  ...Object.fromEntries(shapeKinds.map((kind) => [kind, hasCorners(kind) ? [...box, 'corners'] : box])),
  line: [...line],
  arrow: [...line],
  stroke: ['points', 'width'],
  frame: ['x', 'y', 'w', 'h', 'title'],
};

export interface ElementsFromJson {
  readonly elements: readonly NewElement[];
  /** For each element the place of the frame that it goes into; null for none. */
  readonly frames: readonly (number | null)[];
}

/** @throws {ElementMistake} */
export function elementsFromJson(given: unknown): ElementsFromJson {
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_ELEMENTS)
    throw new ElementMistake(`elements must be an array of 1 to ${MAX_ELEMENTS}`);
  const naming = <Value>(i: number, read: () => Value): Value => {
    try {
      return read();
    } catch (error) {
      throw error instanceof ElementMistake ? new ElementMistake(`elements[${i}]: ${error.message}`) : error;
    }
  };
  const elements = given.map((one, i) => naming(i, () => elementFromJson(one)));
  const frames = given.map((one, i) => naming(i, () => frameOf(one as Fields, i, elements)));
  return { elements, frames };
}

/** A frame that stands before the element, so that no frame can be in itself. */
function frameOf({ frame }: Fields, own: number, elements: readonly NewElement[]): number | null {
  if (frame === undefined) return null;
  const isPlace = typeof frame === 'number' && Number.isInteger(frame) && frame >= 0 && frame < own;
  if (!isPlace || elements[frame]?.kind !== 'frame') throw new ElementMistake('frame must be the place of a frame that stands before it');
  return frame;
}

function elementFromJson(given: unknown): NewElement {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new ElementMistake('it must be an object');
  const fields = { ...given } as Fields;
  const { kind } = fields;
  const own = typeof kind === 'string' && Object.hasOwn(allowed, kind) ? allowed[kind] : undefined;
  if (own === undefined) throw new ElementMistake(`kind must be one of ${Object.keys(allowed).join(', ')}`);
  for (const name of Object.keys(fields))
    if (!common.includes(name) && !own.includes(name)) throw new ElementMistake(`a ${String(kind)} has no ${shortened(name)}`);
  const style = styleOf(fields);
  const extras = { ...(fields['alt'] !== undefined && { alt: textOf(fields, 'alt', MAX_ALT_LENGTH) }), ...pageOf(fields) };
  if (isShapeKind(kind)) return { kind, style, ...extras, geometry: boxOf(fields) };
  switch (kind as 'text' | 'line' | 'arrow' | 'stroke' | 'frame') {
    case 'frame': {
      const title = fields['title'] === undefined ? {} : { text: textOf(fields, 'title', MAX_TITLE_LENGTH) };
      return { kind: 'frame', style: defaultStyle, ...extras, ...title, geometry: boxOf(fields) };
    }
    case 'text':
      return { kind: 'text', style, ...extras, ...textBox(fields, style) };
    case 'line':
    case 'arrow':
      return { kind: kind as 'line' | 'arrow', style, ...extras, ...lineOf(fields) };
    case 'stroke': {
      const ink = inkOf(fields['points']);
      return { kind: 'stroke', style, ...extras, ink, geometry: inkBounds(decodeInk(ink)) };
    }
  }
}

function pageOf({ page }: Fields): Pick<NewElement, 'page'> {
  // The first page, which a board has without a record of it.
  if (page === undefined || page === '') return {};
  if (!isElementId(page)) throw new ElementMistake('page must be the id of a page');
  return { page };
}

function styleOf(fields: Fields): Style {
  const style: Record<string, unknown> = { ...defaultStyle };
  for (const prop of styleProps) {
    if (fields[prop] === undefined) continue;
    if (!isStyleValue(prop, fields[prop])) throw new ElementMistake(`${prop} has a value that it cannot have`);
    style[prop] = fields[prop];
  }
  return style as unknown as Style;
}

/** The box of a text is that of its letters, which pages measure; this is an estimate for readers without fonts. */
function textBox(fields: Fields, { fontSize }: Style): { text: string; geometry: Geometry } {
  const text = textOf(fields, 'text', MAX_TEXT_LENGTH);
  if (text.trim() === '') throw new ElementMistake('text must not be empty');
  const lines = text.split('\n');
  const longest = lines.reduce((most, { length }) => Math.max(most, length), 0);
  const [w, h] = [Math.min(MAX_AT, longest * fontSize * 0.54), Math.min(MAX_AT, lines.length * fontSize * LINE_HEIGHT)];
  return { text, geometry: { x: at(fields, 'x'), y: at(fields, 'y'), w, h, rotation: rotationOf(fields) } };
}

function boxOf(fields: Fields): Geometry {
  const [w, h] = [at(fields, 'w'), at(fields, 'h')];
  if (w <= 0 || h <= 0) throw new ElementMistake('w and h must be above 0');
  return { x: at(fields, 'x'), y: at(fields, 'y'), w, h, rotation: rotationOf(fields) };
}

function lineOf(fields: Fields): Pick<NewElement, 'geometry' | 'points'> {
  if (fields['points'] !== undefined) return bentLineOf(fields);
  const [from, to] = [pointOf(fields['from'], 'from'), pointOf(fields['to'], 'to')];
  if (from.x === to.x && from.y === to.y) throw new ElementMistake('from and to must be different points');
  return { geometry: lineThrough([from, to]).geometry };
}

function bentLineOf(fields: Fields): Pick<NewElement, 'geometry' | 'points'> {
  const { points: given, from, to } = fields;
  if (from !== undefined || to !== undefined) throw new ElementMistake('a line has either points, or from and to');
  if (!Array.isArray(given) || given.length < 2 || given.length > MAX_LINE_POINTS)
    throw new ElementMistake(`points must be an array of 2 to ${MAX_LINE_POINTS}`);
  const way = given.map((point, i) => pointOf(point, `points[${i}]`));
  if (way.every(({ x, y }) => x === way[0]?.x && y === way[0].y)) throw new ElementMistake('points must not all be the same');
  const { geometry, points } = lineThrough(way);
  return { geometry, ...(points !== null && { points }) };
}

function inkOf(points: unknown): Uint8Array {
  if (!Array.isArray(points) || points.length === 0 || points.length > MAX_POINTS)
    throw new ElementMistake(`points must be an array of 1 to ${MAX_POINTS}`);
  const hasPressure = Array.isArray(points[0]) && points[0].length === 3;
  const xyp: number[] = [];
  for (const [i, point] of points.entries()) {
    const { x, y } = pointOf(point, `points[${i}]`, hasPressure ? 3 : 2);
    const pressure: unknown = hasPressure ? (point as unknown[])[2] : 0.5;
    if (!isBetween(pressure, 0, 1)) throw new ElementMistake(`points[${i}]: the pressure must be between 0 and 1`);
    xyp.push(x, y, pressure);
  }
  return encodeInk({ xyp, hasPressure }, ZOOM);
}

function pointOf(given: unknown, name: string, length = 2): { x: number; y: number } {
  const [x, y]: unknown[] = Array.isArray(given) && given.length === length ? given : [];
  if (!isBetween(x, -MAX_AT, MAX_AT) || !isBetween(y, -MAX_AT, MAX_AT))
    throw new ElementMistake(`${name} must be ${length === 3 ? '[x, y, pressure]' : '[x, y]'}, within ${MAX_AT} of 0`);
  return { x, y };
}

function at(fields: Fields, name: string): number {
  const value = fields[name];
  if (!isBetween(value, -MAX_AT, MAX_AT)) throw new ElementMistake(`${name} must be a number within ${MAX_AT} of 0`);
  return value;
}

function rotationOf({ rotation = 0 }: Fields): number {
  if (!isBetween(rotation, -2 * Math.PI, 2 * Math.PI)) throw new ElementMistake('rotation must be radians, at most one turn either way');
  return rotation;
}

function textOf(fields: Fields, name: string, longest: number): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.length > longest)
    throw new ElementMistake(`${name} must be text of at most ${longest} characters`);
  return value;
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function shortened(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}
