import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { openChat } from './chat.ts';
import type { Chat } from '../types.ts';
import { chatMessages } from '../posts.ts';
import { MAX_CHAT_LENGTH } from '../limits.ts';
import {
  dropEdits,
  dropMoved,
  editRow,
  editsOf,
  MAX_ROW_BYTES,
  messageOfRow,
  movedEdits,
  movedMessages,
  oldestChat,
  type ChatRow,
} from './moved-chat.ts';

const nothing: ReadonlySet<string> = new Set();

function chatOf(...texts: string[]): Y.Doc {
  const doc = new Y.Doc();
  const chat = openChat({ doc, userId: 'ana' });
  for (const text of texts) chat.send(text, 'Ana');
  return doc;
}

const oldest = (doc: Y.Doc, keep: number, without = nothing): { id: string; row: ChatRow }[] => [
  ...(oldestChat(doc, without, keep, 100)?.oldest ?? []),
];
const textsOf = (doc: Y.Doc): string[] => chatMessages(doc).map(({ text }) => text);
const fresh = (moving: readonly { id: string }[]): { id: string; isSettled: boolean }[] =>
  moving.map(({ id }) => ({ id, isSettled: false }));

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
}

describe('what moves', () => {
  it('[CM1] the oldest messages above the number to keep move; dropping them leaves the others and says how many are gone', () => {
    const doc = chatOf('a', 'b', 'c', 'd', 'e');
    expect(oldest(doc, 5)).toEqual([]);
    expect(oldestChat(doc, nothing, 1, 2)).toMatchObject({ count: 5, moved: 0, oldest: [{ row: { t: 'a' } }, { row: { t: 'b' } }] });
    const moving = oldest(doc, 2);
    expect(moving.map(({ row }) => messageOfRow(row))).toEqual(chatMessages(doc).slice(0, 3));
    expect(oldest(doc, 2, new Set([moving[0]!.id])).map(({ row }) => row['t'])).toEqual(['b', 'c']);
    dropMoved(doc, 0, fresh(moving));
    expect([textsOf(doc), movedMessages(doc)]).toEqual([['d', 'e'], 3]);
    const { client, clock } = lastOf(doc);
    dropMoved(doc, 0, fresh(moving));
    expect(lastOf(doc)).toEqual({ client, clock });
  });

  it('[CM1] a row whose message has not come yet is not counted before it came, or is long settled', () => {
    const [doc, late] = [chatOf('a', 'b'), chatOf('late')];
    const [a, b] = oldest(doc, 0);
    const [gone] = oldest(late, 0);
    dropMoved(doc, 0, fresh([a!, gone!, b!]));
    expect([textsOf(doc), movedMessages(doc)]).toEqual([[], 1]);
    exchange(doc, late);
    expect([textsOf(doc), oldestChat(doc, new Set([gone!.id]), 0, 9)?.count]).toEqual([['late'], 0]);
    dropMoved(doc, 1, fresh([gone!, b!]));
    expect([textsOf(doc), movedMessages(doc)]).toEqual([[], 2]);
    dropMoved(doc, 2, [{ id: b!.id, isSettled: true }]);
    expect(movedMessages(doc)).toBe(3);
  });

  it('[CM1] a mark that a peer wrote is read as a number of rows, and one above the history is put right', () => {
    const doc = chatOf('a');
    for (const forged of [-1, 0.5, 'x', null, NaN, 2 ** 60]) {
      doc.getMap('meta').set('moved', forged);
      expect(movedMessages(doc)).toBe(0);
    }
    doc.getMap('meta').set('moved', 500);
    dropMoved(doc, 3, []);
    expect(movedMessages(doc)).toBe(3);
  });

  it('[CM2] a message of a device that was offline stays until the next move, which takes it once', () => {
    const doc = chatOf('a', 'b', 'c');
    const away = new Y.Doc();
    exchange(doc, away);
    openChat({ doc: away, userId: 'ben' }).send('from the train', 'Ben');
    const first = oldest(doc, 1);
    dropMoved(doc, 0, fresh(first));
    exchange(doc, away);
    expect(textsOf(away).sort()).toEqual(['c', 'from the train']);
    const second = oldest(doc, 0);
    expect(second).toHaveLength(2);
    dropMoved(doc, 2, fresh(second));
    exchange(doc, away);
    expect([textsOf(away), movedMessages(away)]).toEqual([[], 4]);
  });
});

