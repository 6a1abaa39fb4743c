/**
 * Which parts of a style an element of each kind has. The others are neither offered for it nor written to it: they would
 * be in the document, in undo and in every export, and never be visible.
 */
import { defaultStyle as unsaid, type BoardElement, type Style } from '@wetink/board';

export type StyleField = keyof Style;
type Kind = BoardElement['kind'];

const curved: readonly StyleField[] = ['color', 'width', 'fill', 'dash', 'opacity'];
const angular: readonly StyleField[] = [...curved, 'corners'];
const fieldsByKind: Readonly<Record<Kind, readonly StyleField[]>> = {
  stroke: ['color', 'width', 'opacity'],
  line: ['color', 'width', 'dash', 'corners', 'startHead', 'endHead', 'opacity'],
  arrow: ['color', 'width', 'dash', 'corners', 'startHead', 'endHead', 'opacity'],
  rectangle: angular,
  ellipse: curved,
  diamond: angular,
  triangle: angular,
  hexagon: angular,
  star: angular,
  cloud: curved,
  bubble: angular,
  cylinder: curved,
  checkbox: angular,
  text: ['color', 'fontSize', 'font', 'opacity'],
  image: ['opacity'],
  file: ['opacity'],
  frame: [],
  unknown: [],
};

export function styleFieldsOf(kind: Kind): readonly StyleField[] {
  return fieldsByKind[kind];
}

/** A style for an element of this kind. Parts that it does not have are the defaults, which are not stored. */
export function ownStyle(kind: Kind, style: Style): Style {
  return { ...unsaid, ...pick(kind, style) };
}

/** The parts of a change of style that an element of this kind has. */
export function pick(kind: Kind, patch: Partial<Style>): Partial<Style> {
  return Object.fromEntries(fieldsByKind[kind].filter((field) => patch[field] !== undefined).map((field) => [field, patch[field]]));
}

/** The parts of a style that at least one of the elements has: their value, or null where they differ. */
export type SharedStyle = { readonly [Field in StyleField]?: Style[Field] | null };

export function sharedStyle(elements: readonly Pick<BoardElement, 'kind' | 'style'>[]): SharedStyle {
  const shared: Record<string, unknown> = {};
  for (const { kind, style } of elements) {
    for (const field of fieldsByKind[kind]) {
      if (!(field in shared)) shared[field] = style[field];
      else if (shared[field] !== style[field]) shared[field] = null;
    }
  }
  return shared as SharedStyle;
}
