/** Steps that undo and redo reach, their order, and the bounds of the log, also with clocks that are days apart. */
import { describe, expect, it } from 'vitest';
import { undoLimits } from '../limits.ts';
import { stepTime } from '../document/keys.ts';
import { type Device, device, draw, erase, move, recolor, rectangle, shownBoard, syncAll, Wall } from '../testing/people.ts';
import type { ElementId, StepKey } from '../types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const xOf = (at: Device, id: ElementId): number | undefined => at.board.get(id)?.geometry.x;
const logged = (at: Device): StepKey[] => [...at.doc.getMap('undo').keys()] as StepKey[];
const deletions = (at: Device): StepKey[] => [...at.doc.getMap('gone').keys()] as StepKey[];

function presses(at: Device, way: 'undo' | 'redo'): number {
  let count = 0;
  while (at.board[way]().isDone) count++;
  return count;
}

describe('steps that were undone long ago', () => {
  it('[U6] [U7] L8: 200 strokes drawn and undone do not use up the reach of undo', () => {
    const ana = device('ana', new Wall());
    for (let i = 0; i < 3; i++) draw(ana);
    for (let i = 0; i < 200; i++) {
      draw(ana);
      ana.board.undo();
    }
    expect([ana.board.canUndo, ana.board.count]).toEqual([true, 3]);
    const reloaded = device('ana', new Wall(), { state: ana.state() });
    expect([presses(reloaded, 'undo'), presses(reloaded, 'redo'), reloaded.board.count]).toEqual([3, 4, 4]);
  });

  it('[U6] [U11] L8: moves made and undone do not use up the reach either: the moves before them can still be undone', () => {
    const ana = device('ana', new Wall());
    const [id, other] = [draw(ana), draw(ana)];
    for (let x = 1; x <= 3; x++) move(ana, id, x);
    for (let i = 0; i < 400; i++) {
      move(ana, other, i + 1);
      ana.board.undo();
    }
    for (const x of [2, 1, 0]) {
      ana.board.undo();
      expect(xOf(ana, id)).toBe(x);
    }
  });

  it('[U6] L8: redoable steps use up the reach, so no more than 200 presses have an effect', () => {
    const ana = device('ana', new Wall());
    for (let i = 0; i < 450; i++) draw(ana);
    expect([presses(ana, 'undo'), ana.board.count]).toEqual([200, 250]);
    draw(ana);
    expect([presses(ana, 'undo'), ana.board.count]).toEqual([200, 51]);
  });
});

