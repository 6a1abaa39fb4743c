/** Notifications on a whole relay: messages and roles on one side, the inboxes of people on the other. */

import { inboxRoom, openInbox, postNotifications, type Inbox } from '@wetink/board';
import { until } from '@wetink/relay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Page } from '../testing/page.ts';
import { TestService } from '../testing/service.ts';

interface Guest {
  token: string;
  id: string;
}

let service: TestService;
let [ana, ben, cleo]: [Guest, Guest, Guest] = [
  { token: '', id: '' },
  { token: '', id: '' },
  { token: '', id: '' },
];
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

async function start(mode: string): Promise<void> {
  await service.start({ WETINK_AUTH: mode });
  [ana, ben, cleo] = [await service.guest('Ana'), await service.guest('Ben'), await service.guest('Cleo')];
  // A user is known from their first call on.
  for (const { token } of [ben, cleo]) await service.call('GET', '/v1/me', token);
  board = await service.board(ana.token);
  await give(ben, 'editor');
}

const give = (user: Guest, role: string) =>
  service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(user.id)}`, ana.token, { role });

async function open(room: string, user: Guest): Promise<Page> {
  const page = new Page(service.origin, room, user);
  pages.push(page);
  await until(() => page.isSynced, 'the page');
  return page;
}

async function inboxOf(user: Guest): Promise<Inbox> {
  return openInbox((await open(inboxRoom(user.id), user)).doc);
}

let lastMessage = 0;

/** Writes a message as a page does, with the fields of mentions and replies. */
function say(page: Page, user: Guest, text: string, more: { m?: string[]; r?: string; i?: string } = {}): string {
  const id = more.i ?? `page.${(lastMessage += 1)}`;
  page.doc.getArray('chat').push([{ i: id, u: user.id, n: 'Name', t: text, d: Date.now(), ...more }]);
  return id;
}

const told = (inbox: Inbox): string[] => inbox.list().map(({ kind, text }) => `${kind}: ${text}`);

/** Long enough for a notification that must not come. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 600));

it('a person who is offline finds the mention, the reply and the invitation later; their author and strangers get nothing', async () => {
  const page = await open(board, ana);
  page.board.setTitle('Plans');
  const first = say(page, ana, 'Look, Ben', { m: [ben.id, ana.id, cleo.id] });
  const bens = await inboxOf(ben);
  await until(() => bens.unread() === 2, 'the mention');
  expect(bens.list()[0]).toMatchObject({
    kind: 'mention',
    from: { id: ana.id, name: 'Name' },
    room: board,
    title: 'Plans',
    message: first,
    text: 'Look, Ben',
  });
  expect(told(bens)[1]).toBe('invitation: invited you to draw');
  const benPage = await open(board, ben);
  say(benPage, ben, 'I see', { r: first });
  const anas = await inboxOf(ana);
  await until(() => anas.unread() === 1, 'the reply');
  expect(told(anas)).toEqual(['reply: I see']);
  // Cleo has no role on the board, so she must not hear of it.
  await settle();
  expect(told(await inboxOf(cleo))).toEqual([]);
  expect(bens.unread()).toBe(2);
});

it('another role, a removal and a board passed on are notified of; the same role again is not', async () => {
  await give(ben, 'editor');
  await give(ben, 'viewer');
  await give(ben, 'none');
  await give(ben, 'owner');
  expect(told(await inboxOf(ben))).toEqual([
    'invitation: made you the owner',
    'role: removed you from the board',
    'role: changed your access to “Can view”',
    'invitation: invited you to draw',
  ]);
});

it('roles that an owner gives again and again are notified of ten times a minute', async () => {
  for (let i = 0; i < 20; i++) await give(ben, i % 2 === 0 ? 'viewer' : 'editor');
  expect(told(await inboxOf(ben))).toHaveLength(10);
  expect(service.log).toContain('notifications of roles were left out');
});

it('a call of a person who is not the owner notifies nobody', async () => {
  const { status } = await service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(cleo.id)}`, ben.token, { role: 'editor' });
  expect(status).toBe(403);
  expect(told(await inboxOf(cleo))).toEqual([]);
});

it('what came just before a relay ended is notified of when the board is opened again, and nothing twice', async () => {
  const page = await open(board, ana);
  say(page, ana, 'early', { m: [ben.id] });
  const before = await inboxOf(ben);
  await until(() => told(before).includes('mention: early'), 'the first mention');
  say(page, ana, 'late', { m: [ben.id] });
  await until(() => page.isSaved, 'the message to be saved');
  await service.start({ WETINK_AUTH: 'guests' });
  expect(told(await inboxOf(ben))).not.toContain('mention: late');
  await open(board, ana);
  const after = await inboxOf(ben);
  await until(() => told(after).includes('mention: late'), 'the second mention');
  await settle();
  expect(told(after)).toEqual(['mention: late', 'mention: early', 'invitation: invited you to draw']);
});

