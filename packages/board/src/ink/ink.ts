/**
 * Ink: the points of one stroke as a few bytes.
 *
 *   byte     version, 1
 *   byte     (exponent + 32) * 2 + hasPressure
 *   varint   number of points, at least 1
 *   points   zigzag dx, zigzag dy, and with pressure zigzag dp: differences to the point before,
 *            the first to (0, 0, 0), so it is absolute
 *
 * x and y count steps of 2^exponent board units; a step is at most 1/8 CSS pixel at the zoom the stroke was drawn at,
 * so ink drawn at 800 % is stored finer than ink drawn at 10 %. p counts 1/255. A step is a power of two, so a decoded
 * point is exact in a double and encodes to itself: the author draws the decoded points and everyone sees the same ink.
 * Decoding accepts a stroke in exactly this one encoding.
 */
import { BoardError } from '../errors.ts';
import { ByteReader, ByteWriter } from './ink-bytes.ts';
import { MAX_COORDINATE, MAX_INK_BYTES } from '../limits.ts';

/** Points of a stroke. */
export interface InkPoints {
  /** Number of points, at least 1. */
  readonly length: number;
  /** Flat `[x0, y0, p0, x1, y1, p1, …]`: x, y in board units, p in 0..1. Without pressure every p is 0.5. */
  readonly xyp: Float64Array;
  readonly hasPressure: boolean;
}

/** Input of `encodeInk`: `InkPoints`, or a plain array of points. */
export interface InkSource {
  /** Three numbers a point, also without pressure (p is then not read). */
  readonly xyp: ArrayLike<number>;
  readonly hasPressure: boolean;
}

/** Bounds of every stroke, read and written. */
export const inkLimits = {
  /** Three minutes at 240 Hz; a canvas commits long strokes in pieces well before that. */
  maxPoints: 50_000,
  /** More than `maxPoints` points need, at 16 bytes each at worst. Longer input is refused unread. */
  maxBytes: MAX_INK_BYTES,
  /** Board units either way from the origin: a step of 2^-20 is still exact in a double there. */
  maxCoordinate: MAX_COORDINATE,
} as const;

const VERSION = 1;
/** One millionth of a board unit: zoom 131,072. */
const MIN_EXPONENT = -20;
/** 1,024 board units: zoom 0.0001. */
const MAX_EXPONENT = 10;
const EXPONENT_BIAS = 32;
const PRESSURE_STEPS = 255;

/**
 * Encodes a stroke.
 *
 * @param zoom CSS pixels per board unit while drawing, > 0. Decoded points are within 1/16 CSS pixel of what came in.
 * @throws {BoardError} `BAD_INK` when there is no point, the length is no multiple of 3, a number is not finite, a coordinate is
 *   beyond `inkLimits.maxCoordinate` or the zoom is not positive; `TOO_LARGE` when there are more than `inkLimits.maxPoints`.
 *   Pressure outside 0..1 is clamped: drivers do that.
 */
export function encodeInk(points: InkSource, zoom: number): Uint8Array {
  return encodeWith(points, inkExponent(zoom));
}

/** Encodes points that were decoded from ink with the same step, without loss. @throws {BoardError} As `encodeInk`. */
export function encodeInkSteps(points: InkSource, step: number): Uint8Array {
  return encodeWith(points, Math.log2(step));
}

function encodeWith(points: InkSource, exponent: number): Uint8Array {
  const writer = new ByteWriter(16 + points.xyp.length + (points.xyp.length >> 2));
  writer.byte(VERSION);
  if (points.xyp.length === 0) throw new BoardError('BAD_INK', 'no points');
  writeInkPoints(writer, points, exponent);
  return writer.finish();
}

/** Board units between two neighbouring places that a point of this ink can have. @param bytes Ink that `decodeInk` takes. */
export function inkStep(bytes: Uint8Array): number {
  return new InkCursor(openInk(bytes), refuseInk).unit;
}

/**
 * Decodes a stroke; the points are what its author saw.
 *
 * @throws {BoardError} `BAD_INK` when the bytes are not exactly one stroke within `inkLimits`. Reachable from a peer's data.
 * @remarks A count larger than the bytes behind it allow is refused, so allocation is at most 12 times the input.
 */
export function decodeInk(bytes: Uint8Array): InkPoints {
  const reader = openInk(bytes);
  const points = readInkPoints(reader, refuseInk);
  if (points.length === 0) throw refuseInk('no points');
  reader.end();
  return points;
}

/**
 * The path of a stroke in few points, for painting it small. Allocates nothing for the other points.
 *
 * @param apart Least distance between two kept points in board units, >= 0, along x and y together.
 * @returns Flat `[x0, y0, x1, y1, …]` as decoded: the first point, points at least `apart` from the last kept one, the last.
 * @throws {BoardError} As `decodeInk`.
 */
export function sketchInk(bytes: Uint8Array, apart: number): number[] {
  const reader = openInk(bytes);
  const at = new InkCursor(reader, refuseInk);
  if (at.length === 0) throw refuseInk('no points');
  const steps = apart / at.unit;
  at.next();
  let { x, y } = at;
  const xy = [x * at.unit, y * at.unit];
  for (let left = at.length - 1; left > 0; left--) {
    at.next();
    if (left > 1 && Math.abs(at.x - x) + Math.abs(at.y - y) < steps) continue;
    ({ x, y } = at);
    xy.push(x * at.unit, y * at.unit);
  }
  reader.end();
  return xy;
}