describe('a row', () => {
  const record = { i: 'x.1', u: 'ana', n: 'Ana', t: 'hi', d: 5 };

  it('[CM2] keeps a file, and fields of a newer version; what JSON has no form for is left out', () => {
    const doc = new Y.Doc();
    const chat = doc.getArray('chat');
    const sha = new Uint8Array(32).fill(7);
    const file = { sha, size: 9, type: 'text/plain', name: 'a.txt' };
    chat.push([
      { ...record, f: file, later: { deep: [1] } },
      { ...record, i: 'x.2', later: sha },
      { ...record, i: 'x.3', later: 'y'.repeat(MAX_ROW_BYTES) },
      { ...record, i: 'x.4', t: '\u0001'.repeat(MAX_CHAT_LENGTH), n: '\u0001'.repeat(80) },
      { i: 'broken' },
      { ...record, i: 'x.1', t: 'forged' },
    ]);
    const rows = oldest(doc, 0).map(({ row }) => row);
    expect(rows.map(({ i }) => i)).toEqual(['x.1', 'x.2', 'x.3', 'x.4']);
    expect(rows.map((row) => messageOfRow(row))).toEqual(chatMessages(doc));
    expect(rows.map((row) => 'later' in row)).toEqual([true, false, false, false]);
    expect(rows.every((row) => JSON.stringify(row).length < MAX_ROW_BYTES)).toBe(true);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    for (const bad of [null, 5, [], {}, { ...record, t: 5 }]) expect(messageOfRow(bad)).toBeNull();
    expect(messageOfRow({ ...record, f: 'x' })?.file).toBeNull();
  });

  it('[CM2] a document of a newer version keeps its chat', () => {
    const doc = chatOf('a', 'b');
    doc.getMap('meta').set('minReader', 99);
    expect(oldestChat(doc, nothing, 0, 9)).toBeNull();
  });
});

