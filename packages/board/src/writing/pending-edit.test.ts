import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { fields } from '../document/fields.ts';
import { stepKey, stepTime } from '../document/keys.ts';
import { decodeStepLog } from '../steps/step-log.ts';
import { type Device, box, device, draw, erase, move, recolor, rectangle, syncAll, syncPair, Wall } from '../testing/people.ts';
import type { ElementId, StepKey } from '../types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const keysOf = (at: Device, root: string): string[] => [...at.doc.getMap(root).keys()];
const newestStep = (at: Device): StepKey => keysOf(at, 'undo').sort().at(-1) as StepKey;

describe('the step of a gesture', () => {
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

  it('[U16] many elements made in one gesture are one step', () => {
    const ana = device('ana', new Wall());
    const kept = draw(ana);
    const ids = ana.board.run((edit) => Array.from({ length: 200 }, (_, i) => edit.create(rectangle(i))));
    expect(new Set(ids).size).toBe(200);
    expect(ana.board.undo().elements).toHaveLength(200);
    expect(ana.board.elements().map((element) => element.id)).toEqual([kept]);
  });

  it('[U1] a board made from defaults uses the wall clock and its own random source', () => {
    const [a, b] = [createBoard({ doc: new Y.Doc(), userId: '' }), createBoard({ doc: new Y.Doc(), userId: '' })];
    expect(a.session).toMatch(/^[0-9A-Za-z]{8}$/);
    expect(a.session).not.toBe(b.session);
    const id = a.run((edit) => edit.create(rectangle()));
    expect(Math.abs((a.get(id)?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});

describe('[U3] a gesture in several transactions', () => {
  it('may only create: anything else is refused, and nothing of it is written', () => {
    const doc = new Y.Doc();
    const board = createBoard({ doc, userId: 'ana' });
    const first = board.run((edit) => edit.create(rectangle()));
    const step = board.get(first)?.step as StepKey;
    board.run((edit) => edit.create(rectangle()), { step });
    expect(board.elements().map((element) => element.step)).toEqual([step, step]);
    const before = Y.encodeStateAsUpdate(doc);
    expect(() => board.run((edit) => edit.remove([first]), { step })).toThrow(RangeError);
    expect(() => board.run((edit) => edit.setStyle(first, 'color', 'red'), { step })).toThrow(RangeError);
    expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
    board.undo();
    expect([board.count, board.canUndo]).toEqual([0, false]);
  });
});
