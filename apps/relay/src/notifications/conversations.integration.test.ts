/** Conversations on a whole relay: beginning one, hearing of it, and learning nothing of it. */

import { inboxRoom, movedMessages, openInbox, type Inbox } from '@wetink/board';
import { until, type ApiAnswer } from '@wetink/relay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Page } from '../testing/page.ts';
import { TestService } from '../testing/service.ts';

interface Guest {
  token: string;
  id: string;
}
interface Conversation {
  id: string;
  isDirect: boolean;
  people: { id: string; name?: string }[];
  at: number;
}

let service: TestService;
let people: Record<'ana' | 'ben' | 'cleo' | 'dan', Guest>;
let board: string;
let pages: Page[] = [];

beforeEach(async () => {
  service = new TestService();
  await start('guests');
});

afterEach(async () => {
  for (const page of pages) page.close();
  pages = [];
  await service.dispose();
});

async function start(mode: string, settings: Record<string, string> = {}): Promise<void> {
  await service.start({ WETINK_AUTH: mode, ...settings });
  const names = ['Ana', 'Ben', 'Cleo', 'Dan'];
  const [ana, ben, cleo, dan] = (await Promise.all(names.map((name) => service.guest(name)))) as [Guest, Guest, Guest, Guest];
  people = { ana, ben, cleo, dan };
  for (const { token } of Object.values(people)) await service.call('GET', '/v1/me', token);
  board = await service.board(ana.token);
  // Dan shares no board with anyone.
  for (const { id } of [ben, cleo])
    await service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(id)}`, ana.token, { role: 'editor' });
  await meet(ana, ben, cleo);
}

/** Has people enter the board, and waits until the relay has noted that each was there. */
async function meet(...users: Guest[]): Promise<void> {
  const staying = users.map(({ token }) => service.stay(board, token));
  for (const { token } of users)
    // Others are seen only by a person who was on the board.
    for (let count = 0; count < users.length - 1;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ({ count } = (await service.call('GET', '/v1/people/online', token)).body as unknown as { count: number });
    }
  for (const one of staying) one.close();
}

async function enter(room: string, user: Guest): Promise<void> {
  expect(await service.enter(room, user.token)).toMatchObject({ userId: user.id });
}

async function open(room: string, user: Guest): Promise<Page> {
  const page = new Page(service.origin, room, user);
  pages.push(page);
  await until(() => page.isSynced, 'the page');
  return page;
}

const inboxOf = async (user: Guest): Promise<Inbox> => openInbox((await open(inboxRoom(user.id), user)).doc);
let lastMessage = 0;

/** Writes a message as a page does. */
function say(page: Page, user: Guest, text: string): void {
  page.doc.getArray('chat').push([{ i: `page.${(lastMessage += 1)}`, u: user.id, n: 'Name', t: text, d: Date.now() }]);
}

const told = (inbox: Inbox): string[] => inbox.list().map(({ kind, text }) => `${kind}: ${text}`);
const begin = (user: Guest, ...others: Guest[]): Promise<ApiAnswer> =>
  service.post('/v1/conversations', user.token, { people: others.map(({ id }) => id) });
const conversationOf = ({ body }: ApiAnswer): Conversation => (body as unknown as { conversation: Conversation }).conversation;
const listOf = async (user: Guest): Promise<Conversation[]> =>
  ((await service.call('GET', '/v1/conversations', user.token)).body as unknown as { conversations: Conversation[] }).conversations;
const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];
const settle = () => new Promise((resolve) => setTimeout(resolve, 600));
const address = (person: Guest): string => `/v1/blocked/${encodeURIComponent(person.id)}`;

it('two people talk; the one who is offline is notified; it is found again from both sides', async () => {
  const { ana, ben } = people;
  const begun = await begin(ana, ben);
  const { id, isDirect, people: both } = conversationOf(begun);
  expect([begun.status, isDirect]).toEqual([201, true]);
  expect(both.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben']);
  for (const [from, to] of [
    [ana, ben],
    [ben, ana],
  ] as const) {
    const again = await begin(from, to);
    expect([again.status, conversationOf(again).id]).toEqual([200, id]);
  }
  const page = await open(id, ana);
  say(page, ana, 'Hello Ben');
  const bens = await inboxOf(ben);
  await until(() => told(bens).includes('message: Hello Ben'), 'the message');
  expect(bens.list()[0]).toMatchObject({ room: id, from: { id: ana.id } });
  await enter(id, ben);
  expect(told(await inboxOf(ana))).toEqual([]);
  expect((await listOf(ben)).map((one) => one.id)).toEqual([id]);
  // By HTTP as by a page.
  await service.post(`/v1/boards/${id}/messages`, ben.token, { text: 'Hello Ana' });
  const anas = await inboxOf(ana);
  await until(() => told(anas).includes('message: Hello Ana'), 'the answer');
});

it('a group: people are added, leave, lose access at once, and are listed with the newest conversation first', async () => {
  const { ana, ben, cleo } = people;
  const direct = conversationOf(await begin(ana, ben)).id;
  const { id, isDirect } = conversationOf(await begin(ana, ben, cleo));
  expect(isDirect).toBe(false);
  expect(conversationOf(await begin(ana, ben, cleo)).id).not.toBe(id);
  const cleos = service.stay(id, cleo.token);
  await until(() => cleos.roles.length > 0, 'Cleo to enter');
  expect(cleos.roles).toEqual(['editor']);
  expect((await service.call('DELETE', `/v1/conversations/${id}`, cleo.token)).status).toBe(204);
  await until(() => cleos.ended !== null, 'Cleo to be sent away');
  expect((await listOf(cleo)).map((one) => one.id)).not.toContain(id);
  expect(codeOf(await service.call('GET', `/v1/conversations/${id}`, cleo.token))).toEqual([404, 'conversation_not_found']);
  const added = await service.post(`/v1/conversations/${id}/people`, ben.token, { id: cleo.id });
  expect(conversationOf(added).people).toHaveLength(3);
  expect(told(await inboxOf(cleo))[0]).toBe('invitation: added you to a conversation');
  await enter(id, cleo);
  expect(codeOf(await service.post(`/v1/conversations/${direct}/people`, ben.token, { id: cleo.id }))).toEqual([
    409,
    'conversation_direct',
  ]);
  for (const user of [ana, ben, cleo]) await service.call('DELETE', `/v1/conversations/${id}`, user.token);
  expect(await service.enter(id, ana.token)).toMatchObject({ code: 4410 });
});

it('a conversation is no board: its people cannot share it, make links, or see it as one', async () => {
  const { ana, ben, dan } = people;
  const { id } = conversationOf(await begin(ana, ben));
  const calls = await Promise.all([
    service.call('GET', `/v1/boards/${id}`, ana.token),
    service.call('PATCH', `/v1/boards/${id}`, ana.token, { everyone: 'editor' }),
    service.post(`/v1/boards/${id}/links`, ana.token, { role: 'editor' }),
    service.call('PUT', `/v1/boards/${id}/members/${encodeURIComponent(dan.id)}`, ana.token, { role: 'editor' }),
    service.call('DELETE', `/v1/boards/${id}`, ana.token),
    service.post('/v1/boards', ana.token, { id }),
  ]);
  for (const { status } of calls) expect([403, 404, 409]).toContain(status);
  expect(await service.enter(id, dan.token)).toMatchObject({ code: 4403 });
});

describe.each(['guests', 'open'])('%s mode: a third person', (mode) => {
  it('gets the answers of a conversation that does not exist', async () => {
    await start(mode);
    const { ana, ben, cleo } = people;
    const { id } = conversationOf(await begin(ana, ben));
    const none = 'A'.repeat(22);
    expect(await service.enter(id, cleo.token)).toMatchObject({ code: 4403 });
    expect(codeOf(await service.post('/v1/tickets', cleo.token, { room: id }))).toEqual([404, 'board_not_found']);
    for (const [method, path, body] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/people', { id: cleo.id }],
    ] as const) {
      const [there, missing] = await Promise.all(
        [id, none].map((one) => service.call(method, `/v1/conversations/${one}${path}`, cleo.token, body)),
      );
      expect([there?.status, there?.text]).toEqual([missing?.status, missing?.text]);
      expect(codeOf(there!)).toEqual([404, 'conversation_not_found']);
    }
    expect(codeOf(await service.call('GET', `/v1/boards/${id}/messages`, cleo.token))).toEqual([404, 'board_not_found']);
    expect(await listOf(cleo)).toEqual([]);
  });
});

it('its members read all of it by HTTP, also what left the document; one who left reads what there is of no conversation', async () => {
  await start('guests', { WETINK_CHAT_MESSAGES: '5' });
  const { ana, ben, cleo } = people;
  const { id } = conversationOf(await begin(ana, ben));
  const page = await open(id, ana);
  for (let n = 0; n < 12; n++) say(page, ana, `n${n}`);
  await until(() => movedMessages(page.doc) > 0, 'the move');
  const read = (room: string, { token }: Guest): Promise<ApiAnswer> => service.call('GET', `/v1/boards/${room}/messages?limit=50`, token);
  for (const member of [ana, ben]) {
    const { status, body } = await read(id, member);
    const { messages } = body as unknown as { messages: { text: string }[] };
    expect([status, messages.map(({ text }) => text)]).toEqual([200, Array.from({ length: 12 }, (_, n) => `n${n}`)]);
  }
  await service.call('DELETE', `/v1/conversations/${id}`, ben.token);
  for (const other of [ben, cleo]) {
    const [there, missing] = await Promise.all([id, 'A'.repeat(22)].map((room) => read(room, other)));
    expect([there?.status, there?.text]).toEqual([404, missing?.text]);
    expect(there?.status).toBe(missing?.status);
  }
});

it('a person can be addressed only by those who share a board with them now, and looks like nobody to others', async () => {
  const { ana, ben, cleo, dan } = people;
  const unknown = { token: '', id: 'guest:AAAAAAAAAAAAAAAAAAAAAA' };
  const [stranger, nobody] = [await begin(dan, ben), await begin(dan, unknown)];
  expect(stranger.text).toBe(nobody.text);
  expect(codeOf(stranger)).toEqual([404, 'person_not_found']);
  expect((await begin(ben, cleo)).status).toBe(201);
  await service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(cleo.id)}`, ana.token, { role: 'none' });
  expect(codeOf(await begin(ana, cleo))).toEqual([404, 'person_not_found']);
  // They talked before: their conversation is found again, as long as both are in it.
  const again = await begin(ben, cleo);
  expect(again.status).toBe(200);
  await service.call('DELETE', `/v1/conversations/${conversationOf(again).id}`, cleo.token);
  expect((await begin(ben, cleo)).status).toBe(404);
});

