import * as fc from 'fast-check';
import { generateKeyBetween } from 'fractional-indexing';
import { describe, expect, it } from 'vitest';
import { elementId, stepKey } from '../document/keys.ts';
import { implicitOrderKey, isOrderKey } from '../document/order-key.ts';
import { type Device, device, draw, rectangle, shownBoard, syncAll, Wall } from '../testing/people.ts';
import type { ElementId, SessionId } from '../types.ts';

const order = (at: Device): ElementId[] => at.board.elements().map((element) => element.id);
const HOUR_MS = 3_600_000;

describe('paint order', () => {
  it('[O1] elements sort by the time of their step, then by counter, and store no key', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const first = draw(ana);
    wall.pass(5);
    const later = draw(ana);
    const between = device('cid', wall, { skewMs: -3 });
    const middle = draw(between);
    syncAll(ana, ben, between);
    expect(order(ben)).toEqual([first, middle, later]);
    const many = ana.board.run((edit) => Array.from({ length: 40 }, () => edit.create(rectangle())));
    expect(order(ana).slice(3)).toEqual(many);
    expect(ana.doc.getMap('z').size).toBe(0);
    expect(ana.board.elements().every((element) => element.z === null)).toBe(true);
  });

  it('[O1] [O2] implicit keys are order keys and sort as (time, session, counter)', () => {
    const session = fc.constantFrom('00000000', 'Az09Zz00', 'zzzzzzzz') as fc.Arbitrary<SessionId>;
    const made = fc.record({ time: fc.integer({ min: 0, max: 36 ** 8 - 1 }), session, counter: fc.integer({ min: 0, max: 36 ** 7 - 1 }) });
    fc.assert(
      fc.property(made, made, (a, b) => {
        const key = (at: typeof a): string => implicitOrderKey(stepKey(at.time, at.session), elementId(at.session, at.counter));
        const isBefore = a.time - b.time || (a.session < b.session ? -1 : a.session > b.session ? 1 : a.counter - b.counter);
        expect(isOrderKey(key(a))).toBe(true);
        expect(Math.sign(isBefore)).toBe(key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
        if (isBefore < 0) {
          const between = generateKeyBetween(key(a), key(b));
          expect(between > key(a) && between < key(b)).toBe(true);
        }
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('[O2] a stored key that is accepted never makes the key generator throw', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', 'A', 'Z', 'a', 'b', 'g', 'z', 'V', '-'), minLength: 1, maxLength: 30 });
    const edge = fc.constantFrom('a0', 'Zz', 'z' + 'z'.repeat(26) + 'V', 'A' + '0'.repeat(26), 'A' + '0'.repeat(25) + '1', 'zzzzz');
    fc.assert(
      fc.property(fc.oneof(text, edge), fc.oneof(text, edge), (a, b) => {
        if (!isOrderKey(a)) return;
        generateKeyBetween(null, a);
        generateKeyBetween(a, null);
        if (isOrderKey(b) && a < b) generateKeyBetween(a, b);
      }),
      { numRuns: 3000, seed: 2 },
    );
  });

  it('[O2] a new element lies on top of elements brought to the front before', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall, { skewMs: -HOUR_MS })];
    const [low, top] = [draw(ana), draw(ana)];
    for (let i = 0; i < 5; i++) {
      ana.board.run((edit) => edit.reorder([low], 'front'));
      ana.board.run((edit) => edit.reorder([top], 'front'));
    }
    syncAll(ana, ben);
    const later = draw(ben);
    expect(order(ben)).toEqual([low, top, later]);
    expect(ben.board.get(later)?.z).toBeNull();
  });

  it('[O3] a new element also lies on top of one from a clock far ahead', () => {
    const wall = new Wall();
    const broken = device('ben', wall, { skewMs: 900 * 24 * HOUR_MS });
    const future = draw(broken);
    const ana = device('ana', wall, { state: broken.state() });
    const ids = ana.board.run((edit) => [edit.create(rectangle()), edit.create(rectangle())]);
    expect(order(ana)).toEqual([future, ...ids]);
    expect(isOrderKey(ana.board.get(ids[0] as ElementId)?.z)).toBe(true);
    expect(order(device('cid', wall, { state: ana.state() }))).toEqual([future, ...ids]);
  });

  it('[O3] elements created at the back lie under all others, in their order, as one step', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const old = [draw(ana), draw(ana)];
    const atBack = (count: number): { low: ElementId[]; high: ElementId } =>
      ana.board.run((edit) => {
        const low = Array.from({ length: count }, () => edit.create(rectangle()));
        const high = edit.create(rectangle());
        edit.reorder(low, 'back');
        return { low, high };
      });
    const first = atBack(3);
    const second = atBack(2);
    syncAll(ana, ben);
    for (const at of [ana, ben]) expect(order(at)).toEqual([...second.low, ...first.low, ...old, first.high, second.high]);
    ana.board.undo();
    expect(order(ana)).toEqual([...first.low, ...old, first.high]);
    const empty = device('cid', wall);
    const made = empty.board.run((edit) => {
      const ids = [edit.create(rectangle()), edit.create(rectangle())];
      edit.reorder(ids, 'back');
      return ids;
    });
    expect(order(empty)).toEqual(made);
    expect(empty.board.elements().map(({ z }) => z)).toEqual([null, null]);
  });

  it('[O4] a thousand insertions at one spot keep keys short', () => {
    const ana = device('ana', new Wall());
    const [low, high, mover] = [draw(ana), draw(ana), draw(ana)] as [ElementId, ElementId, ElementId];
    for (let i = 0; i < 500; i++) {
      ana.board.run((edit) => edit.reorder([mover], 'back'));
      ana.board.run((edit) => edit.reorder([mover], 'forward'));
      ana.board.run((edit) => edit.reorder([low], 'front'));
      ana.board.run((edit) => edit.reorder([low], 'back'));
    }
    expect(order(ana)).toEqual([low, mover, high]);
    expect(Math.max(...ana.board.elements().map((element) => element.z?.length ?? 0))).toBeLessThan(100);
  });

  it('[O5] when three people fill one gap at once, equal keys sort by id and can be parted', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const ids = ana.board.run((edit) => Array.from({ length: 6 }, () => edit.create(rectangle())));
    const [bottom, , , x, y, z] = ids as [ElementId, ElementId, ElementId, ElementId, ElementId, ElementId];
    const others = ['ben', 'cid'].map((user) => device(user, wall, { state: ana.state() }));
    const people = [ana, ...others];
    for (const [i, id] of [x, y, z].entries()) people[i]?.board.run((edit) => edit.reorder([id], 'back'));
    syncAll(...people);
    expect(new Set([x, y, z].map((id) => ana.board.get(id)?.z)).size).toBe(1);
    expect(order(ana).slice(0, 3)).toEqual([x, y, z]);
    // Moves between elements with equal keys, from both sides.
    ana.board.run((edit) => edit.reorder([bottom], 'backward'));
    expect(order(ana).slice(0, 4)).toEqual([x, y, bottom, z]);
    ana.board.run((edit) => edit.reorder([bottom], 'backward'));
    expect(order(ana).slice(0, 4)).toEqual([x, bottom, y, z]);
    syncAll(...people);
    for (const at of people) expect(shownBoard(at)).toBe(shownBoard(ana));
    ana.board.undo();
    ana.board.undo();
    expect(order(ana).slice(0, 4)).toEqual([x, y, z, bottom]);
  });
});

