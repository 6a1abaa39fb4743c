/**
 * Wet ink: the look of a gesture in progress, for everyone else's screen.
 *
 *   byte   version, 1
 *   byte   kind: 0 stroke piece, 1 shape preview, 2 move preview, 3 look preview, 4 crop preview, 5 copy preview, 6 line preview,
 *          7 laser piece
 *   stroke style, then points as in ink behind its version byte (none is fine: the pen just went down or up)
 *   shape  byte kind, style, byte exponent + 32, geometry; with 128 added to the kind, then byte dash and byte corners
 *   move   byte exponent + 32, varint count, count times: byte length, id, geometry
 *   copy   as move
 *   look   varint count, count times: byte of `lookProps`, number; varint count, count times: byte length, id
 *   crop   numbers left, top, right, bottom, then byte length, id
 *   line   byte kind, style, byte exponent + 32, geometry, bytes dash, corners, startHead and endHead, varint count, count times:
 *          16 bits x, 16 bits y in 65535ths of the box. For heads and bends; a line without any is a shape
 *   laser  points as in a stroke
 *   style  colour, fill, then number width, opacity, fontSize, byte font
 *   colour byte token | 254 none (fill only) | 255 and three bytes
 *   number varint 128 times the value where that is even and whole, else 1 and a 64-bit float
 *   geometry  zigzag x, y, w, h in steps of 2^exponent, number rotation
 *
 * A piece is self-contained: it has an absolute first point, the style and the grid. So pieces may be dropped, joined
 * late or read alone; only the gesture id and the index of the first point, which travel outside, tie them together.
 * Previews are rounded to 1/8 CSS pixel; the commit at the end is exact. The bytes are untrusted: every count, number,
 * colour and id is checked before it is handed on.
 */
import { BoardError } from '../errors.ts';
import { heads } from '../document/heads.ts';
import { isLineKind, isLinePoints } from '../document/line-points.ts';
import { isStyleValue, styleProps } from '../document/fields.ts';
import { cropToValue, isCropValue, isLookValue, lookProps, valueToCrop } from '../document/look.ts';
import { inkExponent, readInkPoints, writeInkPoints } from './ink.ts';
import { ByteReader, ByteWriter } from './ink-bytes.ts';
import { isElementId } from '../document/keys.ts';
import { MAX_COORDINATE, MAX_LINE_POINTS, MAX_ROTATION } from '../limits.ts';
import { colorTokens, isColorToken } from '../color/palette.ts';
import type { Color, Corners, Crop, Dash, ElementId, ElementKind, FontName, Geometry, Look, Style } from '../types.ts';

/** Kinds that a drag draws. */
export type WetShape = Exclude<ElementKind, 'stroke' | 'image' | 'file'>;

export type WetPayload =
  /** Points of a stroke from the message's `index` on. Without pressure every p is 0.5. */
  | { readonly kind: 'stroke'; readonly style: Style; readonly hasPressure: boolean; readonly xyp: Float64Array }
  /** A shape while a drag sets its size, or a line while its points are placed. */
  | {
      readonly kind: 'shape';
      readonly shape: WetShape;
      readonly style: Style;
      readonly geometry: Geometry;
      /** As in a board element. */
      readonly points?: readonly number[];
    }
  /** Points of a laser pointer from the message's `index` on. They are shown for a moment, and never become a stroke. */
  | { readonly kind: 'laser'; readonly xyp: Float64Array }
  /** Elements being moved, resized or turned, each with the box to show it in. */
  | { readonly kind: 'move'; readonly items: readonly { readonly id: ElementId; readonly geometry: Geometry }[] }
  /** Copies being dragged off their originals, which stay; ids are those of the originals. */
  | { readonly kind: 'copy'; readonly items: readonly { readonly id: ElementId; readonly geometry: Geometry }[] }
  /** Images while a slider moves: the parts of their look that it sets, exactly as the commit will. */
  | { readonly kind: 'look'; readonly ids: readonly ElementId[]; readonly patch: Partial<Look> }
  /** An image while its crop is being set, exactly as the commit will. */
  | { readonly kind: 'crop'; readonly id: ElementId; readonly crop: Crop };

