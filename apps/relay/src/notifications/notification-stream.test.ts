/** Event streams that end: of an inbox that cannot be read, of a user who is suspended, and of a client that does not read. */

import { PassThrough } from 'node:stream';
import type { ServerResponse } from 'node:http';
import type { InboxPage } from '@wetink/board';
import { ApiFailure } from '@wetink/relay/http';
import { beforeEach, expect, it, vi } from 'vitest';
import { streamNotifications, type StreamPorts } from './notification-stream.ts';

const empty: InboxPage = { notifications: [], next: 'a.1', hasMore: false, unread: 0 };
let news: () => void;
let isListening: boolean;
let answers: (InboxPage | Error)[];
let isAllowed: boolean;

beforeEach(() => {
  [news, isListening, answers, isAllowed] = [() => undefined, false, [], true];
});

const ports = (): StreamPorts => ({
  since: null,
  async page() {
    const answer = answers.shift() ?? empty;
    if (answer instanceof Error) throw answer;
    return answer;
  },
  listen(onNews) {
    [news, isListening] = [onNews, true];
    return () => void (isListening = false);
  },
  isStillAllowed: async () => isAllowed,
  isEnding: () => false,
});

it('an inbox that cannot be read refuses the call, and nothing waits for it any more', async () => {
  answers = [new ApiFailure(503, 'unavailable', 'away')];
  await expect(streamNotifications(ports())).rejects.toMatchObject({ status: 503 });
  expect(isListening).toBe(false);
});

it.each<[string, Error, boolean]>([
  ['an inbox that cannot be read any more', new ApiFailure(410, 'board_erased', 'erased'), false],
  ['a bug', new TypeError('a bug'), true],
])('%s ends the stream; only a bug is passed on', async (_, error, isPassedOn) => {
  const answer = await streamNotifications(ports());
  if (!('stream' in answer)) throw new Error('no stream');
  const response = new PassThrough();
  response.resume();
  answers = [error];
  const ended = answer.stream(response as unknown as ServerResponse).then(
    () => false,
    () => true,
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  news();
  expect(await ended).toBe(isPassedOn);
  expect([response.writableEnded, isListening]).toEqual([true, false]);
});

/** As much as a page can have, and more than may be unsent. */
const largePage = (next: string, hasMore: boolean): InboxPage => {
  const text = 'x'.repeat(300 * 1024);
  const one = { id: next, kind: 'custom', from: { id: '', name: '' }, room: '', title: '', message: '', text, link: '', at: 0 } as const;
  const notifications = [{ ...one, place: { writer: 'a', number: 1 }, isRead: false, cursor: next }];
  return { notifications, next, hasMore, unread: 0 };
};

it('a user who may have it no longer is sent nothing more, and the stream ends', async () => {
  const answer = await streamNotifications(ports());
  if (!('stream' in answer)) throw new Error('no stream');
  const response = new PassThrough();
  const ended = answer.stream(response as unknown as ServerResponse);
  await new Promise((resolve) => setTimeout(resolve, 5));
  [isAllowed, answers] = [false, [largePage('a.2', false)]];
  news();
  await ended;
  expect(String(response.read())).toBe('retry: 3000\n\n');
  expect(isListening).toBe(false);
});

it('a client that reads slowly gets all pages, each once it has read most of the one before', async () => {
  answers = [largePage('a.2', true), largePage('a.3', true), largePage('a.4', false)];
  const answer = await streamNotifications(ports());
  if (!('stream' in answer)) throw new Error('no stream');
  const response = new PassThrough();
  const ended = answer.stream(response as unknown as ServerResponse);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([answers.length, response.destroyed]).toEqual([2, false]);
  let text = '';
  response.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await vi.waitFor(() => expect(text.match(/^id: .*/gm)).toEqual(['id: a.2', 'id: a.3', 'id: a.4']));
  response.destroy();
  await ended;
});

it('a client that reads nothing is cut after 10 s, and holds one page', async () => {
  vi.useFakeTimers();
  try {
    answers = [largePage('a.2', true), largePage('a.3', false)];
    const answer = await streamNotifications(ports());
    if (!('stream' in answer)) throw new Error('no stream');
    const response = new PassThrough();
    const ended = answer.stream(response as unknown as ServerResponse);
    await vi.advanceTimersByTimeAsync(9_900);
    expect([answers.length, response.destroyed]).toEqual([1, false]);
    await vi.advanceTimersByTimeAsync(200);
    await ended;
    expect([response.destroyed, isListening]).toEqual([true, false]);
  } finally {
    vi.useRealTimers();
  }
});
