/** Messages with a key, across the document and the history: none twice, and the history is read only when it must be. */

import { postMessage } from '@wetink/board';
import type { Call, ContentEntry } from '@wetink/relay/http';
import { createMemoryStore } from '@wetink/storage';
import { beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createChatPages, type ChatPages } from '../history/chat-pages.ts';
import { messageRoutes } from './message-routes.ts';

let doc: Y.Doc;
let pages: ChatPages;
let historyReads: number;
let due: number[];

beforeEach(() => {
  [doc, historyReads, due] = [new Y.Doc(), 0, []];
  const all = createChatPages(createMemoryStore().records, () => 1_000);
  pages = {
    ...all,
    newest(board) {
      historyReads += 1;
      return all.newest(board);
    },
  };
});

async function post(key: string, text = 'Hello'): Promise<{ status: number; id: string }> {
  const user = { id: 'ana', name: 'Ana' };
  const entry = {
    enterToPost: async () => ({ board: 'b', user, mayEdit: true }),
    count: async () => undefined,
    edit: async (_board: string, callback: (doc: Y.Doc) => unknown) => callback(doc),
  } as unknown as ContentEntry;
  const mover = {
    notice: () => undefined,
    isDue: (count: number) => {
      due.push(count);
      return false;
    },
  };
  const [route] = messageRoutes(entry, { pages, mover: mover as never }, () => 1_000);
  const call = { fields: async () => ({ text }), request: { headers: { 'idempotency-key': key } } } as unknown as Call;
  const answer = (await route?.methods.POST?.(call)) as { status: number; body: { message: { id: string } } };
  return { status: answer.status, id: answer.body.message.id };
}

/** Moves the whole chat, as the mover does. */
async function moveAll(): Promise<void> {
  const chat = doc.getArray<Record<string, unknown>>('chat');
  await pages.append('b', await pages.newest('b'), chat.toArray());
  doc.transact(() => {
    doc.getMap('meta').set('moved', Number(doc.getMap('meta').get('moved') ?? 0) + chat.length);
    chat.delete(0, chat.length);
  });
  historyReads = 0;
}

it('a message is repeated from the document without a read of the history, whose length is of no account', async () => {
  for (let i = 0; i < 5; i++)
    postMessage(doc, { id: `m${i}`, userId: 'ben', name: '', text: 'x', about: undefined, replyTo: undefined, at: 1 });
  const first = await post('one');
  expect([first.status, (await post('one')).status, historyReads]).toEqual([201, 200, 0]);
  await moveAll();
  await post('two');
  expect(historyReads).toBe(1);
  const again = await post('two');
  expect([again.status, historyReads]).toEqual([200, 1]);
  expect(due).toEqual([6, 6, 1, 1]);
});

it('a message that left the document is found in the history, and not added again', async () => {
  const first = await post('one');
  await moveAll();
  expect(await post('one')).toEqual({ status: 200, id: first.id });
  expect(doc.getArray('chat').length).toBe(0);
});

it('a message that leaves the document while its call is repeated is found as well', async () => {
  const first = await post('one');
  await post('two');
  await moveAll();
  await post('three');
  const { newest } = pages;
  // It moves between the read of the document and that of the history.
  pages.newest = async (board) => {
    pages.newest = newest;
    await moveAll();
    return newest(board);
  };
  expect(await post('one')).toEqual({ status: 200, id: first.id });
  expect(doc.getArray('chat').length).toBe(0);
});
