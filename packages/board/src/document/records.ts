/**
 * Reads and writes the stored records of an element, a deletion and an undone step.
 *
 * Readers accept any value and return null if it does not have the right shape; they never throw. An object from an
 * update can carry a key `__proto__` that replaced its prototype: such an object is malformed as a whole.
 *
 *     base    { s: step, k: kind, g: [x, y, w, h, rotation], y?: style, i?: ink, m?: image or file, n?: gesture, z?: order key,
 *               t?: title of a frame, p?: page, a?: name of a page }
 *     y       only what differs from the defaults: { color, width, fill, opacity, fontSize, font }; of an image also its look and
 *             crop, of a line or arrow with bends its points
 *     n       the counter of a gesture of the same session, or another gesture's id as text
 *     gone    [id, …]   or   { v: { session: next counter }, x?: [id, …] }   or, to restore, { r: [id, …] }
 *     undone  time      or   [time, [id, …]]   or   [time, [id, …], time among its person's steps]
 */
import { MAX_GESTURE_LENGTH, MAX_INK_BYTES, MAX_SESSION_ELEMENTS, MAX_ORDER_TIME, MAX_TITLE_LENGTH } from '../limits.ts';
import { elementCounter, elementSession, isElementId, isSession, isStep, MAX_STEP_TIME, stepSession } from './keys.ts';
import { defaultStyle, geometryToValue, isGeometryValue, isPageName, isStyleValue, styleProps, valueToGeometry } from './fields.ts';
import { readFile, writeFile } from './file-record.ts';
import { readImage, writeImage } from './image-record.ts';
import { plainLook, readLook, wholeCrop, wholeGeometry, writeLook } from './look.ts';
import { isLineKind, isLinePoints, storedPoints } from './line-points.ts';
import { isOrderKey } from './order-key.ts';
import { wellFormed } from '../text/surrogates.ts';
import type {
  ShapeKind,
  AttachedFile,
  Crop,
  ElementId,
  ElementKind,
  Geometry,
  ImageContent,
  Look,
  NewElement,
  PageId,
  SessionId,
  StepKey,
  Style,
} from '../types.ts';

export interface BaseRecord {
  readonly step: StepKey;
  /** A `group` and a `page` are no elements: they paint nothing. */
  readonly kind: ElementKind | 'group' | 'page' | 'unknown';
  /** The page it was made on, as named: it may have no record here. */
  readonly page: PageId;
  /** Name of a page, '' for everything else. */
  readonly name: string;
  readonly geometry: Geometry;
  readonly style: Style;
  readonly ink: Uint8Array | null;
  readonly points: readonly number[] | null;
  readonly image: ImageContent | null;
  readonly file: AttachedFile | null;
  readonly look: Look;
  readonly crop: Crop;
  readonly gesture: string | null;
  /** Title of a frame; '' for every other kind. */
  readonly title: string;
  /** Stored place, if its time of creation alone would have put it beneath an older element. */
  readonly orderKey: string | null;
}

/** One `gone` entry. A `restore` brings back what older entries hide, until a later one hides it again. A clear covers every counter below `vector.get(session)`, except `spared`. */
export type Deletion =
  | { readonly type: 'list'; readonly ids: ReadonlySet<ElementId> }
  | { readonly type: 'restore'; readonly ids: ReadonlySet<ElementId> }
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

/** Whether records of this kind hold others: what names them in `parent` is in them. */
export function isHolder(kind: BaseRecord['kind'] | undefined): boolean {
  return kind === 'group' || kind === 'frame';
}

/** The kinds that are a closed line in their box. */
export const shapeKinds = [
  'rectangle',
  'ellipse',
  'diamond',
  'triangle',
  'hexagon',
  'star',
  'cloud',
  'bubble',
  'cylinder',
  'checkbox',
] as const satisfies readonly ShapeKind[];
const kinds: ReadonlySet<unknown> = new Set<ElementKind>(['stroke', 'line', 'arrow', ...shapeKinds, 'text', 'image', 'file', 'frame']);

