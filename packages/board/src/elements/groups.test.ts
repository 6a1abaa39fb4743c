import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { type Device, device, draw, erase, move, rectangle, syncAll, Wall } from '../testing/people.ts';
import { History } from '../steps/history.ts';
import type { ElementId } from '../types.ts';

const group = (at: Device, ...ids: ElementId[]): ElementId => at.board.run((edit) => edit.group(ids)) as ElementId;
const ungroup = (at: Device, ...ids: ElementId[]): void => at.board.run((edit) => edit.ungroup(ids));
const put = (at: Device, ids: ElementId[], parent: ElementId | null): void => at.board.run((edit) => edit.setParent(ids, parent));
const membersOf = (at: Device, id: ElementId): ElementId[] => [...at.board.membersOf(id)].sort();
const parents = (at: Device, ...ids: ElementId[]): (ElementId | null)[] => ids.map((id) => at.board.parentOf(id));
/** Everything shown, with the groups it is in. */
const shown = (at: Device): string =>
  JSON.stringify(
    at.board.elements().map(({ id, geometry, parent }) => {
      const above = [];
      for (let up = parent; up !== null; up = at.board.parentOf(up)) above.push(up);
      return [id, geometry.x, above];
    }),
  );

/** Ana and Ben with the same four elements; the values of one of them win, by their client ids. */
function pair(clientIds: readonly number[] = [1, 2]) {
  const wall = new Wall();
  const ana = device('ana', wall, { clientId: clientIds[0] as number });
  const ids = ana.board.run((edit) => [0, 10, 20, 30].map((x) => edit.create(rectangle(x))));
  const ben = device('ben', wall, { clientId: clientIds[1] as number, state: ana.state() });
  const [a, b, c, d] = ids as [ElementId, ElementId, ElementId, ElementId];
  const meet = (): string => {
    wall.pass(5);
    syncAll(ana, ben);
    expect(shown(ben)).toBe(shown(ana));
    expect(shown(device('cid', wall, { state: ana.state() }))).toBe(shown(ana));
    return shown(ana);
  };
  return { wall, ana, ben, a, b, c, d, meet };
}

