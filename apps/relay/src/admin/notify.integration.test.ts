/** Notifications by the operator's programs, and the directory of people online, on a whole relay. */

import { inboxRoom, openInbox, type Inbox } from '@wetink/board';
import { until, type ApiAnswer } from '@wetink/relay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Page } from '../testing/page.ts';
import { TestService } from '../testing/service.ts';

interface Guest {
  token: string;
  id: string;
}

const ADMIN = '0123456789abcdef';
let service: TestService;
let pages: Page[] = [];
let [ana, ben, cleo]: [Guest, Guest, Guest] = [
  { token: '', id: '' },
  { token: '', id: '' },
  { token: '', id: '' },
];

async function start(env: Record<string, string> = {}): Promise<void> {
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: ADMIN, ...env });
  [ana, ben, cleo] = [await service.guest('Ana'), await service.guest('Ben'), await service.guest('Cleo')];
  for (const { token } of [ana, ben, cleo]) await service.call('GET', '/v1/me', token);
}

beforeEach(() => (service = new TestService()));
afterEach(async () => {
  for (const page of pages) page.close();
  pages = [];
  await service.dispose();
});

async function open(room: string, user: Guest): Promise<Page> {
  const page = new Page(service.origin, room, user);
  pages.push(page);
  await until(() => page.isSynced, 'the page');
  return page;
}

const inboxOf = async (user: Guest): Promise<Inbox> => openInbox((await open(inboxRoom(user.id), user)).doc);
const told = (inbox: Inbox): string[] => inbox.list().map(({ kind, text }) => `${kind}: ${text}`);
const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];

it('people are notified once for a key; bad calls and callers who are no operators notify nobody', async () => {
  await start();
  const people = [ana.id, ben.id];
  const body = { people, title: 'Tonight', text: 'The relay is updated at ten', link: 'https://status.example/' };
  const first = await service.post('/v1/notify', ADMIN, body, { 'idempotency-key': 'one' });
  expect(first.body).toMatchObject({ written: 2 });
  expect((await service.post('/v1/notify', ADMIN, body, { 'idempotency-key': 'one' })).body).toMatchObject({ written: 0 });
  // The same to more people is the same call; another text is not.
  const more = { ...body, people: [...people, cleo.id] };
  expect((await service.post('/v1/notify', ADMIN, more, { 'idempotency-key': 'one' })).body).toMatchObject({ written: 1 });
  const other = { ...body, text: 'The relay is not updated' };
  expect(codeOf(await service.post('/v1/notify', ADMIN, other, { 'idempotency-key': 'one' }))).toEqual([409, 'key_reused']);
  const anas = await inboxOf(ana);
  expect(anas.list()).toMatchObject([{ kind: 'custom', title: 'Tonight', link: 'https://status.example/', from: { id: '', name: '' } }]);
  for (const bad of [
    { people: [], text: 'x' },
    { people: Array.from({ length: 101 }, (_, i) => `u${i}`), text: 'x' },
    { people, text: '' },
    { people, text: 'x'.repeat(281) },
    { people, text: 'x', link: 'javascript:alert(1)' },
    { people, text: 'x', kind: 'new' },
    { people, text: 'x', more: 1 },
  ])
    expect(codeOf(await service.post('/v1/notify', ADMIN, bad))).toEqual([400, 'body_invalid']);
  expect(codeOf(await service.post('/v1/notify', ana.token, body))).toEqual([403, 'not_allowed']);
  expect(codeOf(await service.post('/v1/notify', null, body))).toEqual([401, 'token_missing']);
  expect(told(anas)).toHaveLength(1);
});

it('a broadcast reaches everyone whom the relay has seen, except those left out, also after a restart', async () => {
  await start();
  const started = await service.post('/v1/broadcast', ADMIN, { text: 'Hello all', except: [cleo.id] });
  expect(started.status).toBe(202);
  const { id } = (started.body as unknown as { broadcast: { id: string } }).broadcast;
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: ADMIN });
  const states: string[] = [];
  await until(() => {
    void service
      .call('GET', `/v1/broadcast/${id}`, ADMIN)
      .then(({ body }) => states.push((body as unknown as { broadcast: { state: string } }).broadcast.state));
    return states.at(-1) === 'done';
  }, 'the broadcast');
  expect([told(await inboxOf(ana)), told(await inboxOf(ben)), told(await inboxOf(cleo))]).toEqual([
    ['custom: Hello all'],
    ['custom: Hello all'],
    [],
  ]);
});

it('a broadcast is refused that leaves out more people than its record holds, or repeats a key with another text', async () => {
  await start();
  const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `user-${i}`.padEnd(60, 'x'));
  const long = await service.post('/v1/broadcast', ADMIN, { text: 'x', except: ids(600) });
  expect([...codeOf(long), long.body.error.message]).toEqual([400, 'body_invalid', 'except must have at most 32 KiB as JSON']);
  const [text, key] = ['x', { 'idempotency-key': 'one' }];
  expect((await service.post('/v1/broadcast', ADMIN, { text, except: ids(500) }, key)).status).toBe(202);
  expect((await service.post('/v1/broadcast', ADMIN, { text, except: ids(500) }, key)).status).toBe(202);
  expect(codeOf(await service.post('/v1/broadcast', ADMIN, { text: 'y', except: ids(500) }, key))).toEqual([409, 'key_reused']);
});

it('[CV7] people who were on one board find each other while they are online, and nobody else does, with a role either', async () => {
  await start();
  const board = await service.board(ana.token);
  await service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(ben.id)}`, ana.token, { role: 'viewer' });
  const online = async (user: Guest): Promise<string[]> => {
    const { body } = await service.call('GET', '/v1/people/online', user.token);
    const answer = body as unknown as { people: { name: string }[]; count: number };
    expect(answer.count).toBe(answer.people.length);
    return answer.people.map(({ name }) => name);
  };
  /** Waits until Ana sees these. */
  const seen = async (...names: string[]): Promise<void> => {
    while ((await online(ana)).join() !== names.join()) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const ben0 = await open(inboxRoom(ben.id), ben);
  // Anyone can give anyone a role: it must show no stranger, nor let one be addressed.
  expect(await online(ana)).toEqual([]);
  expect(codeOf(await service.post('/v1/conversations', ana.token, { people: [ben.id] }))).toEqual([404, 'person_not_found']);
  ben0.close();
  expect(await service.enter(board, ben.token)).toMatchObject({ role: 'viewer' });
  const ben1 = await open(inboxRoom(ben.id), ben);
  await open(inboxRoom(cleo.id), cleo);
  await seen('Ben');
  expect(await online(cleo)).toEqual([]);
  ben1.close();
  pages = pages.filter((page) => page !== ben1);
  await seen();
});

it('the directory can be open to all, who may then write to each other, and off', async () => {
  await start({ WETINK_DIRECTORY: 'all' });
  await open(inboxRoom(ben.id), ben);
  expect((await service.call('GET', '/v1/people/online', cleo.token)).body).toMatchObject({ people: [{ id: ben.id, name: 'Ben' }] });
  expect((await service.post('/v1/conversations', cleo.token, { people: [ben.id] })).status).toBe(201);
  await start({ WETINK_DIRECTORY: 'off' });
  expect(codeOf(await service.call('GET', '/v1/people/online', ben.token))).toEqual([404, 'directory_off']);
});