describe('one press', () => {
  it.each([[[1, 2]], [[2, 1]]])(
    '[O4] [O5] [U14] L13: one press passes an element that shares a key with an undone place, whose step can be redone (client ids %j)',
    (ids) => {
      const wall = new Wall();
      const [ana, ben] = [device('ana', wall, { clientId: ids[0] as number }), device('ben', wall, { clientId: ids[1] as number })];
      const [x, a, b, y, m] = Array.from({ length: 5 }, () => draw(ana)) as [ElementId, ElementId, ElementId, ElementId, ElementId];
      syncAll(ana, ben);
      ana.board.run((edit) => edit.reorder([a], 'back'));
      ben.board.run((edit) => edit.reorder([b], 'back'));
      syncAll(ana, ben);
      ben.board.run((edit) => edit.reorder([b], 'front'));
      ben.board.undo();
      syncAll(ana, ben);
      const [low, high] = order(ana).slice(0, 2) as [ElementId, ElementId];
      expect([low, high].sort()).toEqual([a, b].sort());
      ana.board.run((edit) => edit.reorder([m], 'back'));
      const seen = [0, 1, 2, 3].map(() => {
        ana.board.run((edit) => edit.reorder([m], 'forward'));
        return order(ana).indexOf(m);
      });
      expect(seen).toEqual([1, 2, 3, 4]);
      for (let i = 3; i >= 0; i--) {
        ana.board.run((edit) => edit.reorder([m], 'backward'));
        expect(order(ana).indexOf(m)).toBe(i);
      }
      syncAll(ana, ben);
      expect(order(ben)).toEqual([m, low, high, x, y]);
      ben.board.redo();
      expect(order(ben)).toEqual([m, a, x, y, b]);
      ben.board.undo();
      ben.board.undo();
      expect(order(ben)).toEqual([m, a, x, b, y]);
    },
  );

  it.each([
    ['next to the largest', 'z'.repeat(26) + 'y'],
    ['next to the largest, as long as a key can be', 'z'.repeat(26) + 'y' + 'z'.repeat(229)],
    ['of the largest size', 'z'.repeat(25) + 'y'.repeat(231)],
    ['of 27 letters z, which is none', 'z'.repeat(27)],
    ['as long as a key can be', 'y' + 'z'.repeat(255)],
    ['after every time', 'g' + 'z'.repeat(255)],
  ])('[O3] L14: new elements and elements brought to the front lie above an element with an order key %s', (_, key) => {
    for (const evils of [1, 5]) {
      const wall = new Wall();
      const [ana, ben] = [device('ana', wall), device('ben', wall)];
      const ids = Array.from({ length: evils + 2 }, () => draw(ana));
      syncAll(ana, ben);
      for (const id of ids.slice(0, evils)) ben.doc.getMap('z').set(id, [key, ben.board.get(id)?.step]);
      syncAll(ana, ben);
      const [low] = ids.slice(evils) as [ElementId];
      const several = ana.board.run((edit) => [edit.create(rectangle()), edit.create(rectangle())]);
      expect(order(ana).slice(-2)).toEqual(several);
      ana.board.run((edit) => edit.reorder([low], 'front'));
      expect(order(ana).at(-1)).toBe(low);
      const last = draw(ana);
      expect(order(ana).at(-1)).toBe(last);
      syncAll(ana, ben);
      expect(order(ben)).toEqual(order(ana));
      expect(draw(ben)).toBe(order(ben).at(-1));
    }
  });

  it.each([
    ['next to the smallest', 'A' + '0'.repeat(25) + '1'],
    ['next to the smallest, and long', 'A' + '0'.repeat(25) + '1' + '0'.repeat(200) + '1'],
    ['as long as a key can be', 'B' + '0'.repeat(254) + '1'],
  ])('[O4] L14: an element sent to the back lies beneath everything, also beneath an order key %s', (_, key) => {
    for (const evils of [1, 5]) {
      const ana = device('ana', new Wall());
      const ids = Array.from({ length: evils + 2 }, () => draw(ana));
      for (const id of ids.slice(1, evils + 1)) ana.doc.getMap('z').set(id, [key, ana.board.get(id)?.step]);
      for (const id of [ids[0], ids.at(-1)] as ElementId[]) {
        ana.board.run((edit) => edit.reorder([id], 'back'));
        expect(order(ana)[0]).toBe(id);
      }
      ana.board.run((edit) => edit.reorder([order(ana)[1] as ElementId], 'backward'));
      expect(order(ana)[1]).toBe(ids.at(-1));
    }
  });
});