describe('a group', () => {
  it('[G1] [G4] holds what was put into it, is no element, and is one step of undo', () => {
    const { ana, a, b, c } = pair();
    const before = shown(ana);
    const changes: unknown[] = [];
    ana.board.onChange(({ added, changed, removed }) =>
      changes.push([added.length, changed.map(({ after }) => [after.id, after.parent]), removed.length]),
    );
    const id = group(ana, a, b);
    const members = ana.board.membersOf(id);
    expect(membersOf(ana, id)).toEqual([a, b]);
    expect(changes).toEqual([
      [
        0,
        [
          [a, id],
          [b, id],
        ],
        0,
      ],
    ]);
    expect([ana.board.count, ana.board.get(id), ana.board.placeOf(id)]).toEqual([4, undefined, undefined]);
    expect(ana.board.get(c)?.parent).toBeNull();
    draw(ana);
    expect(ana.board.membersOf(id)).toBe(members);
    ana.board.undo();
    expect(ana.board.undo().elements).toEqual([a, b]);
    expect(shown(ana)).toBe(before);
    ana.board.redo();
    expect(membersOf(ana, id)).toEqual([a, b]);
  });

  it('[G4] is made in the innermost group that its members were in, and never of a group and its own member', () => {
    const { ana, a, b, c, d } = pair();
    const outer = group(ana, a, b, c);
    const inner = group(ana, a, b);
    expect(parents(ana, inner, a, c)).toEqual([outer, inner, outer]);
    const across = group(ana, a, c);
    expect(parents(ana, across, a, c, b, inner)).toEqual([outer, across, across, inner, outer]);
    const whole = group(ana, outer, a, d);
    expect(parents(ana, outer, d, a, whole)).toEqual([whole, whole, across, null]);
    expect(ana.board.run((edit) => edit.group(['nothing00' as ElementId]))).toBeNull();
  });

  it('[G4] ungrouped, gives its members to the group around it, and undo is one mark', () => {
    const { ana, a, b, c } = pair();
    const outer = group(ana, a, b, c);
    const inner = group(ana, a, b);
    ana.outbox.length = 0;
    ungroup(ana, inner);
    expect(ana.outbox[0]?.length).toBeLessThan(90);
    expect(membersOf(ana, outer)).toEqual([a, b, c]);
    expect(ana.board.membersOf(inner)).toEqual([]);
    ana.board.undo();
    expect([membersOf(ana, outer).sort(), membersOf(ana, inner)]).toEqual([[c, inner].sort(), [a, b]]);
    ungroup(ana, outer);
    expect(parents(ana, inner, a, c)).toEqual([null, inner, null]);
  });

  it('[G4] deleted, is deleted with everything in it as one step', () => {
    const { ana, a, b, c, d } = pair();
    group(ana, a, b);
    const outer = group(ana, a, b, c);
    const before = shown(ana);
    erase(ana, ana.board.parentOf(a) as ElementId, outer);
    expect(ana.board.elements().map(({ id }) => id)).toEqual([d]);
    ana.board.undo();
    expect(shown(ana)).toBe(before);
  });

  it('[G3] is shown while anything in it is, and takes back what comes back', () => {
    const { ana, ben, a, b, meet } = pair();
    const id = group(ana, a, b);
    meet();
    erase(ana, a);
    expect(membersOf(ana, id)).toEqual([b]);
    erase(ben, b);
    meet();
    expect(ana.board.membersOf(id)).toEqual([]);
    ben.board.undo();
    meet();
    expect(membersOf(ana, id)).toEqual([b]);
  });

  it('[G4] takes elements and groups in and out, never itself or what it lies in', () => {
    const { ana, a, b, c, d } = pair();
    const inner = group(ana, a, b);
    const outer = group(ana, inner, c);
    put(ana, [d], inner);
    expect(membersOf(ana, inner)).toEqual([a, b, d]);
    put(ana, [outer, inner], inner);
    expect(parents(ana, outer, inner)).toEqual([null, outer]);
    put(ana, [inner], null);
    expect(parents(ana, outer, inner, c)).toEqual([null, null, outer]);
    const size = ana.state().length;
    put(ana, [d], inner);
    put(ana, [c], 'nothing00' as ElementId);
    expect(ana.state().length).toBe(size);
    expect(() => put(ana, [c], d)).toThrow(BoardError);
    expect(ana.state().length).toBe(size);
  });

  it('[G4] made, filled and put into another in one gesture, is one step', () => {
    const { ana } = pair();
    const made = ana.board.run((edit) => {
      const [x, y, z] = [edit.create(rectangle(1)), edit.create(rectangle(2)), edit.create(rectangle(3))];
      const inner = edit.group([x, y]) as ElementId;
      return { x, z, inner, outer: edit.group([inner, z]) as ElementId };
    });
    expect(parents(ana, made.x, made.inner, made.z, made.outer)).toEqual([made.inner, made.outer, made.outer, null]);
    ana.board.undo();
    expect([ana.board.count, ana.board.membersOf(made.outer)]).toEqual([4, []]);
    ana.board.redo();
    expect(parents(ana, made.x, made.inner)).toEqual([made.inner, made.outer]);
  });

  it('[G4] grouped three times, is in three groups', () => {
    const { ana, a, meet } = pair();
    const [first, second, third] = [group(ana, a), group(ana, a), group(ana, a)];
    meet();
    expect(parents(ana, a, third, second, first)).toEqual([third, second, first, null]);
  });

  it('[G4] a change of groups alone is reported too', () => {
    const { ana, a, b, c, d } = pair();
    const [first, second] = [group(ana, a, b), group(ana, c, d)];
    let changes = 0;
    ana.board.onChange(() => changes++);
    put(ana, [first], second);
    expect([changes, parents(ana, first, a)]).toEqual([1, [second, first]]);
  });

  it('[G6] of many elements: a change of one reads no other', () => {
    const ana = device('ana', new Wall());
    const ids = ana.board.run((edit) => Array.from({ length: 3_000 }, (_, x) => edit.create(rectangle(x))));
    const id = group(ana, ...ids);
    const { isHidden } = History.prototype;
    const reads = (act: () => void): number => {
      let count = 0;
      History.prototype.isHidden = function (this: History, ...of) {
        count++;
        return isHidden.apply(this, of);
      };
      try {
        act();
      } finally {
        History.prototype.isHidden = isHidden;
      }
      return count;
    };
    expect(reads(() => move(ana, ids[1_500] as ElementId, 7))).toBeLessThan(4);
    expect(reads(() => erase(ana, ids[3] as ElementId))).toBeLessThan(4);
    expect(reads(() => put(ana, [ids[5] as ElementId], null))).toBeLessThan(4);
    expect(reads(() => put(ana, [id], null))).toBeLessThan(4);
    expect(membersOf(ana, id)).toHaveLength(2_998);
  });
});

