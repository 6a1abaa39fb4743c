/**
 * Situations in which an undo that writes old values back, or that compares values, would destroy work. Ana has a laptop
 * and a tablet, Ben has one device, Cid drew the element they all work on. Where an outcome could depend on client ids,
 * the test runs with both orders.
 */
import { describe, expect, it } from 'vitest';
import { readDeletion } from '../document/records.ts';
import { mintSession, stepKey } from '../document/keys.ts';
import { encodeStepLog } from '../steps/step-log.ts';
import { fields } from '../document/fields.ts';
import { type Device, box, device, draw, erase, move, recolor, syncAll, syncPair, Wall } from '../testing/people.ts';
import { mulberry32 } from '../testing/pen.ts';
import { inspect } from '../testing/insight.ts';
import type { ElementId } from '../types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface World {
  readonly wall: Wall;
  readonly cid: Device;
  readonly laptop: Device;
  readonly tablet: Device;
  readonly ben: Device;
  /** Cid's rectangle at x 0. */
  readonly id: ElementId;
}

function world(clientIds: readonly number[] = [1, 2, 3], skews: { ben?: number; tablet?: number } = {}): World {
  const wall = new Wall();
  const cid = device('cid', wall, { clientId: 90 });
  const id = draw(cid);
  const state = cid.state();
  const page = (user: string, i: number, skewMs = 0): Device => device(user, wall, { clientId: clientIds[i] as number, state, skewMs });
  return { wall, cid, id, laptop: page('ana', 0), tablet: page('ana', 1, skews.tablet), ben: page('ben', 2, skews.ben) };
}

const xOf = (at: Device, id: ElementId): number | undefined => at.board.get(id)?.geometry.x;
const colorOf = (at: Device, id: ElementId): string | undefined => at.board.get(id)?.style.color;

