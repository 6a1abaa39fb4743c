import { createBoard, decodeInk, importElementsInSteps, type Board, type FileElement } from '@wetink/board';
import { measureAnywhere } from '@wetink/canvas';
import fc from 'fast-check';
import lz from 'lz-string';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { noneLeftOut, tldrawInMarkup, type ForeignDrawing } from './foreign-drawing.ts';
import { fromTldrawInSteps } from './tldraw.ts';

const look = { color: 'black', labelColor: 'black', fill: 'none', dash: 'draw', size: 'm', font: 'draw', scale: 1 };

function shapeOf(shape: Record<string, unknown>, index: number): object {
  const { props, ...rest } = shape;
  const common = { typeName: 'shape', x: 10, y: 20, rotation: 0, parentId: 'page:p', isLocked: false, opacity: 1, meta: {} };
  return { ...common, id: `shape:${index}`, index: `a${index}`, ...rest, props: { ...look, ...(props as object | undefined) } };
}

/** As tldraw writes it since its third version. */
function copied(
  shapes: readonly object[],
  { assets = [], bindings = [] as unknown }: { assets?: unknown; bindings?: unknown } = {},
): string {
  const otherCompressed = lz.compressToBase64(JSON.stringify({ shapes, bindings, rootShapeIds: [], schema: {} }));
  return JSON.stringify({ type: 'application/tldraw', kind: 'content', version: 3, data: { assets, otherCompressed } });
}

/** As its second version did. */
function plainly(shapes: readonly unknown[]): string {
  return JSON.stringify({ type: 'application/tldraw', kind: 'content', version: 2, data: { shapes, assets: [] } });
}

function finish<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
const read = (text: string): ForeignDrawing | null => finish(fromTldrawInSteps(text, measureAnywhere()));
const drawingOf = (shapes: Record<string, unknown>[], more?: Parameters<typeof copied>[1]): ForeignDrawing => {
  const drawing = read(copied(shapes.map(shapeOf), more));
  if (drawing === null) throw new Error('not read');
  return drawing;
};
const elementsOf = (...shapes: Record<string, unknown>[]): FileElement[] => drawingOf(shapes).elements as FileElement[];

it('is found in markup from a clipboard, in all of its versions', () => {
  const shapes = [shapeOf({ type: 'geo', props: { geo: 'star', w: 300, h: 5, text: 'a & b' } }, 0)];
  const plain = plainly(shapes);
  const kindsIn = (markup: string): unknown => {
    const content = tldrawInMarkup(markup);
    return content === null ? null : read(content)?.elements.map(({ kind }) => kind);
  };
  expect(kindsIn(`<meta charset='utf-8'><div data-tldraw>${copied(shapes)}</div>`)).toEqual(['star', 'text']);
  expect(kindsIn(`<div data-tldraw="" style="color: red">${plain.replaceAll('&', '&amp;')}</div>`)).toEqual(['star', 'text']);
  expect(kindsIn(`<div data-tldraw>${lz.compressToBase64(plain)}</div>`)).toEqual(['star', 'text']);
  const amp = read(plain.replaceAll('&', '&amp;'))?.elements[1] as FileElement | undefined;
  expect(amp?.text).toBe('a & b');
  expect(tldrawInMarkup('<div data-tldrawn>x</div>')).toBe(null);
  expect(tldrawInMarkup('<div data-tldraw>{"type":')).toBe(null);
});

it('text that is damaged, or of another program, is nothing', () => {
  const other = JSON.stringify({ type: 'application/other', data: { shapes: [] } });
  const broken = JSON.stringify({ type: 'application/tldraw', version: 3, data: { assets: [], otherCompressed: 'x!' } });
  for (const text of ['', '{', 'null', '[]', '{"type":"application/tldraw"}', other, broken, 'AAAA', copied([]).slice(0, -20)])
    expect(read(text)).toBe(null);
  expect(read(copied([]))).toEqual({ elements: [], leftOut: noneLeftOut });
});