it('a message is not notified of again when the inbox no longer has its notification', async () => {
  const page = await open(board, ana);
  const bens = await inboxOf(ben);
  say(page, ana, 'one', { m: [ben.id] });
  await until(() => bens.unread() === 2, 'the mention');
  pages.at(-1)?.doc.getArray('inbox').delete(0, 2);
  await until(() => pages.at(-1)?.isSaved === true, 'the inbox to be saved');
  await service.start({ WETINK_AUTH: 'guests' });
  await open(board, ana);
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(told(await inboxOf(ben))).toEqual([]);
});

it('messages of a blocked person, of authors without a role, and a thousand mentions at once stay within bounds', async () => {
  const bens = await inboxOf(ben);
  const inboxPage = pages.at(-1)!;
  const page = await open(board, ana);
  bens.block({ id: ana.id, name: 'Ana', at: 1 });
  await until(() => inboxPage.isSaved, 'the block to be saved');
  say(page, ana, 'from a blocked person', { m: [ben.id] });
  say(page, cleo, 'in the name of a stranger', { m: [ben.id] });
  await settle();
  expect(told(bens)).toEqual(['invitation: invited you to draw']);
  bens.unblock(ana.id);
  await until(() => inboxPage.isSaved, 'it to be saved');
  page.doc.transact(() => {
    for (let i = 0; i < 1_000; i++) say(page, ana, `flood ${i}`, { m: Array.from({ length: i === 950 ? 1_000 : 1 }, () => ben.id) });
  });
  await until(() => told(bens).includes('mention: flood 958'), 'the flood');
  await settle();
  // The newest 60 a minute of one room for one person: the one that was blocked counts.
  expect(told(bens).filter((text) => text.startsWith('mention: flood'))).toHaveLength(59);
  expect(service.log).toContain('notifications of a busy room were left out');
});

it('messages by HTTP are notified of too', async () => {
  const bens = await inboxOf(ben);
  const { body } = await service.post(`/v1/boards/${board}/messages`, ben.token, { text: 'a question' });
  const page = await open(board, ana);
  say(page, ana, 'an answer', { r: (body as unknown as { message: { id: string } }).message.id });
  await until(() => told(bens).includes('reply: an answer'), 'the reply');
});

describe.each(['guests', 'open'])('%s mode: the inbox of another person', (mode) => {
  const codes: Record<string, number> = { guests: 4403, open: 4403 };

  it('cannot be opened, ticketed, read, or used for files, and looks like one that does not exist', async () => {
    await start(mode);
    const mine = inboxRoom(ben.id);
    const none = inboxRoom('nobody');
    for (const room of [mine, none, `inbox-${'A'.repeat(43)}`]) {
      const entered = await service.enter(room, cleo.token);
      expect(entered).toMatchObject({ code: codes[mode] });
      expect(await service.enterStock(room, null)).not.toBe('in');
      const answers = await Promise.all([
        service.post('/v1/tickets', cleo.token, { room }),
        service.call('GET', `/v1/boards/${room}/messages`, cleo.token),
        service.post(`/v1/boards/${room}/messages`, cleo.token, { text: 'x' }),
        service.call('GET', `/v1/boards/${room}/blobs/${'a'.repeat(64)}`, cleo.token),
        service.call('GET', `/v1/boards/${room}`, cleo.token),
      ]);
      expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(answers.map(() => [404, 'board_not_found']));
    }
    expect((await service.post('/v1/tickets', ben.token, { room: mine })).status).toBe(201);
    expect(await service.enter(mine, ben.token)).toMatchObject({ role: 'editor', userId: ben.id });
  });
});

it('what a person writes into their own inbox changes nothing for others', async () => {
  const page = await open(inboxRoom(ben.id), ben);
  const from = { id: ana.id, name: 'Ana' };
  const forged = { id: 'x', kind: 'mention', from, room: board, title: '', message: '', text: 'forged', link: '', at: 1 } as const;
  postNotifications(page.doc, [forged], () => ({ writer: 'w', number: 1 }));
  await until(() => page.isSaved, 'it to be saved');
  expect(told(await inboxOf(ana))).toEqual([]);
});
