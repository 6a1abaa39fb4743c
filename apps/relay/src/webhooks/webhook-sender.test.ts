/** The sender on a clock of its own, with relays that share one store in memory. */

import { virtualTime, type VirtualTime } from '@wetink/relay/testing';
import { createMemoryStore, type Records } from '@wetink/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Outbound } from '../outbound/outbound.ts';
import { MAX_AGE_MS, MAX_ATTEMPTS, MAX_FAILURES } from './retries.ts';
import { MAX_WAITING, WaitingDeliveries, type Lane, type NewDelivery } from './waiting-deliveries.ts';
import { WebhookRecords, type Webhook } from './webhook-records.ts';
import { WebhookSender, type DeliveryOutcome } from './webhook-sender.ts';

const BOARD = 'B'.repeat(22);
const HOUR_MS = 60 * 60_000;
const LOST = 'the owner who made it does not own the board any more, or is suspended';

let records: Records;
let time: VirtualTime;
let webhooks: WebhookRecords;
let waiting: WaitingDeliveries;
let senders: WebhookSender[];
let outcomes: Partial<Record<DeliveryOutcome, number>>;
let errors: string[];
/** Ids of deliveries by host, at every attempt. */
let attempts: { host: string; id: string; at: number }[];
/** Status by host; 0: never answers. */
let answers: Record<string, number>;
let retryAfter: string | undefined;
let isOwner: boolean;

beforeEach(() => {
  ({ records } = createMemoryStore());
  time = virtualTime();
  [webhooks, waiting] = [new WebhookRecords(records), new WaitingDeliveries(records)];
  [senders, outcomes, errors, attempts, answers, retryAfter, isOwner] = [[], {}, [], [], {}, undefined, true];
});

afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  expect(errors).toEqual([]);
});

const post: Outbound['post'] = (address, headers, _body, signal) => {
  const { host } = new URL(address);
  attempts.push({ host, id: headers['webhook-id'] ?? '', at: time.now() });
  const status = answers[host] ?? 200;
  if (status > 0) return Promise.resolve({ status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
  return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
};

/** @param lateMs How far its clock is behind. */
function relay(lateMs = 0): WebhookSender {
  const sender = new WebhookSender({
    webhooks,
    waiting,
    outbound: { post },
    isOwner: () => Promise.resolve(isOwner),
    environment: time,
    wallClock: () => time.now() - lateMs,
    onOutcome: (outcome, count) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + count),
    onError: (error, event) => errors.push(`${event}: ${String(error)}`),
  });
  senders.push(sender);
  return sender;
}

async function made(host: string, by = 'ana'): Promise<Lane> {
  const url = `https://${host}/hook`;
  const webhook = (await webhooks.add(BOARD, { url, kinds: ['message'], by, createdAt: 0 }, 100)) as Webhook;
  return { board: BOARD, webhook: webhook.id };
}

const event = (id: string, at = 0): NewDelivery => ({ id, at, kind: 'message', body: '{}' });
const find = async ({ board, webhook }: Lane): Promise<Webhook | null> => webhooks.find(board, webhook);

/** A delivery takes several calls of the store, each a turn of the loop. */
async function pass(ms: number): Promise<void> {
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 12; turns++) await time.advance(0);
  };
  const steps = Math.max(1, Math.ceil(ms / (ms < 200_000 ? 500 : ms < HOUR_MS ? 5_000 : HOUR_MS / 2)));
  await settle();
  for (let i = 0; i < steps; i++) {
    await time.advance(ms / steps);
    await settle();
  }
}

it('deliveries of a webhook are made once each, in the order of their events, whichever relay added them', async () => {
  const lane = await made('a.example');
  const [first, second] = [relay(), relay()];
  await first.add(lane, [event('two', 2)]);
  await second.add(lane, [event('two', 2)]);
  await second.add(lane, [event('one', 1)]);
  await pass(60_000);
  expect(attempts.map(({ id }) => id).sort()).toEqual(['one', 'two']);
  expect(outcomes).toEqual({ delivered: 2 });
  expect(await find(lane)).toMatchObject({ failures: 0, off: null, last: { status: 200, reason: '' } });
});

it('a delivery with an older clock, of a device or of a relay, comes behind what waits: neither lease nor pause ends earlier', async () => {
  const lane = await made('bad.example');
  answers['bad.example'] = 0;
  const [first, second] = [relay(), relay(HOUR_MS)];
  await time.advance(HOUR_MS);
  await first.add(lane, [event('one', HOUR_MS), event('two', HOUR_MS)]);
  await pass(1_000);
  await second.add(lane, [event('early', 1)]);
  await pass(5_000);
  expect(attempts.map(({ id }) => id)).toEqual(['one']);
  await first.close();
  answers['bad.example'] = 500;
  await pass(100);
  await second.add(lane, [event('earlier', 0)]);
  await pass(50_000);
  expect(new Set(attempts.map(({ id }) => id))).toEqual(new Set(['one']));
  answers['bad.example'] = 200;
  await pass(HOUR_MS);
  expect(attempts.map(({ id }) => id).slice(-4)).toEqual(['one', 'two', 'early', 'earlier']);
});

