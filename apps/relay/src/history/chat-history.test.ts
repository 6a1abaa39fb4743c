import { createMemoryStore, type Records } from '@wetink/storage';
import { describe, expect, it } from 'vitest';
import { openChat, type Chat, type ChatRow } from '@wetink/board';
import * as Y from 'yjs';
import { createChatMover } from './chat-mover.ts';
import { createChatPages, endOf, type ChatPages } from './chat-pages.ts';
import { withHistory } from './files-in-history.ts';
import { findMessage, readMessages, type ChatView } from './read-messages.ts';

const BOARD = 'AAAAAAAAAAAAAAAAAAAAAA';
const row = (n: number, text = `m${n}`): ChatRow => ({ i: `x.${n}`, u: 'ana', n: 'Ana', t: text, d: n });
const rowsOf = (count: number, from = 0): ChatRow[] => Array.from({ length: count }, (_, i) => row(from + i));
const emptyView: ChatView = { messages: [], moved: 0, edited: (messages) => messages };

function open(): { records: Records; pages: ChatPages } {
  const { records } = createMemoryStore();
  return { records, pages: createChatPages(records, () => 5) };
}

async function appendAll(pages: ChatPages, rows: readonly ChatRow[]): Promise<void> {
  for (let left = rows; left.length > 0;) left = left.slice((await pages.append(BOARD, await pages.newest(BOARD), left)) ?? 0);
}

describe('pages', () => {
  it('rows fill a page, then the next one; each record fits', async () => {
    const { records, pages } = open();
    const rows = Array.from({ length: 50 }, (_, i) => row(i, '\u4e2d'.repeat(1_000)));
    await appendAll(pages, rows.slice(0, 3));
    await appendAll(pages, rows.slice(3));
    const newest = (await pages.newest(BOARD))!;
    expect([newest.number, endOf(newest)]).toEqual([2, 50]);
    const read: ChatRow[] = [];
    for await (const page of pages.backwards(BOARD, newest)) read.unshift(...page.rows);
    expect(read).toEqual(rows);
    for (const { value } of await records.list({ prefix: 'chat/', limit: 10 })) expect(value.length).toBeLessThan(65_536);
  });

  it('of two relays that append behind the same page one is refused, also when it would begin a page', async () => {
    const { pages } = open();
    expect(await pages.append(BOARD, null, rowsOf(2))).toBe(2);
    expect(await pages.append(BOARD, null, rowsOf(2, 5))).toBeNull();
    const seen = await pages.newest(BOARD);
    expect(await pages.append(BOARD, seen, rowsOf(2, 2))).toBe(2);
    expect(await pages.append(BOARD, seen, rowsOf(2, 9))).toBeNull();
    const long = row(7, '\u4e2d'.repeat(20_000));
    expect(await pages.append(BOARD, seen, [long])).toBeNull();
    const both = await pages.newest(BOARD);
    const outcomes = await Promise.all([pages.append(BOARD, both, [long]), pages.append(BOARD, both, [row(8)])]);
    expect(outcomes.filter((added) => added !== null)).toEqual([1]);
  });

  it('a missing or damaged page is an error, never a gap', async () => {
    const { records, pages } = open();
    await appendAll(
      pages,
      Array.from({ length: 60 }, (_, i) => row(i, 'x'.repeat(4_000))),
    );
    // A list leaves out a damaged newest page.
    const unlisted = createChatPages({ ...records, list: async (query) => (await records.list(query)).slice(1) }, () => 0);
    expect((await unlisted.newest(BOARD))?.number).toBe((await pages.newest(BOARD))?.number);
    const [, , third] = await records.list({ prefix: `chat/${BOARD}/`, limit: 9 });
    await records.remove(third!.key, third!.version);
    await expect(readMessages(pages, BOARD, emptyView, { limit: 60, before: null })).rejects.toThrow('missing');
    await records.put(third!.key, new TextEncoder().encode('{"from":0}'), 0);
    await expect(readMessages(pages, BOARD, emptyView, { limit: 60, before: null })).rejects.toThrow('damaged');
  });

  it('boards with pages are found; removing them leaves the others', async () => {
    const { pages } = open();
    const other = 'zzzzzzzzzzzzzzzzzzzzzz';
    for (const board of [BOARD, other]) await pages.append(board, null, rowsOf(1));
    await pages.append(BOARD, { ...(await pages.newest(BOARD))!, isFull: true }, rowsOf(1));
    const found: string[] = [];
    for await (const board of pages.boards()) found.push(board);
    expect(found).toEqual([BOARD, other]);
    await pages.remove(BOARD);
    expect([await pages.newest(BOARD), (await pages.newest(other))?.rows.length]).toEqual([null, 1]);
  });
});

