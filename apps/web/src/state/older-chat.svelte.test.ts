import { expect, it } from 'vitest';
import type { ChatMessage } from '@wetink/board';
import type { OlderAnswer } from '../account/history-api.ts';
import { MAX_SEEK_PAGES, OlderChat } from './older-chat.svelte.ts';

const message = (n: number): ChatMessage => ({
  id: `m${n}`,
  userId: 'ana',
  name: 'Ana',
  text: `m${n}`,
  at: n,
  file: null,
  about: null,
  replyTo: null,
  view: null,
  mentions: [],
  editedAt: null,
  isDeleted: false,
});
const range = (from: number, to: number): ChatMessage[] => Array.from({ length: to - from }, (_, i) => message(from + i));
const idsOf = (messages: readonly ChatMessage[]): string => messages.map(({ id }) => id.slice(1)).join(' ');

it('loads page after page in front of the document, and keeps what moves while it is open, each message once', async () => {
  const asked: (string | null)[] = [];
  const answers: OlderAnswer[] = [
    { kind: 'unreachable' },
    { kind: 'unknown' },
    { kind: 'page', messages: range(4, 8), next: '~0.4' },
    { kind: 'page', messages: range(0, 4), next: null },
  ];
  let movedCount = 0;
  const older = new OlderChat({
    movedCount: () => movedCount,
    load: (before) => (asked.push(before), Promise.resolve(answers.shift()!)),
    edited: (messages) => messages.map((one) => (one.id === 'm1' ? { ...one, text: 'edited' } : one)),
  });
  expect([idsOf(older.with(range(6, 10))), older.hasMore()]).toEqual(['6 7 8 9', false]);
  movedCount = 6;
  expect(older.hasMore()).toBe(true);
  await older.load('m6');
  expect([older.failure, older.isLoading]).toEqual([{ kind: 'unreachable' }, false]);
  await older.load('m6');
  expect([asked, older.failure, idsOf(older.with(range(6, 10)))]).toEqual([['m6', 'm6', null], null, '4 5 6 7 8 9']);
  // Two messages move, and one comes.
  expect(idsOf(older.with(range(8, 11)))).toBe('4 5 6 7 8 9 10');
  await older.load('m4');
  const all = older.with(range(8, 11));
  expect([asked.at(-1), idsOf(all), older.hasMore(), all[1]?.text]).toEqual(['~0.4', '0 1 2 3 4 5 6 7 8 9 10', false, 'edited']);
  await older.load('m0');
  expect(asked).toHaveLength(4);
});

/** A chat of which everything is loaded, with the edits that its document has. */
function loaded(answer: OlderAnswer) {
  const edits = new Map<string, Partial<ChatMessage>>();
  const older = new OlderChat({
    movedCount: () => 9,
    load: () => Promise.resolve(answer),
    edited: (messages) => messages.map((one) => ({ ...one, ...edits.get(one.id) })),
  });
  return { older, edits };
}

it('a message that was changed or deleted stays so when its edit leaves the document, and a newer one counts', async () => {
  const page = [message(0), { ...message(1), text: 'newer', editedAt: 90 }, message(2)];
  const { older, edits } = loaded({ kind: 'page', messages: page, next: null });
  older.with(range(3, 5));
  await older.load('m3');
  edits.set('m0', { text: 'changed', editedAt: 50 });
  edits.set('m1', { text: 'older', editedAt: 50 });
  edits.set('m2', { text: '', isDeleted: true });
  edits.set('m3', { text: 'changed too', editedAt: 50 });
  const texts = (): string[] => older.with(range(4, 5)).map(({ text }) => text);
  expect(texts()).toEqual(['changed', 'newer', '', 'changed too', 'm4']);
  edits.clear();
  expect(texts()).toEqual(['changed', 'newer', '', 'changed too', 'm4']);
  edits.set('m0', { text: 'again', editedAt: 60 });
  edits.set('m2', { text: 'back', editedAt: 60 });
  expect(texts()).toEqual(['again', 'newer', '', 'changed too', 'm4']);
});

