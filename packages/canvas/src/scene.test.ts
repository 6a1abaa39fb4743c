import { describe, expect, it } from 'vitest';
import type { BoardChange, BoardElement, ElementId } from '@wetink/board';
import { paintBox } from './bounds.ts';
import { plain, seeded, shape } from './fixtures/elements.ts';
import { boxesTouch, uniteAll, type Box } from './geometry.ts';
import { Scene } from './scene.ts';

const everywhere: Box = { minX: -1e6, minY: -1e6, maxX: 1e6, maxY: 1e6 };

/** A board as a scene sees it: elements by their places, and what changes. */
function setup(count: number, seed = 1) {
  const random = seeded(seed);
  const places = new Map<ElementId, string>();
  let elements: BoardElement[] = [];
  let made = 0;
  const make = (place = random()): BoardElement => {
    const id = `e${made++}` as ElementId;
    places.set(id, place.toFixed(9));
    return shape('rectangle', { x: random() * 1_000, y: random() * 1_000, w: random() * 40, h: random() * 40 }, { id });
  };
  const placeOf = (id: ElementId): string => places.get(id) ?? '';
  const set = (next: BoardElement[]): void => {
    elements = next.sort((a, b) => (placeOf(a.id) < placeOf(b.id) ? -1 : 1));
  };
  set(Array.from({ length: count }, () => make()));
  const scene = new Scene({ elements: () => elements, placeOf }, (element) => element);
  const apply = (change: Partial<BoardChange>) => {
    const { added = [], changed = [], removed = [] } = change;
    const gone = new Set([...removed, ...changed.map(({ before }) => before)]);
    set([...elements.filter((element) => !gone.has(element)), ...added, ...changed.map(({ after }) => after)]);
    return scene.apply({ added, changed, removed, isReordered: false, isLocal: true });
  };
  const move = (element: BoardElement): { before: BoardElement; after: BoardElement } => ({
    before: element,
    after: { ...element, geometry: { ...element.geometry, x: random() * 1_000 } },
  });
  const pick = (n: number): BoardElement[] => elements.filter(() => random() < n / elements.length);
  /** What is in the box, by looking at every element. */
  const expected = (box: Box): ElementId[] => elements.filter((element) => boxesTouch(paintBox(element), box)).map(({ id }) => id);
  const check = (): void => {
    const x = random() * 1_000;
    const box = { minX: x, minY: 200, maxX: x + 200, maxY: 500 };
    expect(scene.query(box).map(({ id }) => id)).toEqual(expected(box));
    expect(scene.queryUnordered(box)).toHaveLength(expected(box).length);
    expect(scene.count(box, 50)).toBe(Math.min(50, expected(box).length));
    expect(scene.count(everywhere, 1e9)).toBe(elements.length);
    expect(scene.size).toBe(elements.length);
    expect(scene.bounds()).toEqual(uniteAll(elements.map(paintBox)));
  };
  return { scene, apply, check, make, move, pick, elements: () => elements };
}

/** One that a slice of any length can't finish. */
function stepping(): () => number {
  let now = 0;
  return () => now++;
}

describe('[N1] the elements by place', () => {
  it('a query finds the same elements in the same order as a full search, however much of the changes is indexed', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seeded(seed);
      const { scene, apply, check, make, move, pick } = setup(random() < 0.5 ? 40 : 3_000, seed);
      const now = stepping();
      check();
      for (let round = 0; round < 12; round++) {
        const many = (n: number): number => (random() < 0.3 ? n * 100 : n);
        const removed = pick(many(8));
        const changed = pick(many(8)).filter((element) => !removed.includes(element));
        apply({ added: Array.from({ length: many(6) }, () => make()), removed, changed: changed.map(move) });
        check();
        scene.work(random() * 4, now);
        check();
      }
      apply({ removed: [...pick(1e9)] });
      check();
    }
  });

  it('a change lists elements added on top, bottom to top, apart from others', () => {
    const { apply, make, elements } = setup(100);
    const [low, high] = [make(5), make(6)];
    expect(apply({ added: [high, low] })).toMatchObject({ spoiled: [], shown: [], onTop: [low, high] });
    const between = make(5.5);
    const { onTop, shown } = apply({ added: [between, make(7)] });
    expect(onTop).toEqual([]);
    expect(shown).toHaveLength(2);
    expect(elements().at(-3)).toBe(between);
  });

  it('P3: many thousands of elements added at once are found before they are indexed, and indexed in slices', () => {
    const { scene, apply, make, check } = setup(0);
    apply({ added: Array.from({ length: 20_000 }, () => make()) });
    check();
    const now = stepping();
    let slices = 1;
    while (scene.work(5, now)) slices++;
    expect(slices).toBeGreaterThan(5);
    check();
  });

  it('P6: all that was cleared at once comes back with its index, and anew where any of it has changed or is missing', () => {
    const { scene, apply, check, make, move, elements } = setup(3_000);
    const before = scene.bounds();
    const clear = (): BoardElement[] => {
      const removed = [...elements()];
      expect(apply({ removed }).spoiled).toEqual([before]);
      check();
      return removed;
    };
    scene.work(Infinity, stepping());
    expect(apply({ added: clear() }).spoiled).toEqual([before]);
    expect(scene.work(0, stepping()), 'nothing is left to be indexed').toBe(false);
    check();

    const [first, ...others] = clear() as [BoardElement, ...BoardElement[]];
    apply({ added: [move(first).after, ...others] });
    check();
    apply({ changed: [{ before: elements().find(({ id }) => id === first.id) as BoardElement, after: first }] });
    scene.work(Infinity, stepping());

    const all = clear();
    const above = make();
    apply({ added: [above] });
    apply({ removed: [above] });
    apply({ added: all.slice(1) });
    check();
    apply({ added: all.slice(0, 1) });
    check();
  });

  it('when fonts change only text gets another box', () => {
    const text = shape('text', { x: 0, y: 0, w: 10, h: 10 }, { text: 'hi', style: plain });
    const box = shape('rectangle', { x: 50, y: 0, w: 10, h: 10 });
    const scene = new Scene({ elements: () => [text, box], placeOf: (id) => id }, (element) => element);
    const { spoiled, shown } = scene.refit((element) => ({ ...element, geometry: { ...element.geometry, w: 99 } }));
    expect(shown).toHaveLength(1);
    expect(spoiled).toHaveLength(2);
    expect(scene.get(text.id)?.geometry.w).toBe(99);
    expect(scene.get(box.id)).toBe(box);
  });
});
