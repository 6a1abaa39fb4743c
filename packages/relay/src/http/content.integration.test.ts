/** Calls that an embedder adds, about what boards hold: callers with a role, limits, and answers to failures. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiAnswer } from '../testing/api-client.ts';
import { ApiService } from '../testing/api-service.ts';
import type { ContentEntry } from './content-entry.ts';
import type { Route } from './routes.ts';

let service: ApiService;

beforeEach(() => (service = new ApiService()));
afterEach(() => service.dispose());

/** A list of words per board. */
function words(entry: ContentEntry): Route[] {
  return [
    {
      pattern: '/v1/boards/:/words',
      methods: {
        async GET(call) {
          const { board } = await entry.enter(call);
          return { status: 200, body: { words: await entry.edit(board, (doc) => doc.getArray('words').toArray()) } };
        },
        async POST(call) {
          const { board, user } = await entry.enterToPost(call);
          const { word } = await call.fields(200);
          await entry.count('messages', user);
          const size = await entry.edit(board, (doc) => {
            if (word === 'bug') throw new RangeError('bug');
            doc.getArray('words').push([word]);
            return doc.getArray('words').length;
          });
          return { status: 201, body: { size } };
        },
      },
    },
  ];
}

const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];
const post = (board: string, token: string | null, word: string): Promise<ApiAnswer> =>
  service.post(`/v1/boards/${board}/words`, token, { word });
const read = (board: string, token: string | null): Promise<ApiAnswer> => service.call('GET', `/v1/boards/${board}/words`, token);

it('[HT14] editors post, viewers read, and a user without a role gets the answer of a board that does not exist', async () => {
  await service.start({ contentRoutes: words });
  const [ana, ben, eve] = [await service.guest('Ana'), await service.guest('Ben'), await service.guest('Eve')];
  const board = await service.board(ana.token);
  const { body } = await service.post(`/v1/boards/${board}/links`, ana.token, { role: 'viewer' });
  await service.post(`/v1/boards/${board}/join`, ben.token, { link: body.link.key });
  expect((await post(board, ana.token, 'hello')).text).toBe('{"size":1}\n');
  expect([codeOf(await post(board, ben.token, 'no')), (await read(board, ben.token)).text]).toEqual([
    [403, 'read_only'],
    '{"words":["hello"]}\n',
  ]);
  const nowhere = await read('A'.repeat(22), eve.token);
  for (const answer of [await post(board, eve.token, 'no'), await read(board, eve.token), await read('x', eve.token)])
    expect([answer.status, answer.text]).toEqual([404, nowhere.text]);
  expect(codeOf(await read(board, null))).toEqual([401, 'token_missing']);
  expect(codeOf(await post(board, ana.token, 'x'.repeat(200)))).toEqual([413, 'body_too_large']);
});

it('[HT14] in open mode everyone with a token edits a room without a record', async () => {
  await service.start({ mode: 'open', contentRoutes: words });
  const eve = await service.guest('Eve');
  const room = 'A'.repeat(22);
  expect((await post(room, eve.token, 'hello')).status).toBe(201);
  expect(codeOf(await post('not-a-board', eve.token, 'hello'))).toEqual([404, 'board_not_found']);
});

it('[HT14] a user posts as often as the limit says, whatever the board', async () => {
  await service.start({ limits: { maxPostsPerUser: 2 }, contentRoutes: words });
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const boards = [await service.board(ana.token), await service.board(ana.token), await service.board(ana.token)] as const;
  expect([(await post(boards[0], ana.token, 'a')).status, (await post(boards[1], ana.token, 'b')).status]).toEqual([201, 201]);
  const refused = await post(boards[2], ana.token, 'c');
  expect([...codeOf(refused), Number(refused.headers.get('retry-after')) > 0]).toEqual([429, 'rate_limited', true]);
  expect(service.limited).toEqual(['user_posts']);
  expect((await post(await service.board(ben.token), ben.token, 'd')).status).toBe(201);
});

it('[HT15] a full board, a draining relay and a bug in the callback are answered with their codes', async () => {
  await service.start({ limits: { maxDocumentBytes: 400 }, contentRoutes: words });
  const ana = await service.guest('Ana');
  const board = await service.board(ana.token);
  let last = await post(board, ana.token, 'x'.repeat(150));
  for (let i = 0; i < 4 && last.status === 201; i++) last = await post(board, ana.token, 'x'.repeat(150));
  expect(codeOf(last)).toEqual([409, 'board_full']);
  expect((await read(board, ana.token)).status).toBe(200);
  expect([codeOf(await post(board, ana.token, 'bug')), service.failures]).toEqual([[500, 'failed'], [new RangeError('bug')]]);
  await service.relay.close();
  const away = await read(board, ana.token);
  expect([...codeOf(away), Number(away.headers.get('retry-after')) > 0]).toEqual([503, 'unavailable', true]);
});

it('[HT19] the owner alone is let in where a call is for owners, and a role by a link is heard of once', async () => {
  const joined: (string | null)[][] = [];
  const owners = (entry: ContentEntry): Route[] => [
    {
      pattern: '/v1/boards/:/owner',
      methods: { GET: async (call) => ({ status: 200, body: { user: (await entry.enterAsOwner(call)).user.id } }) },
    },
  ];
  await service.start({
    contentRoutes: owners,
    onJoined: ({ member, by, before, role }) => Promise.resolve(void joined.push([member, by.id, before, role])),
  });
  const [ana, ben, eve] = [await service.guest('Ana'), await service.guest('Ben'), await service.guest('Eve')];
  const board = await service.board(ana.token);
  const { body } = await service.post(`/v1/boards/${board}/links`, ana.token, { role: 'editor' });
  for (let i = 0; i < 2; i++) await service.post(`/v1/boards/${board}/join`, ben.token, { link: body.link.key });
  await service.post(`/v1/boards/${board}/join`, eve.token, { link: 'none' });
  expect(joined).toEqual([[ben.id, ben.id, null, 'editor']]);
  const owner = (token: string | null, on = board): Promise<ApiAnswer> => service.call('GET', `/v1/boards/${on}/owner`, token);
  expect((await owner(ana.token)).body).toEqual({ user: ana.id });
  expect(codeOf(await owner(ben.token))).toEqual([403, 'not_owner']);
  expect((await owner(eve.token)).text).toBe((await owner(eve.token, 'A'.repeat(22))).text);
  expect(codeOf(await owner(eve.token))).toEqual([404, 'board_not_found']);
  const { body: bot } = await service.post(`/v1/boards/${board}/bots`, ana.token, { name: 'Build' });
  expect((await owner(bot.token)).status).toBe(401);
  expect(codeOf(await owner(null))).toEqual([401, 'token_missing']);
});