it('messages of a document that was given up did not move: they are gone, and so is what was loaded beside them', async () => {
  const { older } = loaded({ kind: 'page', messages: range(0, 4), next: null });
  older.with(range(4, 8));
  await older.load('m4');
  expect(idsOf(older.with(range(6, 8)))).toBe('0 1 2 3 4 5 6 7');
  const late = older.load('m4');
  older.forget();
  await late;
  expect([idsOf(older.with([])), idsOf(older.with(range(6, 7))), older.hasMore()]).toEqual(['', '6', true]);
  await older.load('m6');
  expect(idsOf(older.with(range(6, 7)))).toBe('0 1 2 3 6');
});

it('an answer about a document that was given up meanwhile is dropped, and does not keep the next from loading', async () => {
  const waits: ((answer: OlderAnswer) => void)[] = [];
  const older = new OlderChat({ movedCount: () => 9, edited: (all) => all, load: () => new Promise((answer) => waits.push(answer)) });
  const first = older.load('m4');
  older.forget();
  expect(older.isLoading).toBe(false);
  const second = older.load('m4');
  waits[0]!({ kind: 'page', messages: range(0, 2), next: null });
  await first;
  expect([older.isLoading, idsOf(older.with([]))]).toEqual([true, '']);
  waits[1]!({ kind: 'page', messages: range(2, 4), next: null });
  await second;
  expect([older.isLoading, idsOf(older.with([]))]).toEqual([false, '2 3']);
});

it('looks for a message page by page, until it is there, gone, or no page comes', async () => {
  const pages = [
    { kind: 'page', messages: range(6, 8), next: '~6' },
    { kind: 'page', messages: range(4, 6), next: '~4' },
    { kind: 'unreachable', status: 503 },
    { kind: 'page', messages: range(2, 4), next: '~2' },
    { kind: 'page', messages: range(2, 4), next: '~2' },
  ] as const;
  const answers: OlderAnswer[] = [...pages];
  let asked = 0;
  const older = new OlderChat({
    movedCount: () => 8,
    load: () => (asked++, Promise.resolve(answers.shift()!)),
    edited: (messages) => messages,
  });
  const how = { oldestId: () => 'm8', show: (add: () => void) => add(), isWanted: () => true };
  older.with(range(8, 10));
  expect([await older.seek('m5', how), asked]).toEqual(['found', 2]);
  expect([await older.seek('m7', how), asked]).toEqual(['found', 2]);
  expect([await older.seek('m3', how), older.failure]).toEqual(['failed', { kind: 'unreachable', status: 503 }]);
  // Nobody waits for it any more.
  expect([await older.seek('m3', { ...how, isWanted: () => false }), asked]).toEqual(['gone', 3]);
  // Two who look at the same time share a page. A server that leads back to where it was is not asked for ever.
  expect(await Promise.all([older.seek('m2', how), older.load('m8')])).toEqual(['found', undefined]);
  expect(await older.seek('m1', how)).toBe('gone');
  expect([asked, idsOf(older.with(range(8, 10)))]).toEqual([5, '2 3 4 5 6 7 8 9']);
});

it('a search for a message that never was ends after some pages, and the next goes on from there', async () => {
  let asked = 0;
  const older = new OlderChat({
    movedCount: () => 1_000_000,
    load: () => Promise.resolve({ kind: 'page', messages: [message(10_000 - ++asked)], next: `~${asked}` }),
    edited: (messages) => messages,
  });
  const how = { oldestId: () => 'm10000', show: (add: () => void) => add(), isWanted: () => true };
  expect([await older.seek('never', how), asked]).toEqual(['far', MAX_SEEK_PAGES]);
  expect([await older.seek(`m${10_000 - MAX_SEEK_PAGES - 1}`, how), asked]).toEqual(['found', MAX_SEEK_PAGES + 1]);
  // The last page that may be loaded counts.
  expect([await older.seek(`m${10_000 - 2 * MAX_SEEK_PAGES - 1}`, how), asked]).toEqual(['found', 2 * MAX_SEEK_PAGES + 1]);
});
