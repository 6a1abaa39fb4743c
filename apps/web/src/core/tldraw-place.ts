/** Where tldraw's shapes are: each has its place in what it is in, turned about its own corner. Pure. */
import { entryOf, isFields, isNumber, MAX_AT, type Fields } from './foreign-drawing.ts';
import type { Geometry } from '@wetink/board';

export interface At {
  readonly x: number;
  readonly y: number;
}

/** Where the corner of a shape is on its page, and how far it is turned. */
export interface Place extends At {
  readonly rotation: number;
}

export const pagePlace: Place = { x: 0, y: 0, rotation: 0 };

/** @returns Null for a shape whose place is no place. */
export function placeIn(around: Place, { x, y, rotation = 0 }: Fields): Place | null {
  if (!isNumber(x, -MAX_AT, MAX_AT) || !isNumber(y, -MAX_AT, MAX_AT) || !isNumber(rotation, -1_000, 1_000)) return null;
  return { ...onPage(around, { x, y }), rotation: around.rotation + rotation };
}

export function onPage({ x, y, rotation }: Place, at: At): At {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  return { x: x + at.x * cos - at.y * sin, y: y + at.x * sin + at.y * cos };
}

export function fromPage({ x, y, rotation }: Place, at: At): At {
  return onPage({ x: 0, y: 0, rotation: -rotation }, { x: at.x - x, y: at.y - y });
}

/** Ours turns about its middle. */
export function boxAt(place: Place, size: { readonly w: number; readonly h: number }): Geometry {
  const centre = onPage(place, { x: size.w / 2, y: size.h / 2 });
  return { x: centre.x - size.w / 2, y: centre.y - size.h / 2, ...size, rotation: place.rotation };
}

/** Board units of a note's side. */
const NOTE_SIDE = 200;

/** Size of a shape that has one; null for lines and malformed ones. */
export function sizeOf(type: unknown, { w, h, growY = 0, scale = 1 }: Fields): { w: number; h: number } | null {
  const grown = isNumber(growY, 0, MAX_AT) ? growY : 0;
  if (type === 'note' && isNumber(scale, 0.01, 100)) return { w: NOTE_SIDE * scale, h: (NOTE_SIDE + grown) * scale };
  if (!isNumber(w, 0, MAX_AT) || !isNumber(h, 0, MAX_AT)) return null;
  return { w, h: h + grown };
}

/** A point in a record of points. */
export function pointOf(value: unknown): At | null {
  if (!isFields(value)) return null;
  const { x, y } = value;
  return isNumber(x, -MAX_AT, MAX_AT) && isNumber(y, -MAX_AT, MAX_AT) ? { x, y } : null;
}

/** The way of an arrow, in its own place: a bend is a third point, and one with corners goes through the middle. */
export function arrowWay(start: At, end: At, { bend, kind, elbowMidPoint }: Fields): At[] {
  if (kind === 'elbow') {
    const x = start.x + (end.x - start.x) * (isNumber(elbowMidPoint, 0, 1) ? elbowMidPoint : 0.5);
    return start.y === end.y ? [start, end] : [start, { x, y: start.y }, { x, y: end.y }, end];
  }
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  if (!isNumber(bend, -MAX_AT, MAX_AT) || Math.abs(bend) < 1 || length === 0) return [start, end];
  const [across, down] = [(-(end.y - start.y) * bend) / length, ((end.x - start.x) * bend) / length];
  return [start, { x: (start.x + end.x) / 2 + across, y: (start.y + end.y) / 2 + down }, end];
}

/**
 * The point at which a line from `anchor` towards `other` leaves a box of this size around the origin's corner; `anchor` itself
 * where it does not.
 */
export function edgeTowards(anchor: At, other: At, { w, h }: { readonly w: number; readonly h: number }): At {
  const [dx, dy] = [other.x - anchor.x, other.y - anchor.y];
  const shares = [
    dx > 0 ? (w - anchor.x) / dx : dx < 0 ? -anchor.x / dx : Infinity,
    dy > 0 ? (h - anchor.y) / dy : dy < 0 ? -anchor.y / dy : Infinity,
  ];
  const share = Math.min(...shares);
  return share > 0 && share < 1 ? { x: anchor.x + dx * share, y: anchor.y + dy * share } : anchor;
}