it('a blocked person learns nothing: the conversation begins as ever, and is not delivered', async () => {
  const { ana, ben, cleo } = people;
  expect((await service.call('PUT', address(ana), ben.token)).status).toBe(204);
  const { people: blocked } = (await service.call('GET', '/v1/blocked', ben.token)).body as unknown as {
    people: { id: string; name: string }[];
  };
  expect(blocked).toMatchObject([{ id: ana.id, name: 'Ana' }]);
  const begun = await begin(ana, ben);
  const other = await begin(ana, cleo);
  expect([begun.status, Object.keys(conversationOf(begun))]).toEqual([other.status, Object.keys(conversationOf(other))]);
  expect(
    conversationOf(begun)
      .people.map(({ name }) => name)
      .sort(),
  ).toEqual(['Ana', 'Ben']);
  const { id } = conversationOf(begun);
  const page = await open(id, ana);
  say(page, ana, 'Are you there?');
  await settle();
  expect(told(await inboxOf(ben))).toEqual(['invitation: invited you to draw']);
  expect(await listOf(ben)).toEqual([]);
  // Ben forgives, and begins it himself: it is the same one, with its messages.
  expect((await service.call('DELETE', address(ana), ben.token)).status).toBe(204);
  const again = await begin(ben, ana);
  expect([again.status, conversationOf(again).id]).toEqual([200, id]);
  expect((await listOf(ben)).map((one) => one.id)).toEqual([id]);
});