describe('the bounds of the log', () => {
  it('[U11] L10: moves and undone moves of one person stay within 300 steps, and are dropped after 30 days', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const [id, other] = [draw(ana), draw(ana)];
    for (let i = 0; i < 64; i++) {
      move(ana, id, i + 1);
      ana.board.undo();
    }
    for (let i = 0; i < 64; i++) move(ana, id, 100 + i);
    for (let i = 0; i < 600; i++) move(ana, other, i + 1);
    expect(logged(ana).length).toBe(300);
    wall.pass(40 * DAY_MS);
    for (let i = 0; i < 2; i++) move(ana, other, -i - 1);
    expect(
      logged(ana)
        .map(stepTime)
        .every((time) => time > wall.now - 30 * DAY_MS),
    ).toBe(true);
    expect(ana.doc.getMap('undone').size).toBe(0);
  });

  it('[U11] L10: undone deletions stay within the same bounds, even if other people made the oldest of them', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const [id, other] = [draw(ana), draw(ben)];
    syncAll(ana, ben);
    for (let i = 0; i < 70; i++) {
      erase(ben, other);
      ben.board.undo();
    }
    syncAll(ana, ben);
    for (let i = 0; i < 500; i++) {
      erase(ana, id);
      ana.board.undo();
    }
    expect(deletions(ana).length).toBeLessThanOrEqual(300 + 70);
    wall.pass(40 * DAY_MS);
    for (let i = 0; i < 2; i++) {
      erase(ana, id);
      ana.board.undo();
    }
    expect(deletions(ana).length).toBeLessThanOrEqual(2);
    expect(ana.doc.getMap('undone').size).toBeLessThanOrEqual(2);
  });

  it('[U11] L10: a board holds at most 2,000 logged steps and undone deletions together', () => {
    const wall = new Wall();
    const limits = { ...undoLimits, boardSteps: 40 };
    const people = ['ana', 'ben', 'cid'].map((user) => device(user, wall, { limits }));
    const [ana] = people as [Device, Device, Device];
    const id = draw(ana);
    syncAll(...people);
    for (let i = 0; i < 30; i++) {
      for (const at of people) {
        move(at, id, i * 3 + people.indexOf(at) + 1);
        if (i % 3 === 0) at.board.undo();
        erase(at, id);
        at.board.undo();
        syncAll(...people);
      }
    }
    expect(ana.board.get(id)).toBeDefined();
    draw(ana);
    expect(logged(ana).length + deletions(ana).length).toBeLessThanOrEqual(40);
  });

  it('[U11] [P9] L10: undone moves beneath moves of others are dropped too, and undoing those still shows no undone value', () => {
    const wall = new Wall();
    const limits = { ...undoLimits, reachableSteps: 8, slackSteps: 4 };
    const [ana, ben] = [device('ana', wall, { limits, clientId: 1 }), device('ben', wall, { limits, clientId: 2 })];
    const ids = [0, 1, 2, 3, 4, 5].map((x) => draw(ana, rectangle(x)));
    const other = draw(ana);
    for (const id of ids) move(ana, id, 111);
    syncAll(ana, ben);
    wall.pass(10);
    ben.board.run((edit) => {
      for (const [i, id] of ids.entries()) edit.setGeometry(id, { x: 222 + i, y: 0, w: 10, h: 10, rotation: 0 });
    });
    syncAll(ana, ben);
    for (let i = 0; i < ids.length; i++) expect(ana.board.undo().kept).toMatchObject([{ reason: 'changed', by: ['ben'] }]);
    for (let i = 0; i < 20; i++) move(ana, other, i + 1);
    syncAll(ana, ben);
    expect(logged(ana).filter((step) => step.endsWith(ana.board.session)).length).toBe(12);
    expect(ana.doc.getMap('undone').size).toBe(0);
    const before = shownBoard(ben);
    ben.board.undo();
    expect(ids.map((id) => xOf(ben, id))).toEqual([0, 1, 2, 3, 4, 5]);
    ben.board.redo();
    expect(shownBoard(ben)).toBe(before);
  });

  it('[U11] L10: undone steps beneath a log too large to rewrite stay, and do not keep others from being dropped', () => {
    const wall = new Wall();
    const limits = { ...undoLimits, reachableSteps: 70, slackSteps: 4 };
    const [ana, ben] = [device('ana', wall, { limits }), device('ben', wall, { limits })];
    const ids = ana.board.run((edit) => Array.from({ length: 1500 }, (_, x) => edit.create(rectangle(x))));
    const moveAll = (at: Device, x: number): void => {
      at.board.run((edit) => ids.forEach((id) => edit.setGeometry(id, { x: x + 0.1, y: 0.1, w: 0.1, h: 0.1, rotation: 0 })));
    };
    moveAll(ana, 1);
    const moved = ids.slice(0, 66);
    for (const id of moved) move(ana, id, 111);
    syncAll(ana, ben);
    moveAll(ben, 2);
    syncAll(ana, ben);
    for (let i = 0; i < moved.length; i++) ana.board.undo();
    for (let i = 0; i < 100; i++) recolor(ana, ids[1] as ElementId, i % 2 === 0 ? 'red' : 'blue');
    expect(logged(ana).filter((step) => step.endsWith(ana.board.session)).length).toBe(74 + 66);
    syncAll(ana, ben);
    ben.board.undo();
    expect(moved.map((id) => xOf(ben, id))).toEqual(Array(66).fill(1.1));
  });
});