describe('counterexamples', () => {
  it("CE1 Ben sets green and then Ana's blue again: Ana's undo leaves his blue and says so", () => {
    const { wall, laptop, ben, id } = world();
    recolor(laptop, id, 'blue');
    syncAll(laptop, ben);
    wall.pass(1000);
    recolor(ben, id, 'green');
    recolor(ben, id, 'blue');
    syncAll(laptop, ben);
    expect(laptop.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'changed', by: ['ben'], ids: [id] }] });
    syncAll(laptop, ben);
    expect(colorOf(ben, id)).toBe('blue');
  });

  it.each([[[1, 2, 3]], [[3, 2, 1]]])('CE2 both delete one element: when one of them undoes, it stays deleted (ids %j)', (ids) => {
    const { laptop, ben, id } = world(ids);
    erase(laptop, id);
    erase(ben, id);
    syncAll(laptop, ben);
    expect(laptop.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'still-deleted', by: ['ben'], ids: [id] }] });
    syncAll(laptop, ben);
    expect(ben.board.get(id)).toBeUndefined();
    ben.board.undo();
    expect(ben.board.get(id)).toBeDefined();
  });

  it.each([[[1, 4, 3]], [[4, 1, 3]]])('CE3 an outdated tablet repeats an undo that Ben has built on: his work stays (ids %j)', (ids) => {
    const { wall, laptop, tablet, ben, id } = world(ids);
    move(laptop, id, 1);
    wall.pass(1000);
    move(laptop, id, 2);
    syncAll(laptop, tablet, ben);
    laptop.board.undo();
    syncAll(laptop, ben);
    wall.pass(1000);
    move(ben, id, 99);
    syncAll(laptop, ben);
    tablet.board.undo();
    syncAll(laptop, tablet, ben);
    expect([laptop, tablet, ben].map((at) => xOf(at, id))).toEqual([99, 99, 99]);
  });

  it.each([[[1, 2, 3]], [[2, 1, 3]]])(
    'CE4 undo on the laptop against undo and redo on the tablet: the log says what is shown (ids %j)',
    (ids) => {
      const { laptop, tablet, id } = world(ids);
      move(laptop, id, 1);
      syncAll(laptop, tablet);
      laptop.board.undo();
      tablet.board.undo();
      tablet.board.redo();
      syncAll(laptop, tablet);
      expect(xOf(laptop, id)).toBe(xOf(tablet, id));
      expect(xOf(laptop, id)).toBe(laptop.board.canUndo ? 1 : 0);
    },
  );

  it.each([[[1, 2, 3]], [[2, 1, 3]]])('CE5 both own devices moved it at once: undo all, redo all is the same board (ids %j)', (ids) => {
    const { wall, laptop, tablet, id } = world(ids);
    move(laptop, id, 1);
    wall.pass(1000);
    move(tablet, id, 2);
    syncAll(laptop, tablet);
    const before = xOf(laptop, id);
    while (laptop.board.undo().isDone);
    expect(xOf(laptop, id)).toBe(0);
    while (laptop.board.redo().isDone);
    expect(xOf(laptop, id)).toBe(before);
  });

  it('CE6 Ben undid his move while Ana moved: her undo does not bring his back', () => {
    const { wall, laptop, ben, id } = world([5, 2, 3]);
    move(ben, id, 7);
    syncAll(laptop, ben);
    wall.pass(1000);
    move(laptop, id, 1);
    ben.board.undo();
    syncAll(laptop, ben);
    laptop.board.undo();
    syncAll(laptop, ben);
    expect([xOf(laptop, id), xOf(ben, id)]).toEqual([0, 0]);
  });

  it("CE7 Ben chooses the old red by hand after Ana's undo: her redo leaves it and says so", () => {
    const { wall, laptop, ben, id } = world();
    recolor(ben, id, 'red');
    syncAll(laptop, ben);
    wall.pass(1000);
    recolor(laptop, id, 'blue');
    syncAll(laptop, ben);
    laptop.board.undo();
    syncAll(laptop, ben);
    wall.pass(1000);
    recolor(ben, id, 'green');
    recolor(ben, id, 'red');
    syncAll(laptop, ben);
    expect(laptop.board.redo().kept).toEqual([{ reason: 'changed', by: ['ben'], ids: [id] }]);
    expect(colorOf(laptop, id)).toBe('red');
  });

  it('CE8 undo of the creation of an element that Ben has moved since: it stays, and undo says so', () => {
    const { wall, laptop, ben } = world();
    const id = draw(laptop);
    syncAll(laptop, ben);
    wall.pass(1000);
    move(ben, id, 50);
    syncAll(laptop, ben);
    expect(laptop.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'spared', by: ['ben'], ids: [id] }] });
    syncAll(laptop, ben);
    expect(xOf(ben, id)).toBe(50);
  });

  it("CE9 the tablet drew after the laptop's undo: nothing to redo, and with a clock an hour slow it is harmless", () => {
    for (const tabletSkew of [0, -3_600_000]) {
      const { wall, laptop, tablet } = world([1, 2, 3], { tablet: tabletSkew });
      const id = draw(laptop);
      syncAll(laptop, tablet);
      wall.pass(1000);
      laptop.board.undo();
      wall.pass(1000);
      const other = draw(tablet);
      syncAll(laptop, tablet);
      const isRedone = laptop.board.redo().isDone;
      if (tabletSkew === 0) expect(isRedone).toBe(false);
      syncAll(laptop, tablet);
      expect(tablet.board.get(other)).toBeDefined();
      expect(tablet.board.get(id) !== undefined).toBe(isRedone);
    }
  });

  it("CE10 five steps offline yesterday on the laptop, two today on the tablet: the tablet's last one pops", () => {
    const { wall, laptop, tablet } = world();
    for (let i = 0; i < 5; i++) draw(laptop);
    wall.pass(DAY_MS);
    draw(tablet);
    const last = draw(tablet);
    syncAll(laptop, tablet);
    expect(tablet.board.undo().elements).toEqual([last]);
  });

  it("CE11 Ben forges a step of Ana's against Cid's element: her undo does not move it", () => {
    const { wall, cid, laptop, ben, id } = world();
    move(cid, id, 5);
    syncAll(cid, laptop, ben);
    wall.pass(1000);
    const session = mintSession(mulberry32(77));
    ben.doc.transact(() => {
      ben.doc.getMap('who').set(session, 'ana');
      const evil = { field: fields.geo, id, before: { value: [-1e6, 0, 1, 1, 0], tag: '' as const } };
      ben.doc.getMap('undo').set(stepKey(wall.now, session), encodeStepLog([evil]));
    });
    syncAll(cid, laptop, ben);
    expect(laptop.board.undo().elements).toEqual([]);
    syncAll(cid, laptop, ben);
    expect(xOf(cid, id)).toBe(5);
  });

  it('CE12 150 shared steps and 100 more on each of two offline devices: 200 are reached, the board stays the same', () => {
    const { wall, laptop, tablet, id } = world();
    for (let i = 0; i < 150; i++) move(laptop, id, i + 1);
    syncAll(laptop, tablet);
    for (let i = 0; i < 100; i++) {
      wall.pass(10);
      move(laptop, id, 1000 + i);
      move(tablet, id, 2000 + i);
    }
    syncAll(laptop, tablet);
    expect(laptop.doc.getMap('undo').size).toBe(350);
    draw(laptop);
    expect(laptop.doc.getMap('undo').size).toBe(299);
    const before = inspect(laptop.doc).all;
    let presses = 0;
    while (laptop.board.undo().isDone) presses++;
    while (laptop.board.redo().isDone);
    expect(presses).toBe(200);
    expect(inspect(laptop.doc).all).toBe(before);
  });

  it('CE13 the tablet undoes 200 steps offline while the laptop trims: no value that nobody chose', () => {
    const { wall, laptop, tablet, id } = world();
    for (let i = 0; i < 200; i++) move(laptop, id, i + 1);
    syncAll(laptop, tablet);
    for (let i = 0; i < 200; i++) tablet.board.undo();
    for (const color of ['red', 'green', 'blue', 'orange', 'red'] as const) {
      wall.pass(10);
      recolor(laptop, id, color);
    }
    syncAll(laptop, tablet);
    expect([xOf(laptop, id), xOf(tablet, id)]).toEqual([0, 0]);
  });

  it('CE14 Ana undoes her move of an element Ben deleted: undo reports it, and when Ben undoes it is back at its old place', () => {
    const { wall, laptop, ben, id } = world();
    move(laptop, id, 1);
    syncAll(laptop, ben);
    wall.pass(1000);
    erase(ben, id);
    syncAll(laptop, ben);
    expect(laptop.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'still-deleted', by: ['ben'], ids: [id] }] });
    syncAll(laptop, ben);
    ben.board.undo();
    expect(xOf(ben, id)).toBe(0);
  });

  it('CE15 Ana deletes an element while Ben moves it: her undo brings it back where he put it', () => {
    const { laptop, ben, id } = world();
    erase(laptop, id);
    move(ben, id, 42);
    syncAll(laptop, ben);
    expect(ben.board.get(id)).toBeUndefined();
    laptop.board.undo();
    syncAll(laptop, ben);
    expect([xOf(laptop, id), xOf(ben, id)]).toEqual([42, 42]);
  });

  it('CE16 a clear against drawing offline, and two clears at once', () => {
    const one = world();
    one.laptop.board.clear();
    const unseen = draw(one.ben);
    syncAll(one.laptop, one.ben);
    expect(one.laptop.board.elements().map((element) => element.id)).toEqual([unseen]);

    const two = world();
    two.laptop.board.clear();
    two.ben.board.clear();
    syncAll(two.laptop, two.ben);
    expect(two.laptop.board.undo().kept).toEqual([{ reason: 'still-deleted', by: ['ben'], ids: [two.id] }]);
    syncAll(two.laptop, two.ben);
    expect(two.ben.board.count).toBe(0);
    two.ben.board.undo();
    expect(two.ben.board.count).toBe(1);
  });

  it('CE17 undo pressed on two devices at once pops one step', () => {
    const { wall, laptop, tablet } = world();
    const ids = [0, 1, 2].map(() => {
      wall.pass(1000);
      return draw(laptop);
    });
    syncAll(laptop, tablet);
    laptop.board.undo();
    tablet.board.undo();
    syncAll(laptop, tablet);
    expect(ids.map((id) => laptop.board.get(id) !== undefined)).toEqual([true, true, false]);
    laptop.board.redo();
    syncAll(laptop, tablet);
    expect(ids.map((id) => tablet.board.get(id) !== undefined)).toEqual([true, true, true]);
  });

  it('CE18 Ana undoes a creation while Ben works on it: it is hidden, and her redo shows his work', () => {
    const { laptop, ben } = world();
    const id = draw(laptop);
    syncAll(laptop, ben);
    laptop.board.undo();
    move(ben, id, 9);
    syncAll(laptop, ben);
    expect(ben.board.get(id)).toBeUndefined();
    laptop.board.redo();
    syncAll(laptop, ben);
    expect(xOf(ben, id)).toBe(9);
  });

  it("CE19 Ben's clock is two years ahead: Ana's undo shows his value, her redo hers", () => {
    const { wall, laptop, ben, id } = world([1, 2, 3], { ben: 730 * DAY_MS });
    move(ben, id, 7);
    syncAll(laptop, ben);
    wall.pass(1000);
    move(laptop, id, 8);
    laptop.board.undo();
    expect(xOf(laptop, id)).toBe(7);
    wall.pass(1000);
    move(laptop, id, 9);
    laptop.board.undo();
    laptop.board.redo();
    syncAll(laptop, ben);
    expect([xOf(laptop, id), xOf(ben, id)]).toEqual([9, 9]);
  });
});