/** Bounds of one payload, read and written. */
export const wetLimits = {
  /** The largest piece that the relay passes on. */
  maxBytes: 64 * 1024,
  /** At 16 bytes a point at worst below `maxBytes`; 16 s of a pen at 240 Hz, and pieces are sent many times a second. */
  maxPoints: 4_000,
  /** Elements of a larger selection that others see moving before the commit moves them all. */
  maxMoveItems: 500,
} as const;

const VERSION = 1;
const KIND_STROKE = 0;
const KIND_SHAPE = 1;
const KIND_MOVE = 2;
const KIND_LOOK = 3;
const KIND_CROP = 4;
const KIND_COPY = 5;
const KIND_LINE = 6;
const KIND_LASER = 7;
/** Indices are part of the format: append only. */
const shapes = [
  'line',
  'arrow',
  'rectangle',
  'ellipse',
  'text',
  'diamond',
  'triangle',
  'hexagon',
  'star',
  'cloud',
  'bubble',
  'cylinder',
  'checkbox',
] as const satisfies readonly WetShape[];
const dashes = ['solid', 'dashed', 'dotted'] as const satisfies readonly Dash[];
const cornerForms = ['sharp', 'round'] as const satisfies readonly Corners[];
const fonts = ['sans', 'hand', 'mono'] as const satisfies readonly FontName[];
const lines = ['line', 'arrow'] as const;
/** Fractions of a box are sent in 16 bits. */
const FRACTION = 65_535;
/** Added to the kind of a shape whose dash and corners follow. */
const WITH_LINE = 128;
const FILL_NONE = 254;
const COLOR_HEX = 255;
const EXPONENT_BIAS = 32;

/**
 * Encodes a preview of a gesture for other screens.
 *
 * @param zoom CSS pixels per board unit, > 0; keep it for one gesture, so that wet and dry points agree.
 * @throws {BoardError} `BAD_WET` or `BAD_INK` when a number is not finite or out of bounds, or a style or id malformed;
 *   `TOO_LARGE` for more points than `wetLimits.maxPoints`. A move, copy or look is cut to its first `wetLimits.maxMoveItems` items:
 *   dragging everything must not fail because its preview is large.
 */
export function encodeWet(payload: WetPayload, zoom: number): Uint8Array {
  const writer = new ByteWriter(128);
  const exponent = inkExponent(zoom);
  writer.byte(VERSION);
  if (payload.kind === 'stroke') {
    if (payload.xyp.length > wetLimits.maxPoints * 3) throw new BoardError('TOO_LARGE', `${payload.xyp.length / 3} wet points`);
    writer.byte(KIND_STROKE);
    writeStyle(writer, payload.style);
    writeInkPoints(writer, payload, exponent);
  } else if (payload.kind === 'laser') {
    if (payload.xyp.length > wetLimits.maxPoints * 3) throw new BoardError('TOO_LARGE', `${payload.xyp.length / 3} wet points`);
    writer.byte(KIND_LASER);
    writeInkPoints(writer, { xyp: payload.xyp, hasPressure: false }, exponent);
  } else if (payload.kind === 'shape' && hasLineParts(payload)) {
    writeLine(writer, payload, exponent);
  } else if (payload.kind === 'shape') {
    writer.byte(KIND_SHAPE);
    const line = [indexIn(dashes, payload.style.dash), indexIn(cornerForms, payload.style.corners)];
    // Readers of before dashes and corners know a plain line.
    const isPlain = line.every((index) => index === 0);
    writer.byte(indexIn(shapes, payload.shape) + (isPlain ? 0 : WITH_LINE));
    writeStyle(writer, payload.style);
    writer.byte(exponent + EXPONENT_BIAS);
    writeGeometry(writer, payload.geometry, exponent);
    if (!isPlain) for (const index of line) writer.byte(index);
  } else if (payload.kind === 'look') {
    writer.byte(KIND_LOOK);
    writePatch(writer, payload.patch);
    const ids = payload.ids.slice(0, wetLimits.maxMoveItems);
    writer.varint(ids.length);
    for (const id of ids) writeId(writer, id);
  } else if (payload.kind === 'crop') {
    const edges = cropToValue(payload.crop);
    if (!isCropValue(edges)) throw refuseWet(`crop ${edges.join(' ')}`);
    writer.byte(KIND_CROP);
    // "+ 0" turns -0 into 0.
    for (const edge of edges) writeNumber(writer, edge + 0);
    writeId(writer, payload.id);
  } else {
    const items = payload.items.slice(0, wetLimits.maxMoveItems);
    writer.byte(payload.kind === 'move' ? KIND_MOVE : KIND_COPY);
    writer.byte(exponent + EXPONENT_BIAS);
    writer.varint(items.length);
    for (const { id, geometry } of items) {
      writeId(writer, id);
      writeGeometry(writer, geometry, exponent);
    }
  }
  return writer.finish();
}

