/**
 * Reads and writes the stored records of an element, a deletion and an undone step.
 *
 * Readers accept any value and return null if it does not have the right shape; they never throw. An object from an
 * update can carry a key `__proto__` that replaced its prototype: such an object is malformed as a whole.
 *
 *     base    { s: step, k: kind, g: [x, y, w, h, rotation], y?: style, i?: ink, m?: image, n?: gesture, z?: order key }
 *     y       only what differs from the defaults: { color, width, fill, opacity, fontSize, font }
 *     n       the counter of a gesture of the same session, or another gesture's id as text
 *     gone    [id, …]   or   { v: { session: next counter }, x?: [id, …] }
 *     undone  time      or   [time, [id, …]]   or   [time, [id, …], time among its person's steps]
 */
import { MAX_GESTURE_LENGTH, MAX_INK_BYTES, MAX_SESSION_ELEMENTS, MAX_ORDER_TIME } from '../limits.ts';
import { elementCounter, elementSession, isElementId, isSession, isStep, MAX_STEP_TIME, stepSession } from './keys.ts';
import { defaultStyle, geometryToValue, isGeometryValue, isStyleValue, styleProps, valueToGeometry } from './fields.ts';
import { readImage, writeImage } from './image-record.ts';
import { isOrderKey } from './order-key.ts';
import type { ElementId, ElementKind, Geometry, ImageContent, NewElement, SessionId, StepKey, Style } from '../types.ts';

export interface BaseRecord {
  readonly step: StepKey;
  readonly kind: ElementKind | 'unknown';
  readonly geometry: Geometry;
  readonly style: Style;
  readonly ink: Uint8Array | null;
  readonly image: ImageContent | null;
  readonly gesture: string | null;
  /** Stored place, if its time of creation alone would have put it beneath an older element. */
  readonly orderKey: string | null;
}

/** One `gone` entry. A clear covers every counter below `vector.get(session)`, except `spared`. */
export type Deletion =
  | { readonly type: 'list'; readonly ids: ReadonlySet<ElementId> }
  | { readonly type: 'clear'; readonly vector: ReadonlyMap<SessionId, number>; readonly spared: ReadonlySet<ElementId> };

/** One `undone` entry. */
export interface Mark {
  /** Time of the undo, by the clock of steps. */
  readonly at: number;
  /** Elements made by the step that stay shown. */
  readonly spared: ReadonlySet<ElementId>;
  /** Time of the undo in the order of its person's steps: later than `at` if those have times ahead of it (StepOrder). */
  readonly order: number;
}

const kinds: ReadonlySet<unknown> = new Set<ElementKind>(['stroke', 'line', 'arrow', 'rectangle', 'ellipse', 'text', 'image']);

export function isElementKind(value: unknown): value is ElementKind {
  return kinds.has(value);
}

/**
 * The record of `id`, or null when it can't be shown. A kind of a newer version reads as `unknown`.
 *
 * @param likelyStyle Returned itself when the record's style equals it: elements drawn in a row mostly share a style.
 */
export function readBase(id: ElementId, stored: unknown, likelyStyle: Style = defaultStyle): BaseRecord | null {
  if (!isPlainObject(stored) || elementCounter(id) >= MAX_SESSION_ELEMENTS) return null;
  const { s: step, k: kind, g: geometry } = stored;
  // An id belongs to its session: a step of another session cannot have made it.
  if (!isStep(step) || stepSession(step) !== elementSession(id)) return null;
  if (typeof kind !== 'string' || !isGeometryValue(geometry)) return null;
  const ink = stored.i instanceof Uint8Array && stored.i.length <= MAX_INK_BYTES ? stored.i : null;
  if (kind === 'stroke' && ink === null) return null;
  const image = kind === 'image' ? readImage(stored.m) : null;
  return {
    step,
    kind: isElementKind(kind) && (kind !== 'image' || image !== null) ? kind : 'unknown',
    geometry: valueToGeometry(geometry),
    style: readStyle(stored.y, likelyStyle),
    ink: kind === 'stroke' ? ink : null,
    image,
    gesture: readGesture(id, stored.n),
    orderKey: isOrderKey(stored.z) ? stored.z : null,
  };
}

