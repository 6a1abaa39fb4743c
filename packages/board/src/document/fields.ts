/**
 * The fields of an element that can be overridden after creation, where each is stored, and its valid values.
 *
 * A field's code is written into logged steps: never renumber, only append.
 */
import {
  MAX_ALT_LENGTH,
  MAX_COORDINATE,
  MAX_FONT_SIZE,
  MAX_PAGE_NAME_LENGTH,
  MAX_ROTATION,
  MAX_STROKE_WIDTH,
  MAX_TITLE_LENGTH,
} from '../limits.ts';
import { isHead } from './heads.ts';
import { isElementId, isStep } from './keys.ts';
import { isPointsValue } from './line-points.ts';
import { isCropValue, isLookProp, isLookValue, isPictureValue } from './look.ts';
import { isOrderKey } from './order-key.ts';
import { isColor } from '../color/palette.ts';
import { isPaperValue } from '../color/papers.ts';
import type { ElementId, Geometry, LaterStyle, Look, StepKey, Style } from '../types.ts';

export type OverrideRoot = 'geo' | 'z' | 'parent' | 'lock' | 'txt' | 'style' | 'alt' | 'page' | 'pages';

export interface Field {
  readonly code: number;
  readonly root: OverrideRoot;
  /** Name behind the id in the roots `style` and `pages`, null for a field with a root of its own. */
  readonly prop: keyof Style | keyof Look | 'crop' | 'picture' | 'points' | 'title' | 'name' | 'order' | 'paper' | 'tone' | null;
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
  dash: (value): value is Style['dash'] => value === 'solid' || value === 'dashed' || value === 'dotted',
  corners: (value): value is Style['corners'] => value === 'sharp' || value === 'round',
  startHead: isHead,
  endHead: isHead,
};

/** Values of properties that a record leaves out. Part of the format: changing one changes existing boards. */
export const defaultStyle: Style = {
  color: 'ink',
  width: 4,
  fill: 'none',
  opacity: 1,
  fontSize: 20,
  font: 'sans',
  dash: 'solid',
  corners: 'sharp',
  startHead: 'auto',
  endHead: 'auto',
};

export const styleProps = [
  'color',
  'width',
  'fill',
  'opacity',
  'fontSize',
  'font',
  'dash',
  'corners',
  'startHead',
  'endHead',
] as const satisfies readonly (keyof Style)[];

/** Parts that came later, which a new element may lack, see `NewStyle`. */
export function isLaterStyle(prop: keyof Style): prop is LaterStyle {
  return prop === 'dash' || prop === 'corners' || prop === 'startHead' || prop === 'endHead';
}

export function isStyleValue(prop: keyof Style, value: unknown): boolean {
  return stylePredicates[prop](value);
}

export function isPageName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PAGE_NAME_LENGTH;
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
  crop: { code: 12, root: 'style', prop: 'crop', isValid: isCropValue },
  picture: { code: 13, root: 'style', prop: 'picture', isValid: isPictureValue },
  radius: lookField(14, 'radius'),
  brightness: lookField(15, 'brightness'),
  exposure: lookField(16, 'exposure'),
  contrast: lookField(17, 'contrast'),
  saturation: lookField(18, 'saturation'),
  warmth: lookField(19, 'warmth'),
  hue: lookField(20, 'hue'),
  blur: lookField(21, 'blur'),
  greyscale: lookField(22, 'greyscale'),
  sepia: lookField(23, 'sepia'),
  invert: lookField(24, 'invert'),
  vignette: lookField(25, 'vignette'),
  dash: styleField(26, 'dash'),
  corners: styleField(27, 'corners'),
  page: { code: 28, root: 'page', prop: null, isValid: (value) => value === '' || isElementId(value) },
  pageName: { code: 29, root: 'pages', prop: 'name', isValid: isPageName },
  pageOrder: { code: 30, root: 'pages', prop: 'order', isValid: isOrderKey },
  startHead: styleField(31, 'startHead'),
  endHead: styleField(32, 'endHead'),
  points: { code: 33, root: 'style', prop: 'points', isValid: isPointsValue },
  title: { code: 34, root: 'style', prop: 'title', isValid: (value) => typeof value === 'string' && value.length <= MAX_TITLE_LENGTH },
  // The paper of the board is stored as that of its first page.
  paperPattern: { code: 35, root: 'pages', prop: 'paper', isValid: isPaperValue },
  paperTone: { code: 36, root: 'pages', prop: 'tone', isValid: isPaperValue },
} as const satisfies Record<string, Field>;

export const fieldList: readonly Field[] = Object.values(fields);
const fieldsByCode = new Map<number, Field>(fieldList.map((field) => [field.code, field]));

const fieldsByRoot = new Map<OverrideRoot, Field>(fieldList.filter((field) => field.prop === null).map((field) => [field.root, field]));
const fieldsByProp = new Map<string, Field>(
  fieldList.filter((field) => field.prop !== null).map((field) => [`${field.root}/${field.prop as string}`, field]),
);

export function fieldOfCode(code: number): Field | undefined {
  return fieldsByCode.get(code);
}

/** Whether a field is a part of `Style`, which every kind has. */
export function isStyleField(field: Field): field is Field & { readonly prop: keyof Style } {
  return field.prop !== null && Object.hasOwn(stylePredicates, field.prop);
}

/** Whether a field is a part of `Look`, which only images have. */
export function isLookField(field: Field): field is Field & { readonly prop: keyof Look } {
  return field.prop !== null && isLookProp(field.prop);
}

/** The key of a field in its root: `id`, or `id/prop` for a style or a page. */
export function keyOfField(field: Field, id: ElementId): string {
  return field.prop === null ? id : `${id}/${field.prop}`;
}

/** The reverse of `keyOfField`; null for a key that belongs to no known field. */
export function fieldOfKey(root: OverrideRoot, key: string): { field: Field; id: ElementId } | null {
  if (root !== 'style' && root !== 'pages') {
    const field = fieldsByRoot.get(root);
    return field !== undefined && isElementId(key) ? { field, id: key } : null;
  }
  const slash = key.indexOf('/');
  const id = key.slice(0, Math.max(0, slash));
  const field = fieldsByProp.get(`${root}/${key.slice(slash + 1)}`);
  return field !== undefined && isElementId(id) ? { field, id } : null;
}

/** `[value, tag]` as stored, or null when it is missing or malformed. */
export function readTagged(field: Field, stored: unknown): Tagged | null {
  if (!Array.isArray(stored) || stored.length !== 2) return null;
  const tag: unknown = stored[1];
  if (tag !== '' && !isStep(tag)) return null;
  return field.isValid(stored[0]) ? { value: stored[0], tag } : null;
}

function lookField<Prop extends keyof Look>(code: number, prop: Prop) {
  return { code, root: 'style', prop, isValid: (value: unknown) => isLookValue(prop, value) } as const;
}

function styleField<Prop extends keyof Style>(code: number, prop: Prop): Field {
  return { code, root: 'style', prop, isValid: stylePredicates[prop] };
}
