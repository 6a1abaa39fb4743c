/**
 * Undo in texts that several people type in. No undo takes away what another person typed, whichever of them has the
 * larger client id, inside the box and outside it, after trimming, and when neither had received the other's work.
 */
import { describe, expect, it } from 'vitest';
import { undoLimits } from '../limits.ts';
import { readAllText } from '../text/text-content.ts';
import { textRoot } from '../document/roots.ts';
import { type Device, device, draw, erase, move, rectangle, syncAll, Wall } from '../testing/people.ts';
import type { ElementId, KeptElements } from '../types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const bothOrders = [[[1, 2, 3]], [[3, 2, 1]], [[2, 3, 1]]] as const;

const textBox = (text = ''): ReturnType<typeof rectangle> => rectangle(0, { kind: 'text', text });
const textOf = (at: Device, id: ElementId): string | undefined => at.board.get(id)?.text;

function type(at: Device, id: ElementId, start: number, inserted: string): void {
  const box = at.board.text(id);
  box.edit(start, 0, inserted);
  box.close();
}

/** Ana, Ben and Cid, each with everything Ana has made in `start`. */
function people(clientIds: readonly number[], start: (ana: Device) => ElementId, limits = undoLimits) {
  const wall = new Wall();
  const page = (user: string, i: number, state?: Uint8Array): Device =>
    device(user, wall, { clientId: clientIds[i] as number, limits, ...(state !== undefined && { state }) });
  const ana = page('ana', 0);
  const id = start(ana);
  return { wall, id, ana, ben: page('ben', 1, ana.state()), cid: page('cid', 2, ana.state()) };
}

/** Presses undo until there is nothing left to undo. */
function undoAll(at: Device): KeptElements[] {
  const kept: KeptElements[] = [];
  for (let press = at.board.undo(); press.isDone; press = at.board.undo()) kept.push(...press.kept);
  return kept;
}

const toldOfBen = expect.arrayContaining([expect.objectContaining({ by: ['ben'] })]) as KeptElements[];