/** The exponent whose step is the largest power of two of at most 1/8 CSS pixel at `zoom`. */
export function inkExponent(zoom: number): number {
  if (!(zoom > 0) || !Number.isFinite(zoom)) throw new BoardError('BAD_INK', `zoom ${zoom}`);
  return Math.min(MAX_EXPONENT, Math.max(MIN_EXPONENT, Math.floor(-3 - Math.log2(zoom))));
}

/** Writes everything behind the version byte. Wet ink uses it too, and may have no points. */
export function writeInkPoints(writer: ByteWriter, points: InkSource, exponent: number): void {
  const { xyp, hasPressure } = points;
  if (xyp.length % 3 !== 0) throw new BoardError('BAD_INK', 'not three numbers a point');
  const count = xyp.length / 3;
  if (count > inkLimits.maxPoints) throw new BoardError('TOO_LARGE', `${count} points`);
  writer.byte((exponent + EXPONENT_BIAS) * 2 + (hasPressure ? 1 : 0));
  writer.varint(count);
  const stepsPerUnit = 2 ** -exponent;
  let x = 0;
  let y = 0;
  let p = 0;
  for (let i = 0; i < xyp.length; i += 3) {
    const nextX = toSteps(xyp[i], stepsPerUnit);
    const nextY = toSteps(xyp[i + 1], stepsPerUnit);
    writer.zigzag(nextX - x);
    writer.zigzag(nextY - y);
    x = nextX;
    y = nextY;
    if (!hasPressure) continue;
    const nextP = pressureToSteps(xyp[i + 2]);
    writer.zigzag(nextP - p);
    p = nextP;
  }
}

/** The reverse of `writeInkPoints`; leaves the bytes behind the points in the reader. */
export function readInkPoints(reader: ByteReader, refuse: (detail: string) => Error): InkPoints {
  const at = new InkCursor(reader, refuse);
  const { length, hasPressure, unit } = at;
  const xyp = new Float64Array(length * 3);
  for (let i = 0; i < xyp.length; i += 3) {
    at.next();
    xyp[i] = at.x * unit;
    xyp[i + 1] = at.y * unit;
    xyp[i + 2] = hasPressure ? at.p / PRESSURE_STEPS : 0.5;
  }
  return { length, xyp, hasPressure };
}

/** Reads the points one by one and checks each. */
class InkCursor {
  readonly length: number;
  readonly hasPressure: boolean;
  /** Board units per step. */
  readonly unit: number;
  /** Current point in steps: x and y of `unit`, p of 1/255. */
  x = 0;
  y = 0;
  p = 0;
  readonly #reader: ByteReader;
  readonly #refuse: (detail: string) => Error;
  readonly #maxSteps: number;

  constructor(reader: ByteReader, refuse: (detail: string) => Error) {
    const head = reader.byte();
    this.hasPressure = head % 2 === 1;
    const exponent = (head >> 1) - EXPONENT_BIAS;
    if (exponent < MIN_EXPONENT || exponent > MAX_EXPONENT) throw refuse(`exponent ${exponent}`);
    this.length = reader.varint();
    if (this.length > inkLimits.maxPoints || this.length * (this.hasPressure ? 3 : 2) > reader.remaining())
      throw refuse(`${this.length} points claimed`);
    this.unit = 2 ** exponent;
    this.#maxSteps = inkLimits.maxCoordinate / this.unit;
    this.#reader = reader;
    this.#refuse = refuse;
  }

  next(): void {
    const reader = this.#reader;
    const maxSteps = this.#maxSteps;
    this.x += reader.zigzag();
    this.y += reader.zigzag();
    if (this.hasPressure) this.p += reader.zigzag();
    const isWithin = Math.abs(this.x) <= maxSteps && Math.abs(this.y) <= maxSteps && this.p >= 0 && this.p <= PRESSURE_STEPS;
    if (!isWithin) throw this.#refuse('point out of bounds');
  }
}

/** Checks size and version, and returns a reader behind the version byte. */
function openInk(bytes: Uint8Array): ByteReader {
  if (bytes.length > inkLimits.maxBytes) throw refuseInk(`${bytes.length} bytes`);
  const reader = new ByteReader(bytes, refuseInk);
  const version = reader.byte();
  if (version !== VERSION) throw refuseInk(`version ${version}`);
  return reader;
}

/**
 * A coordinate as it will be decoded.
 *
 * @param exponent From `inkExponent`.
 */
export function snapCoordinate(value: number, exponent: number): number {
  return toSteps(value, 2 ** -exponent) * 2 ** exponent;
}

/** A pressure as it will be decoded. */
export function snapPressure(value: number): number {
  return pressureToSteps(value) / PRESSURE_STEPS;
}

function toSteps(value: number | undefined, stepsPerUnit: number): number {
  if (value === undefined || !(Math.abs(value) <= inkLimits.maxCoordinate)) throw new BoardError('BAD_INK', `coordinate ${value}`);
  // Toward zero at the very edge, where rounding up would leave the bounds; "+ 0" turns -0 into 0.
  const steps = Math.round(value * stepsPerUnit) + 0;
  const maxSteps = Math.floor(inkLimits.maxCoordinate * stepsPerUnit);
  return Math.min(maxSteps, Math.max(-maxSteps, steps));
}

function pressureToSteps(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) throw new BoardError('BAD_INK', `pressure ${value}`);
  return Math.round(Math.min(1, Math.max(0, value)) * PRESSURE_STEPS);
}

function refuseInk(detail: string): BoardError {
  return new BoardError('BAD_INK', detail);
}
