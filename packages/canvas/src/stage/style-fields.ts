/**
 * Which parts of a style an element has. What it has not is neither shown for it nor written to it: it would be in the
 * document, in everybody's undo and in every export, and be seen nowhere.
 */
import { defaultStyle as unsaid, type BoardElement, type Style } from '@wetink/board';

export type StyleField = keyof Style;
type Kind = BoardElement['kind'];

const fieldsByKind: Readonly<Record<Kind, readonly StyleField[]>> = {
  stroke: ['color', 'width', 'opacity'],
  line: ['color', 'width', 'opacity'],
  arrow: ['color', 'width', 'opacity'],
  rectangle: ['color', 'width', 'fill', 'opacity'],
  ellipse: ['color', 'width', 'fill', 'opacity'],
  text: ['color', 'fontSize', 'font', 'opacity'],
  unknown: [],
};

export function styleFieldsOf(kind: Kind): readonly StyleField[] {
  return fieldsByKind[kind];
}

/** A style for an element of this kind. What it has no use for is as in a record that says nothing, and so is not stored. */
export function ownStyle(kind: Kind, style: Style): Style {
  return { ...unsaid, ...pick(kind, style) };
}

/** What of a change of style an element of this kind takes. */
export function pick(kind: Kind, patch: Partial<Style>): Partial<Style> {
  return Object.fromEntries(fieldsByKind[kind].filter((field) => patch[field] !== undefined).map((field) => [field, patch[field]]));
}

/** Each field that any of several elements has: their value, or null where they differ. */
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
