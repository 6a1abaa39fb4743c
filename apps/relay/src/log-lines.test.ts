/** What a whole relay writes to its log when everything goes as it should. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestService, until } from './testing/service.ts';

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

test('T8: visiting an erased board writes one info line about it, without a stack, and nothing that asks for attention', async () => {
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

test('T8: people who may not enter or are gone, and boards that are not there, call for no attention', async () => {
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
  expect(await service.enter(board, ana.token)).toMatchObject({ code: 4403 });
  expect((await service.call('GET', `/v1/boards/${board}`, ana.token)).status).toBe(404);
  await service.stop();
  expect(alarms()).toEqual([]);
});
