import { describe, expect, it } from 'vitest';
import { type Device, device, draw, erase, move, rectangle, syncPair, Wall } from '../testing/people.ts';
import type { Deleted, ElementId } from '../types.ts';

const wall = new Wall();
const finished = <T>(steps: Generator<undefined, T>): T => {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};
const trash = ({ board }: Device): readonly Deleted[] => finished(board.deletedInSteps());
const restore = ({ board }: Device, ...ids: ElementId[]): void => board.run((edit) => edit.restore(ids));

function pair(): [ana: Device, ben: Device] {
  const ana = device('ana', wall);
  return [ana, device('ben', wall)];
}

describe('the trash', () => {
  it('[TR1] lists deleted elements by the gesture, newest first, with its author and time, and as they were', () => {
    const [ana, ben] = pair();
    const [a, b, c] = [draw(ana), draw(ana), draw(ana)];
    syncPair(ana, ben);
    move(ana, a, 7);
    erase(ana, a);
    wall.pass(60_000);
    syncPair(ana, ben);
    erase(ben, b, c);
    syncPair(ana, ben);
    expect(trash(ana)).toMatchObject([
      { by: 'ben', ids: [b, c] },
      { by: 'ana', ids: [a] },
    ]);
    const [newest, oldest] = trash(ana);
    expect((newest?.at ?? 0) - (oldest?.at ?? 0)).toBeGreaterThan(50_000);
    expect([ana.board.deleted(a)?.geometry.x, ana.board.deleted(b)?.id, ben.board.deleted(a)?.geometry.x]).toEqual([7, b, 7]);
  });

  it('[TR1] does not list what is shown, what a redo brings back, groups and pages', () => {
    const [ana] = pair();
    const [a, b] = [draw(ana), draw(ana)];
    const group = ana.board.run((edit) => edit.group([a, b])) as ElementId;
    const page = ana.board.run((edit) => edit.addPage());
    ana.board.run((edit) => edit.removePage(page));
    const undone = draw(ana);
    ana.board.undo();
    erase(ana, group);
    expect(trash(ana).flatMap(({ ids }) => ids)).toEqual([a, b]);
    expect([undone, group, page].map((id) => ana.board.deleted(id))).toEqual([null, null, null]);
  });

  it('[TR2] restoring is one step on any device: undo deletes it again, redo brings it back, and it is in its group and on its page', () => {
    const [ana, ben] = pair();
    const page = ana.board.run((edit) => edit.addPage());
    const [a, b] = [draw(ana, rectangle(0, { page })), draw(ana, rectangle(0, { page }))];
    const group = ana.board.run((edit) => edit.group([a, b])) as ElementId;
    ana.board.run((edit) => edit.removePage(page));
    syncPair(ana, ben);
    restore(ben, a, b);
    syncPair(ana, ben);
    for (const at of [ana, ben]) {
      expect(at.board.pages().map(({ id }) => id)).toEqual(['', page]);
      expect(at.board.elements().map(({ id, parent }) => [id, parent])).toEqual([
        [a, group],
        [b, group],
      ]);
      expect(trash(at)).toEqual([]);
    }
    ben.board.undo();
    syncPair(ana, ben);
    expect([ana.board.count, trash(ana).length]).toEqual([0, 1]);
    ben.board.redo();
    syncPair(ana, ben);
    expect([ana.board.count, ben.board.canRedo]).toEqual([2, false]);
  });

  it('[TR3] an element that is deleted again after it was restored is deleted, on every replica, also one that hears of both late', () => {
    const [ana, ben] = pair();
    const id = draw(ana);
    erase(ana, id);
    syncPair(ana, ben);
    restore(ben, id);
    syncPair(ana, ben);
    erase(ana, id);
    syncPair(ana, ben);
    const late = device('cid', wall, { state: ana.state() });
    expect([ana, ben, late].map(({ board }) => board.count)).toEqual([0, 0, 0]);
    ana.board.undo();
    syncPair(ana, ben);
    expect([ana, ben].map(({ board }) => board.count)).toEqual([1, 1]);
  });

  it('[TR3] a restored element outlives the undo and redo of the deletion before, and a clear of before', () => {
    const [ana, ben] = pair();
    const id = draw(ana);
    ana.board.clear();
    syncPair(ana, ben);
    restore(ben, id);
    syncPair(ana, ben);
    ana.board.undo();
    ana.board.redo();
    syncPair(ana, ben);
    expect([ana.board.count, ben.board.count]).toEqual([1, 1]);
  });

  it('[TR4] undoing a restoring spares what another person has worked on since, and reports it', () => {
    const [ana, ben] = pair();
    const [a, b] = [draw(ana), draw(ana)];
    erase(ana, a, b);
    syncPair(ana, ben);
    restore(ben, a, b);
    syncPair(ana, ben);
    move(ana, a, 9);
    syncPair(ana, ben);
    expect(ben.board.undo().kept).toMatchObject([{ reason: 'spared', by: ['ana'], ids: [a] }]);
    syncPair(ana, ben);
    const late = device('cid', wall, { state: ana.state() });
    expect([ana, ben, late].map(({ board }) => board.elements().map(({ id }) => id))).toEqual([[a], [a], [a]]);
  });

  it('[TR5] restoring what is not deleted writes nothing, and a malformed restoring counts as absent', () => {
    const [ana] = pair();
    const [a, b] = [draw(ana), draw(ana)];
    erase(ana, b);
    const before = ana.state();
    restore(ana, a, 'Zz0000001' as ElementId);
    expect(ana.state()).toEqual(before);
    expect(() =>
      ana.board.run((edit) => {
        edit.restore([b]);
        edit.remove([a]);
      }),
    ).toThrow(RangeError);
    expect(ana.state()).toEqual(before);
    const step = [...ana.doc.getMap('gone').keys()][0]?.replace(/^........../, 'zzzzzzzzzz') ?? '';
    for (const value of [{ r: 5 }, { r: [7, null, 'x'] }, { r: { length: 3 } }]) ana.doc.getMap('gone').set(step, value);
    expect(ana.board.elements().map(({ id }) => id)).toEqual([a]);
  });

  it('[TR6] a hundred thousand deleted elements are listed in many short steps, and a restoring costs what it brings back', () => {
    const [ana] = pair();
    const ids = ana.board.run((edit) => Array.from({ length: 100_000 }, (_, x) => edit.create(rectangle(x))));
    ana.board.clear();
    let steps = 1;
    const list = ana.board.deletedInSteps();
    let step = list.next();
    for (; step.done !== true; step = list.next()) steps++;
    expect(steps).toBeGreaterThanOrEqual(200);
    expect(step.value.map((one) => one.ids.length)).toEqual([100_000]);
    const before = ana.state().length;
    restore(ana, ids[5] as ElementId);
    expect(ana.state().length - before).toBeLessThan(100);
    expect(ana.board.elements().map(({ id }) => id)).toEqual([ids[5]]);
  });

  it('[TR1] [U15] what the emptied trash had is listed no longer and cannot be restored', () => {
    const [ana] = pair();
    const id = draw(ana);
    erase(ana, id);
    ana.board.emptyTrash();
    restore(ana, id);
    expect([trash(ana), ana.board.deleted(id), ana.board.count]).toEqual([[], null, 0]);
  });
});