it('shapes become the nearest kind, with their place, turned about their middle, and their look', () => {
  const [box, oval, trapezoid, prototype] = elementsOf(
    { type: 'geo', isLocked: true, opacity: 0.5, props: { geo: 'rectangle', w: 100, h: 40, growY: 10, color: 'light-red', fill: 'solid', dash: 'dotted', size: 'xl', scale: 2 } }, // prettier-ignore
    { type: 'geo', rotation: Math.PI / 2, props: { geo: 'oval', w: 100, h: 50, fill: 'semi', color: 'blue' } },
    { type: 'geo', props: { geo: 'trapezoid', w: 1, h: 1 } },
    { type: 'geo', props: { geo: '__proto__', color: 'constructor', size: 'toString', w: 1, h: 1 } },
  );
  expect(box).toMatchObject({ kind: 'rectangle', geometry: { x: 10, y: 20, w: 100, h: 50, rotation: 0 }, isLocked: true });
  expect(box?.style).toMatchObject({ color: 'pink', fill: 'pink', dash: 'dotted', width: 20, opacity: 0.5 });
  // Turned a quarter about its corner: what was to the right is below, what was below is to the left.
  expect(oval).toMatchObject({ kind: 'ellipse', style: { color: 'blue', fill: 'white' } });
  expect([oval?.geometry.x, oval?.geometry.y].map((value) => Math.round(value ?? 0))).toEqual([-65, 45]);
  expect([trapezoid?.kind, prototype?.kind, prototype?.style.color]).toEqual(['rectangle', 'rectangle', 'ink']);
});

it('words in a shape are a text in its middle, grouped with it, and broken between words', () => {
  const richText = {
    type: 'doc',
    content: [
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'One ' },
          { type: 'text', text: 'two', marks: [{ type: 'bold' }] },
        ],
      },
      { type: 'bulletList', content: [{ type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'three' }] }] }] },
    ],
  };
  const [box, text, note, words] = elementsOf(
    { type: 'geo', props: { geo: 'rectangle', w: 400, h: 200, richText, font: 'mono', labelColor: 'red' } },
    { type: 'note', props: { color: 'yellow', text: 'a note with more words than a line of it has room for', growY: 20 } },
  );
  expect(text).toMatchObject({ kind: 'text', text: 'One two\n• three', style: { font: 'mono', color: 'red', fontSize: 22 } });
  expect(text?.groups).toEqual(box?.groups);
  expect(box?.groups).toHaveLength(1);
  const middle = (element: FileElement | undefined): number[] => [
    (element?.geometry.x ?? 0) + (element?.geometry.w ?? 0) / 2,
    (element?.geometry.y ?? 0) + (element?.geometry.h ?? 0) / 2,
  ];
  expect(middle(text)).toEqual(middle(box));
  expect(note).toMatchObject({ kind: 'rectangle', geometry: { w: 200, h: 220 }, style: { fill: 'yellow' } });
  expect(words?.text.split('\n').length).toBeGreaterThan(2);
  expect(words?.text.replaceAll('\n', ' ')).toBe('a note with more words than a line of it has room for');
  expect(note?.groups).not.toEqual(box?.groups);
});

it('text keeps its words, and its width only where it was given one', () => {
  const [free, narrow] = elementsOf(
    { type: 'text', props: { text: 'many words in a row', autoSize: true, w: 40, size: 'xl', font: 'serif' } },
    { type: 'text', props: { text: 'many words in a row', autoSize: false, w: 100 } },
  );
  expect(free).toMatchObject({ kind: 'text', text: 'many words in a row', style: { fontSize: 44, font: 'sans' } });
  expect(narrow?.text).toContain('\n');
  expect(drawingOf([{ type: 'text', props: { text: '  ' } }])).toEqual({ elements: [], leftOut: { ...noneLeftOut, damaged: 1 } });
  const long = { text: 'x'.repeat(100_001) };
  const box = { type: 'geo', props: { geo: 'star', w: 1, h: 1, ...long } };
  expect(drawingOf([{ type: 'text', props: long }, box])).toMatchObject({
    elements: [{ kind: 'star' }],
    leftOut: { ...noneLeftOut, long: 2 },
  });
});