describe('edits of moved messages', () => {
  /** A chat of one message that moved, its author's chat, and its row. */
  function moved(): { doc: Y.Doc; chat: Chat; row: ChatRow; id: string; wall: { now: number } } {
    const doc = new Y.Doc();
    const wall = { now: 100 };
    const chat = openChat({ doc, userId: 'ana', now: () => wall.now++ });
    const id = chat.send('helo', 'Ana', { mentions: ['ben'] });
    const [one] = oldest(doc, 0);
    dropMoved(doc, 0, fresh([one!]));
    return { doc, chat, row: one!.row, id, wall };
  }
  const apply = (doc: Y.Doc, row: ChatRow): ChatRow => movedEdits(doc, 9).reduce(editRow, row);

  it('[CM3] an edit holds at once, then is in the row and no longer in the document', () => {
    const { doc, chat, row, id } = moved();
    expect([movedEdits(doc, 9), apply(doc, row)]).toEqual([[], row]);
    chat.edit(id, 'hello');
    const [shown] = editsOf(doc)([messageOfRow(row)!]);
    const edits = movedEdits(doc, 9);
    const edited = edits.reduce(editRow, row);
    expect(messageOfRow(edited)).toEqual(shown);
    expect(shown).toMatchObject({ text: 'hello', mentions: [] });
    dropEdits(doc, edits);
    expect([movedEdits(doc, 9), editsOf(doc)([messageOfRow(edited)!])]).toEqual([[], [shown]]);
    expect(edits.reduce(editRow, edited)).toBe(edited);
  });

  it('[CM3] an edit written meanwhile stays in the document; an older one changes nothing, nor does one of another user', () => {
    const { doc, chat, row, id } = moved();
    chat.edit(id, 'first');
    const first = movedEdits(doc, 9);
    chat.edit(id, 'second');
    dropEdits(doc, first);
    const second = apply(doc, row);
    expect(messageOfRow(second)?.text).toBe('second');
    expect(first.reduce(editRow, second)).toBe(second);
    doc.getMap('edits').set(`${id}/ben`, { t: 'forged', d: 9e9 });
    for (const odd of ['x', '/', 'a%/ana', '%2f/ana']) doc.getMap('edits').set(odd, { t: 'x', d: 1 });
    expect(apply(doc, second)).toBe(second);
  });

  /** Values that a client can write and JSON has no form for, or another. */
  const odd: readonly [name: string, value: unknown][] = [
    ['a BigInt', 9n],
    ['undefined', undefined],
    ['NaN', NaN],
    ['bytes', new Uint8Array(9)],
    ['arrays in arrays', Array.from({ length: 5_000 }).reduce<unknown[]>((inner) => [inner], [])],
    ['a huge text', 'x'.repeat(1_000_000)],
    ['an object with BigInts', { deep: [{ x: 1n }] }],
  ];
  it.each(odd)('[CM3] an entry with %s in any place moves like another, or is no edit, and never stops those behind it', (_, value) => {
    const { doc, chat, row, id, wall } = moved();
    const edits = doc.getMap('edits');
    const good = { t: 'hello', d: wall.now++ };
    const put = (entry: unknown): void => void edits.set(`${id}/ana`, entry);
    const inEntries = [
      { ...good, m: value },
      { ...good, m: ['ben', value] },
      { ...good, later: value },
    ];
    for (const entry of inEntries) {
      put(entry);
      const all = movedEdits(doc, 9);
      expect(all).toHaveLength(1);
      expect(JSON.parse(JSON.stringify(all))).toEqual(all);
      const edited = all.reduce(editRow, row);
      expect(JSON.stringify(edited).length).toBeLessThan(MAX_ROW_BYTES);
      expect(messageOfRow(edited)).toEqual(editsOf(doc)([messageOfRow(row)!])[0]);
      expect(messageOfRow(edited)?.text).toBe('hello');
      dropEdits(doc, all);
      expect(edits.size).toBe(0);
    }
    const changeNothing = [value, { t: value, d: 5 }, { ...good, d: value }, { x: value, d: 5 }];
    for (const entry of changeNothing) {
      put(entry);
      const all = movedEdits(doc, 9);
      expect(JSON.parse(JSON.stringify(all))).toEqual(all);
      expect(all.reduce(editRow, row)).toBe(row);
      dropEdits(doc, all);
    }
    put(changeNothing.at(-1) ?? null);
    edits.set('z/ana', good);
    expect(movedEdits(doc, 9).at(-1)).toMatchObject({ messageId: 'z', entry: good });
    chat.edit(id, 'at last');
    expect(messageOfRow(apply(doc, row))?.text).toBe('at last');
  });

  it('[CM3] an entry with a value of another kind that its author writes meanwhile stays, and so does the edit', () => {
    const { doc, row, id } = moved();
    doc.getMap('edits').set(`${id}/ana`, { t: 'first', d: 200, later: 1n });
    const first = movedEdits(doc, 9);
    doc.getMap('edits').set(`${id}/ana`, { t: 'second', d: 201, later: 1n });
    dropEdits(doc, first);
    expect(messageOfRow(apply(doc, row))?.text).toBe('second');
  });

  it('[CM3] of a deleted message no word is left in the row, also when a device deletes it that had not heard of the move', () => {
    const { doc, chat, row, id } = moved();
    chat.remove(id);
    const gone = apply(doc, row);
    expect([messageOfRow(gone)?.isDeleted, JSON.stringify(gone).includes('helo')]).toEqual([true, false]);
    expect(editRow(gone, { messageId: id, userId: 'ana', entry: { t: 'back', d: 9e9 }, isInChat: false })).toBe(gone);
    const [here, away] = [new Y.Doc(), new Y.Doc()];
    const mine = openChat({ doc: away, userId: 'ana' });
    const sent = mine.send('helo', 'Ana');
    exchange(here, away);
    const [one] = oldest(here, 0);
    dropMoved(here, 0, fresh([one!]));
    mine.remove(sent);
    exchange(here, away);
    expect(textsOf(here)).toEqual(['']);
    expect(messageOfRow(apply(here, one!.row))?.isDeleted).toBe(true);
    dropEdits(here, movedEdits(here, 9));
    expect([textsOf(here), movedEdits(here, 9)]).toEqual([[], []]);
  });
});

function lastOf(doc: Y.Doc): { client: number; clock: number } {
  return { client: doc.clientID, clock: Y.getState(doc.store, doc.clientID) };
}
