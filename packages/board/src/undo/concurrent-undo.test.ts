/**
 * Undo on a device that has not yet received other people's work. The result does not depend on client ids, on the order
 * of arrival, or on whose page is still open.
 */
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  type Device,
  type DeviceOptions,
  box,
  device,
  draw,
  move,
  rectangle,
  recolor,
  shownBoard,
  syncAll,
  syncPair,
  Wall,
} from '../testing/people.ts';
import type { ElementId } from '../types.ts';

const xOf = (at: Device, id: ElementId): number | undefined => at.board.get(id)?.geometry.x;

/** Cid drew an element at 0 between two others; Ana and Ben have received it. */
function world(clientIds: readonly number[], options: { ana?: DeviceOptions; ben?: DeviceOptions } = {}) {
  const wall = new Wall();
  const cid = device('cid', wall, { clientId: 90 });
  const [low, id, high] = [draw(cid), draw(cid), draw(cid)];
  const state = cid.state();
  const ana = device('ana', wall, { clientId: clientIds[0] as number, state, ...options.ana });
  const ben = device('ben', wall, { clientId: clientIds[1] as number, state, ...options.ben });
  return { wall, cid, low, id, high, ana, ben };
}

/** Exchanges updates until no device has anything to send. Throws when that never happens. */
function exchange(...people: Device[]): void {
  for (let round = 0; round < 10; round++) {
    const updates = people.map((at) => at.outbox.splice(0));
    if (updates.every((sent) => sent.length === 0)) return;
    for (const [i, sent] of updates.entries()) for (const at of people) if (at !== people[i]) sent.forEach((update) => at.receive(update));
  }
  throw new Error('the devices never come to rest');
}

const orders = [[[1, 2]], [[2, 1]]] as const;

