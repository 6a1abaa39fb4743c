/**
 * A drawing of another program on its way to a board: what its reader hands over, and what all readers need. Pure.
 *
 * The JSON of another program is of unknown origin: names in it are looked up in Maps or as own properties, numbers are checked,
 * and an element that is not as it should be is left out and counted, by why it was.
 */
import { inkLimits, type FileElement, type Geometry } from '@wetink/board';

export interface ForeignDrawing {
  /** Bottom to top; a picture is a place in this list until its bytes are read. */
  readonly elements: readonly (FileElement | ForeignPicture)[];
  readonly leftOut: LeftOut;
}

/**
 * Why an element is left out: a board has nothing of its kind; it is malformed, or its bytes are missing; its text is longer than
 * one on a board may be; or it is beyond the number that is read.
 */
export type WhyLeftOut = 'kind' | 'damaged' | 'long' | 'many';

export type LeftOut = Readonly<Record<WhyLeftOut, number>>;

export const noneLeftOut: LeftOut = { kind: 0, damaged: 0, long: 0, many: 0 };

export interface ForeignPicture extends Pick<FileElement, 'groups' | 'isLocked'> {
  readonly kind: 'picture';
  readonly geometry: Geometry;
  /** `data:image/…;base64,…` */
  readonly url: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Half of a board's extent on each side: what is pasted can still be moved. */
export const MAX_AT = inkLimits.maxCoordinate / 2;
/** CSS pixels per board unit at which points of a stroke are exact to 1/16 pixel. */
export const INK_ZOOM = 2;

/** Numbers of groups and frames, by names that the reader makes. */
export function groupNumber(name: string, groups: Map<string, number>): number {
  const number = groups.get(name) ?? groups.size + 1;
  groups.set(name, number);
  return number;
}

export function isNumber(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An entry of a table by a name of unknown origin: `__proto__` is none. */
export function entryOf<Entry>(table: Readonly<Record<string, Entry>>, name: unknown): Entry | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The content of tldraw's element in markup from a clipboard; null without one. Found without parsing, as our own. */
export function tldrawInMarkup(markup: string): string | null {
  const found = /<div data-tldraw(?:="")?(?:\s[^<>]{0,200})?>/.exec(markup);
  if (found === null) return null;
  const end = markup.indexOf('</div>', found.index);
  return end < 0 ? null : markup.slice(found.index + found[0].length, end);
}
