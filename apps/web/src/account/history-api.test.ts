import { expect, it } from 'vitest';
import { createHistoryApi } from './history-api.ts';

const view = { x: 1, y: 2, w: 30, h: 40 };
const message = { id: 'a.1', user: { id: 'ana', name: 'Ana' }, text: 'hi', at: 5, about: null, file: null };

it('asks for the page before a message, and reads what a relay of any version answers', async () => {
  const asked: [string, RequestInit | undefined][] = [];
  let answer = new Response(
    JSON.stringify({
      messages: [
        message,
        null,
        { id: 5 },
        { ...message, id: 'a.2', deleted: true, editedAt: 7, later: 1 },
        { ...message, view },
        { ...message, view: { ...view, w: -1 } },
      ],
      next: '~0.2',
    }),
  );
  const api = createHistoryApi('http://relay', (url, init) => {
    asked.push([String(url), init]);
    return Promise.resolve(answer);
  });
  const request = { token: 'T', boardId: 'B', before: 'a.3/4' };
  expect(await api.older(request)).toMatchObject({
    kind: 'page',
    next: '~0.2',
    messages: [
      { id: 'a.1', userId: 'ana', name: 'Ana', text: 'hi', file: null, replyTo: null, mentions: [], isDeleted: false },
      { id: 'a.2', isDeleted: true, editedAt: 7 },
      { view },
      { view: null },
    ],
  });
  expect(asked[0]).toMatchObject(['http://relay/v1/boards/B/messages?limit=50&before=a.3%2F4', { headers: { Authorization: 'Bearer T' } }]);
  for (const [body, status, kind] of [
    ['{}', 400, 'unknown'],
    ['{}', 404, 'absent'],
    ['<html>', 200, 'absent'],
    ['{"messages":5}', 200, 'absent'],
  ] as const) {
    answer = new Response(body, { status });
    expect(await api.older({ ...request, before: null })).toEqual({ kind });
  }
  for (const status of [429, 500, 502, 503, 504]) {
    answer = new Response('{"error":{"code":"x"}}', { status, headers: { 'Retry-After': '9' } });
    expect(await api.older(request)).toEqual({ kind: 'unreachable', status, afterS: 9 });
  }
  answer = new Response('{"error":{"code":"board_not_found"}}', { status: 404 });
  expect(await api.older(request)).toEqual({ kind: 'refused', code: 'board_not_found' });
  const cut = createHistoryApi('http://relay', () => Promise.reject(new TypeError('network')));
  expect(await cut.older(request)).toEqual({ kind: 'unreachable' });
});
