import { createBoard, type BoardElement, type NewElement } from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { elementSentence } from './element-sentence.ts';

const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;

function made(what: Partial<NewElement> & Pick<NewElement, 'kind'>): BoardElement {
  const board = createBoard({ doc: new Y.Doc(), userId: 'ana' });
  const geometry = { x: 0, y: 0, w: 9, h: 9, rotation: 0 };
  const id = board.run((edit) => edit.create({ geometry, style, ...what } as NewElement));
  const element = board.get(id);
  if (element === undefined) throw new Error('not made');
  return element;
}

it('a screen reader hears the kind of element, its colour if that has a name, and its place in the order', () => {
  expect(elementSentence(made({ kind: 'rectangle' }), 2, 5)).toBe('Red rectangle, 2 of 5');
  expect(elementSentence(made({ kind: 'ellipse', style: { ...style, color: 'ink' } }), 1, 5)).toBe('Ellipse, 1 of 5');
  expect(elementSentence(made({ kind: 'arrow', style: { ...style, color: '#123456' } }), 1, 5)).toBe('Arrow, 1 of 5');
});

it('a screen reader hears a text, or the beginning of a long one, and when Tab leaves the board', () => {
  const text = made({ kind: 'text', style: { ...style, color: 'ink' } });
  expect(elementSentence({ ...text, text: 'Two\n  boats' }, 5, 5)).toBe('Text "Two boats", 5 of 5. Tab leaves the board.');
  expect(elementSentence({ ...text, text: '🎉'.repeat(500) }, 1, 2)).toBe(`Text "${'🎉'.repeat(80)}…", 1 of 2`);
  expect(elementSentence({ ...text, isLocked: true, text: '' }, 1, 2)).toBe('Text "", 1 of 2, locked');
});

it('a screen reader hears what a picture shows: all of its description, or else the name of its file', () => {
  const image = { hash: 'a'.repeat(64), type: 'image/png', width: 3, height: 2, bytes: 9, name: 'cat.png' } as const;
  const picture = made({ kind: 'image', image });
  expect(elementSentence(picture, 1, 5)).toBe('Picture "cat.png", 1 of 5');
  expect(elementSentence({ ...picture, alt: 'A cat on a wall' }, 1, 5)).toBe('Picture "A cat on a wall", 1 of 5');
  const long = 'A cat on a wall, and more. '.repeat(30).trim();
  expect(elementSentence({ ...picture, alt: long }, 1, 5)).toBe(`Picture "${long}", 1 of 5`);
  expect(elementSentence({ ...picture, image: { ...image, name: 'x'.repeat(200) } }, 1, 5)).toBe(`Picture "${'x'.repeat(80)}…", 1 of 5`);
  expect(elementSentence({ ...picture, image: { ...image, name: '' } }, 1, 5)).toBe('Picture, 1 of 5');
});

it('a screen reader hears how large a group is, and how to get into it', () => {
  expect(elementSentence(made({ kind: 'text' }), 1, 5, 3)).toBe('Group of 3 elements. Enter goes into it.');
});

it('D11: a right-to-left text does not reorder its sentence', () => {
  const text = made({ kind: 'text', style: { ...style, color: 'ink' } });
  expect(elementSentence({ ...text, text: 'שלום!' }, 2, 5)).toBe('Text "\u2068שלום!\u2069", 2 of 5');
});