describe.each([[[1, 2]], [[2, 1]]])('at once on two devices, with client ids %j', (clientIds) => {
  it('[G5] two people group overlapping elements: each is in one of the groups', () => {
    const { ana, ben, a, b, c, d, meet } = pair(clientIds);
    const [mine, yours] = [group(ana, a, b, c), group(ben, b, c, d)];
    meet();
    expect(parents(ana, a, d)).toEqual([mine, yours]);
    expect([mine, yours]).toContain(ana.board.parentOf(b));
    expect(ana.board.parentOf(c)).toBe(ana.board.parentOf(b));
    ana.board.undo();
    meet();
    expect(parents(ana, a, b, c, d)).toEqual([null, yours, yours, yours]);
    ana.board.redo();
    ben.board.undo();
    meet();
    expect(parents(ana, a, d)).toEqual([mine, null]);
  });

  it('[G4] one groups, the other moves a member: both hold, and each undoes their own', () => {
    const { ana, ben, a, b, meet } = pair(clientIds);
    const id = group(ana, a, b);
    move(ben, a, 99);
    meet();
    expect([ana.board.get(a)?.geometry.x, ana.board.parentOf(a)]).toEqual([99, id]);
    ana.board.undo();
    meet();
    expect([ana.board.get(a)?.geometry.x, ana.board.parentOf(a)]).toEqual([99, null]);
    ana.board.redo();
    ben.board.undo();
    meet();
    expect([ana.board.get(a)?.geometry.x, ana.board.parentOf(a)]).toEqual([0, id]);
  });

  it('[G3] [G4] one groups, the other deletes a member: it is gone, and its undo brings it back into the group', () => {
    const { ana, ben, a, b, meet } = pair(clientIds);
    const id = group(ana, a, b);
    erase(ben, a);
    meet();
    expect(membersOf(ana, id)).toEqual([b]);
    ben.board.undo();
    meet();
    expect(membersOf(ana, id)).toEqual([a, b]);
  });

  it('[G4] one deletes a group, the other puts something into it: that stays', () => {
    const { ana, ben, a, b, c, meet } = pair(clientIds);
    const id = group(ana, a, b);
    meet();
    erase(ana, id);
    put(ben, [c], id);
    meet();
    expect([ana.board.get(a), ana.board.get(c)?.parent]).toEqual([undefined, null]);
    ana.board.undo();
    meet();
    expect(membersOf(ana, id)).toEqual([a, b, c]);
  });

  it('[G4] one ungroups, the other moves a member, puts one in and deletes one: all of it holds', () => {
    const { ana, ben, a, b, c, meet } = pair(clientIds);
    const id = group(ana, a, b);
    meet();
    ungroup(ana, id);
    move(ben, a, 99);
    put(ben, [c], id);
    erase(ben, b);
    meet();
    expect(ana.board.elements().map(({ geometry, parent }) => [geometry.x, parent])).toEqual([
      [99, null],
      [20, null],
      [30, null],
    ]);
    ana.board.undo();
    meet();
    expect(membersOf(ana, id)).toEqual([a, c]);
    ana.board.redo();
    meet();
    expect(parents(ana, a, c)).toEqual([null, null]);
    ana.board.undo();
    meet();
    put(ben, [ana.board.elements()[2]?.id as ElementId], id);
    meet();
    // Ben has worked on the group since it came back, so it is not dissolved again.
    expect(ana.board.redo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    meet();
    expect(ana.board.membersOf(id)).toHaveLength(3);
  });

  it('[G5] undoing the making of a group spares it once somebody else has put something in', () => {
    const { ana, ben, a, b, c, meet } = pair(clientIds);
    const id = group(ana, a, b);
    meet();
    put(ben, [c], id);
    meet();
    expect(ana.board.undo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    meet();
    expect(parents(ana, a, b, c)).toEqual([null, null, id]);
    ben.board.undo();
    meet();
    expect(parents(ana, a, b, c)).toEqual([null, null, null]);
  });

  it('[G2] two people put each group into the other: the circle is cut, and undo of either ends it', () => {
    const { ana, ben, a, b, c, d, meet } = pair(clientIds);
    const [first, second] = [group(ana, a, b), group(ana, c, d)];
    meet();
    put(ana, [first], second);
    put(ben, [second], first);
    meet();
    expect(parents(ana, first, second, a, c)).toEqual([null, first, first, second]);
    ben.board.undo();
    meet();
    expect(parents(ana, first, second)).toEqual([second, null]);
    ben.board.redo();
    ana.board.undo();
    meet();
    expect(parents(ana, first, second)).toEqual([null, first]);
  });
});

describe('groups of any kind of bad input', () => {
  /** Writes values of `parent` as a hostile client would, in one transaction. */
  function forge(at: Device, values: readonly [ElementId, unknown][]): void {
    at.doc.transact(() => values.forEach(([id, value]) => at.doc.getMap('parent').set(id, [value, ''])));
  }

  it('[G1] a parent that is an element, not there, or no id: shown, in no group', () => {
    const { ana, a, b, c, d, meet } = pair();
    forge(ana, [
      [a, b],
      [b, 'Zz0000009'],
      [c, { id: a }],
      [d, d],
    ]);
    meet();
    expect(parents(ana, a, b, c, d)).toEqual([null, null, null, null]);
    expect(ana.board.count).toBe(4);
    const id = group(ana, b, c);
    // Through an element, too, the way leads on to the group above.
    expect(parents(ana, a, b, c)).toEqual([id, id, id]);
    ungroup(ana, id);
    meet();
    expect(parents(ana, a, b, c)).toEqual([null, null, null]);
  });

  it('[G2] circles through hidden groups and elements are cut as well', () => {
    const { ana, a, b, c, d, meet } = pair();
    const [first, second] = [group(ana, a, b), group(ana, c, d)];
    const third = group(ana, a);
    ungroup(ana, third);
    forge(ana, [
      [first, second],
      [second, third],
      [third, first],
    ]);
    meet();
    expect(parents(ana, first, second, a, b, c)).toEqual(
      [null, first, first, first, second].map((id) => (id === first ? ana.board.parentOf(b) : id)),
    );
    forge(ana, [[first, null]]);
    meet();
    expect(parents(ana, first, second, a)).toEqual([null, first, first]);
  });

  it('[G1] a chain of 20,000 hidden ones, or a group 5,000 deep, stops nothing', () => {
    const { wall, ana, a, b } = pair();
    const base = ana.doc.getMap('base');
    const deep = (count: number, session: string, kind: string): ElementId[] => {
      const ids = Array.from({ length: count }, (_, i) => (session + i.toString(36)) as ElementId);
      const step = `0000000a${session}`;
      ana.doc.transact(() => {
        for (const id of ids) base.set(id, { s: step, k: kind, g: [0, 0, 0, 0, 0] });
        ids.forEach((id, i) => i > 0 && ana.doc.getMap('parent').set(id, [ids[i - 1], '']));
      });
      return ids;
    };
    const hidden = deep(20_000, 'Hh000000', 'rectangle');
    const nested = deep(5_000, 'Gg000000', 'group');
    forge(ana, [
      [a, hidden.at(-1)],
      [b, nested.at(-1)],
    ]);
    const fresh = device('cid', wall, { state: ana.state() });
    for (const at of [ana, fresh]) {
      expect(parents(at, a, b, nested[4_999] as ElementId, nested[0] as ElementId)).toEqual([null, nested.at(-1), nested.at(-2), null]);
      at.board.run((edit) => edit.remove([nested[0] as ElementId]));
      expect(at.board.get(b)).toBeUndefined();
      at.board.undo();
      expect(at.board.run((edit) => edit.group([a, b]))).not.toBeNull();
    }
  });
});

describe('emptying the trash', () => {
  it('[G7] [U15] keeps a hidden group that leads on to the group around it, and removes the others', () => {
    const { ana, a, b, c, d } = pair();
    const outer = group(ana, a, b, c);
    const inner = group(ana, a, b);
    ungroup(ana, inner);
    const gone = group(ana, d);
    erase(ana, gone);
    const before = shown(ana);
    expect(ana.board.emptyTrash()).toBe(1);
    expect([...ana.doc.getMap('base').keys()].sort()).toEqual([a, b, c, inner, outer].sort());
    expect(shown(ana)).toBe(before);
    ana.board.undo();
    expect(parents(ana, a, inner, c)).toEqual([inner, outer, outer]);
  });
});