it('freehand is ink, from lists of points and from packed ones', () => {
  const path = Buffer.alloc(12 + 6);
  [5, 5, 0.25].forEach((value, i) => path.writeFloatLE(value, 4 * i));
  // 16-bit floats: 1, -2 and 0.25.
  [0x3c00, 0xc000, 0x3400].forEach((value, i) => path.writeUInt16LE(value, 12 + 2 * i));
  const points = [{ x: 5, y: 5, z: 0.25 }, { x: 6, y: 3, z: 0.5 }]; // prettier-ignore
  const [listed, packed, marker] = elementsOf(
    { type: 'draw', rotation: 0, props: { isPen: true, segments: [{ type: 'free', points }] } },
    { type: 'draw', props: { isPen: true, segments: [{ type: 'free', path: path.toString('base64'), dim: 3 }] } },
    { type: 'highlight', props: { color: 'yellow', segments: [{ type: 'straight', points }] } },
  );
  const inkOf = (element: FileElement | undefined): number[] =>
    [...decodeInk(element?.ink ?? new Uint8Array()).xyp].map((value) => Math.round(value * 8) / 8);
  expect(inkOf(listed)).toEqual([15, 25, 0.25, 16, 23, 0.5]);
  expect(inkOf(packed)).toEqual(inkOf(listed));
  expect(marker).toMatchObject({ kind: 'stroke', style: { color: 'yellow', opacity: 0.4, width: 21 } });
  const bad = (segments: unknown): Record<string, unknown> => ({ type: 'draw', props: { segments } });
  expect(drawingOf([bad([{ path: '!' }]), bad([{ path: 'AAAA' }]), bad([{ points: [{ x: 'a', y: 1 }] }]), bad(1)]).leftOut.damaged).toBe(4);
});

it('lines and arrows keep their points, bends and heads; an end that is tied to a shape is at its edge', () => {
  const [line, bent, elbow] = elementsOf(
    { type: 'line', props: { spline: 'cubic', points: { b: { index: 'a2', x: 30, y: 40 }, a: { index: 'a1', x: 0, y: 0 }, c: { index: 'a3', x: 60, y: 0 } } } }, // prettier-ignore
    { type: 'arrow', props: { start: { x: 0, y: 0 }, end: { x: 100, y: 0 }, bend: 20, arrowheadStart: 'dot', arrowheadEnd: 'arrow' } },
    { type: 'arrow', props: { kind: 'elbow', start: { x: 0, y: 0 }, end: { x: 100, y: 50 }, arrowheadEnd: '__proto__' } },
  );
  expect(line).toMatchObject({ kind: 'line', geometry: { x: 10, y: 20, w: 60, h: 40 }, points: [0, 0, 0.5, 1, 1, 0] });
  expect(line?.style.corners).toBe('round');
  expect(bent).toMatchObject({ geometry: { x: 10, y: 20, w: 100, h: 20 }, style: { startHead: 'dot', endHead: 'auto' } });
  expect(elbow).toMatchObject({ points: [0, 0, 0.5, 0, 0.5, 1, 1, 1], style: { corners: 'sharp', endHead: 'auto' } });

  const boxes = [0, 300].map((x, i) => ({ id: `shape:box${i}`, type: 'geo', x, y: 0, props: { geo: 'rectangle', w: 100, h: 100 } }));
  const anchor = { normalizedAnchor: { x: 0.5, y: 0.5 }, isPrecise: true };
  const ends = { start: { x: 0, y: 0 }, end: { x: 2, y: 0 } };
  const bindings = ['start', 'end'].map((terminal, i) => ({
    fromId: 'shape:tied',
    toId: `shape:box${i}`,
    props: { ...anchor, terminal, isExact: i === 1 },
  }));
  const old = { type: 'binding', boundShapeId: 'shape:box0', ...anchor };
  const { elements } = drawingOf(
    [
      ...boxes,
      { id: 'shape:tied', type: 'arrow', x: 0, y: 0, props: ends },
      { type: 'arrow', x: 0, y: 0, props: { start: old, end: { x: 350, y: 50 } } },
    ],
    { bindings },
  );
  // From the edge of the first box into the middle of the second.
  expect(elements[2]).toMatchObject({ kind: 'arrow', geometry: { x: 100, y: 50, w: 250, h: 0 } });
  expect(elements[3]).toMatchObject({ kind: 'arrow', geometry: { x: 100, y: 50, w: 250, h: 0 } });
});