/**
 * Decodes an untrusted payload.
 *
 * @throws {BoardError} `BAD_WET` when the bytes are not exactly one payload within `wetLimits`; the caller can drop them.
 */
export function decodeWet(bytes: Uint8Array): WetPayload {
  if (bytes.length > wetLimits.maxBytes) throw refuseWet(`${bytes.length} bytes`);
  const reader = new ByteReader(bytes, refuseWet);
  const version = reader.byte();
  if (version !== VERSION) throw refuseWet(`version ${version}`);
  const payload = readPayload(reader, reader.byte());
  reader.end();
  return payload;
}

function readPayload(reader: ByteReader, kind: number): WetPayload {
  if (kind === KIND_STROKE) {
    const style = readStyle(reader);
    const { xyp, hasPressure, length } = readInkPoints(reader, refuseWet);
    if (length > wetLimits.maxPoints) throw refuseWet(`${length} points`);
    return { kind: 'stroke', style, hasPressure, xyp };
  }
  if (kind === KIND_LASER) {
    const { xyp, length } = readInkPoints(reader, refuseWet);
    if (length > wetLimits.maxPoints) throw refuseWet(`${length} points`);
    return { kind: 'laser', xyp };
  }
  if (kind === KIND_LINE) return readLine(reader);
  if (kind === KIND_SHAPE) {
    const first = reader.byte();
    const shape = entryAt(shapes, first % WITH_LINE, 'shape');
    const style = readStyle(reader);
    const geometry = readGeometry(reader, readExponent(reader));
    if (first < WITH_LINE) return { kind: 'shape', shape, style, geometry };
    const dash = entryAt(dashes, reader.byte(), 'dash');
    const corners = entryAt(cornerForms, reader.byte(), 'corners');
    if (dash === 'solid' && corners === 'sharp') throw refuseWet('a plain line, written out');
    return { kind: 'shape', shape, style: { ...style, dash, corners }, geometry };
  }
  if (kind === KIND_LOOK) {
    const patch = readPatch(reader);
    return { kind: 'look', patch, ids: Array.from({ length: readCount(reader) }, () => readId(reader)) };
  }
  if (kind === KIND_CROP) {
    const edges = Array.from({ length: 4 }, () => readNumber(reader));
    if (!isCropValue(edges)) throw refuseWet(`crop ${edges.join(' ')}`);
    return { kind: 'crop', crop: valueToCrop(edges), id: readId(reader) };
  }
  if (kind !== KIND_MOVE && kind !== KIND_COPY) throw refuseWet(`kind ${kind}`);
  const exponent = readExponent(reader);
  const count = readCount(reader);
  const items: { id: ElementId; geometry: Geometry }[] = [];
  for (let i = 0; i < count; i++) {
    const id = readId(reader);
    items.push({ id, geometry: readGeometry(reader, exponent) });
  }
  return { kind: kind === KIND_MOVE ? 'move' : 'copy', items };
}

type WetLine = Extract<WetPayload, { kind: 'shape' }>;

/** Whether it has heads or bends, which readers of before do not know. */
function hasLineParts({ shape, style, points }: WetLine): boolean {
  return isLineKind(shape) && (points !== undefined || style.startHead !== 'auto' || style.endHead !== 'auto');
}

