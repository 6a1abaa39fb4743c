import { describe, expect, it } from 'vitest';
import { stepTime } from '../document/keys.ts';
import { undoLimits } from '../limits.ts';
import { type Device, device, draw, erase, move, recolor, shownBoard, Wall } from '../testing/people.ts';
import type { StepKey } from '../types.ts';

const DAY_MS = 24 * 3_600_000;

const keysOf = (at: Device, root: string): string[] => [...at.doc.getMap(root).keys()];

describe('trimming the undo log', () => {
  it('[U11] beyond 300 logged steps the oldest are dropped; a stored undone value is replaced by the shown one', () => {
    const ana = device('ana', new Wall());
    const [id, other] = [draw(ana), draw(ana)];
    move(ana, id, 5);
    recolor(ana, other, 'red');
    ana.board.undo();
    for (let i = 0; i < 320; i++) move(ana, id, 100 + i);
    expect(ana.doc.getMap('undo').size).toBe(300);
    expect(ana.doc.getMap('style').has(`${other}/color`)).toBe(false);
    expect(ana.doc.getMap('undone').size).toBe(0);
    expect(ana.board.get(other)?.style.color).toBe('ink');
  });

  it('[U11] undoing a logged step never shows the value of an undone step beneath it', () => {
    const limits = { ...undoLimits, reachableSteps: 4, slackSteps: 2 };
    const ana = device('ana', new Wall(), { limits });
    const id = draw(ana);
    recolor(ana, id, 'blue');
    ana.board.undo();
    for (let i = 0; i < 5; i++) draw(ana);
    recolor(ana, id, 'green');
    for (let i = 0; i < 3; i++) draw(ana);
    for (let i = 0; i < 4; i++) ana.board.undo();
    expect(ana.board.get(id)?.style.color).toBe('ink');
  });

  it('[U11] undone deletions beyond the limit are dropped', () => {
    const limits = { ...undoLimits, reachableSteps: 4, slackSteps: 2 };
    const ana = device('ana', new Wall(), { limits });
    const id = draw(ana);
    erase(ana, id);
    ana.board.undo();
    for (let i = 0; i < 8; i++) draw(ana);
    expect([ana.doc.getMap('gone').size, ana.doc.getMap('undone').size]).toEqual([0, 0]);
    expect(ana.board.get(id)).toBeDefined();
  });

  it('[U11] a board limits the number and age of logged steps, and any client trims them without changing the board', () => {
    const wall = new Wall();
    const limits = { ...undoLimits, boardSteps: 10 };
    const ben = device('ben', wall, { limits });
    const id = draw(ben);
    for (let i = 0; i < 15; i++) move(ben, id, i + 1);
    ben.board.undo();
    const ana = device('ana', wall, { limits, state: ben.state() });
    const before = shownBoard(ana);
    recolor(ana, draw(ana), 'red');
    expect(ana.doc.getMap('undo').size).toBeLessThanOrEqual(11);
    ana.board.undo();
    ana.board.undo();
    expect(shownBoard(ana)).toBe(before);

    wall.pass(31 * DAY_MS);
    const id2 = draw(ana);
    recolor(ana, id2, 'green');
    recolor(ana, id2, 'blue');
    expect(keysOf(ana, 'undo').every((step) => stepTime(step as StepKey) > wall.now - DAY_MS)).toBe(true);
  });

  it('[U11] a device whose clock is a year ahead does not trim steps that are recent by other clocks', () => {
    const wall = new Wall();
    const ben = device('ben', wall);
    const id = draw(ben);
    move(ben, id, 1);
    const wrong = device('ana', wall, { state: ben.state(), skewMs: 365 * DAY_MS });
    move(wrong, id, 2);
    expect(wrong.doc.getMap('undo').size).toBe(2);
  });
});
