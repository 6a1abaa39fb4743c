/** Webhooks on whole relays, with a receiver of their own. */

import { until, type ApiAnswer } from '@wetink/relay/testing';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isGenuine, Receiver } from '../testing/receiver.ts';
import { TestService } from '../testing/service.ts';

interface View {
  id: string;
  url: string;
  kinds: string[];
  last: { at: number; status: number | null; reason: string } | null;
  failures: number;
  off: string | null;
}
interface Guest {
  token: string;
  id: string;
}

let service: TestService;
let receiver: Receiver;
let ana: Guest;
let ben: Guest;
let board: string;

const settings = { WETINK_AUTH: 'guests', WETINK_PRIVATE_TARGETS: 'allow', WETINK_LIMIT_BOARD_WEBHOOKS: '3' };

beforeEach(async () => {
  receiver = new Receiver();
  await receiver.start();
  service = new TestService();
  await service.start(settings);
  [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  await service.call('GET', '/v1/me', ben.token);
  board = await service.board(ana.token);
});

afterEach(async () => {
  await service.dispose();
  await receiver.stop();
});

const at = (more = ''): string => `/v1/boards/${board}/webhooks${more}`;
const add = (path: string, kinds: readonly string[] = ['message'], token: string | null = ana.token): Promise<ApiAnswer> =>
  service.post(at(), token, { url: receiver.origin + path, kinds });
async function added(path: string, kinds?: readonly string[]): Promise<{ webhook: View; secret: string }> {
  const answer = await add(path, kinds);
  expect(answer.status).toBe(201);
  return answer.body as unknown as { webhook: View; secret: string };
}
const test = async (id: string): Promise<View> =>
  ((await service.post(at(`/${id}/test`), ana.token)).body as unknown as { webhook: View }).webhook;
const list = async (): Promise<View[]> => ((await service.call('GET', at(), ana.token)).body as unknown as { webhooks: View[] }).webhooks;
/** Resolves once a delivery to this webhook has failed. */
async function failed(index: number): Promise<void> {
  for (let tries = 0; (await list())[index]?.failures !== 1; tries++) {
    if (tries > 400) throw new Error('waited for a failure');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const say = (text: string, token = ana.token): Promise<ApiAnswer> => service.post(`/v1/boards/${board}/messages`, token, { text });
const give = (role: string): Promise<ApiAnswer> =>
  service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(ben.id)}`, ana.token, { role });
const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];
/** Long enough for a delivery that must not come. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

it('a message reaches each webhook that wants messages once, signed, and its last answer shows', async () => {
  await say('before');
  const { webhook, secret } = await added('/all', ['message', 'shared']);
  await added('/roles', ['shared']);
  const { body } = await say('Hello');
  await until(() => receiver.at('/all').length > 0, 'the message');
  await settle();
  const [delivery] = receiver.at('/all');
  if (delivery === undefined) throw new Error('nothing came');
  expect(receiver.received).toHaveLength(1);
  const { message } = body as unknown as { message: { id: string; at: number } };
  const shown = { id: message.id, user: { id: ana.id, name: 'Ana' }, text: 'Hello', at: message.at, mentions: [], replyTo: null };
  const sent = { kind: 'message', at: message.at, board: { id: board, title: '' }, message: shown };
  expect(delivery.body).toEqual({ id: delivery.headers['webhook-id'], ...sent });
  expect(delivery.headers['content-type']).toBe('application/json');
  expect(isGenuine(secret, delivery.headers, delivery.text)).toBe(true);
  expect(isGenuine(secret, delivery.headers, `${delivery.text} `)).toBe(false);
  expect(isGenuine(secret, delivery.headers, delivery.text, Date.now() + 6 * 60_000)).toBe(false);
  expect(isGenuine(`whsec_${Buffer.alloc(32).toString('base64')}`, delivery.headers, delivery.text)).toBe(false);
  expect(await list()).toMatchObject([{ id: webhook.id, failures: 0, off: null, last: { status: 204, reason: '' } }, { last: null }]);
  expect(JSON.stringify(await list())).not.toContain(secret);
  expect(service.log).not.toContain(secret);
});

it('a role that the owner gives, and one by a link, are events', async () => {
  await added('/roles', ['shared']);
  await give('editor');
  await give('none');
  const cleo = await service.guest('Cleo');
  const { body } = await service.post(`/v1/boards/${board}/links`, ana.token, { role: 'viewer' });
  await service.post(`/v1/boards/${board}/join`, cleo.token, { link: body.link.key });
  await service.post(`/v1/boards/${board}/join`, cleo.token, { link: body.link.key });
  await until(() => receiver.received.length === 3, 'three changes');
  await settle();
  const by = { id: ana.id, name: 'Ana' };
  expect(receiver.received.map((one) => one.body['shared'])).toEqual([
    { by, user: { id: ben.id }, before: null, role: 'editor' },
    { by, user: { id: ben.id }, before: 'editor', role: null },
    { by: { id: cleo.id, name: 'Cleo' }, user: { id: cleo.id }, before: null, role: 'viewer' },
  ]);
  expect(receiver.received.map((one) => one.body['kind'])).toEqual(['shared', 'shared', 'shared']);
});

it('only the owner sees and changes webhooks; a person without access learns nothing, a bot neither', async () => {
  const { webhook } = await added('/a');
  const calls = (token: string | null, on = board): Promise<ApiAnswer>[] => [
    service.call('GET', `/v1/boards/${on}/webhooks`, token),
    service.post(`/v1/boards/${on}/webhooks`, token, { url: 'http://x/', kinds: ['message'] }),
    service.call('DELETE', `/v1/boards/${on}/webhooks/${webhook.id}`, token),
    service.post(`/v1/boards/${on}/webhooks/${webhook.id}/test`, token),
  ];
  const all = async (token: string | null, on = board): Promise<unknown[]> => (await Promise.all(calls(token, on))).map(({ text }) => text);
  expect(await all(ben.token)).toEqual(await all(ben.token, 'A'.repeat(22)));
  for (const answer of await Promise.all(calls(ben.token))) expect(codeOf(answer)).toEqual([404, 'board_not_found']);
  for (const answer of await Promise.all(calls(null))) expect(codeOf(answer)).toEqual([401, 'token_missing']);
  await give('editor');
  for (const answer of await Promise.all(calls(ben.token))) expect(codeOf(answer)).toEqual([403, 'not_owner']);
  const { body } = await service.post(`/v1/boards/${board}/bots`, ana.token, { name: 'Build' });
  for (const answer of await Promise.all(calls(body.token))) expect(answer.status).toBe(401);
  expect(receiver.received).toEqual([]);
});

it('webhooks beyond the limit, wrong addresses and wrong kinds are refused', async () => {
  for (const path of ['/1', '/2', '/3']) await added(path);
  expect(codeOf(await add('/4'))).toEqual([409, 'too_many_webhooks']);
  const [first] = await list();
  expect((await service.call('DELETE', at(`/${first?.id}`), ana.token)).status).toBe(200);
  expect(codeOf(await service.call('DELETE', at(`/${first?.id}`), ana.token))).toEqual([404, 'webhook_not_found']);
  for (const body of [
    { url: 'ftp://x.example/', kinds: ['message'] },
    { url: 'https://a:b@x.example/', kinds: ['message'] },
    { url: 7, kinds: ['message'] },
    { url: 'https://x.example/', kinds: [] },
    { url: 'https://x.example/', kinds: 'message' },
    { url: 'https://x.example/', kinds: ['message', 'message'] },
    { url: 'https://x.example/', kinds: ['everything'] },
    { url: 'https://x.example/', kinds: ['message'], secret: 'mine' },
  ])
    expect(codeOf(await service.post(at(), ana.token, body))).toEqual([400, 'body_invalid']);
  expect((await list()).length).toBe(2);
});

it('a test says what the receiver answered; redirects are not followed', async () => {
  receiver.answers.set('/bad', { status: 500 });
  receiver.answers.set('/moved', { status: 302, headers: { location: `${receiver.origin}/target` } });
  const { webhook: bad } = await added('/bad');
  const { webhook: moved } = await added('/moved');
  const { webhook: good } = await added('/good');
  expect((await test(bad.id)).last).toMatchObject({ status: 500, reason: 'the receiver answered 500' });
  expect((await test(moved.id)).last).toMatchObject({ status: 302, reason: 'the receiver redirects, which is not followed' });
  expect(await test(good.id)).toMatchObject({ failures: 0, last: { status: 204, reason: '' } });
  expect(receiver.at('/target')).toEqual([]);
  expect(receiver.at('/good')[0]?.body).toMatchObject({ kind: 'test', board: { id: board } });
  for (let i = 3; i < 10; i++) await test(good.id);
  expect(codeOf(await service.post(at(`/${good.id}/test`), ana.token))).toEqual([429, 'rate_limited']);
});

it('a delivery that failed is made again with the same id, also after a restart of the relay, and holds up no other', async () => {
  receiver.answers.set('/bad', { status: 503 });
  receiver.answers.set('/never', { status: 0 });
  await added('/never');
  await added('/bad');
  await added('/good');
  await say('Hello');
  await until(() => receiver.received.length === 3, 'all three');
  await failed(1);
  receiver.answers.clear();
  await service.start(settings);
  await until(() => receiver.at('/bad').length === 2 && receiver.at('/never').length === 2, 'the second attempts', 40_000);
  await settle();
  for (const path of ['/bad', '/never']) {
    const [one, two] = receiver.at(path);
    expect([two?.headers['webhook-id'], two?.text]).toEqual([one?.headers['webhook-id'], one?.text]);
  }
  expect(receiver.at('/good')).toHaveLength(1);
  expect((await list()).map(({ failures }) => failures)).toEqual([0, 0, 0]);
}, 60_000);

it('a receiver that never answers is given up after ten seconds', async () => {
  receiver.answers.set('/never', { status: 0 });
  const { webhook } = await added('/never');
  const begun = Date.now();
  expect((await test(webhook.id)).last).toMatchObject({ status: null, reason: 'there was no answer in time' });
  expect(Date.now() - begun).toBeLessThan(15_000);
}, 30_000);

it('private addresses and http are refused by default, also behind a name', async () => {
  await service.start({ WETINK_AUTH: 'guests' });
  for (const url of [
    receiver.origin,
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
  ])
    expect(codeOf(await service.post(at(), ana.token, { url, kinds: ['message'] })), url).toEqual([400, 'body_invalid']);
  const { body } = await service.post(at(), ana.token, { url: 'https://localhost/', kinds: ['message'] });
  const { webhook } = body as unknown as { webhook: View };
  expect((await test(webhook.id)).last).toMatchObject({ status: null, reason: 'the name leads to a private address' });
});

it('an address that was allowed is checked again when it is sent to', async () => {
  const { webhook } = await added('/a');
  await service.start({ WETINK_AUTH: 'guests' });
  expect((await test(webhook.id)).last).toMatchObject({ status: null, reason: 'the address must begin with https://' });
  expect(receiver.received).toEqual([]);
});

it('an erased board loses its webhooks, and what waits for them', async () => {
  receiver.answers.set('/bad', { status: 500 });
  await added('/bad');
  await say('Hello');
  await failed(0);
  await service.call('DELETE', `/v1/boards/${board}`, ana.token);
  await service.stop();
  const store = await openLmdbStore({ folder: service.folder });
  for (const prefix of ['webhooks/', 'webhookwait/', 'webhooksent/']) expect(await store.records.list({ prefix, limit: 10 })).toEqual([]);
  await store.close();
});

it('messages from the time in which a webhook was off are not sent once a test has switched it on', async () => {
  receiver.answers.set('/a', { status: 410 });
  await added('/roles', ['shared']);
  await say('before');
  const { webhook } = await added('/a');
  await say('gone');
  await until(() => receiver.received.length === 1, 'the first');
  await failed(1);
  await say('while off');
  await settle();
  receiver.answers.clear();
  expect(await test(webhook.id)).toMatchObject({ off: null, failures: 0 });
  await say('on again');
  await until(() => receiver.received.length === 3, 'the last');
  await settle();
  const texts = receiver.received.map(({ body }) => (body['message'] as { text: string } | undefined)?.text ?? body['kind']);
  expect(texts).toEqual(['gone', 'test', 'on again']);
});

it('a webhook of a person who passed the board on is not tested', async () => {
  const { webhook } = await added('/a');
  await give('owner');
  expect(codeOf(await service.post(at(`/${webhook.id}/test`), ben.token))).toEqual([409, 'webhook_maker_left']);
  await settle();
  expect(receiver.received).toEqual([]);
});

it('a relay whose operator switched webhooks off sends nothing and says so', async () => {
  await added('/a');
  await service.start({ ...settings, WETINK_WEBHOOKS: 'off' });
  expect(codeOf(await service.call('GET', at(), ana.token))).toEqual([404, 'webhooks_off']);
  expect(codeOf(await service.call('GET', at(), ben.token))).toEqual([404, 'board_not_found']);
  await say('Hello');
  await settle();
  expect(receiver.received).toEqual([]);
  await service.start(settings);
  expect((await list()).length).toBe(1);
});
