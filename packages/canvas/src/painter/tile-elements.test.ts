import { describe, expect, it } from 'vitest';
import type { BoardElement, ElementId } from '@wetink/board';
import { shape } from '../fixtures/elements.ts';
import { Scene } from '../scene.ts';
import { TileElements } from './tile-elements.ts';

const tile = { minX: 0, minY: 0, maxX: 100, maxY: 100 };
const none: ReadonlySet<ElementId> = new Set();

/** Boxes of 10 by 10 units, every other one inside the tile. */
function setup(count: number) {
  const elements: BoardElement[] = Array.from({ length: count }, (_, i) =>
    shape('rectangle', { x: i % 2 === 0 ? i % 90 : 500, y: 50, w: 10, h: 10 }, { id: `e${String(i).padStart(6, '0')}` as ElementId }),
  );
  const scene = new Scene({ elements: () => elements, placeOf: (id) => id }, (element) => element);
  const remove = (element: BoardElement): void =>
    void scene.apply({ added: [], changed: [], removed: [element], isReordered: false, isLocal: true });
  return { elements, scene, remove, inTile: elements.filter((_, i) => i % 2 === 0) };
}

function takeAll(of: TileElements, cost = 2_000): BoardElement[] {
  const all: BoardElement[] = [];
  while (!of.isDone) all.push(...of.take(1, cost));
  return all;
}

describe('the elements of a tile', () => {
  it.each([100, 20_000])('[P4] on a board of %i elements those of a tile come bottom to top, each once, in batches', (count) => {
    const { scene, inTile } = setup(count);
    const of = new TileElements(scene, tile, none);
    expect(of.take(1, 2_000).length).toBeLessThan(10);
    const again = new TileElements(scene, tile, none);
    expect(takeAll(again)).toEqual(inTile);
  });

  it('[P4] P3: on a board of 20,000 elements the first batch looks at a few hundred and does not sort all', () => {
    const { scene } = setup(20_000);
    let looks = 0;
    const boxOf = scene.boxOf.bind(scene);
    scene.boxOf = (id) => (looks++, boxOf(id));
    const of = new TileElements(scene, { ...tile, minX: -1, maxX: 0 }, none);
    expect(of.take(1, 2_000).length).toBeGreaterThan(0);
    expect(looks).toBeLessThan(400);
  });

  it('[P4] elements removed or hidden between batches are left out, elements added on top come last', () => {
    const { scene, remove, inTile } = setup(20_000);
    const [, second, third] = inTile;
    if (second === undefined || third === undefined) throw new Error('too few');
    const of = new TileElements(scene, tile, new Set([third.id]));
    remove(second);
    const above = shape('rectangle', { x: 0, y: 0, w: 10, h: 10 }, { id: 'f' as ElementId });
    scene.apply({ added: [above], changed: [], removed: [], isReordered: false, isLocal: true });
    of.push(above);
    const taken = takeAll(of);
    expect(taken).toEqual([...inTile.filter((element) => element !== second && element !== third), above]);
  });

  it('[P4] an empty tile is recognised at once', () => {
    const { scene } = setup(20_000);
    expect(new TileElements(scene, { minX: 300, minY: 0, maxX: 400, maxY: 100 }, none).isEmpty).toBe(true);
  });
});
