/** The sentence of a screen reader about the element that Tab has reached. Pure. */
import { isColorToken, type BoardElement, type ElementKind } from '@wetink/board';
import { isolated } from './sentences.ts';

const names: Record<ElementKind | 'unknown', string> = {
  stroke: 'drawing',
  line: 'line',
  arrow: 'arrow',
  rectangle: 'rectangle',
  ellipse: 'ellipse',
  diamond: 'diamond',
  triangle: 'triangle',
  hexagon: 'hexagon',
  star: 'star',
  cloud: 'cloud',
  bubble: 'speech bubble',
  cylinder: 'cylinder',
  checkbox: 'check box',
  text: 'text',
  image: 'picture',
  file: 'file',
  frame: 'frame',
  unknown: 'something of a newer version',
};
/** 'rectangle', 'speech bubble'. */
export function kindName(kind: BoardElement['kind']): string {
  return names[kind];
}

/** Characters of a text or file name that are enough to recognize it. */
const TEXT_MAX = 80;

/**
 * 'Red rectangle, 2 of 5', 'Picture "A cat on a wall", 3 of 5', 'Text "Two boats", 5 of 5. Tab leaves the board.'
 *
 * @param place Counted from 1, in Tab order.
 * @param grouped Elements of the group that it stands for; 1 for itself.
 */
export function elementSentence(element: BoardElement, place: number, count: number, grouped = 1): string {
  if (grouped > 1) return `Group of ${grouped} elements. Enter goes into it.`;
  const locked = element.isLocked ? ', locked' : '';
  const end = place === count ? '. Tab leaves the board.' : '';
  return `${elementName(element)}, ${place} of ${count}${locked}${end}`;
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
  const name = `${isNamed ? `${color} ` : ''}${names[element.kind]}`;
  const words = wordsOf(element);
  const quoted = element.kind === 'text' || words !== '' ? ` "${isolated(words)}"` : '';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${quoted}`;
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