function writeLine(writer: ByteWriter, { shape, style, geometry, points = [] }: WetLine, exponent: number): void {
  if (points.length > 0 && !isLinePoints(points)) throw refuseWet('points');
  writer.byte(KIND_LINE);
  writer.byte(indexIn<string>(lines, shape));
  writeStyle(writer, style);
  writer.byte(exponent + EXPONENT_BIAS);
  writeGeometry(writer, geometry, exponent);
  writer.byte(indexIn(dashes, style.dash));
  writer.byte(indexIn(cornerForms, style.corners));
  writer.byte(indexIn(heads, style.startHead));
  writer.byte(indexIn(heads, style.endHead));
  writer.varint(points.length / 2);
  for (const part of points) {
    const steps = Math.round(part * FRACTION);
    writer.byte(steps >> 8);
    writer.byte(steps & 255);
  }
}

function readLine(reader: ByteReader): WetLine {
  const shape = entryAt(lines, reader.byte(), 'line');
  const first = readStyle(reader);
  const geometry = readGeometry(reader, readExponent(reader));
  const dash = entryAt(dashes, reader.byte(), 'dash');
  const corners = entryAt(cornerForms, reader.byte(), 'corners');
  const [startHead, endHead] = [entryAt(heads, reader.byte(), 'head'), entryAt(heads, reader.byte(), 'head')];
  const style = { ...first, dash, corners, startHead, endHead };
  const count = reader.varint();
  if (count > MAX_LINE_POINTS) throw refuseWet(`${count} points`);
  const points = Array.from({ length: 2 * count }, () => ((reader.byte() << 8) | reader.byte()) / FRACTION);
  if (count === 0) return { kind: 'shape', shape, style, geometry };
  if (!isLinePoints(points)) throw refuseWet('points');
  return { kind: 'shape', shape, style, geometry, points };
}

function readCount(reader: ByteReader): number {
  const count = reader.varint();
  if (count > wetLimits.maxMoveItems) throw refuseWet(`${count} elements`);
  return count;
}

function writeId(writer: ByteWriter, id: ElementId): void {
  if (!isElementId(id)) throw refuseWet('element id');
  writer.byte(id.length);
  for (let i = 0; i < id.length; i++) writer.byte(id.charCodeAt(i));
}

function readId(reader: ByteReader): ElementId {
  const id = String.fromCharCode(...reader.bytes(reader.byte()));
  if (!isElementId(id)) throw refuseWet('element id');
  return id;
}

function writePatch(writer: ByteWriter, patch: Partial<Look>): void {
  const set = [...lookProps.entries()].filter(([, prop]) => patch[prop] !== undefined);
  writer.varint(set.length);
  for (const [index, prop] of set) {
    const value = patch[prop];
    if (!isLookValue(prop, value)) throw refuseWet(`look ${prop}`);
    writer.byte(index);
    writeNumber(writer, value + 0);
  }
}

function readPatch(reader: ByteReader): Partial<Look> {
  const patch: { -readonly [Prop in keyof Look]?: number } = {};
  const count = reader.varint();
  if (count > lookProps.length) throw refuseWet(`${count} parts of a look`);
  for (let i = 0; i < count; i++) {
    const prop = entryAt(lookProps, reader.byte(), 'look');
    const value = readNumber(reader);
    if (!isLookValue(prop, value)) throw refuseWet(`look ${prop}`);
    patch[prop] = value;
  }
  return patch;
}

function writeStyle(writer: ByteWriter, style: Style): void {
  for (const prop of styleProps) if (!isStyleValue(prop, style[prop])) throw refuseWet(`style ${prop}`);
  writeColor(writer, style.color);
  writeColor(writer, style.fill);
  writeNumber(writer, style.width);
  writeNumber(writer, style.opacity);
  writeNumber(writer, style.fontSize);
  writer.byte(indexIn(fonts, style.font));
}

function readStyle(reader: ByteReader): Style {
  const color = readColor(reader);
  const fill = readColor(reader);
  const width = readNumber(reader);
  const opacity = readNumber(reader);
  const fontSize = readNumber(reader);
  const font = entryAt(fonts, reader.byte(), 'font');
  if (color === 'none') throw refuseWet('color');
  const style: Style = { color, width, fill, opacity, fontSize, font, dash: 'solid', corners: 'sharp', startHead: 'auto', endHead: 'auto' };
  for (const prop of styleProps) if (!isStyleValue(prop, style[prop])) throw refuseWet(`style ${prop}`);
  return style;
}

