/**
 * Wet ink: the look of a gesture in progress, for everyone else's screen.
 *
 *   byte   version, 1
 *   byte   kind: 0 stroke piece, 1 shape preview, 2 move preview
 *   stroke style, then points as in ink behind its version byte (none is fine: the pen just went down or up)
 *   shape  byte kind, style, byte exponent + 32, geometry
 *   move   byte exponent + 32, varint count, count times: byte length, id, geometry
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
import { isStyleValue, styleProps } from '../document/fields.ts';
import { inkExponent, readInkPoints, writeInkPoints } from './ink.ts';
import { ByteReader, ByteWriter } from './ink-bytes.ts';
import { isElementId } from '../document/keys.ts';
import { MAX_COORDINATE, MAX_ROTATION } from '../limits.ts';
import { colorTokens, isColorToken } from '../color/palette.ts';
import type { Color, ElementId, ElementKind, FontName, Geometry, Style } from '../types.ts';

/** Kinds that a drag draws. */
export type WetShape = Exclude<ElementKind, 'stroke' | 'image'>;

export type WetPayload =
  /** Points of a stroke from the message's `index` on. Without pressure every p is 0.5. */
  | { readonly kind: 'stroke'; readonly style: Style; readonly hasPressure: boolean; readonly xyp: Float64Array }
  /** A shape while a drag sets its size. */
  | { readonly kind: 'shape'; readonly shape: WetShape; readonly style: Style; readonly geometry: Geometry }
  /** Elements being moved, resized or turned, each with the box to show it in. */
  | { readonly kind: 'move'; readonly items: readonly { readonly id: ElementId; readonly geometry: Geometry }[] };

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
/** Indices are part of the format: append only. */
const shapes = ['line', 'arrow', 'rectangle', 'ellipse', 'text'] as const satisfies readonly WetShape[];
const fonts = ['sans', 'hand', 'mono'] as const satisfies readonly FontName[];
const FILL_NONE = 254;
const COLOR_HEX = 255;
const EXPONENT_BIAS = 32;

/**
 * Encodes a preview of a gesture for other screens.
 *
 * @param zoom CSS pixels per board unit, > 0; keep it for one gesture, so that wet and dry points agree.
 * @throws {BoardError} `BAD_WET` or `BAD_INK` when a number is not finite or out of bounds, or a style or id malformed;
 *   `TOO_LARGE` for more points than `wetLimits.maxPoints`. A move is cut to its first `wetLimits.maxMoveItems` items:
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
  } else if (payload.kind === 'shape') {
    writer.byte(KIND_SHAPE);
    writer.byte(indexIn(shapes, payload.shape));
    writeStyle(writer, payload.style);
    writer.byte(exponent + EXPONENT_BIAS);
    writeGeometry(writer, payload.geometry, exponent);
  } else {
    const items = payload.items.slice(0, wetLimits.maxMoveItems);
    writer.byte(KIND_MOVE);
    writer.byte(exponent + EXPONENT_BIAS);
    writer.varint(items.length);
    for (const { id, geometry } of items) {
      if (!isElementId(id)) throw refuseWet('element id');
      writer.byte(id.length);
      for (let i = 0; i < id.length; i++) writer.byte(id.charCodeAt(i));
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
  if (kind === KIND_SHAPE) {
    const shape = entryAt(shapes, reader.byte(), 'shape');
    const style = readStyle(reader);
    return { kind: 'shape', shape, style, geometry: readGeometry(reader, readExponent(reader)) };
  }
  if (kind !== KIND_MOVE) throw refuseWet(`kind ${kind}`);
  const exponent = readExponent(reader);
  const count = reader.varint();
  if (count > wetLimits.maxMoveItems) throw refuseWet(`${count} elements`);
  const items: { id: ElementId; geometry: Geometry }[] = [];
  for (let i = 0; i < count; i++) {
    const id = String.fromCharCode(...reader.bytes(reader.byte()));
    if (!isElementId(id)) throw refuseWet('element id');
    items.push({ id, geometry: readGeometry(reader, exponent) });
  }
  return { kind: 'move', items };
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
  const style: Style = { color, width, fill, opacity, fontSize, font };
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
