/** Bots: programs that read and write one board with a token of their own. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_BOTS } from '../access/bots.ts';
import type { ApiAnswer } from '../testing/api-client.ts';
import { ApiService } from '../testing/api-service.ts';
import type { ContentEntry } from './content-entry.ts';
import type { Route } from './routes.ts';

interface Bot {
  id: string;
  name: string;
  by: string;
}

let service: ApiService;
let ana: { token: string; id: string };
let board: string;

beforeEach(async () => {
  service = new ApiService();
  await service.start({ contentRoutes });
  ana = await service.guest('Ana');
  board = await service.board(ana.token);
});
afterEach(() => service.dispose());

/** Says who the caller is. */
function contentRoutes(entry: ContentEntry): Route[] {
  return [
    {
      pattern: '/v1/boards/:/caller',
      methods: {
        GET: async (call) => ({ status: 200, body: { ...(await entry.enter(call)) } }),
        POST: async (call) => ({ status: 201, body: { ...(await entry.enterToPost(call)) } }),
      },
    },
  ];
}

const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];
const make = (name: unknown, token: string | null = ana.token, on = board): Promise<ApiAnswer> =>
  service.post(`/v1/boards/${on}/bots`, token, { name });
async function made(name = 'Build'): Promise<{ bot: Bot; token: string }> {
  return (await make(name)).body as unknown as { bot: Bot; token: string };
}
const enter = (token: string, on = board): Promise<ApiAnswer> => service.call('GET', `/v1/boards/${on}/caller`, token);
const list = async (): Promise<Bot[]> =>
  ((await service.call('GET', `/v1/boards/${board}/bots`, ana.token)).body as unknown as { bots: Bot[] }).bots;

it('[AC21] a bot reads and posts on its board as a user of its own, and its token is none anywhere else', async () => {
  const { bot, token } = await made(' Build ');
  expect([bot.name, bot.by, bot.id.startsWith('bot:'), await list()]).toEqual(['Build', ana.id, true, [bot]]);
  const caller = { board, user: { id: bot.id, name: 'Build' }, mayEdit: true };
  expect((await enter(token)).body).toMatchObject(caller);
  expect((await service.post(`/v1/boards/${board}/caller`, token, {})).body).toMatchObject(caller);
  const other = await service.board(ana.token);
  for (const [path, wrong] of [
    [`${other}/caller`, token],
    [`${'A'.repeat(22)}/caller`, token],
    ['x/caller', token],
    [`${board}/caller`, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    [`${board}/caller`, token.slice(0, -1)],
    [`${board}/caller`, 'wetinkbot-'],
    [board, token],
    [`${board}/bots`, token],
  ] as const)
    expect((await service.call('GET', `/v1/boards/${path}`, wrong)).status, path).toBe(401);
  expect((await service.call('GET', '/v1/me', token)).status).toBe(401);
});

it('[AC21] only the owner makes, sees and ends bots, at most 20, and a stranger learns nothing of the board', async () => {
  const [ben, eve] = [await service.guest('Ben'), await service.guest('Eve')];
  const { body } = await service.post(`/v1/boards/${board}/links`, ana.token, { role: 'editor' });
  await service.post(`/v1/boards/${board}/join`, ben.token, { link: body.link.key });
  const nowhere = await make('x', eve.token, 'A'.repeat(22));
  expect([codeOf(await make('x', ben.token)), (await make('x', eve.token)).text]).toEqual([[403, 'not_owner'], nowhere.text]);
  for (const bad of [undefined, '', ' ', 5, 'x'.repeat(81), 'a\u202eb', 'a\nb'])
    expect(codeOf(await make(bad))).toEqual([400, 'body_invalid']);
  const all = await Promise.all(Array.from({ length: 8 }, (_, i) => make(`bot ${i}`)));
  expect(all.map(({ status }) => status)).toEqual(Array(8).fill(201));
  for (let i = 8; i < MAX_BOTS; i++) expect((await make(`bot ${i}`)).status).toBe(201);
  expect([codeOf(await make('more')), (await list()).length]).toEqual([[409, 'too_many_bots'], MAX_BOTS]);
});

it('[AC21] a bot may do what its maker may at that moment', async () => {
  const { token } = await made();
  const ben = await service.guest('Ben');
  const { body } = await service.post(`/v1/boards/${board}/links`, ana.token, { role: 'editor' });
  await service.post(`/v1/boards/${board}/join`, ben.token, { link: body.link.key });
  const member = (id: string, by: string, role: string): Promise<ApiAnswer> =>
    service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(id)}`, by, { role });
  expect((await member(ben.id, ana.token, 'owner')).status).toBe(200);
  expect((await enter(token)).status).toBe(200);
  await member(ana.id, ben.token, 'viewer');
  expect([(await enter(token)).status, codeOf(await service.post(`/v1/boards/${board}/caller`, token, {}))]).toEqual([
    200,
    [403, 'read_only'],
  ]);
  await member(ana.id, ben.token, 'none');
  expect((await enter(token)).status).toBe(401);
});

it('[AC22] an ended bot is out from the next call on; an erased board leaves no record of its bots', async () => {
  const [one, two] = [await made('one'), await made('two')];
  const end = (id: string): Promise<ApiAnswer> => service.call('DELETE', `/v1/boards/${board}/bots/${encodeURIComponent(id)}`, ana.token);
  expect([(await end(one.bot.id)).status, await list()]).toEqual([200, [two.bot]]);
  expect([(await enter(one.token)).status, (await enter(two.token)).status]).toEqual([401, 200]);
  expect(codeOf(await end(one.bot.id))).toEqual([404, 'bot_not_found']);
  const records = async (): Promise<string[]> => {
    await service.stop();
    const store = await service.openStore();
    const found = await store.records.list({ prefix: 'bots/', limit: 10 });
    await store.close();
    await service.start({ contentRoutes });
    return found.map(({ value }) => Buffer.from(value).toString());
  };
  const stored = await records();
  expect([stored.length, stored.join().includes(two.token.slice(-43)), (await enter(two.token)).status]).toEqual([1, false, 200]);
  await service.call('DELETE', `/v1/boards/${board}`, ana.token);
  expect([(await enter(two.token)).status, await records()]).toEqual([401, []]);
});