describe('layout', () => {
  it('L1 recoloring against widening: both stay', () => {
    const { laptop, ben, id } = world();
    recolor(laptop, id, 'blue');
    ben.board.run((edit) => edit.setStyle(id, 'width', 9));
    syncAll(laptop, ben);
    for (const at of [laptop, ben]) expect(at.board.get(id)?.style).toMatchObject({ color: 'blue', width: 9 });
  });

  it('L2 text begun on two devices at once: both stay', () => {
    const { laptop, ben } = world();
    const id = draw(laptop, {
      kind: 'text',
      geometry: box(0),
      style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' },
    });
    syncAll(laptop, ben);
    laptop.board.text(id).edit(0, 0, 'Ana ');
    ben.board.text(id).edit(0, 0, 'Ben ');
    syncAll(laptop, ben);
    expect(laptop.board.get(id)?.text).toBe(ben.board.get(id)?.text);
    expect(laptop.board.get(id)?.text.split(' ').sort()).toEqual(['', 'Ana', 'Ben']);
  });

  it('L5 a chain of undone steps made into a circle ends', () => {
    const { laptop, ben, id } = world();
    const [low, high] = [stepKey(1, ben.board.session), stepKey(2, ben.board.session)];
    ben.doc.transact(() => {
      ben.doc.getMap('geo').set(id, [[1, 0, 1, 1, 0], low]);
      const step = (value: number, tag: typeof low) =>
        encodeStepLog([{ field: fields.geo, id, before: { value: [value, 0, 1, 1, 0], tag } }]);
      ben.doc.getMap('undo').set(low, step(2, high));
      ben.doc.getMap('undo').set(high, step(1, low));
      ben.doc.getMap('undone').set(low, 1);
      ben.doc.getMap('undone').set(high, 1);
    });
    syncPair(laptop, ben);
    expect(xOf(laptop, id)).toBe(1);
    expect(xOf(ben, id)).toBe(1);
  });

  it("L6 equal places pulled apart by Ana: Ben's undo of his own reordering still works", () => {
    const { laptop, ben, cid, id } = world();
    const [second, third] = [draw(laptop), draw(laptop)];
    syncAll(laptop, ben, cid);
    // Both move another element into the same gap at once, so both get the same key.
    cid.board.run((edit) => edit.reorder([third], 'back'));
    ben.board.run((edit) => edit.reorder([second], 'back'));
    syncAll(laptop, ben, cid);
    const keys = [second, third].map((other) => laptop.board.get(other)?.z);
    expect(keys[0]).toBe(keys[1]);
    const order = laptop.board.elements().map((element) => element.id);
    const above = draw(laptop);
    laptop.board.run((edit) => edit.reorder([above], 'back'));
    for (let i = 0; i < 2; i++) laptop.board.run((edit) => edit.reorder([above], 'forward'));
    laptop.board.run((edit) => edit.reorder([above], 'backward'));
    expect(laptop.board.elements().map((element) => element.id)).toEqual([order[0], above, order[1], id]);
    expect(laptop.board.get(second)?.z).not.toBe(laptop.board.get(third)?.z);
    syncAll(laptop, ben, cid);
    expect(ben.board.undo()).toMatchObject({ isDone: true, elements: [second], kept: [] });
    expect(ben.board.get(second)?.z).toBeNull();
  });

  it('a clear names what it covers and nothing above it', () => {
    const { laptop } = world();
    draw(laptop);
    laptop.board.clear();
    const [stored] = [...laptop.doc.getMap('gone').values()];
    const deletion = readDeletion(stored);
    expect(deletion?.type === 'clear' && [...deletion.vector.values()]).toEqual([1, 1]);
  });
});