it('a room whose name has a slash has no pages, so that removing those of another takes none of its', async () => {
  const { pages } = open();
  expect([pages.covers(BOARD), pages.covers('a/b'), pages.covers('')]).toEqual([true, false, false]);
  await pages.remove('');
  await pages.append(BOARD, null, rowsOf(1));
  for (const name of ['', BOARD.slice(0, 5), `${BOARD}/x`]) {
    await pages.remove(name);
    expect(await pages.newest(name)).toBeNull();
  }
  expect((await pages.newest(BOARD))?.rows.length).toBe(1);
});

it('a message of the history is found by its id', async () => {
  const { pages } = open();
  await appendAll(pages, rowsOf(3));
  expect(await findMessage(pages, BOARD, 'x.1')).toMatchObject({ text: 'm1' });
  expect(await findMessage(pages, BOARD, 'x.9')).toBeNull();
});

it('a file that only the history has is needed; a document that cannot be read says nothing', async () => {
  const { pages } = open();
  const [hash, other] = ['ab'.repeat(32), 'cd'.repeat(32)];
  await appendAll(pages, [{ ...row(1), f: { hash, type: 'text/plain', bytes: 3, name: 'a.txt' } }]);
  const stored = {} as never;
  const until = await withHistory(() => Promise.resolve(new Map([[other, 5]])), pages)(stored, [hash, other], BOARD);
  expect(until).toEqual(new Map([[other, 5], [hash, Infinity]])); // prettier-ignore
  expect(await withHistory(() => Promise.resolve(null), pages)(stored, [hash], BOARD)).toBeNull();
});

describe('edits of moved messages', () => {
  /** A board with one message of Ana's in the history, and its mover. */
  async function movedBoard(): Promise<{ doc: Y.Doc; chat: Chat; id: string; move(): Promise<number>; texts(): Promise<unknown[]> }> {
    const { pages } = open();
    const doc = new Y.Doc();
    const mover = createChatMover({
      pages,
      keep: 0,
      wallClock: () => 5,
      schedule: () => () => undefined,
      onError: () => undefined,
      edit: (_board, callback) => Promise.resolve(doc.transact(() => callback(doc))),
    });
    const chat = openChat({ doc, userId: 'ana' });
    const id = chat.send('first', 'Ana');
    await mover.move(BOARD);
    return {
      doc,
      chat,
      id,
      move: () => mover.move(BOARD),
      texts: async () => ((await pages.newest(BOARD))?.rows ?? []).map((one) => one['t']),
    };
  }

  it('move beside entries that JSON has no form for, which stop neither them nor messages', async () => {
    const { doc, chat, id, move, texts } = await movedBoard();
    const edits = doc.getMap('edits');
    edits.set('y/eve', { t: 1n, d: 5 });
    edits.set('z/eve', { t: 'x', d: 5, m: [1n], later: new Uint8Array(3) });
    edits.set(`${id}/ana`, { t: 'second', d: 9, later: 1n });
    chat.send('another', 'Ana');
    await move();
    expect([await texts(), edits.has(`${id}/ana`)]).toEqual([['second', 'another'], false]);
  });

  it('move from behind any 500 entries of messages that are nowhere', async () => {
    const { doc, chat, id, move, texts } = await movedBoard();
    for (let n = 0; n < 1_000; n++) doc.getMap('edits').set(`none.${n}/eve`, { t: 'x', d: 5 });
    chat.edit(id, 'second');
    for (let passes = 0; passes < 3; passes++) await move();
    expect(await texts()).toEqual(['second']);
  });
});