function writeColor(writer: ByteWriter, color: Color | 'none'): void {
  if (color === 'none') writer.byte(FILL_NONE);
  else if (isColorToken(color)) writer.byte(indexIn(colorTokens, color));
  else {
    const rgb = Number.parseInt(color.slice(1), 16);
    writer.byte(COLOR_HEX);
    writer.byte(rgb >> 16);
    writer.byte((rgb >> 8) & 255);
    writer.byte(rgb & 255);
  }
}

function readColor(reader: ByteReader): Color | 'none' {
  const head = reader.byte();
  if (head === FILL_NONE) return 'none';
  if (head !== COLOR_HEX) return entryAt(colorTokens, head, 'color');
  const rgb = (reader.byte() << 16) | (reader.byte() << 8) | reader.byte();
  return `#${rgb.toString(16).padStart(6, '0')}`;
}

function writeGeometry(writer: ByteWriter, geometry: Geometry, exponent: number): void {
  const stepsPerUnit = 2 ** -exponent;
  for (const value of [geometry.x, geometry.y, geometry.w, geometry.h]) {
    if (!(Math.abs(value) <= MAX_COORDINATE)) throw refuseWet(`geometry ${value}`);
    // Toward zero, so that the edge stays inside; "+ 0" turns -0 into 0.
    const steps = Math.round(value * stepsPerUnit) + 0;
    const maxSteps = Math.floor(MAX_COORDINATE * stepsPerUnit);
    writer.zigzag(Math.min(maxSteps, Math.max(-maxSteps, steps)));
  }
  if (!(Math.abs(geometry.rotation) <= MAX_ROTATION)) throw refuseWet(`rotation ${geometry.rotation}`);
  writeNumber(writer, geometry.rotation);
}

function readGeometry(reader: ByteReader, exponent: number): Geometry {
  const step = 2 ** exponent;
  const x = reader.zigzag() * step;
  const y = reader.zigzag() * step;
  const w = reader.zigzag() * step;
  const h = reader.zigzag() * step;
  if (Math.max(Math.abs(x), Math.abs(y), Math.abs(w), Math.abs(h)) > MAX_COORDINATE) throw refuseWet('geometry');
  const rotation = readNumber(reader);
  if (!(Math.abs(rotation) <= MAX_ROTATION)) throw refuseWet('rotation');
  return { x, y, w, h, rotation };
}

function readExponent(reader: ByteReader): number {
  const exponent = reader.byte() - EXPONENT_BIAS;
  // The range of ink: 2^-20 to 2^10.
  if (exponent < -20 || exponent > 10) throw refuseWet(`exponent ${exponent}`);
  return exponent;
}

/** Largest number of 64ths in the short form; beyond it a double is as short. */
const MAX_SHORT = 2 ** 40;

function writeNumber(writer: ByteWriter, value: number): void {
  const short = value * 64;
  if (Number.isInteger(short) && short >= 0 && short <= MAX_SHORT) writer.varint(short * 2);
  else {
    writer.varint(1);
    writer.float64(value);
  }
}

function readNumber(reader: ByteReader): number {
  const head = reader.varint();
  if (head % 2 === 0) return head / 128;
  if (head !== 1) throw refuseWet(`number ${head}`);
  // The caller's bounds catch NaN and infinity; "+ 0" turns -0 into 0.
  return reader.float64() + 0;
}

function indexIn<Value>(list: readonly Value[], value: Value): number {
  const index = list.indexOf(value);
  if (index < 0) throw refuseWet(String(value));
  return index;
}

function entryAt<Value>(list: readonly Value[], index: number, what: string): Value {
  const value = list[index];
  if (value === undefined) throw refuseWet(`${what} ${index}`);
  return value;
}

function refuseWet(detail: string): BoardError {
  return new BoardError('BAD_WET', detail);
}