export function isShapeKind(value: unknown): value is ShapeKind {
  return (shapeKinds as readonly unknown[]).includes(value);
}

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
  const file = kind === 'file' ? readFile(stored.m) : null;
  const isWhole = (kind !== 'image' || image !== null) && (kind !== 'file' || file !== null);
  return {
    step,
    kind: (isElementKind(kind) && isWhole) || kind === 'group' || kind === 'page' ? kind : 'unknown',
    page: isElementId(stored.p) ? stored.p : '',
    name: kind === 'page' && isPageName(stored.a) ? stored.a : '',
    geometry: valueToGeometry(geometry),
    style: readStyle(stored.y, likelyStyle),
    ink: kind === 'stroke' ? ink : null,
    points: isLineKind(kind) ? readPoints(stored.y) : null,
    image,
    file,
    ...(image !== null && isPlainObject(stored.y) ? readLook(stored.y) : asItIs),
    gesture: readGesture(id, stored.n),
    title: kind === 'frame' && typeof stored.t === 'string' && stored.t.length <= MAX_TITLE_LENGTH ? stored.t : '',
    orderKey: isOrderKey(stored.z) ? stored.z : null,
  };
}

const asItIs = { look: plainLook, crop: wholeCrop };

/** @param element Must be valid: `PendingEdit` has checked it. */
export function writeBase(id: ElementId, step: StepKey, element: NewElement, orderKey: string | null): Record<string, unknown> {
  const { look = plainLook, crop = wholeCrop } = element;
  const record: Record<string, unknown> = { s: step, k: element.kind, g: geometryToValue(wholeGeometry(element.geometry, crop)) };
  const style = writeLook(look, crop);
  for (const prop of styleProps) {
    const value = element.style[prop] ?? defaultStyle[prop];
    if (value !== defaultStyle[prop]) style[prop] = value;
  }
  if (element.points !== undefined) style.points = storedPoints(element.points);
  if (Object.keys(style).length > 0) record.y = style;
  if (element.ink !== undefined) record.i = element.ink;
  if (element.image !== undefined) record.m = writeImage(element.image);
  if (element.file !== undefined) record.m = writeFile(element.file);
  if (element.gesture !== undefined) record.n = writeGesture(id, element.gesture);
  if (orderKey !== null) record.z = orderKey;
  if (element.kind === 'frame' && element.text !== undefined && element.text !== '') record.t = wellFormed(element.text);
  if (element.page !== undefined && element.page !== '') record.p = element.page;
  return record;
}

/** A reader of before pages shows a placeholder of no size, and what is on all pages on one. */
export function writePage(step: StepKey, { name, order }: { readonly name: string; readonly order: string }): Record<string, unknown> {
  return { s: step, k: 'page', g: [0, 0, 0, 0, 0], z: order, ...(name !== '' && { a: name }) };
}

/** @param at Where it is made. A reader of before groups shows a placeholder of no size there. */
export function writeGroup(step: StepKey, at: { readonly x: number; readonly y: number }): Record<string, unknown> {
  return { s: step, k: 'group', g: [at.x, at.y, 0, 0, 0] };
}

export function readDeletion(stored: unknown): Deletion | null {
  if (Array.isArray(stored)) return { type: 'list', ids: new Set(stored.filter(isElementId)) };
  if (isPlainObject(stored) && Array.isArray(stored.r)) return { type: 'restore', ids: readIds(stored.r) };
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
  if (deletion.type === 'restore') return { r: [...deletion.ids] };
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

/** Malformed ones count as absent: the line goes straight from end to end. */
function readPoints(stored: unknown): readonly number[] | null {
  return isPlainObject(stored) && Object.hasOwn(stored, 'points') && isLinePoints(stored.points) ? stored.points : null;
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