/** @param element Must be valid: `PendingEdit` has checked it. */
export function writeBase(id: ElementId, step: StepKey, element: NewElement, orderKey: string | null): Record<string, unknown> {
  const record: Record<string, unknown> = { s: step, k: element.kind, g: geometryToValue(element.geometry) };
  const style: Record<string, unknown> = {};
  for (const prop of styleProps) if (element.style[prop] !== defaultStyle[prop]) style[prop] = element.style[prop];
  if (Object.keys(style).length > 0) record.y = style;
  if (element.ink !== undefined) record.i = element.ink;
  if (element.image !== undefined) record.m = writeImage(element.image);
  if (element.gesture !== undefined) record.n = writeGesture(id, element.gesture);
  if (orderKey !== null) record.z = orderKey;
  return record;
}

export function readDeletion(stored: unknown): Deletion | null {
  if (Array.isArray(stored)) return { type: 'list', ids: new Set(stored.filter(isElementId)) };
  if (!isPlainObject(stored) || !isPlainObject(stored.v)) return null;
  const vector = new Map<SessionId, number>();
  for (const [session, next] of Object.entries(stored.v)) {
    // A counter beyond reach covers nothing: otherwise it would cover elements that its session has yet to make.
    if (isSession(session) && isCounter(next) && next > 0) vector.set(session, next);
  }
  return { type: 'clear', vector, spared: readIds(stored.x) };
}

export function writeDeletion(deletion: Deletion): unknown {
  if (deletion.type === 'list') return [...deletion.ids];
  const v = Object.fromEntries(deletion.vector);
  return deletion.spared.size === 0 ? { v } : { v, x: [...deletion.spared] };
}

export function readMark(stored: unknown): Mark | null {
  const [at, spared, order]: unknown[] = Array.isArray(stored) ? stored : [stored];
  if (!Number.isSafeInteger(at) || (at as number) < 0 || (at as number) > MAX_STEP_TIME) return null;
  const hasOrder = Number.isSafeInteger(order) && (order as number) > (at as number) && (order as number) <= MAX_ORDER_TIME;
  return { at: at as number, spared: readIds(spared), order: (hasOrder ? order : at) as number };
}

export function writeMark({ at, spared, order }: Mark): unknown {
  if (order > at) return [at, [...spared], order];
  return spared.size === 0 ? at : [at, [...spared]];
}

function isCounter(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_SESSION_ELEMENTS;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const noIds: ReadonlySet<ElementId> = new Set();

function readIds(stored: unknown): ReadonlySet<ElementId> {
  return Array.isArray(stored) && stored.length > 0 ? new Set(stored.filter(isElementId)) : noIds;
}

function readStyle(stored: unknown, likely: Style): Style {
  if (!isPlainObject(stored)) return defaultStyle;
  const style: Record<string, unknown> = { ...defaultStyle };
  let isLikely = true;
  for (const prop of styleProps) {
    if (Object.hasOwn(stored, prop) && isStyleValue(prop, stored[prop])) style[prop] = stored[prop];
    isLikely &&= style[prop] === likely[prop];
  }
  return isLikely ? likely : (style as unknown as Style);
}

function readGesture(id: ElementId, stored: unknown): string | null {
  if (Number.isSafeInteger(stored)) return `${elementSession(id)}.${String(stored)}`;
  return typeof stored === 'string' && stored.length <= MAX_GESTURE_LENGTH ? stored : null;
}

function writeGesture(id: ElementId, gesture: string): number | string {
  const prefix = `${elementSession(id)}.`;
  const counter = Number(gesture.slice(prefix.length));
  const isOwn = gesture.startsWith(prefix) && Number.isSafeInteger(counter) && `${prefix}${counter}` === gesture;
  return isOwn ? counter : gesture;
}