/** Points of the segments of a freehand shape, flat `[x, y, pressure, …]`. Null when they are malformed, or too many. */
export function segmentPoints({ segments, scaleX = 1, scaleY = 1 }: Fields, maxPoints: number): number[] | null {
  if (!Array.isArray(segments) || !isNumber(scaleX, -1_000, 1_000) || !isNumber(scaleY, -1_000, 1_000)) return null;
  const xyp: number[] = [];
  for (const segment of segments as unknown[]) {
    if (!isFields(segment)) return null;
    const read = typeof segment['path'] === 'string' ? packedPoints(segment['path'], segment['dim']) : listedPoints(segment['points']);
    if (read === null || xyp.length + read.length > 3 * maxPoints) return null;
    for (let i = 0; i < read.length; i += 3) xyp.push((read[i] ?? 0) * scaleX, (read[i + 1] ?? 0) * scaleY, read[i + 2] ?? 0.5);
  }
  return xyp.length > 0 && xyp.every((value) => Math.abs(value) <= MAX_AT) ? xyp : null;
}

function listedPoints(points: unknown): number[] | null {
  if (!Array.isArray(points)) return null;
  const xyp: number[] = [];
  for (const given of points as unknown[]) {
    const point = pointOf(given);
    if (point === null) return null;
    const z = isFields(given) ? given['z'] : undefined;
    xyp.push(point.x, point.y, isNumber(z, 0, 1) ? z : 0.5);
  }
  return xyp;
}

const LITTLE_ENDIAN = true;

/** Base64 of newer versions: the first point as 32-bit floats, each other one as 16-bit floats from the one before; little endian. */
function packedPoints(path: string, dim: unknown): number[] | null {
  const size = dim === 2 ? 2 : 3;
  const bytes = bytesOf(path);
  if (bytes === null || bytes.length < 4 * size || (bytes.length - 4 * size) % (2 * size) !== 0) return null;
  const view = new DataView(bytes.buffer);
  const floatAt = (at: number): number => view.getFloat32(at, LITTLE_ENDIAN);
  const halfAt = (at: number): number => halfFloat(view.getUint16(at, LITTLE_ENDIAN));
  const last = Array.from({ length: size }, (_, i) => floatAt(4 * i));
  const xyp = [last[0] ?? 0, last[1] ?? 0, pressureOf(last[2])];
  for (let at = 4 * size; at < bytes.length; at += 2 * size) {
    for (let i = 0; i < size; i++) last[i] = (last[i] ?? 0) + halfAt(at + 2 * i);
    xyp.push(last[0] ?? 0, last[1] ?? 0, pressureOf(last[2]));
  }
  return xyp.every((value) => Number.isFinite(value)) ? xyp : null;
}

function pressureOf(value: number | undefined): number {
  return value === undefined ? 0.5 : Math.min(1, Math.max(0, value));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  } catch {
    return null; // No base64.
  }
}

/** IEEE 754, 16 bits. */
function halfFloat(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The end of an arrow that is tied to a shape: which, and where in its box. */
export interface Tie {
  readonly to: string;
  readonly anchor: At;
  /** The end is at the anchor itself, also inside the shape. */
  readonly isExact: boolean;
}

/** Ties of newer versions, which are records of their own, by the arrow and its end. */
export function tiesIn(bindings: unknown): Map<string, Tie> {
  const ties = new Map<string, Tie>();
  for (const binding of Array.isArray(bindings) ? (bindings as unknown[]) : []) {
    if (!isFields(binding) || !isFields(binding['props']) || typeof binding['fromId'] !== 'string') continue;
    const tie = tieOf(binding['toId'], binding['props']);
    if (tie !== null) ties.set(tieName(binding['fromId'], binding['props']['terminal']), tie);
  }
  return ties;
}

export function tieName(arrow: unknown, end: unknown): string {
  return `${String(end)} ${String(arrow)}`;
}

/** Older versions have them in the arrow. */
export function tieInArrow(end: unknown): Tie | null {
  return isFields(end) && end['type'] === 'binding' ? tieOf(end['boundShapeId'], end) : null;
}

const middle = { x: 0.5, y: 0.5 };

function tieOf(to: unknown, { normalizedAnchor, isPrecise = true, isExact }: Fields): Tie | null {
  if (typeof to !== 'string') return null;
  return { to, anchor: (isPrecise === true ? pointOf(normalizedAnchor) : null) ?? middle, isExact: isExact === true };
}

/** The address of a picture in the assets of a copy. */
export function pictureUrls(assets: unknown): Map<string, string> {
  const urls = new Map<string, string>();
  for (const asset of Array.isArray(assets) ? (assets as unknown[]) : []) {
    if (!isFields(asset) || asset['type'] !== 'image' || !isFields(asset['props'])) continue;
    const src = entryOf(asset['props'], 'src');
    if (typeof asset['id'] === 'string' && typeof src === 'string') urls.set(asset['id'], src);
  }
  return urls;
}
