import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Device, device, draw, rectangle, shownBoard, syncAll, Wall } from '../testing/people.ts';
import type { BoardElement, ElementId, ReorderTarget } from '../types.ts';
import { PaintOrder } from './paint-order.ts';

const order = (at: Device): ElementId[] => at.board.elements().map((element) => element.id);

/** The expected result of reordering, computed on a plain array. */
function reordered(ids: readonly string[], moving: ReadonlySet<string>, to: ReorderTarget): string[] {
  const moved = ids.filter((id) => moving.has(id));
  const rest = ids.filter((id) => !moving.has(id));
  if (to === 'front') return [...rest, ...moved];
  if (to === 'back') return [...moved, ...rest];
  const result = [...ids];
  const swap = (i: number, j: number): void => {
    const [a, b] = [result[i] as string, result[j] as string];
    if (moving.has(a) && !moving.has(b)) [result[i], result[j]] = [b, a];
  };
  if (to === 'forward') for (let i = result.length - 2; i >= 0; i--) swap(i, i + 1);
  else for (let i = 1; i < result.length; i++) swap(i, i - 1);
  return result;
}

describe('reordering, as on a plain list', () => {
  it.each(['front', 'back', 'forward', 'backward'] as const)(
    '[O4] %s moves any selection as on a plain list and writes only the moved elements',
    (to) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(255), { minLength: 1, maxLength: 6 }), (count, picks) => {
          const ana = device('ana', new Wall());
          const ids = ana.board.run((edit) => Array.from({ length: count }, () => edit.create(rectangle())));
          let expected: string[] = [...ids];
          for (const pick of picks) {
            const moving = new Set(expected.filter((_, i) => (pick >> i) & 1));
            ana.outbox.length = 0;
            const written = new Map(ana.doc.getMap('z').entries());
            ana.board.run((edit) => edit.reorder([...moving] as ElementId[], to));
            const after = reordered(expected, moving, to);
            expect(order(ana)).toEqual(after);
            for (const [id, value] of ana.doc.getMap('z').entries()) if (written.get(id) !== value) expect(moving.has(id)).toBe(true);
            if (after.join() === expected.join()) expect(ana.outbox).toEqual([]);
            expected = after;
          }
          expect(shownBoard(device('ben', new Wall(), { state: ana.state() }))).toBe(shownBoard(ana));
        }),
        { numRuns: 60, seed: 2 },
      );
    },
  );

  const presses = fc.array(
    fc.record({
      who: fc.nat(2),
      what: fc.constantFrom('front', 'back', 'back', 'forward', 'backward', 'undo', 'undo', 'redo', 'draw', 'meet'),
      picks: fc.integer({ min: 1, max: 63 }),
    }),
    { minLength: 3, maxLength: 25 },
  );

  it('[O4] [O5] L13: one press moves by one place, whatever was put into one gap at once and undone since', () => {
    fc.assert(
      fc.property(presses, fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), (steps, clientIds) => {
        const wall = new Wall();
        const ana = device('ana', wall, { clientId: clientIds[0] as number });
        for (let i = 0; i < 4; i++) draw(ana);
        const people = [
          ana,
          ...['ben', 'cid'].map((user, i) => device(user, wall, { state: ana.state(), clientId: clientIds[i + 1] as number })),
        ];
        for (const { who, what, picks } of steps) {
          const at = people[who] as Device;
          wall.pass(1);
          if (what === 'undo' || what === 'redo') at.board[what]();
          else if (what === 'draw') draw(at);
          else if (what === 'meet') syncAll(...people);
          else {
            const before = order(at);
            const moving = before.filter((_, i) => (picks >> i) & 1);
            const written = new Map(at.doc.getMap('z').entries());
            at.board.run((edit) => edit.reorder(moving, what));
            expect(order(at)).toEqual(reordered(before, new Set(moving), what));
            expect(shownBoard(device('dan', wall, { state: at.state() }))).toBe(shownBoard(at));
            for (const [id, value] of at.doc.getMap('z').entries()) {
              const [old, now] = [written.get(id), value] as [[string, string] | undefined, [string, string]];
              // A neighbour that only makes room keeps its tag.
              if (old !== undefined && !moving.includes(id as ElementId)) expect(now[1]).toBe(old[1]);
            }
          }
        }
        syncAll(...people);
        for (const at of people) expect(shownBoard(at)).toBe(shownBoard(ana));
      }),
      { numRuns: 150, seed: 2 },
    );
  });
});

describe('the kept order', () => {
  it('[B1] [B2] any batch of changes gives the same order as sorting everything, and arrays handed out never change', () => {
    const element = (name: string): BoardElement => ({ id: name }) as unknown as BoardElement;
    const names = fc.oneof(fc.uniqueArray(fc.nat(400), { maxLength: 20 }), fc.uniqueArray(fc.nat(400), { minLength: 80, maxLength: 120 }));
    const batch = fc.record({ add: names, remove: fc.nat(3), replace: fc.nat(3), looks: fc.boolean() });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), (batches) => {
        const order = new PaintOrder();
        const model = new Map<string, BoardElement>();
        const handedOut: { list: readonly BoardElement[]; copy: BoardElement[] }[] = [];
        for (const [round, { add, remove, replace, looks }] of batches.entries()) {
          const places = [...model.keys()];
          const removed = places.filter((_, i) => remove > 0 && i % (remove + 1) === 0);
          for (const place of removed) model.delete(place);
          const replaced = [...model.keys()]
            .filter((_, i) => replace > 0 && i % (replace + 1) === 0)
            .map((place) => ({ place, element: element(`${place} ${round}`) }));
          const added = add
            .map((n) => String(n).padStart(4, '0'))
            .filter((place) => !model.has(place) && !removed.includes(place))
            .map((place) => ({ place, element: element(`${place} ${round}`) }));
          for (const { place, element: next } of [...replaced, ...added]) model.set(place, next);
          order.patch(removed, added, replaced);
          const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shown]) => shown);
          expect(order.count).toBe(expected.length);
          if (!looks) continue;
          expect(order.elements()).toEqual(expected);
          handedOut.push({ list: order.elements(), copy: [...order.elements()] });
        }
        for (const { list, copy } of handedOut) expect(list).toEqual(copy);
      }),
      { numRuns: 150, seed: 2 },
    );
  });
});
