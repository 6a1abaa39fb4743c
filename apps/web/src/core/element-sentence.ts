/** The sentence of a screen reader about the element that Tab has reached. Pure. */
import * as m from '$words/element-sentence';
import { isColorToken, type BoardElement, type ElementKind } from '@wetink/board';
import { colorName } from './color-names.ts';
import { isolated } from './sentences.ts';

const names: Record<ElementKind | 'unknown', () => string> = {
  stroke: m.stroke,
  line: m.line,
  arrow: m.arrow,
  rectangle: m.rectangle,
  ellipse: m.ellipse,
  diamond: m.diamond,
  triangle: m.triangle,
  hexagon: m.hexagon,
  star: m.star,
  cloud: m.cloud,
  bubble: m.bubble,
  cylinder: m.cylinder,
  checkbox: m.checkbox,
  text: m.text,
  image: m.image,
  file: m.file,
  frame: m.frame,
  unknown: m.unknown,
};
/** Characters of a text or file name that are enough to recognize it. */
const TEXT_MAX = 80;

/**
 * 'Red rectangle, 2 of 5', 'Picture "A cat on a wall", 3 of 5', 'Text "Two boats", 5 of 5. Tab leaves the board.'
 *
 * @param place Counted from 1, in Tab order.
 * @param grouped Elements of the group that it stands for; 1 for itself.
 */
export function elementSentence(element: BoardElement, place: number, count: number, grouped = 1): string {
  if (grouped > 1) return m.group({ count: grouped });
  const said = { name: elementName(element), place, count };
  if (place === count) return element.isLocked ? m.placeLockedEnd(said) : m.placeEnd(said);
  return element.isLocked ? m.placeLocked(said) : m.place(said);
}

/** 'Red rectangle', 'Picture "A cat on a wall"'. */
export function elementName(element: BoardElement): string {
  const { color } = element.style;
  // Ink is the default colour and needs no mention; a custom colour has no name.
  const isNamed =
    element.kind !== 'unknown' &&
    element.kind !== 'image' &&
    element.kind !== 'file' &&
    element.kind !== 'frame' &&
    isColorToken(color) &&
    color !== 'ink';
  const kind = names[element.kind]();
  const said = isNamed ? m.colored({ color: colorName(color), kind }) : kind;
  const name = `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
  const words = wordsOf(element);
  return element.kind === 'text' || words !== '' ? m.quoted({ name, words: isolated(words) }) : name;
}

function wordsOf({ kind, text, alt, image, file }: BoardElement): string {
  if (kind === 'text' || kind === 'frame') return shorten(text);
  // A description is for people who can't see the picture: they hear all of it.
  return alt === '' ? shorten(image?.name ?? file?.name ?? '') : onOneLine(alt);
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function shorten(text: string): string {
  const line = onOneLine(text);
  const characters = [...line];
  return characters.length <= TEXT_MAX ? line : `${characters.slice(0, TEXT_MAX).join('')}…`;
}
