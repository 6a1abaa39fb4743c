import { decodeInk, type FileElement } from '@wetink/board';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { looksLikeExcalidraw } from './dropped-file.ts';
import { fromExcalidrawInSteps } from './excalidraw.ts';
import type { ForeignDrawing } from './foreign-drawing.ts';

const base = {
  x: 10,
  y: 20,
  width: 100,
  height: 50,
  angle: 0,
  strokeColor: '#1e1e1e',
  backgroundColor: 'transparent',
  strokeWidth: 2,
  strokeStyle: 'solid',
  opacity: 100,
  groupIds: [],
  roundness: null,
  isDeleted: false,
  locked: false,
};

function read(scene: unknown): ForeignDrawing | null {
  const steps = fromExcalidrawInSteps(typeof scene === 'string' ? scene : JSON.stringify(scene));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
const elementsOf = (...elements: object[]): FileElement[] =>
  (read({ type: 'excalidraw/clipboard', elements: elements.map((element) => ({ ...base, ...element })) })?.elements ?? []) as FileElement[];

it('shapes keep their box, style and corners', () => {
  const [box, circle, diamond] = elementsOf(
    { type: 'rectangle', angle: 0.5, backgroundColor: '#FFC9C9', strokeStyle: 'dashed', roundness: { type: 3 }, locked: true },
    { type: 'ellipse', strokeColor: '#e03131', opacity: 40 },
    { type: 'diamond', strokeStyle: 'dotted' },
  );
  expect(box).toMatchObject({ kind: 'rectangle', geometry: { x: 10, y: 20, w: 100, h: 50, rotation: 0.5 }, isLocked: true });
  expect(box?.style).toMatchObject({ color: 'ink', fill: '#ffc9c9', width: 2, dash: 'dashed', corners: 'round' });
  expect(circle?.style).toMatchObject({ color: '#e03131', fill: 'none', opacity: 0.4, corners: 'sharp' });
  expect(diamond).toMatchObject({ kind: 'diamond', style: { dash: 'dotted' } });
});

it('text keeps its words, size and hand', () => {
  const [text] = elementsOf({ type: 'text', text: 'Two\nlines', fontSize: 28, fontFamily: 5 });
  expect(text).toMatchObject({ kind: 'text', text: 'Two\nlines', style: { fontSize: 28, font: 'hand' } });
});

it('a line keeps its bends and its heads, and freehand becomes a stroke', () => {
  const [line, arrow, bent, free] = elementsOf(
    { type: 'line', points: [[0, 0], [30, -40]] }, // prettier-ignore
    { type: 'arrow', points: [[5, 5], [0, 0]], endArrowhead: 'arrow' }, // prettier-ignore
    { type: 'arrow', points: [[0, 0], [30, 0], [30, 40]], startArrowhead: 'circle_outline', endArrowhead: 'triangle', roundness: { type: 2 } }, // prettier-ignore
    { type: 'freedraw', points: [[0, 0], [1, 2]], pressures: [0.2, 1], strokeWidth: 4 }, // prettier-ignore
  );
  expect(line).toMatchObject({ kind: 'line', geometry: { x: 10, y: 20, w: 30, h: -40 } });
  expect(arrow).toMatchObject({ kind: 'arrow', geometry: { x: 15, y: 25, w: -5, h: -5 } });
  expect(arrow?.style).toMatchObject({ startHead: 'auto', endHead: 'auto' });
  expect(bent).toMatchObject({ kind: 'arrow', ink: null, geometry: { x: 10, y: 20, w: 30, h: 40 }, points: [0, 0, 1, 0, 1, 1] });
  expect(bent?.style).toMatchObject({ startHead: 'dot', endHead: 'triangle', corners: 'round' });
  const [headless, odd] = elementsOf(
    { type: 'arrow', points: [[0, 0], [30, 0]], endArrowhead: null }, // prettier-ignore
    { type: 'line', points: [[0, 0], [30, 0]], startArrowhead: '__proto__' }, // prettier-ignore
  );
  expect([headless?.style.endHead, odd?.style.startHead]).toEqual(['none', 'arrow']);
  expect(free).toMatchObject({ kind: 'stroke', style: { width: 8 } });
  expect(decodeInk(free?.ink ?? new Uint8Array()).hasPressure).toBe(true);
});

it('frames are frames, with their name and what is in them, groups too', () => {
  const [frame, box, circle, beside] = elementsOf(
    { type: 'frame', id: 'f', name: 'Plan', angle: 1 },
    { type: 'rectangle', frameId: 'f', groupIds: ['f'] },
    { type: 'ellipse', frameId: 'f' },
    { type: 'ellipse', frameId: 'gone' },
  );
  expect(frame).toMatchObject({ kind: 'frame', text: 'Plan', groups: [], geometry: { x: 10, y: 20, w: 100, h: 50, rotation: 0 } });
  expect([box?.groups[0], box?.groups.length, circle?.groups]).toEqual([frame?.holds, 2, [frame?.holds]]);
  expect(beside?.groups).toEqual([]);
  const [inItself, nameless] = elementsOf(
    { type: 'frame', id: 'f', frameId: 'f', name: 'x'.repeat(900) },
    { type: 'magicframe', name: null },
  );
  expect([inItself?.groups, inItself?.text.length, nameless?.text]).toEqual([[], 200, '']);
});

it('groups are the same groups, the outermost first', () => {
  const groups = elementsOf(
    { type: 'rectangle', groupIds: ['inner', 'outer'] },
    { type: 'ellipse', groupIds: ['outer'] },
    { type: 'ellipse' },
  ).map((element) => element.groups);
  expect(groups[0]).toHaveLength(2);
  expect(groups[1]).toEqual([groups[0]?.[0]]);
  expect(groups[2]).toEqual([]);
});

it('pictures come with their bytes, deleted elements not at all, and the rest is counted by why it is left out', () => {
  const url = 'data:image/png;base64,AAAA';
  const found = read({
    type: 'excalidraw',
    elements: [
      { ...base, type: 'image', fileId: 'f', groupIds: ['g'] },
      { ...base, type: 'image', fileId: '__proto__' },
      { ...base, type: 'rectangle', isDeleted: true },
      { ...base, type: 'embeddable' },
      { ...base, type: 'rectangle', x: Infinity },
      { ...base, type: 'rectangle', x: 'left' },
      { ...base, type: 'embeddable', x: 'left' },
      { ...base, type: 'text', text: 'x'.repeat(100_001) },
      { ...base, type: 7 },
      null,
    ],
    files: { f: { dataURL: url } },
  });
  expect(found?.elements).toEqual([
    { kind: 'picture', url, geometry: { x: 10, y: 20, w: 100, h: 50, rotation: 0 }, groups: [1], isLocked: false },
  ]);
  expect(found?.leftOut).toEqual({ kind: 2, damaged: 5, long: 1, many: 0 });
});

it('what is no such JSON is left to be text', () => {
  expect(looksLikeExcalidraw('{"type":"excalidraw/clipboard","elements":[]}')).toBe(true);
  expect(looksLikeExcalidraw('A page about {"type":"excalidraw"}')).toBe(false);
  for (const text of ['{"type":"excalidraw/clipboard","elements":[', '{"type":"excalidraw"}', '[]', 'null']) expect(read(text)).toBe(null);
});

it('whatever is in it, every element that comes out can be put on a board', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          type: fc.constantFrom('rectangle', 'line', 'arrow', 'freedraw', 'text', 'image', 'frame', '__proto__'),
          x: fc.oneof(fc.double(), fc.string()),
          y: fc.double(),
          width: fc.double(),
          height: fc.double(),
          angle: fc.oneof(fc.double(), fc.constant(null)),
          points: fc.oneof(fc.array(fc.tuple(fc.double(), fc.double())), fc.jsonValue()),
          pressures: fc.jsonValue(),
          strokeColor: fc.oneof(fc.string(), fc.constant('#12')),
          strokeWidth: fc.oneof(fc.double(), fc.jsonValue()),
          opacity: fc.double(),
          fontSize: fc.double(),
          text: fc.jsonValue(),
          groupIds: fc.jsonValue(),
          startArrowhead: fc.jsonValue(),
          frameId: fc.oneof(fc.constantFrom('f', 'g'), fc.jsonValue()),
          id: fc.oneof(fc.constantFrom('f', 'g'), fc.jsonValue()),
          name: fc.jsonValue(),
        }),
      ),
      (elements) => {
        for (const element of read({ type: 'excalidraw', elements })?.elements ?? []) {
          for (const value of Object.values(element.geometry)) expect(Number.isFinite(value)).toBe(true);
          if (!('url' in element) && element.kind === 'stroke')
            expect(decodeInk(element.ink ?? new Uint8Array()).length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 200 },
  );
});