it('frames hold what is in them, groups too, and places add up', () => {
  const [frame, inFrame, inGroup, deeper] = elementsOf(
    { id: 'shape:f', type: 'frame', x: 1_000, y: 0, rotation: 1, props: { w: 400, h: 300, name: 'x'.repeat(900) } },
    { type: 'geo', parentId: 'shape:f', rotation: -1, x: 0, y: 0, props: { geo: 'star', w: 10, h: 10 } },
    { id: 'shape:g', type: 'group', parentId: 'shape:f', rotation: -1, x: 0, y: 0 },
    { type: 'geo', parentId: 'shape:g', x: 5, y: 6, props: { geo: 'star', w: 10, h: 10 } },
    { type: 'geo', parentId: 'shape:g', x: 5, y: 6, props: { geo: 'star', w: 10, h: 10 } },
  );
  expect([frame?.kind, frame?.text.length, frame?.geometry.rotation]).toEqual(['frame', 200, 0]);
  expect([inFrame?.groups, inGroup?.groups[0], inGroup?.groups.length]).toEqual([[frame?.holds], frame?.holds, 2]);
  expect(deeper?.groups).toEqual(inGroup?.groups);
  expect(inFrame?.geometry).toMatchObject({ x: 1_000, y: 0, rotation: 0 });
  expect(inGroup?.geometry).toMatchObject({ x: 1_005, y: 6 });
});

