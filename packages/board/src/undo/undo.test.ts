import { describe, expect, it } from 'vitest';
import { elementId, stepKey } from '../document/keys.ts';
import { inspect } from '../testing/insight.ts';
import { type Device, box, device, draw, erase, move, recolor, rectangle, shownBoard, syncAll, syncPair, Wall } from '../testing/people.ts';
import type { ElementId, SessionId, StepKey } from '../types.ts';

const keysOf = (at: Device, root: string): string[] => [...at.doc.getMap(root).keys()];
const newestStep = (at: Device): StepKey => keysOf(at, 'undo').sort().at(-1) as StepKey;

describe('undo and redo', () => {
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
