/**
 * The fields of an element that can be overridden after creation, where each is stored, and its valid values.
 *
 * A field's code is written into logged steps: never renumber, only append.
 */
import { MAX_ALT_LENGTH, MAX_COORDINATE, MAX_FONT_SIZE, MAX_ROTATION, MAX_STROKE_WIDTH } from '../limits.ts';
import { isElementId, isStep } from './keys.ts';
import { isOrderKey } from './order-key.ts';
import { isColor } from '../color/palette.ts';
import type { ElementId, Geometry, StepKey, Style } from '../types.ts';

export type OverrideRoot = 'geo' | 'z' | 'parent' | 'lock' | 'txt' | 'style' | 'alt';

export interface Field {
  readonly code: number;
  readonly root: OverrideRoot;
  /** Name of the style property, null for a field with a root of its own. */
  readonly prop: keyof Style | null;
  /** Checks a stored value, which comes from an update and may be anything. */
  readonly isValid: (value: unknown) => boolean;
}

/** A stored override: `tag` is the step that wrote it, '' when readers no longer look for a value beneath it. */
export interface Tagged {
  readonly value: unknown;
  readonly tag: StepKey | '';
}

const isFiniteIn = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high;

const stylePredicates: { readonly [Prop in keyof Style]: (value: unknown) => value is Style[Prop] } = {
  color: isColor,
  width: (value): value is number => isFiniteIn(value, 0.01, MAX_STROKE_WIDTH),
  fill: (value): value is Style['fill'] => value === 'none' || isColor(value),
  opacity: (value): value is number => isFiniteIn(value, 0, 1),
  fontSize: (value): value is number => isFiniteIn(value, 0.01, MAX_FONT_SIZE),
  font: (value): value is Style['font'] => value === 'sans' || value === 'hand' || value === 'mono',
};

/** Values of properties that a record leaves out. Part of the format: changing one changes existing boards. */
export const defaultStyle: Style = {
  color: 'ink',
  width: 4,
  fill: 'none',
  opacity: 1,
  fontSize: 20,
  font: 'sans',
};

export const styleProps = ['color', 'width', 'fill', 'opacity', 'fontSize', 'font'] as const satisfies readonly (keyof Style)[];

export function isStyleValue(prop: keyof Style, value: unknown): boolean {
  return stylePredicates[prop](value);
}

/** `[x, y, w, h, rotation]`, finite and bounded. */
export function isGeometryValue(value: unknown): value is readonly [number, number, number, number, number] {
  if (!Array.isArray(value) || value.length !== 5) return false;
  for (let i = 0; i < 4; i++) if (!isFiniteIn(value[i], -MAX_COORDINATE, MAX_COORDINATE)) return false;
  return isFiniteIn(value[4], -MAX_ROTATION, MAX_ROTATION);
}

export function geometryToValue(geometry: Geometry): number[] {
  return [geometry.x, geometry.y, geometry.w, geometry.h, geometry.rotation];
}

/** @param value Must satisfy `isGeometryValue`. */
export function valueToGeometry(value: unknown): Geometry {
  const [x, y, w, h, rotation] = value as [number, number, number, number, number];
  return { x, y, w, h, rotation };
}

export const fields = {
  geo: { code: 0, root: 'geo', prop: null, isValid: isGeometryValue },
  z: { code: 1, root: 'z', prop: null, isValid: isOrderKey },
  parent: { code: 2, root: 'parent', prop: null, isValid: (value) => value === null || isElementId(value) },
  lock: { code: 3, root: 'lock', prop: null, isValid: (value) => typeof value === 'boolean' },
  txt: { code: 4, root: 'txt', prop: null, isValid: (value) => value === 0 },
  color: styleField(5, 'color'),
  width: styleField(6, 'width'),
  fill: styleField(7, 'fill'),
  opacity: styleField(8, 'opacity'),
  fontSize: styleField(9, 'fontSize'),
  font: styleField(10, 'font'),
  alt: { code: 11, root: 'alt', prop: null, isValid: (value) => typeof value === 'string' && value.length <= MAX_ALT_LENGTH },
} as const satisfies Record<string, Field>;

/** Fields, indexed by code. */
export const fieldList: readonly Field[] = Object.values(fields);

const fieldsByRoot = new Map<OverrideRoot, Field>(fieldList.filter((field) => field.prop === null).map((field) => [field.root, field]));
const fieldsByProp = new Map<string, Field>(fieldList.filter((field) => field.prop !== null).map((field) => [field.prop as string, field]));

/** The key of a field in its root: `id`, or `id/prop` for a style. */
export function keyOfField(field: Field, id: ElementId): string {
  return field.prop === null ? id : `${id}/${field.prop}`;
}

/** The reverse of `keyOfField`; null for a key that belongs to no known field. */
export function fieldOfKey(root: OverrideRoot, key: string): { field: Field; id: ElementId } | null {
  if (root !== 'style') {
    const field = fieldsByRoot.get(root);
    return field !== undefined && isElementId(key) ? { field, id: key } : null;
  }
  const slash = key.indexOf('/');
  const id = key.slice(0, Math.max(0, slash));
  const field = fieldsByProp.get(key.slice(slash + 1));
  return field !== undefined && isElementId(id) ? { field, id } : null;
}

/** `[value, tag]` as stored, or null when it is missing or malformed. */
export function readTagged(field: Field, stored: unknown): Tagged | null {
  if (!Array.isArray(stored) || stored.length !== 2) return null;
  const tag: unknown = stored[1];
  if (tag !== '' && !isStep(tag)) return null;
  return field.isValid(stored[0]) ? { value: stored[0], tag } : null;
}

function styleField<Prop extends keyof Style>(code: number, prop: Prop): Field {
  return { code, root: 'style', prop, isValid: stylePredicates[prop] };
}