describe.each(orders)('a value undone before it met another, with client ids %j', (clientIds) => {
  it.each(['at once', 'one by one'])('[U18] L7: Ana moves and undoes, Ben moves, they meet (%s): the move of Ben stays', (way) => {
    const { wall, cid, id, ana, ben } = world(clientIds);
    move(ana, id, 111);
    ana.board.undo();
    wall.pass(5);
    move(ben, id, 222);
    if (way === 'at once') syncAll(ana, ben, cid);
    else exchange(ana, ben, cid);
    syncAll(ana, ben, cid);
    expect([ana, ben, cid].map((at) => xOf(at, id))).toEqual([222, 222, 222]);
    // As if Ben's value had won: it is the same step, and can be undone and redone.
    expect(ana.board.redo().kept).toEqual([{ reason: 'changed', by: ['ben'], ids: [id] }]);
    ana.board.undo();
    syncAll(ana, ben, cid);
    ben.board.undo();
    syncAll(ana, ben, cid);
    expect([ana, ben, cid].map((at) => xOf(at, id))).toEqual([0, 0, 0]);
    ben.board.redo();
    syncAll(ana, ben, cid);
    expect([ana, ben, cid].map((at) => xOf(at, id))).toEqual([222, 222, 222]);
    expect([ben.board.canUndo, ben.board.canRedo, ben.doc.getMap('undo').size]).toEqual([true, false, 2]);
  });

  it('[U18] L7: the move of Ben also stays when Ana undoes after they met, and her redo reports it', () => {
    const { wall, id, ana, ben } = world(clientIds);
    move(ana, id, 111);
    move(ben, id, 222);
    exchange(ana, ben);
    wall.pass(5);
    ana.board.undo();
    exchange(ana, ben);
    expect([xOf(ana, id), xOf(ben, id)]).toEqual([222, 222]);
    expect(ana.board.redo().kept).toEqual([{ reason: 'changed', by: ['ben'], ids: [id] }]);
    exchange(ana, ben);
    expect([xOf(ana, id), xOf(ben, id)]).toEqual([222, 222]);
  });

  it.each([
    [
      'color',
      (at: Device, id: ElementId) => recolor(at, id, at.user === 'ana' ? 'red' : 'blue'),
      (at: Device, id: ElementId) => at.board.get(id)?.style.color,
    ],
    [
      'lock',
      (at: Device, id: ElementId) => at.board.run((edit) => edit.setLocked(id, true)),
      (at: Device, id: ElementId) => at.board.get(id)?.isLocked,
    ],
    [
      'place in the order',
      (at: Device, id: ElementId) => at.board.run((edit) => edit.reorder([id], at.user === 'ana' ? 'back' : 'front')),
      (at: Device, id: ElementId) => at.board.elements().findIndex((element) => element.id === id),
    ],
  ] as const)('[U18] L7: the same holds for its %s', (_, change, read) => {
    const { id, ana, ben } = world(clientIds);
    change(ben, id);
    const expected = read(ben, id);
    change(ana, id);
    ana.board.undo();
    exchange(ana, ben);
    expect([read(ana, id), read(ben, id)]).toEqual([expected, expected]);
  });

  it("[U18] L7: Ben's page is closed when they meet: Ana's page keeps his value", () => {
    const { wall, id, ana, ben } = world(clientIds);
    move(ana, id, 111);
    ana.board.undo();
    move(ben, id, 222);
    const left = ben.state();
    ben.board.close();
    ana.receive(left);
    expect(xOf(ana, id)).toBe(222);
    expect(xOf(device('cid', wall, { state: ana.state() }), id)).toBe(222);
  });

  it("[U18] L7: Ana's page is closed and Ben's was reloaded before they meet: his page keeps his value", () => {
    const { wall, id, ana, ben } = world(clientIds);
    move(ana, id, 111);
    ana.board.undo();
    move(ben, id, 222);
    const reloaded = device('ben', wall, { state: ben.state(), clientId: clientIds[1] as number });
    reloaded.receive(ana.state());
    expect(xOf(reloaded, id)).toBe(222);
  });

  it("[U18] L7: an undone value does not win between one person's two devices either", () => {
    const { wall, id, ana } = world(clientIds);
    const tablet = device('ana', wall, { state: ana.state(), clientId: clientIds[1] as number });
    move(ana, id, 111);
    ana.board.undo();
    move(tablet, id, 222);
    syncAll(ana, tablet);
    expect([xOf(ana, id), xOf(tablet, id)]).toEqual([222, 222]);
    ana.board.undo();
    syncAll(ana, tablet);
    expect([xOf(ana, id), xOf(tablet, id)]).toEqual([0, 0]);
  });

  it('[U18] [P3] L7: when one person alone undoes later, nothing is put back: undo and redo show what they did', () => {
    const { wall, id, ana } = world(clientIds);
    const tablet = device('ana', wall, { state: ana.state(), clientId: clientIds[1] as number });
    move(ana, id, 111);
    wall.pass(5);
    move(tablet, id, 222);
    exchange(ana, tablet);
    const before = shownBoard(ana);
    for (const way of ['undo', 'redo'] as const) {
      while (ana.board[way]().isDone) exchange(ana, tablet);
      expect(shownBoard(tablet)).toBe(shownBoard(ana));
    }
    expect(shownBoard(ana)).toBe(before);
  });

  it('[U18] L7: a newer value that is not undone is not replaced', () => {
    const { wall, cid, id, ana, ben } = world(clientIds);
    move(ben, id, 222);
    wall.pass(5);
    move(cid, id, 333);
    syncPair(ana, cid);
    wall.pass(5);
    move(ana, id, 111);
    ana.board.undo();
    expect(xOf(ana, id)).toBe(333);
    exchange(ana, ben, cid);
    for (const at of [ana, ben, cid]) expect([222, 333]).toContain(xOf(at, id));
    expect(new Set([ana, ben, cid].map((at) => xOf(at, id))).size).toBe(1);
  });

  it('[U18] L7: a value that Ben has undone himself, or that another person has built on, does not come back', () => {
    const { wall, cid, id, ana, ben } = world(clientIds);
    move(ben, id, 222);
    ben.board.undo();
    move(ana, id, 111);
    ana.board.undo();
    exchange(ana, ben, cid);
    expect([xOf(ana, id), xOf(ben, id)]).toEqual([0, 0]);
    wall.pass(5);
    ben.board.redo();
    exchange(ana, ben, cid);
    wall.pass(5);
    move(cid, id, 444);
    exchange(ana, ben, cid);
    cid.board.undo();
    exchange(ana, ben, cid);
    expect(new Set([ana, ben, cid].map((at) => xOf(at, id))).size).toBe(1);
  });
});