describe('clocks that are days apart', () => {
  /** A later page or second device of one person starts from the state the first one left. */
  const cases = [
    ['a clock two days ahead that was set right', 2 * DAY_MS, 0],
    ['a clock a year ahead that was set right', 365 * DAY_MS, 0],
    ['a second device whose clock is two days behind', 0, -2 * DAY_MS],
  ] as const;

  it.each(cases)('[U2] [P6] L9: after %s, undo takes the newest step first and redo brings all back', (_, first, second) => {
    const wall = new Wall();
    const before = device('ana', wall, { skewMs: first });
    const id = draw(before);
    move(before, id, 1);
    wall.pass(60_000);
    const ana = device('ana', wall, { state: before.state(), skewMs: second });
    move(ana, id, 2);
    const other = draw(ana);
    const shown = (): unknown[] => [xOf(ana, id), ana.board.get(other) !== undefined];
    const seen: unknown[] = [];
    while (ana.board.canUndo) {
      wall.pass(1000);
      ana.board.undo();
      seen.push(shown());
    }
    expect(seen).toEqual([
      [2, false],
      [1, false],
      [0, false],
      [undefined, false],
    ]);
    const again = device('ana', wall, { state: ana.state(), skewMs: second });
    expect(presses(again, 'redo')).toBe(4);
    expect([xOf(again, id), again.board.get(other) !== undefined]).toEqual([2, true]);
  });

  it.each(cases)('[U8] [P5] L9: after %s, a new action ends redo everywhere', (_, first, second) => {
    const wall = new Wall();
    const before = device('ana', wall, { skewMs: first });
    const id = draw(before);
    move(before, id, 1);
    const ana = device('ana', wall, { state: before.state(), skewMs: second });
    ana.board.undo();
    expect(ana.board.canRedo).toBe(true);
    wall.pass(1000);
    recolor(ana, id, 'red');
    syncAll(ana, before);
    for (const at of [ana, before]) expect([at.board.canRedo, xOf(at, id)]).toEqual([false, 0]);
    ana.board.undo();
    syncAll(ana, before);
    for (const at of [ana, before]) expect(at.board.get(id)?.style.color).toBe('ink');
    expect(before.board.redo().elements).toEqual([id]);
  });

  it('[U2] [P6] K12: a step made while the clock was more than 24 h ahead is undone after the newer ones, days later too', () => {
    const wall = new Wall();
    const early = device('ana', wall, { skewMs: 3 * DAY_MS });
    const first = draw(early);
    const ana = device('ana', wall, { state: early.state() });
    const second = draw(ana);
    wall.pass(5 * DAY_MS);
    const third = draw(ana);
    const late = device('ana', wall, { state: ana.state() });
    const order: (readonly ElementId[])[] = [];
    while (late.board.canUndo) order.push(late.board.undo().elements);
    expect(order).toEqual([[third], [second], [first]]);
    expect(late.board.nextUndo).toBeNull();
  });

  it('[U2] [P4] L9: two devices with clocks days apart would undo the same step, and a stroke keeps the time of its own clock', () => {
    const wall = new Wall();
    const laptop = device('ana', wall, { skewMs: 2 * DAY_MS });
    const phone = device('ana', wall);
    for (let i = 0; i < 3; i++) {
      for (const at of [laptop, phone]) {
        wall.pass(1000);
        draw(at);
        syncAll(laptop, phone);
      }
    }
    const made = phone.board.elements().filter(({ session }) => session === phone.board.session);
    expect(made.every(({ createdAt }) => createdAt <= wall.now)).toBe(true);
    for (let i = 5; i >= 0; i--) {
      expect(laptop.board.nextUndo).toBe(phone.board.nextUndo);
      laptop.board.undo();
      phone.board.undo();
      syncAll(laptop, phone);
      expect(phone.board.count).toBe(i);
    }
  });

  it('[U2] [P7] L9: undone values from a clock far ahead are looked through as well, and do not protect an element', () => {
    const wall = new Wall();
    const ben = device('ben', wall, { skewMs: 3 * DAY_MS });
    const ana = device('ana', wall);
    const id = draw(ana);
    syncAll(ana, ben);
    move(ben, id, 7);
    syncAll(ana, ben);
    move(ana, id, 8);
    syncAll(ana, ben);
    ben.board.undo();
    syncAll(ana, ben);
    ana.board.undo();
    expect(xOf(ana, id)).toBe(0);
    ben.board.redo();
    syncAll(ana, ben);
    expect(xOf(ana, id)).toBe(7);
    expect(ana.board.undo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
  });
});
