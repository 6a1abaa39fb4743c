/** Web Push on whole relays, with a push service of its own that decrypts what it gets. */

import { inboxRoom, openInbox } from '@wetink/board';
import { until } from '@wetink/relay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Page } from '../testing/page.ts';
import { PushService } from '../testing/push-service.ts';
import { TestService } from '../testing/service.ts';
import { makeVapidKeys } from './vapid.ts';

const keys = makeVapidKeys();
const settings = {
  WETINK_AUTH: 'guests',
  WETINK_VAPID_PUBLIC: keys.publicKey,
  WETINK_VAPID_PRIVATE: keys.privateKey,
  WETINK_VAPID_SUBJECT: 'mailto:ops@draw.example',
  WETINK_PRIVATE_TARGETS: 'allow',
};
interface Guest {
  token: string;
  id: string;
}

let service: TestService;
let pushes: PushService;
let ana: Guest;
let ben: Guest;
let board: string;
let pages: Page[];

beforeEach(async () => {
  pages = [];
  pushes = new PushService();
  await pushes.start();
  service = new TestService();
  await service.start(settings);
  [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  await service.call('GET', '/v1/me', ben.token);
  board = await service.board(ana.token);
});

afterEach(async () => {
  for (const page of pages) page.close();
  await service.dispose();
  await pushes.stop();
});

const register = (user: Guest, name: string, more: object = {}) =>
  service.post('/v1/push', user.token, { ...pushes.subscribe(name), ...more });

const give = (user: Guest, role: string) =>
  service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(user.id)}`, ana.token, { role });

async function open(user: Guest): Promise<Page> {
  const page = new Page(service.origin, inboxRoom(user.id), user);
  pages.push(page);
  await until(() => page.isSynced, 'the inbox');
  return page;
}

/** Long enough for a push that must not come. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

it('a person without an open page gets each notification once on every device, encrypted, with a token of the relay', async () => {
  expect((await service.call('GET', '/v1/push', ben.token)).body).toEqual({ publicKey: keys.publicKey });
  for (const name of ['phone', 'laptop']) expect((await register(ben, name)).status).toBe(201);
  expect((await register(ben, 'phone')).status).toBe(201);
  await give(ben, 'editor');
  await until(() => pushes.received.length === 2, 'both pushes');
  await settle();
  expect(pushes.received.map(({ browser }) => browser).sort()).toEqual(['laptop', 'phone']);
  expect(pushes.received[0]).toMatchObject({
    payload: { kind: 'invitation', from: 'Ana', room: board, text: 'invited you to draw' },
    claims: { aud: pushes.origin, sub: 'mailto:ops@draw.example' },
    key: keys.publicKey,
    headers: { 'content-encoding': 'aes128gcm', ttl: '86400' },
  });
  const { exp } = pushes.received[0]?.claims ?? { exp: 0 };
  expect(exp - Date.now() / 1_000).toBeGreaterThan(0);
  expect(exp - Date.now() / 1_000).toBeLessThanOrEqual(24 * 60 * 60);
});

it('the text of a push is one line without characters that turn or hide it, as the inbox shows it', async () => {
  await give(ben, 'editor');
  const { body } = await service.post(`/v1/boards/${board}/messages`, ben.token, { text: 'A question' });
  await register(ben, 'phone');
  const { id } = (body as unknown as { message: { id: string } }).message;
  const text = 'open \u202egnp.exe\u2066\u200b\nand\u0007 more';
  await service.post(`/v1/boards/${board}/messages`, ana.token, { text, replyTo: id });
  await until(() => pushes.received.length === 1, 'the push');
  expect(pushes.received[0]?.payload).toMatchObject({ kind: 'reply', text: 'open gnp.exe and  more' });
});

it('nothing is pushed while a page is open, of kinds that are only listed, and in quiet hours', async () => {
  await register(ben, 'phone', { timeZone: 'Asia/Kolkata' });
  const page = await open(ben);
  await give(ben, 'editor');
  await settle();
  const inbox = openInbox(page.doc);
  await until(() => inbox.unread() === 1, 'the invitation');
  inbox.setLevel('role', 'bell');
  // All day but the minute before now, in Kolkata: half an hour off the hours of UTC.
  const now = new Date(Date.now() + 5.5 * 60 * 60_000);
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  inbox.setQuietHours({ from: minute, to: (minute + 3) % 1_440 });
  await until(() => page.isSaved, 'the settings');
  page.close();
  await until(() => service.log.includes('"reason":"left"') || service.log.includes('"reason":"lost"'), 'the page to be gone');
  await give(ben, 'viewer'); // a role: listed only
  await give(ben, 'none');
  await give(ben, 'editor'); // an invitation: quiet hours
  await settle();
  expect(pushes.requests).toEqual([]);
  const again = await open(ben);
  const settled = openInbox(again.doc);
  settled.setQuietHours({ from: (minute + 60) % 1_440, to: (minute + 120) % 1_440 });
  await until(() => again.isSaved, 'the settings');
  again.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await give(ben, 'none');
  await give(ben, 'editor');
  await until(() => pushes.received.length === 1, 'the push');
  expect(pushes.received[0]?.payload).toMatchObject({ kind: 'invitation' });
});

it('a device that is gone is removed, a removed one gets nothing, and a browser belongs to the last person who registered it', async () => {
  for (const name of ['gone', 'removed', 'shared']) await register(ben, name);
  pushes.answers.set('gone', 410);
  expect((await service.call('DELETE', '/v1/push', ben.token, { endpoint: `${pushes.origin}/removed` })).status).toBe(204);
  expect((await service.call('DELETE', '/v1/push', ben.token, { endpoint: `${pushes.origin}/removed` })).status).toBe(204);
  const shared = pushes.subscribe('shared');
  expect((await service.post('/v1/push', ana.token, shared)).status).toBe(201);
  await give(ben, 'editor');
  await until(() => pushes.requests.includes('gone'), 'the push to the device that is gone');
  await settle();
  await give(ben, 'none');
  await give(ben, 'editor');
  await settle();
  expect(pushes.requests).toEqual(['gone']);
});

it('a push that waits for one person does not reach the next person who registers the browser, or one who removed it', async () => {
  for (const name of ['shared', 'removed']) {
    await register(ben, name);
    pushes.answers.set(name, 503);
  }
  await give(ben, 'editor');
  await until(() => pushes.requests.length === 2, 'the first attempts');
  pushes.answers.clear();
  expect((await service.post('/v1/push', ana.token, pushes.subscribe('shared'))).status).toBe(201);
  expect((await service.call('DELETE', '/v1/push', ben.token, { endpoint: `${pushes.origin}/removed` })).status).toBe(204);
  // The next attempt is due after 10 s.
  await new Promise((resolve) => setTimeout(resolve, 11_500));
  expect(pushes.requests.sort()).toEqual(['removed', 'shared']);
}, 30_000);

it('a user has at most ten devices: the eleventh replaces the oldest', async () => {
  for (let i = 0; i < 12; i++) await register(ben, `device-${i}`);
  await give(ben, 'editor');
  await until(() => pushes.received.length === 10, 'ten pushes');
  await settle();
  expect(pushes.received.map(({ browser }) => browser).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `device-${i + 2}`).sort());
});

it('a push service that does not answer delays no other device and no call', async () => {
  await register(ben, 'silent');
  await register(ben, 'phone');
  pushes.answers.set('silent', 0);
  const startedMs = performance.now();
  await give(ben, 'editor');
  await until(() => pushes.received.length === 1, 'the push');
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  expect(pushes.received[0]?.browser).toBe('phone');
});

it('what is wrong with a device is refused with a sentence, and nothing is kept', async () => {
  const good = pushes.subscribe('phone');
  for (const body of [
    {},
    { ...good, endpoint: 'nonsense' },
    { ...good, endpoint: 7 },
    { ...good, endpoint: `${good.endpoint}${'x'.repeat(1_100)}` },
    { endpoint: good.endpoint },
    { ...good, keys: { ...good.keys, auth: 'short' } },
    { ...good, keys: { ...good.keys, p256dh: `B${'A'.repeat(86)}` } },
    { ...good, timeZone: 'Mars/Olympus' },
    { ...good, timeZone: 5 },
  ]) {
    const { status, body: answer } = await service.post('/v1/push', ben.token, body);
    expect([status, answer.error.code, answer.error.message], JSON.stringify(body)).toEqual([
      400,
      'body_invalid',
      expect.stringMatching(/ /),
    ]);
  }
  expect((await service.post('/v1/push', null, good)).status).toBe(401);
  await service.start({ ...settings, WETINK_PRIVATE_TARGETS: '' });
  expect((await service.post('/v1/push', ben.token, good)).body.error.message).toBe('endpoint must begin with https://');
  const inside = await service.post('/v1/push', ben.token, { ...good, endpoint: 'https://127.0.0.1/x' });
  expect(inside.body.error.message).toBe('endpoint must be a public address');
  await service.start({ WETINK_AUTH: 'guests' });
  expect((await service.call('GET', '/v1/push', ben.token)).body).toEqual({ publicKey: null });
  expect((await service.post('/v1/push', ben.token, good)).body.error.code).toBe('push_off');
  expect(service.log).not.toContain(keys.privateKey);
  await give(ben, 'editor');
  await settle();
  expect(pushes.requests).toEqual([]);
});