it('shapes come bottom to top, whatever their order in the JSON', () => {
  const kinds = elementsOf(
    { index: 'a3', type: 'geo', props: { geo: 'star', w: 1, h: 1 } },
    { index: 'a1', type: 'geo', props: { geo: 'ellipse', w: 1, h: 1 } },
    { index: 'a2', type: 'geo', props: { geo: 'cloud', w: 1, h: 1 } },
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(['ellipse', 'cloud', 'star']);
});

it('pictures come with their bytes, and nothing is fetched for them', () => {
  const url = 'data:image/png;base64,AAAA';
  const assets = [
    { id: 'asset:1', type: 'image', typeName: 'asset', props: { src: url } },
    { id: 'asset:2', type: 'image', typeName: 'asset', props: { src: 'https://elsewhere.example/pixel.png' } },
    { id: 'asset:3', type: 'video', typeName: 'asset', props: { src: url } },
    null,
  ];
  const images = [1, 2, 3, 4].map((i) => ({ type: 'image', props: { w: 30, h: 20, assetId: `asset:${i}` } }));
  const { elements, leftOut } = drawingOf(images, { assets });
  expect(elements).toEqual([{ kind: 'picture', url, geometry: { x: 10, y: 20, w: 30, h: 20, rotation: 0 }, groups: [], isLocked: false }]);
  expect(leftOut).toEqual({ ...noneLeftOut, damaged: 3 });
});

it('shapes in themselves, in each other, twice or without a place are left out and counted', () => {
  const box = { type: 'geo', props: { geo: 'star', w: 1, h: 1 } };
  const { elements, leftOut } = drawingOf([
    { ...box, id: 'shape:self', parentId: 'shape:self' },
    { id: 'shape:a', type: 'group', parentId: 'shape:b' },
    { id: 'shape:b', type: 'group', parentId: 'shape:a' },
    { ...box, parentId: 'shape:b' },
    { ...box, x: 'left' },
    { ...box, y: 1e300 },
    { ...box, type: 'video' },
    { ...box, type: '__proto__' },
    { ...box, id: 'shape:twice' },
    { ...box, id: 'shape:twice', parentId: 'shape:twice' },
  ]);
  expect(elements).toHaveLength(2);
  expect(leftOut).toEqual({ ...noneLeftOut, kind: 2, damaged: 6 });
});

it('a tower of groups is read without a stack as high, and only as many shapes as a board takes at once', () => {
  const tower = Array.from({ length: 5_000 }, (_, i) => ({
    id: `shape:${i}`,
    type: i === 4_999 ? 'geo' : 'group',
    x: 0.5,
    y: 0,
    parentId: i === 0 ? 'page:p' : `shape:${i - 1}`,
    props: { geo: 'star', w: 1, h: 1 },
  }));
  const [star] = (read(plainly(tower.map(shapeOf)))?.elements ?? []) as FileElement[];
  expect(star?.geometry.x).toBe(2_500);
  expect(star?.groups.length).toBeLessThan(100);
  const many = Array.from({ length: 50_010 }, () => null);
  expect(read(plainly(many))).toEqual({ elements: [], leftOut: { ...noneLeftOut, damaged: 50_000, many: 10 } });
});

it('whatever is in it, all that comes out can be put on a board', () => {
  const number = fc.oneof(fc.double(), fc.integer({ min: -1_000, max: 1_000 }));
  const name = fc.constantFrom('shape:a', 'shape:b', 'shape:c', 'page:p', '__proto__');
  const point = fc.oneof(fc.record({ x: number, y: number, z: number, index: fc.string() }), fc.jsonValue());
  const props = fc.record(
    {
      geo: fc.constantFrom('rectangle', 'cloud', '__proto__'),
      w: number,
      h: number,
      growY: number,
      scale: fc.oneof(number, fc.jsonValue()),
      color: fc.constantFrom('red', 'valueOf'),
      size: fc.constantFrom('s', 'xl', '__proto__'),
      fill: fc.constantFrom('none', 'semi', 'pattern'),
      text: fc.oneof(fc.string(), fc.jsonValue()),
      richText: fc.oneof(
        fc.jsonValue(),
        fc.constant({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }] }),
      ),
      segments: fc.oneof(fc.array(fc.record({ points: fc.array(point) })), fc.array(fc.record({ path: fc.base64String(), dim: number }))),
      isPen: fc.boolean(),
      points: fc.oneof(fc.array(point), fc.dictionary(fc.string(), point)),
      start: point,
      end: point,
      bend: number,
      kind: fc.constantFrom('arc', 'elbow'),
      name: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const shape = fc.record({
    id: name,
    parentId: name,
    type: fc.constantFrom('geo', 'draw', 'line', 'arrow', 'text', 'note', 'frame', 'group', 'highlight', 'bookmark'),
    x: number,
    y: number,
    rotation: number,
    index: fc.oneof(fc.string(), fc.jsonValue()),
    opacity: number,
    isLocked: fc.oneof(fc.boolean(), fc.jsonValue()),
    props,
  });
  const bindings = fc.array(fc.record({ fromId: name, toId: name, props: fc.record({ terminal: fc.constantFrom('start', 'end'), normalizedAnchor: point }) })); // prettier-ignore
  fc.assert(
    fc.property(fc.array(fc.oneof(shape, fc.jsonValue()), { maxLength: 8 }), bindings, (shapes, ties) => {
      const drawing = read(copied(shapes as object[], { bindings: ties }));
      const elements = (drawing?.elements ?? []) as FileElement[];
      const board: Board = createBoard({ doc: new Y.Doc(), userId: 'u-me' });
      finish(importElementsInSteps(board, elements));
      expect(board.count).toBe(elements.length);
    }),
    { numRuns: 150 },
  );
});
