/** The sentence of a screen reader about the element that Tab has reached. Pure. */
import { isColorToken, type BoardElement, type ElementKind } from '@wetink/board';
import { isolated } from './sentences.ts';

const names: Record<ElementKind | 'unknown', string> = {
  stroke: 'drawing',
  line: 'line',
  arrow: 'arrow',
  rectangle: 'rectangle',
  ellipse: 'ellipse',
  text: 'text',
  image: 'picture',
  unknown: 'something of a newer version',
};
/** Characters of a text that are enough to recognize it. */
const TEXT_MAX = 80;

/**
 * 'Red rectangle, 2 of 5', 'Picture "A cat on a wall", 3 of 5', 'Text "Two boats", 5 of 5. Tab leaves the board.'
 *
 * @param place Counted from 1, in Tab order.
 */
export function elementSentence(element: BoardElement, place: number, count: number): string {
  const { color } = element.style;
  // Ink is the default colour and needs no mention; a custom colour has no name.
  const isNamed = element.kind !== 'unknown' && element.kind !== 'image' && isColorToken(color) && color !== 'ink';
  const name = `${isNamed ? `${color} ` : ''}${names[element.kind]}`;
  const words = element.kind === 'text' ? element.text : element.alt || (element.image?.name ?? '');
  const quoted = element.kind === 'text' || words !== '' ? ` "${isolated(shorten(words))}"` : '';
  const locked = element.isLocked ? ', locked' : '';
  const end = place === count ? '. Tab leaves the board.' : '';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${quoted}, ${place} of ${count}${locked}${end}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= TEXT_MAX ? line : `${characters.slice(0, TEXT_MAX).join('')}…`;
}