it('a person who blocked the one who began a conversation hears nothing of it, mentioned by others either; nor does a stranger', async () => {
  const { ana, ben, cleo, dan } = people;
  expect((await service.call('PUT', address(ana), ben.token)).status).toBe(204);
  const { id } = conversationOf(await begin(ana, ben, cleo));
  const page = await open(id, cleo);
  const anas = await inboxOf(ana);
  const m = [ben.id, dan.id, ana.id];
  page.doc.getArray('chat').push([{ i: 'page.m', u: cleo.id, n: 'Cleo', t: 'Look', d: Date.now(), m }]);
  await until(() => told(anas).includes('mention: Look'), 'the mention');
  await settle();
  expect([told(await inboxOf(ben)), told(await inboxOf(dan))]).toEqual([['invitation: invited you to draw'], []]);
});

it('adding a person who is in it already notifies them of nothing', async () => {
  const { ana, ben, cleo } = people;
  const { id } = conversationOf(await begin(ana, ben, cleo));
  for (let i = 0; i < 3; i++) expect((await service.post(`/v1/conversations/${id}/people`, ana.token, { id: ben.id })).status).toBe(200);
  expect(told(await inboxOf(ben))).toEqual(['invitation: invited you to draw']);
});

it('an inbox that an operator erased blocks nobody', async () => {
  const { ana, ben } = people;
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: 'adminTokenOf32CharactersAtLeast' });
  const room = inboxRoom(ben.id);
  expect((await service.call('DELETE', `/v1/rooms/${room}`, 'adminTokenOf32CharactersAtLeast')).status).toBe(200);
  expect((await begin(ana, ben)).status).toBe(201);
});