describe.each(bothOrders)('typing together, with client ids %j', (clientIds) => {
  it('[U12] [T2] L1: undo inside a box that was created empty leaves what another person typed there', () => {
    const { ana, ben, id } = people(clientIds, (at) => draw(at, textBox()));
    const mine = ana.board.text(id);
    mine.edit(0, 0, 'Hello');
    syncAll(ana, ben);
    ben.board.text(id).edit(5, 0, ' from B');
    syncAll(ana, ben);
    mine.undo();
    syncAll(ana, ben);
    expect([mine.value, textOf(ana, id), textOf(ben, id)]).toEqual(Array(3).fill(' from B'));
    mine.redo();
    syncAll(ana, ben);
    expect([mine.value, textOf(ben, id)]).toEqual(Array(2).fill('Hello from B'));
  });

  it('[U12] [U9] L2: undo after leaving a box that was created empty leaves what another person typed there, and reports who', () => {
    const { ana, ben, id } = people(clientIds, (at) => draw(at, textBox()));
    const mine = ana.board.text(id);
    mine.edit(0, 0, 'Hello');
    syncAll(ana, ben);
    ben.board.text(id).edit(5, 0, ' from B');
    syncAll(ana, ben);
    mine.close();
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [id], kept: [{ reason: 'changed', by: ['ben'], ids: [id] }] });
    expect(textOf(ana, id)).toBe(' from B');
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'spared', by: ['ben'], ids: [id] }] });
    syncAll(ana, ben);
    expect([textOf(ana, id), textOf(ben, id)]).toEqual([' from B', ' from B']);
    ana.board.redo();
    ana.board.redo();
    expect(textOf(ana, id)).toBe('Hello from B');
  });

  it('[T1] [T2] L3: undo inside a box while another person types leaves what they typed', () => {
    const { ana, ben, id } = people(clientIds, (at) => draw(at, textBox()));
    const mine = ana.board.text(id);
    mine.edit(0, 0, 'Hello');
    syncAll(ana, ben);
    ben.board.text(id).edit(5, 0, ' from B');
    mine.undo();
    syncAll(ana, ben);
    expect([mine.value, textOf(ana, id), textOf(ben, id)]).toEqual(Array(3).fill(' from B'));
  });

  it.each(['inside', 'outside'])(
    '[U12] [U18] L3: a box undone %s and left empty comes back with what another person typed at the same time',
    (where) => {
      const { ana, ben, id } = people(clientIds, (at) => draw(at, textBox()));
      const mine = ana.board.text(id);
      mine.edit(0, 0, 'Hello');
      syncAll(ana, ben);
      ben.board.text(id).edit(5, 0, ' from B');
      if (where === 'inside') mine.undo();
      mine.close();
      if (where === 'outside') ana.board.undo();
      expect(textOf(ana, id)).toBeUndefined();
      syncAll(ana, ben);
      expect(textOf(ana, id)).toContain(' from B');
      expect(textOf(ben, id)).toBe(textOf(ana, id));
    },
  );

  it('[U12] [U18] L3: a box that was left empty comes back when another person goes on typing in it', () => {
    const { ana, ben, id } = people(clientIds, (at) => draw(at, textBox()));
    const mine = ana.board.text(id);
    mine.edit(0, 0, 'Hello');
    syncAll(ana, ben);
    const theirs = ben.board.text(id);
    theirs.edit(0, 5, '');
    syncAll(ana, ben);
    mine.close();
    syncAll(ana, ben);
    expect(textOf(ben, id)).toBeUndefined();
    theirs.edit(0, 0, 'from B');
    syncAll(ana, ben);
    expect([textOf(ana, id), textOf(ben, id)]).toEqual(['from B', 'from B']);
  });

  it('[P2] [U9] L4: when two people type at once, undoing everything spares the text and reports the other author', () => {
    const { ana, ben, id } = people(clientIds, (at) => draw(at, textBox('Hi')));
    type(ana, id, 2, ' from A');
    type(ben, id, 2, ' from B');
    syncAll(ana, ben);
    const kept = undoAll(ana);
    syncAll(ana, ben);
    expect(textOf(ana, id)).toBe('Hi from B');
    expect(textOf(ben, id)).toBe('Hi from B');
    expect(kept).toEqual(toldOfBen);
  });

  it('[U9] [U11] L5: undo of its creation spares a text even after trimming has dropped both steps of typing', () => {
    const { wall, ana, ben, id } = people(clientIds, (at) => draw(at, textBox('Hi')));
    type(ben, id, 2, ' from B');
    syncAll(ana, ben);
    wall.pass(1000);
    type(ana, id, 0, 'Ana: ');
    syncAll(ana, ben);
    wall.pass(31 * DAY_MS);
    const other = draw(ben);
    for (const x of [1, 2]) move(ben, other, x);
    syncAll(ana, ben);
    expect(ana.doc.getMap('undo').size).toBe(2);
    expect(undoAll(ana)).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    expect(textOf(ana, id)).toBe('Ana: Hi from B');
  });

  it('[U11] [U12] L5: typing that was undone before it was trimmed protects nothing', () => {
    const tiny = { ...undoLimits, reachableSteps: 4, slackSteps: 2 };
    const { wall, ana, ben, id } = people(clientIds, (at) => draw(at, textBox('Hi')), tiny);
    type(ben, id, 2, ' from B');
    ben.board.undo();
    for (let i = 0; i < 9; i++) {
      wall.pass(10);
      draw(ben);
    }
    syncAll(ana, ben);
    expect(ben.doc.getMap('undo').size).toBe(0);
    expect(undoAll(ana)).toEqual([]);
    expect(textOf(ana, id)).toBeUndefined();
  });

  it('[U12] L6: typing in a text while another person has it erased counts when the text is back', () => {
    const { ana, ben, cid, id } = people(clientIds, (at) => draw(at, textBox('hi')));
    const box = ben.board.text(id);
    erase(cid, id);
    syncAll(ana, ben, cid);
    box.edit(2, 0, ' from B');
    syncAll(ana, ben, cid);
    cid.board.undo();
    syncAll(ana, ben, cid);
    expect(textOf(ana, id)).toBe('hi from B');
    expect(ana.board.undo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    syncAll(ana, ben, cid);
    expect([ana, ben, cid].map((at) => textOf(at, id))).toEqual(Array(3).fill('hi from B'));
  });

  it('[U12] L6: typing in a text counts when it is back after a clear, or after undo and redo of its creation', () => {
    const { ana, ben, cid, id } = people(clientIds, (at) => draw(at, textBox('hi')));
    const box = ben.board.text(id);
    cid.board.clear();
    syncAll(ana, ben, cid);
    box.edit(2, 0, ' from B');
    cid.board.undo();
    syncAll(ana, ben, cid);
    ana.board.undo();
    syncAll(ana, ben, cid);
    expect(textOf(ana, id)).toBe('hi from B');

    const late = people(clientIds, (at) => draw(at, textBox('hi')));
    const open = late.ben.board.text(late.id);
    late.ana.board.undo();
    syncAll(late.ana, late.ben);
    open.edit(2, 0, ' from B');
    syncAll(late.ana, late.ben);
    expect([late.ana, late.ben].map((at) => textOf(at, late.id))).toEqual(['hi from B', 'hi from B']);
    late.ana.board.redo();
    expect(late.ana.board.undo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [late.id] }]);
  });
});

it('[T1] L17: when two people delete one word at once and both undo it, they see the same text, and nothing else changes', () => {
  const { ana, ben, id } = people([1, 2, 3], (at) => draw(at, textBox('keep this word please')));
  const [left, right] = [ana.board.text(id), ben.board.text(id)];
  for (const box of [left, right]) box.edit(10, 5, '');
  syncAll(ana, ben);
  expect(left.value).toBe('keep this please');
  for (const box of [left, right]) box.undo();
  syncAll(ana, ben);
  // The word is there twice: each undo restored its own letters, and neither can know of the other's.
  expect([left.value, right.value]).toEqual(Array(2).fill('keep this word word please'));
  left.redo();
  syncAll(ana, ben);
  expect([left.value, right.value]).toEqual(Array(2).fill('keep this word please'));
});

it('[V4] L11: a board of a newer version accepts no write through an open text box, also not by undo, redo or leaving', () => {
  const ana = device('ana', new Wall());
  const id = draw(ana, textBox('hi'));
  draw(ana);
  const box = ana.board.text(id);
  box.edit(2, 0, ' there');
  box.edit(0, 0, '> ');
  box.undo();
  ana.doc.getMap('meta').set('minReader', 2);
  ana.outbox.length = 0;
  const refused = expect.objectContaining({ code: 'TOO_NEW' }) as Error;
  for (const write of [() => box.undo(), () => box.redo(), () => box.edit(0, 1, '')]) expect(write).toThrow(refused);
  box.close();
  ana.board.close();
  expect(ana.outbox).toEqual([]);
  expect(readAllText(textRoot(ana.doc, id))).toBe('hi');
});
