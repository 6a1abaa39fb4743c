import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { plain, shape } from './fixtures/elements.ts';
import { sceneOf, stepping } from './fixtures/scene-of.ts';
import { Scene } from './scene.ts';

describe('the elements by place', () => {
  it('[N1] a change lists elements added on top, bottom to top, apart from others', () => {
    const { apply, make, elements } = sceneOf(100);
    const [low, high] = [make(5), make(6)];
    expect(apply({ added: [high, low] })).toMatchObject({ spoiled: [], shown: [], onTop: [low, high] });
    const between = make(5.5);
    const { onTop, shown } = apply({ added: [between, make(7)] });
    expect(onTop).toEqual([]);
    expect(shown).toHaveLength(2);
    expect(elements().at(-3)).toBe(between);
  });

  it('[N1] P3: many thousands of elements added at once are found before they are indexed, and indexed in slices', () => {
    const { scene, apply, make, check } = sceneOf(0);
    apply({ added: Array.from({ length: 20_000 }, () => make()) });
    check();
    const now = stepping();
    let slices = 1;
    while (scene.work(5, now)) slices++;
    expect(slices).toBeGreaterThan(5);
    check();
  });

  it('[N1] P6: elements that were cleared at once come back with their index, and are indexed again if one has changed or is missing', () => {
    const { scene, apply, check, make, move, elements } = sceneOf(3_000);
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

  it('[N1] when fonts change only text gets another box', () => {
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
