import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { fields } from '../document/fields.ts';
import { elementId, stepKey, stepTime } from '../document/keys.ts';
import { undoLimits } from '../limits.ts';
import { decodeStepLog } from '../steps/step-log.ts';
import { type Device, box, device, draw, erase, move, recolor, rectangle, shownBoard, syncAll, syncPair, Wall } from '../testing/people.ts';
import { inspect } from '../testing/insight.ts';
import type { ElementId, SessionId, StepKey } from '../types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const keysOf = (at: Device, root: string): string[] => [...at.doc.getMap(root).keys()];
const newestStep = (at: Device): StepKey => keysOf(at, 'undo').sort().at(-1) as StepKey;

describe('rules of undo', () => {
  it('[U1] every board has its own session id, and takes another when the document already has it', () => {
    const wall = new Wall();
    const first = device('ana', wall, { seed: 5 });
    draw(first);
    const same = device('ben', wall, { seed: 5, state: first.state() });
    expect(same.board.session).not.toBe(first.board.session);

    // The writes of the other session arrive only after this board was opened.
    const late = device('ben', wall, { seed: 5 });
    expect(late.board.session).toBe(first.board.session);
    syncPair(first, late);
    const id = draw(late);
    expect(late.board.session).not.toBe(first.board.session);
    expect(id.startsWith(late.board.session)).toBe(true);
    expect(late.board.get(id)?.author).toBe('ben');
    expect(late.board.count).toBe(2);
  });

  it('[U1] ids count up per session, also across gestures that threw', () => {
    const ana = device('ana', new Wall());
    const { session } = ana.board;
    expect(draw(ana)).toBe(`${session}0`);
    expect(() =>
      ana.board.run((edit) => {
        edit.create(rectangle());
        throw new Error('stop');
      }),
    ).toThrow('stop');
    const id = draw(ana);
    expect(id).toBe(`${session}2`);
    expect(ana.board.count).toBe(2);
  });

  it('[U2] a device with a slow clock makes steps later than all it has seen, on every root', () => {
    const wall = new Wall();
    const fast = device('ana', wall, { skewMs: HOUR_MS });
    const id = draw(fast);
    move(fast, id, 1);
    fast.board.undo();
    const mark = fast.doc.getMap('undone').get(newestStep(fast)) as number;
    expect(mark).toBeGreaterThan(wall.now);
    const slow = device('ben', wall, { state: fast.state() });
    expect(slow.board.get(draw(slow))?.createdAt).toBeGreaterThan(mark);

    // A tag counts even without its step.
    const alone = device('ben', wall);
    const tag = stepKey(wall.now + HOUR_MS, fast.board.session);
    alone.doc.getMap('geo').set(id, [[1, 1, 1, 1, 0], tag]);
    expect(alone.board.get(draw(alone))?.createdAt).toBeGreaterThan(stepTime(tag));
  });

  it('[U2] a clock more than a day ahead is not followed, and its values are written untagged into logs', () => {
    const wall = new Wall();
    const broken = device('ben', wall, { skewMs: DAY_MS + 60_000 });
    const id = draw(broken);
    move(broken, id, 7);
    const ana = device('ana', wall, { state: broken.state() });
    move(ana, id, 8);
    const own = keysOf(ana, 'undo').sort()[0] as StepKey;
    expect(stepTime(own)).toBe(wall.now);
    expect(decodeStepLog(ana.doc.getMap('undo').get(own)).before(fields.geo, id)).toEqual({ value: [7, 0, 10, 10, 0], tag: '' });
  });

  it('[U3] one gesture is one transaction: first the user, then the step, then the fields', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    const ben = device('ben', new Wall(), { state: ana.state() });
    ben.board.run((edit) => {
      edit.setGeometry(id, box(5));
      edit.setStyle(id, 'color', 'red');
      edit.create(rectangle());
      ben.board.run((inner) => inner.setLocked(id, true));
    });
    expect(ben.outbox).toHaveLength(1);
    const written = Y.decodeUpdate(ben.outbox[0] as Uint8Array).structs.map((struct) => (struct instanceof Y.Item ? struct.parent : null));
    expect(written).toEqual(['who', 'undo', 'base', 'geo', 'style', 'lock']);
    ben.board.undo();
    expect(ben.board.get(id)).toEqual(ana.board.get(id));
  });

  it('[U3] a gesture that changes nothing, or throws, writes nothing', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    recolor(ana, id, 'red');
    ana.outbox.length = 0;
    move(ana, id, 0);
    recolor(ana, id, 'red');
    erase(ana, 'nobody00a' as ElementId);
    ana.board.run((edit) => {
      edit.setLocked(id, false);
      edit.remove([edit.create(rectangle())]);
      edit.reorder([id], 'front');
    });
    expect(() =>
      ana.board.run((edit) => {
        edit.remove([id]);
        throw new RangeError('late');
      }),
    ).toThrow(RangeError);
    expect(ana.outbox).toEqual([]);
    expect(ana.board.get(id)).toBeDefined();
  });

  it('[U4] undo and redo of an override write a mark and nothing else', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    move(ana, id, 1);
    const stored = ana.doc.getMap('geo').get(id);
    ana.outbox.length = 0;
    expect(ana.board.undo().elements).toEqual([id]);
    expect(ana.doc.getMap('geo').get(id)).toBe(stored);
    expect(ana.outbox[0]?.length).toBeLessThan(60);
    ana.board.redo();
    expect(ana.board.get(id)?.geometry.x).toBe(1);
  });

  it('[U4] a missing step ends the chain: its value stays', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    move(ana, id, 1);
    const step = newestStep(ana);
    ana.doc.transact(() => {
      ana.doc.getMap('undo').delete(step);
      ana.doc.getMap('undone').set(step, 1);
    });
    expect(ana.board.get(id)?.geometry.x).toBe(1);
  });

  it('[U5] an element is hidden while a deletion in force covers it, or its creation is undone', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const id = draw(ana);
    syncAll(ana, ben);
    erase(ana, id);
    ben.board.clear();
    syncAll(ana, ben);
    ana.board.undo();
    expect(ana.board.get(id)).toBeUndefined();
    syncAll(ana, ben);
    ben.board.undo();
    expect(ben.board.get(id)).toBeDefined();
    syncAll(ana, ben);
    ana.board.undo();
    expect(ana.board.get(id)).toBeUndefined();
  });

  it('[U6] drawing and erasing log nothing, and 200 steps are reachable', () => {
    const ana = device('ana', new Wall());
    for (let i = 0; i < 205; i++) draw(ana);
    expect(ana.doc.getMap('undo').size).toBe(0);
    let presses = 0;
    while (ana.board.undo().isDone) presses++;
    expect(presses).toBe(200);
    expect(ana.board.count).toBe(5);
  });

  it('[U6] undo reaches steps of another page of the same person as soon as their author is known', () => {
    const wall = new Wall();
    const tablet = device('ana', wall);
    const id = draw(tablet);
    const laptop = device('ana', wall);
    const step = tablet.board.get(id)?.step as StepKey;
    laptop.doc.getMap('base').set(id, tablet.doc.getMap('base').get(id));
    expect(laptop.board.canUndo).toBe(false);
    laptop.doc.getMap('who').set(tablet.board.session, 'ana');
    expect(laptop.board.canUndo).toBe(true);
    expect(laptop.board.get(id)?.author).toBe('ana');
    laptop.board.undo();
    expect(keysOf(laptop, 'undone')).toEqual([step]);
  });

  it('[U7] one undo pops one step, even if all of it has been painted over', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const id = draw(ana);
    move(ana, id, 1);
    syncAll(ana, ben);
    move(ben, id, 2);
    syncAll(ana, ben);
    expect(ana.board.undo()).toMatchObject({ isDone: true, elements: [] });
    expect(keysOf(ana, 'undone')).toHaveLength(1);
    expect(ana.board.get(id)?.geometry.x).toBe(2);
  });

  it('[U8] redo brings back the step that was undone last, and the next gesture ends redo', () => {
    const ana = device('ana', new Wall());
    const [first, second] = [draw(ana), draw(ana)];
    ana.board.undo();
    ana.board.undo();
    expect(ana.board.redo().elements).toEqual([first]);
    expect(ana.board.redo().elements).toEqual([second]);
    ana.board.undo();
    draw(ana);
    expect(ana.board.canRedo).toBe(false);
    expect(ana.board.redo()).toEqual({ isDone: false, elements: [], kept: [] });
  });

  it('[U9] redo of an erasing spares elements that others changed since it was undone', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const ids = [draw(ana), draw(ana)] as const;
    erase(ana, ...ids);
    ana.board.undo();
    syncAll(ana, ben);
    wall.pass(1000);
    recolor(ben, ids[1], 'green');
    syncAll(ana, ben);
    expect(ana.board.redo()).toEqual({
      isDone: true,
      elements: [ids[0]],
      kept: [{ reason: 'spared', by: ['ben'], ids: [ids[1]] }],
    });
    syncAll(ana, ben);
    expect(ben.board.elements().map((element) => element.id)).toEqual([ids[1]]);
  });

  it('[U9] redo of a clear spares elements that others changed since, and does not report elements deleted long before', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const [old, kept, gone] = [draw(ana), draw(ana), draw(ana)];
    syncAll(ana, ben);
    erase(ben, old);
    syncAll(ana, ben);
    ana.board.clear();
    expect(ana.board.undo()).toMatchObject({ isDone: true, kept: [] });
    syncAll(ana, ben);
    recolor(ben, kept, 'green');
    syncAll(ana, ben);
    expect(ana.board.redo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [kept] }]);
    expect(ana.board.elements().map((element) => element.id)).toEqual([kept]);
    expect(ana.board.get(gone)).toBeUndefined();
    expect(ana.doc.getMap('gone').size).toBe(2);
  });

  it('[U9] undo of a creation names every person whose work it spares', () => {
    const wall = new Wall();
    const [ana, ben, cid] = [device('ana', wall), device('ben', wall), device('cid', wall)];
    const ids = ana.board.run((edit) => [1, 2, 3].map((x) => edit.create(rectangle(x))));
    syncAll(ana, ben, cid);
    move(ben, ids[0] as ElementId, 9);
    recolor(cid, ids[1] as ElementId, 'red');
    syncAll(ana, ben, cid);
    const { kept, elements } = ana.board.undo();
    expect(elements).toEqual([ids[2]]);
    expect(kept).toEqual([{ reason: 'spared', by: ['ben', 'cid'], ids: [ids[0], ids[1]] }]);
    // Redo brings back only the element that was not spared.
    expect(ana.board.redo().elements).toEqual([ids[2]]);
  });

  it('[U10] a clear is one entry however many elements there are, and one undo takes it back', () => {
    const ana = device('ana', new Wall());
    ana.board.run((edit) => {
      for (let i = 0; i < 500; i++) edit.create(rectangle(i));
    });
    ana.outbox.length = 0;
    ana.board.clear();
    expect(ana.board.count).toBe(0);
    expect(ana.doc.getMap('gone').size).toBe(1);
    expect(ana.outbox[0]?.length).toBeLessThan(120);
    ana.board.clear();
    expect(ana.doc.getMap('gone').size).toBe(1);
    ana.board.undo();
    expect(ana.board.count).toBe(500);
  });

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

  it('[U13] parts of updates may arrive in any order, and the board is right once all have arrived', () => {
    const wall = new Wall();
    const ana = device('ana', wall, { clientId: 1 });
    const ids = [draw(ana), draw(ana), draw(ana)] as const;
    const ben = device('ben', wall, { clientId: 2, state: ana.state() });
    move(ben, ids[0], 5);
    erase(ben, ids[1]);
    ben.board.undo();
    erase(ben, ids[2]);
    const fromBen = ben.outbox.splice(0);
    const late = device('cid', wall);
    for (const update of fromBen) late.receive(update);
    expect(late.board.count).toBe(0);
    late.board.undo();
    for (const update of ana.outbox) late.receive(update);
    syncAll(ana, ben);
    expect(shownBoard(late)).toBe(shownBoard(ana));
    expect(late.board.elements().map((element) => element.geometry.x)).toEqual([5, 0]);
  });

  it('[U13] the beginning of a transaction may arrive alone', () => {
    const wall = new Wall();
    const [ana, ben, cid] = [
      device('ana', wall, { clientId: 1 }),
      device('ben', wall, { clientId: 2 }),
      device('cid', wall, { clientId: 3 }),
    ];
    const ids = [draw(ana), draw(ana)] as const;
    syncAll(ana, ben, cid);
    cid.outbox.length = 0;
    move(ana, ids[1], 3);
    const withheld = ana.outbox.splice(0).at(-1) as Uint8Array;
    syncPair(ana, ben);
    ben.board.run((edit) => {
      edit.setGeometry(ids[0], box(50));
      edit.setGeometry(ids[1], box(60));
    });
    // Ben's second write depends on Ana's, which Cid lacks: Yjs applies the part before it.
    cid.receive(ben.outbox.at(-1) as Uint8Array);
    expect(cid.board.elements().map((element) => element.geometry.x)).toEqual([50, 0]);
    cid.receive(withheld);
    expect(shownBoard(cid)).toBe(shownBoard(ben));
  });

  it('[U14] a repair of order keys keeps tags and belongs to no step', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const [low, a, b, top] = [draw(ana), draw(ana), draw(ana), draw(ana)];
    syncAll(ana, ben);
    ana.board.run((edit) => edit.reorder([a], 'back'));
    ben.board.run((edit) => edit.reorder([b], 'back'));
    syncAll(ana, ben);
    const tags = new Map([a, b].map((id) => [id, (ana.doc.getMap('z').get(id) as [string, string])[1]]));
    ana.board.run((edit) => edit.reorder([top], 'back'));
    for (let i = 0; i < 1; i++) ana.board.run((edit) => edit.reorder([top], 'forward'));
    expect(ana.board.elements().map((element) => element.id)[1]).toBe(top);
    for (const [id, tag] of tags) expect((ana.doc.getMap('z').get(id) as [string, string])[1]).toBe(tag);
    const log = decodeStepLog(ana.doc.getMap('undo').get(newestStep(ana)));
    expect(log.entries.map((entry) => entry.id)).toEqual([top]);
    expect(ana.board.get(low)?.z).toBeNull();
  });

  it('[U15] emptying the trash removes hidden elements and keeps the rest, and undo afterwards reports nothing false', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const [erased, stays, undone] = [draw(ana), draw(ana), draw(ana)];
    move(ana, erased, 4);
    recolor(ana, stays, 'red');
    syncAll(ana, ben);
    erase(ben, erased);
    syncAll(ana, ben);
    ana.board.undo();
    ana.board.undo();
    ana.board.undo();
    expect(ana.board.get(undone)).toBeUndefined();
    const before = shownBoard(ana);
    // Ben's device was offline with a move of the erased element.
    const offline = device('ben', wall, { state: ana.state() });
    offline.board.undo();
    move(offline, erased, 77);
    expect(ana.board.emptyTrash()).toBe(2);
    expect(shownBoard(ana)).toBe(before);
    expect(keysOf(ana, 'base')).toEqual([stays]);
    expect(keysOf(ana, 'geo')).toEqual([]);
    expect(keysOf(ana, 'gone')).toEqual([]);
    syncAll(ana, offline);
    expect(ana.board.get(erased)).toBeUndefined();
    expect(keysOf(ana, 'geo')).toEqual([erased]);
    expect(ana.board.emptyTrash()).toBe(0);
    expect(keysOf(ana, 'geo')).toEqual([]);
    expect(shownBoard(device('cid', wall, { state: ana.state() }))).toBe(before);
    // Two of Ana's five steps made swept elements and one moved them: redo and undo skip these steps.
    expect(ana.board.redo().elements).toEqual([stays]);
    expect(ana.board.redo().isDone).toBe(false);
    ana.board.undo();
    expect(ana.board.undo().elements).toEqual([stays]);
    expect(ana.board.undo().isDone).toBe(false);
  });

  it('[U16] many elements made in one gesture are one step', () => {
    const ana = device('ana', new Wall());
    const kept = draw(ana);
    const ids = ana.board.run((edit) => Array.from({ length: 200 }, (_, i) => edit.create(rectangle(i))));
    expect(new Set(ids).size).toBe(200);
    expect(ana.board.undo().elements).toHaveLength(200);
    expect(ana.board.elements().map((element) => element.id)).toEqual([kept]);
  });

  it('[U17] only the same user id can undo a step, also after a reload', () => {
    const wall = new Wall();
    const guest = device('guest-1', wall);
    draw(guest);
    const forgotten = device('guest-2', wall, { state: guest.state() });
    expect(forgotten.board.canUndo).toBe(false);
    expect(forgotten.board.undo()).toEqual({ isDone: false, elements: [], kept: [] });
    const reloaded = device('guest-1', wall, { state: guest.state() });
    expect(reloaded.board.undo().isDone).toBe(true);
    expect(reloaded.board.count).toBe(0);
  });

  it('[U4] [U5] marks of steps without an element, and of malformed keys, change nothing', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    const { all } = inspect(ana.doc);
    ana.doc.transact(() => {
      ana.doc.getMap('undone').set('nonsense', 3);
      ana.doc.getMap('undone').set(stepKey(3, 'AAAAAAAA' as SessionId), 3);
      ana.doc.getMap('undone').set(ana.board.get(id)?.step as string, 'yes');
      ana.doc.getMap('gone').set(stepKey(3, 'AAAAAAAA' as SessionId), [elementId('AAAAAAAA' as SessionId, 3), 4, null]);
    });
    expect(inspect(ana.doc).all).toBe(all);
  });
});

describe('a board made from defaults', () => {
  it('[U1] a board made from defaults uses the wall clock and its own random source', () => {
    const [a, b] = [createBoard({ doc: new Y.Doc(), userId: '' }), createBoard({ doc: new Y.Doc(), userId: '' })];
    expect(a.session).toMatch(/^[0-9A-Za-z]{8}$/);
    expect(a.session).not.toBe(b.session);
    const id = a.run((edit) => edit.create(rectangle()));
    expect(Math.abs((a.get(id)?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});
