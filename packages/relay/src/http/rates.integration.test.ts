/** Each limit of the API at the limit and one above, behind a trusted proxy. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RelayLimits } from '../limits/limits.ts';
import type { ApiLimit } from '../ports/paced-limit.ts';
import type { ApiAnswer } from '../testing/api-client.ts';
import { ApiService } from '../testing/api-service.ts';

let service: ApiService;

beforeEach(() => (service = new ApiService()));
afterEach(() => service.dispose());

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

async function start(limits: Partial<RelayLimits>): Promise<void> {
  await service.start({ trustedProxies: ['127.0.0.1'], limits });
}

function told({ status, body, headers }: ApiAnswer): [number, string, boolean] {
  const seconds = Number(headers.get('retry-after'));
  return [status, body.error?.code, seconds > 0];
}

const limited = [429, 'rate_limited', true];

function hits(limit: ApiLimit): number {
  return service.limited.filter((hit) => hit === limit).length;
}

it('[HT5] calls per address and minute are limited; another address and this computer are not affected', async () => {
  await start({ maxApiCallsPerAddress: 3 });
  const ask = (headers: Record<string, string>) => service.call('GET', '/v1/settings', null, undefined, headers);
  for (let i = 0; i < 3; i++) expect((await ask(from('203.0.113.1'))).status).toBe(200);
  const refused = await ask(from('203.0.113.1'));
  expect(told(refused)).toEqual(limited);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
  expect((await ask(from('203.0.113.2'))).status).toBe(200);
  for (let i = 0; i < 5; i++) expect((await ask({})).status).toBe(200);
  expect(hits('api_calls')).toBe(1);
});

it('[HT5] getting pictures counts towards a limit of its own, and leaves calls for the rest of the board', async () => {
  await start({ maxApiCallsPerAddress: 3, maxBlobReadsPerAddress: 5 });
  const ana = await service.guest('Ana');
  const blob = `/v1/boards/${await service.board(ana.token)}/blobs/${'a'.repeat(64)}`;
  const ask = (method: string, path: string) => service.call(method, path, ana.token, undefined, from('203.0.113.1'));
  for (let i = 0; i < 5; i++) expect((await ask('GET', blob)).status).toBe(404);
  expect(told(await ask('GET', blob))).toEqual(limited);
  expect([hits('blob_reads'), hits('api_calls')]).toEqual([1, 0]);
  for (let i = 0; i < 2; i++) expect((await ask('GET', '/v1/me')).status).toBe(200);
  // Putting is a call.
  expect((await ask('DELETE', blob)).status).toBe(405);
  expect(told(await ask('DELETE', blob))).toEqual(limited);
  expect(hits('api_calls')).toBe(1);
});

it('[HT5] after too many refused tokens from an address, a valid token is refused too', async () => {
  await start({ maxApiMisses: 3 });
  const ana = await service.guest('Ana');
  const ask = (token: string, address: string) => service.call('GET', '/v1/me', token, undefined, from(address));
  for (let i = 0; i < 3; i++) expect((await ask('a.b.c', '203.0.113.1')).status).toBe(401);
  expect((await ask(ana.token, '203.0.113.1')).status).toBe(200);
  expect(told(await ask('a.b.c', '203.0.113.1'))).toEqual(limited);
  expect(told(await ask(ana.token, '203.0.113.1'))).toEqual(limited);
  expect((await ask(ana.token, '203.0.113.2')).status).toBe(200);
  expect(hits('api_misses')).toBeGreaterThanOrEqual(2);
});

it('[HT5] boards not found and guessed links count for the user, from any address', async () => {
  await start({ maxApiMisses: 3 });
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const board = await service.board(ana.token);
  const guess = (i: number) =>
    service.post(`/v1/boards/${board}/join`, ben.token, { link: `AAAAAAAAAAA.${'A'.repeat(22)}` }, from(`203.0.113.${i}`));
  for (let i = 0; i < 3; i++) expect((await guess(i)).status).toBe(404);
  expect(told(await guess(4))).toEqual(limited);
  expect(told(await service.call('GET', '/v1/me', ben.token))).toEqual(limited);
  expect((await service.call('GET', `/v1/boards/${board}`, ana.token)).status).toBe(200);
});

it("[HT5] new boards per user and per address in a day are limited; a board that is the user's already does not count", async () => {
  await start({ maxBoardsPerUser: 2, maxBoardsPerAddress: 3 });
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const make = (token: string, id?: string) => service.post('/v1/boards', token, { id }, from('203.0.113.1'));
  const id = 'A'.repeat(22);
  for (let i = 0; i < 2; i++) expect((await make(ana.token, i === 0 ? id : undefined)).status).toBe(201);
  expect((await make(ana.token, id)).status).toBe(200);
  for (let i = 0; i < 3; i++) {
    const third = await make(ana.token);
    expect(told(third)).toEqual(limited);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(80_000);
  }
  // The third board of the address, because a refused one does not count.
  expect((await make(ben.token)).status).toBe(201);
  expect(told(await make(ben.token))).toEqual(limited);
  expect((await service.post('/v1/boards', (await service.guest('Cleo')).token, {}, from('203.0.113.2'))).status).toBe(201);
  expect([hits('user_boards'), hits('address_boards')]).toEqual([3, 1]);
});