it('[U18] L7: five people at once settle on one value that is not undone, in a handful of writes', () => {
  const { wall, id, cid } = world([1, 2]);
  const people = ['ana', 'ben', 'dan', 'eve', 'fay'].map((user, i) =>
    device(user, wall, { state: cid.state(), clientId: [5, 2, 4, 1, 3][i] as number }),
  );
  for (const [i, at] of people.entries()) {
    wall.pass(3);
    move(at, id, (i + 1) * 100);
    if (i % 2 === 0) at.board.undo();
  }
  let sent = 0;
  for (const at of people) at.doc.on('update', (_: Uint8Array, origin: unknown) => (sent += origin === 'network' ? 0 : 1));
  exchange(...people);
  const [x, ...others] = people.map((at) => xOf(at, id));
  expect([200, 400]).toContain(x);
  expect(others).toEqual([x, x, x, x]);
  expect(sent).toBeLessThanOrEqual(people.length * 3);
});

it.each(orders)('[U18] L7: a read-only page puts nothing back, nor does a page whose board is too new (client ids %j)', (clientIds) => {
  let mayReconcile = true;
  const { id, ana, ben } = world(clientIds, { ben: { mayReconcile: () => mayReconcile } });
  move(ben, id, 222);
  const fromBen = ben.outbox.splice(0);
  mayReconcile = false;
  move(ana, id, 111);
  ana.board.undo();
  for (const update of ana.outbox) ben.receive(update);
  expect(ben.outbox).toEqual([]);
  ana.doc.getMap('meta').set('minReader', 2);
  ana.outbox.length = 0;
  for (const update of fromBen) ana.receive(update);
  expect(ana.outbox).toEqual([]);
});

it('[U18] [V4] L7: when a document arrives whole, or updates without conflicts, no page writes', () => {
  const { wall, id, ana, ben } = world([2, 1]);
  const late = device('ben', wall);
  let written = 0;
  late.doc.on('update', (_: Uint8Array, origin: unknown) => (written += origin === 'network' ? 0 : 1));
  move(ana, id, 111);
  ana.board.undo();
  const text = draw(ana, rectangle(0, { kind: 'text', text: 'hi' }));
  syncPair(ana, ben);
  ben.board.text(text).edit(0, 0, 'oh ');
  ana.board.undo();
  move(ben, id, 5);
  syncPair(ana, ben);
  ana.outbox.length = 0;
  late.receive(ben.state());
  for (let i = 0; i < 5; i++) {
    move(ana, id, 100 + i);
    syncPair(ana, ben);
    move(ben, id, 200 + i);
    ben.board.undo();
    syncPair(ben, ana);
  }
  late.receive(ben.state());
  expect(written).toBe(0);
  expect(ana.outbox.length).toBe(5);
  expect(Y.encodeStateVector(late.doc)).toEqual(Y.encodeStateVector(ben.doc));
});

it.each(orders)(
  "[U9] [U18] when both devices of one person undo at once and one knew of Ben's work, that work is spared (client ids %j)",
  (clientIds) => {
    const wall = new Wall();
    const laptop = device('ana', wall, { clientId: clientIds[0] as number });
    const id = draw(laptop);
    const tablet = device('ana', wall, { clientId: clientIds[1] as number, state: laptop.state() });
    const ben = device('ben', wall, { clientId: 9, state: laptop.state() });
    ben.board.run((edit) => edit.setGeometry(id, box(50)));
    syncPair(laptop, ben);
    laptop.board.undo();
    tablet.board.undo();
    syncAll(laptop, tablet, ben);
    expect([laptop, tablet, ben].map((at) => xOf(at, id))).toEqual([50, 50, 50]);
  },
);