it('deliveries that come at once cost one count of what waits, and those to a full webhook none for a second', async () => {
  let lists = 0;
  const { list } = records;
  records.list = (query) => ((lists += query.limit === MAX_WAITING ? 1 : 0), list.call(records, query));
  const lane = await made('bad.example');
  answers['bad.example'] = 500;
  const sender = relay();
  await sender.add(
    lane,
    Array.from({ length: 60 }, (_, i) => event(`a${i}`)),
  );
  expect([lists, outcomes.dropped]).toEqual([1, undefined]);
  await pass(1_000);
  await sender.add(
    lane,
    Array.from({ length: 60 }, (_, i) => event(`b${i}`)),
    7,
  );
  for (let i = 0; i < 50; i++) await sender.add(lane, [event(`c${i}`)]);
  expect([lists, outcomes.dropped]).toEqual([2, 20 + 7 + 50]);
  answers['bad.example'] = 200;
  await pass(20_000);
  await sender.add(lane, [event('d')]);
  await pass(1_000);
  const ids = attempts.filter(({ at }) => at > 1_000).map(({ id }) => id);
  expect(ids).toEqual([...Array.from({ length: 60 }, (_, i) => `a${i}`), ...Array.from({ length: 40 }, (_, i) => `b${20 + i}`), 'd']);
});

it('a delivery that fails is repeated with the same id after longer and longer pauses, and holds up no other webhook', async () => {
  const [bad, good] = [await made('bad.example'), await made('good.example')];
  answers['bad.example'] = 500;
  const sender = relay();
  await sender.add(bad, [event('x')]);
  await sender.add(bad, [event('y', 1)]);
  await pass(100_000);
  await sender.add(good, [event('z')]);
  await pass(1_000);
  expect(attempts.filter(({ host }) => host === 'good.example')).toHaveLength(1);
  const tries = attempts.filter(({ host }) => host === 'bad.example');
  expect(new Set(tries.map(({ id }) => id))).toEqual(new Set(['x']));
  // 7.5 s, 15 s, 30 s: three quarters of 10, 20 and 40, as the random number is 0.5.
  expect(tries.map(({ at }) => at)).toEqual([0, 7_500, 22_500, 52_500]);
  expect(await find(bad)).toMatchObject({ failures: 4, last: { status: 500, reason: 'the receiver answered 500' } });
  answers['bad.example'] = 204;
  await pass(60_000);
  expect(outcomes).toEqual({ retried: 4, delivered: 3 });
  expect(await find(bad)).toMatchObject({ failures: 0, last: { status: 204 } });
});

it('Retry-After is waited for', async () => {
  const lane = await made('busy.example');
  answers['busy.example'] = 429;
  retryAfter = '600';
  await relay().add(lane, [event('x')]);
  await pass(590_000);
  expect(attempts).toHaveLength(1);
  await pass(11_000);
  expect(attempts).toHaveLength(2);
});

it('a delivery is given up after its last attempt, and a webhook is switched off after too many failures in a row', async () => {
  const lane = await made('bad.example');
  answers['bad.example'] = 500;
  const sender = relay();
  for (const [at, id] of ['a', 'b', 'c'].entries()) await sender.add(lane, [event(id, at)]);
  await pass(20 * HOUR_MS);
  const count = (id: string): number => attempts.filter((one) => one.id === id).length;
  expect([count('a'), count('b'), count('c')]).toEqual([MAX_ATTEMPTS, MAX_FAILURES - MAX_ATTEMPTS, 0]);
  expect(await find(lane)).toMatchObject({ failures: MAX_FAILURES, off: `it failed ${MAX_FAILURES} times in a row` });
  expect(outcomes).toEqual({ retried: MAX_FAILURES - 2, given_up: 1, dropped: 2 });
  expect(await waiting.lanes(null, 10)).toEqual([]);
  expect(errors.splice(0)).toEqual([`a webhook was switched off: Error: bad.example: it failed ${MAX_FAILURES} times in a row`]);
  const webhook = (await find(lane)) as Webhook;
  await sender.test(lane, webhook, event('t'));
  expect(await find(lane)).toMatchObject({ failures: MAX_FAILURES, off: webhook.off });
  answers['bad.example'] = 200;
  await sender.test(lane, webhook, event('t'));
  expect(await find(lane)).toMatchObject({ failures: 0, off: null });
  await sender.add(lane, [event('d')]);
  await pass(1_000);
  expect(count('d')).toBe(1);
});

it('410 switches a webhook off at once', async () => {
  const lane = await made('gone.example');
  answers['gone.example'] = 410;
  await relay().add(lane, [event('x')]);
  await pass(1_000);
  expect(await find(lane)).toMatchObject({ failures: 1, off: 'the receiver answered 410: it wants nothing any more' });
  expect(errors.splice(0)).toHaveLength(1);
});

