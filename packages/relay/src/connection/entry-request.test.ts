import { expect, it } from 'vitest';
import type { AuthorizeRequest } from '../ports/authorize.ts';
import { virtualTime } from '../testing/virtual-time.ts';
import { Alarms } from './alarms.ts';
import { EntryRequest } from './entry-request.ts';

const time = virtualTime();
const clocks = { environment: time, alarms: new Alarms(time) };
const headers = { cookie: 'session=ä', origin: 'https://wetink.example', 'set-cookie': ['a=1', 'b=2'] };
const target = '/board%20one?wetink=1&x=%C3%A4';
const url = new URL('ws://relay/board%20one?wetink=1&x=%C3%A4');

function entry({ isExtension }: { isExtension: boolean }): { request: EntryRequest; asked: AuthorizeRequest[] } {
  const asked: AuthorizeRequest[] = [];
  const authorize = (request: AuthorizeRequest): Promise<{ ok: true; role: 'editor'; userId: string }> => {
    asked.push(request);
    return Promise.resolve({ ok: true, role: 'editor', userId: '' });
  };
  const context = { ...clocks, wallClock: () => 0, authorize };
  return { request: new EntryRequest(context, { room: 'board one', isExtension, target, headers }), asked };
}

it('[RL53] every token of a connection is asked about with the url and the headers of its upgrade', async () => {
  const { request, asked } = entry({ isExtension: true });
  for (const token of ['first', 'second', 'third']) await request.authorize(token);
  expect(asked).toEqual(['first', 'second', 'third'].map((token) => ({ room: 'board one', isExtension: true, token, url, headers })));
  expect(asked.at(-1)?.url.searchParams.get('x')).toBe('ä');
});

it('[RL53] the token of a stock client is asked about with the url and the headers of its upgrade', async () => {
  const { request, asked } = entry({ isExtension: false });
  await request.authorize('only');
  expect(asked).toEqual([{ room: 'board one', isExtension: false, token: 'only', url, headers }]);
});

it('[RL53] an authorize that throws before its first await is a rejected answer', async () => {
  const refuse = (): never => {
    throw new TypeError('a bug of the embedder');
  };
  const request = new EntryRequest({ ...clocks, wallClock: () => 0, authorize: refuse }, { room: 'r', isExtension: true, target, headers });
  await expect(request.authorize('t')).rejects.toThrow('a bug of the embedder');
});