it('a person who is blocked later is not heard of any more', async () => {
  const { ana, ben } = people;
  const { id } = conversationOf(await begin(ana, ben));
  const page = await open(id, ana);
  const bens = await inboxOf(ben);
  say(page, ana, 'one');
  await until(() => told(bens).includes('message: one'), 'the message');
  await service.call('PUT', address(ana), ben.token);
  say(page, ana, 'two');
  await settle();
  expect(told(bens)).not.toContain('message: two');
});

it('bad bodies are refused with a sentence', async () => {
  const { ana, ben } = people;
  for (const body of [{}, { people: [] }, { people: 'x' }, { people: [1] }, { people: Array.from({ length: 50 }, (_, i) => `u${i}`) }])
    expect(codeOf(await service.post('/v1/conversations', ana.token, body))).toEqual([400, 'body_invalid']);
  expect(codeOf(await begin(ana, ana))).toEqual([404, 'person_not_found']);
  expect(codeOf(await service.call('GET', '/v1/conversations?limit=0', ana.token))).toEqual([400, 'query_invalid']);
  expect(codeOf(await service.call('PUT', address(ana), ana.token))).toEqual([400, 'body_invalid']);
  expect(codeOf(await service.call('POST', '/v1/conversations', null, { people: [ben.id] }))).toEqual([401, 'token_missing']);
});

it('a conversation that an operator erased begins anew, and is listed no more', async () => {
  const { ana, ben } = people;
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: 'adminTokenOf32CharactersAtLeast' });
  const { id } = conversationOf(await begin(ana, ben));
  expect((await service.call('DELETE', `/v1/rooms/${id}`, 'adminTokenOf32CharactersAtLeast')).status).toBe(200);
  expect(await listOf(ben)).toEqual([]);
  const anew = await begin(ana, ben);
  expect(anew.status).toBe(201);
  expect(conversationOf(anew).id).not.toBe(id);
});