it('what waited for a day is not sent any more', async () => {
  const lane = await made('a.example');
  await waiting.add(lane, [event('old')], 0);
  await waiting.add(lane, [event('new', 1)], MAX_AGE_MS);
  await time.advance(MAX_AGE_MS + 1);
  relay();
  await pass(11_000);
  expect(attempts.map(({ id }) => id)).toEqual(['new']);
  expect(outcomes).toEqual({ given_up: 1, delivered: 1 });
});

it('at most a hundred deliveries wait for a webhook: further ones are dropped and counted', async () => {
  const lane = await made('bad.example');
  answers['bad.example'] = 500;
  const sender = relay();
  for (let i = 0; i <= MAX_WAITING; i++) await sender.add(lane, [event(`e${i}`, i)]);
  expect(outcomes.dropped).toBe(1);
});

it('a relay that dies leaves its delivery to another, after the lease; one that stops leaves it at once', async () => {
  const lane = await made('slow.example');
  answers['slow.example'] = 0;
  const first = relay();
  await first.add(lane, [event('x')]);
  await pass(1_000);
  expect(attempts).toHaveLength(1);
  const second = relay();
  await pass(20_000);
  expect(attempts).toHaveLength(1);
  answers['slow.example'] = 200;
  await pass(20_000);
  expect(attempts.map(({ id }) => id)).toEqual(['x', 'x']);
  await first.close();
  answers['slow.example'] = 0;
  await second.add(lane, [event('y', 1)]);
  await pass(1_000);
  await second.close();
  answers['slow.example'] = 200;
  relay();
  await pass(6_000);
  expect(attempts.map(({ id }) => id)).toEqual(['x', 'x', 'y', 'y']);
  expect(await find(lane)).toMatchObject({ failures: 0 });
});

it('a person whose receivers never answer holds up no other person, and a test waits for a slot of its owner', async () => {
  const slow = await Promise.all(Array.from({ length: 9 }, (_, i) => made(`slow${i}.example`, 'mallory')));
  for (let i = 0; i < 9; i++) answers[`slow${i}.example`] = 0;
  const sender = relay();
  for (const lane of slow) await sender.add(lane, [event('x')]);
  await pass(500);
  expect(attempts).toHaveLength(8);
  const tests = await Promise.all([made('a.example', 'mallory'), made('b.example', 'ben')]);
  const [refused, sent] = tests.map(async (lane) => sender.test(lane, (await find(lane)) as Webhook, event('t')));
  await pass(11_000);
  expect(await Promise.all([refused, sent])).toEqual(['busy', 'sent']);
  expect(attempts.map(({ host }) => host).slice(8)).toEqual(['b.example']);
});

it('of a webhook that a test switches on, what came since is not dropped with what came before', async () => {
  const lane = await made('a.example');
  await webhooks.change(BOARD, lane.webhook, (webhook) => ({ ...webhook, off: 'it failed' }));
  const { list } = records;
  let isLate = true;
  records.list = async (query) => {
    const page = await list.call(records, query);
    if (query.limit === 1 && isLate && page.length > 0) {
      isLate = false;
      const { find } = webhooks;
      webhooks.find = async (board, id) => {
        webhooks.find = find;
        const off = await find.call(webhooks, board, id);
        await webhooks.change(board, id, (webhook) => ({ ...webhook, off: null }));
        await waiting.add(lane, [event('since')], 0);
        return off;
      };
    }
    return page;
  };
  await relay().add(lane, [event('before')]);
  await pass(1_000);
  expect(attempts.map(({ id }) => id)).toContain('since');
});

it('nothing is sent for a user who does not own the board any more, nor for a webhook that was removed', async () => {
  const [lost, removed] = [await made('a.example'), await made('b.example')];
  isOwner = false;
  const sender = relay();
  await sender.add(lost, [event('x')]);
  await webhooks.change(BOARD, removed.webhook, () => null);
  await sender.add(removed, [event('y')]);
  await pass(1_000);
  expect(attempts).toEqual([]);
  expect(outcomes).toEqual({ dropped: 2 });
  expect(await find(lost)).toMatchObject({ off: LOST });
  expect(await waiting.lanes(null, 10)).toEqual([]);
  expect(errors.splice(0)).toEqual([`a webhook was switched off: Error: a.example: ${LOST}`]);
  expect(await sender.test(lost, (await find(lost)) as Webhook, event('t'))).toBe('lost');
  expect(await find(lost)).toMatchObject({ last: null, off: LOST });
  expect(attempts).toEqual([]);
});

it('a damaged record is passed over, and removed with its board', async () => {
  const lane = await made('a.example');
  await records.put(`webhookwait/${BOARD}/${lane.webhook}/0-x`, Buffer.from('{'), 0);
  const sender = relay();
  await sender.add(lane, [event('y', 1)]);
  await pass(1_000);
  expect(attempts.map(({ id }) => id)).toEqual(['y']);
  await records.put(`webhookwait/${BOARD}/other/0-x`, Buffer.from('{'), 0);
  expect(await waiting.clear(BOARD)).toBe(1);
});
