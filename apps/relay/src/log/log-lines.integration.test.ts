/** The log of a whole relay when nothing is wrong. */

import { until } from '@wetink/relay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestService } from '../testing/service.ts';

interface Line extends Record<string, unknown> {
  level: number;
  msg: string;
}

const TOKEN = 'operators-only-0123456789';
const INFO = 30;
let service: TestService;

beforeEach(() => (service = new TestService()));
afterEach(() => service.dispose());

function lines(): Line[] {
  return service.log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
const alarms = (): Line[] => lines().filter(({ level }) => level > INFO);

it('T8: a visit to an erased board logs one info line without a stack, and no warning', async () => {
  await service.start({ WETINK_ADMIN_TOKEN: TOKEN });
  await service.write('plan-of-ana', '');
  expect((await service.call('DELETE', '/v1/rooms/plan-of-ana', TOKEN)).status).toBe(200);
  service.log = '';
  const visitor = service.stay('plan-of-ana', '');
  await until(() => visitor.ended !== null, 'the close');
  expect(visitor.ended).toEqual({ code: 4410, reason: 'This board was deleted.' });
  await until(() => lines().some(({ msg }) => msg === 'connection ended'), 'the end');
  expect(lines().filter(({ level, msg }) => level === INFO && msg !== 'connection ended' && msg !== 'connection opened')).toMatchObject([
    { msg: 'refused', code: 'ROOM_ERASED', room: 'plan-of-ana' },
  ]);
  expect([alarms(), service.log.includes('stack')]).toEqual([[], false]);
});

it('T8: refused users, lost clients and missing boards log no warning', async () => {
  await service.start({ WETINK_AUTH: 'guests' });
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const board = await service.board(ana.token, 'viewer');
  const closed = await service.board(ana.token);
  service.log = '';
  expect(await service.enter(closed, ben.token)).toMatchObject({ code: 4403 });
  expect(await service.enter(board, 'nonsense')).toMatchObject({ code: 4401 });
  const gone = service.stay(board, ana.token);
  await until(() => gone.roles.length > 0, 'the welcome');
  gone.close();
  expect((await service.call('DELETE', `/v1/boards/${board}`, ana.token)).status).toBe(200);
  expect(await service.enter(board, ana.token)).toMatchObject({ code: 4410 });
  expect((await service.call('GET', `/v1/boards/${board}`, ana.token)).status).toBe(404);
  await service.stop();
  expect(alarms()).toEqual([]);
});

it('T9: a connection logs one line when it opens and one when it ends, with the same number and the address from its proxy', async () => {
  await service.start({ WETINK_TRUSTED_PROXIES: '127.0.0.1', WETINK_AUTH: 'guests' });
  const ana = await service.guest('Ana');
  const board = await service.board(ana.token);
  service.log = '';
  const agent = 'Fire\u009b31mfox';
  const staying = service.stay(board, ana.token, { 'X-Forwarded-For': '198.51.100.7', 'User-Agent': agent });
  await until(() => lines().some(({ msg }) => msg === 'connection opened'), 'the opening');
  expect(lines().find(({ msg }) => msg === 'connection opened')).toMatchObject({
    level: INFO,
    connection: 1,
    room: board,
    ip: '198.51.100.7',
    userAgent: 'Fire\ufffd31mfox',
    protocol: 'wetink',
  });
  await until(() => staying.roles.length > 0, 'the welcome');
  staying.close();
  await until(() => lines().some(({ msg }) => msg === 'connection ended'), 'the end');
  expect(lines().find(({ msg }) => msg === 'connection ended')).toMatchObject({ connection: 1, user: ana.id, ip: '198.51.100.7' });
});

it('T9: no line about a connection contains a token or a ticket, wherever the client put it', async () => {
  await service.start({ WETINK_AUTH: 'guests' });
  const ana = await service.guest('Ana');
  const board = await service.board(ana.token);
  const { ticket } = (await service.post('/v1/tickets', ana.token, { room: board })).body;
  service.log = '';
  expect(await service.enterStock(board, ticket)).toBe('in');
  await service.enterStock(board, ana.token);
  await service.enter(board, ana.token);
  await service.enter(`${board}?wetink=1&token=${ana.token}`, ana.token).catch(() => undefined);
  await until(() => lines().filter(({ msg }) => msg === 'connection ended').length >= 3, 'the ends');
  for (const secret of [ticket, ana.token]) expect(service.log).not.toContain(secret);
});
