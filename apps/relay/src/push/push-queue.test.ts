import { virtualTime, type VirtualTime } from '@wetink/relay/testing';
import { beforeEach, expect, it } from 'vitest';
import type { OutboundAnswer } from '../outbound/outbound.ts';
import { createPushQueue, type PushQueue } from './push-queue.ts';
import type { Device } from './subscriptions.ts';

const HOUR_MS = 60 * 60_000;
let time: VirtualTime;
let queue: PushQueue;
/** Endpoint and payload of each attempt, with its second. */
let sent: string[];
/** Status by endpoint, 0: no answer; default 201. Or a promise that the test settles. */
let answers: Map<string, number | Promise<OutboundAnswer>>;
let gone: string[];
let failures: string[];
let dropped: string[];
/** User of an endpoint; default: the one for whom the push was added. */
let owners: Map<string, string>;

const device = (name: string): Device => ({ endpoint: `https://push.example/${name}`, p256dh: '', auth: '', timeZone: '', since: 0 });
const add = (name: string, text: string, user = 'ana'): void => queue.add(user, device(name), new TextEncoder().encode(text));
/** Fits the bounds of one user and of one host. */
const addFor = (i: number, name: string, text: string): void =>
  queue.add(`user${i}`, { ...device(name), endpoint: `https://push${i % 4}.example/${name}` }, new TextEncoder().encode(text));

beforeEach(() => {
  time = virtualTime();
  [sent, gone, failures, dropped, answers, owners] = [[], [], [], [], new Map(), new Map()];
  queue = createPushQueue({
    isOf: async (userId, { endpoint }) => (owners.get(nameOf(endpoint)) ?? userId) === userId,
    async send({ endpoint }, payload) {
      const name = nameOf(endpoint);
      sent.push(`${Math.round(time.now() / 1_000)} ${name} ${new TextDecoder().decode(payload)}`);
      const answer = answers.get(name) ?? 201;
      if (answer === 0) throw new Error('no answer');
      return typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    },
    onGone: (userId, { endpoint }) => void gone.push(`${userId} ${endpoint}`),
    onFailed: (_, why) => void failures.push(why),
    onDropped: ({ endpoint }, why) => void dropped.push(`${nameOf(endpoint)}: ${why}`),
    environment: time,
  });
});

const nameOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf('/') + 1);
const settle = () => time.advance(0);

it('a device gets its pushes one after the other, in order', async () => {
  let answer = (_: OutboundAnswer): void => undefined;
  answers.set('a', new Promise((resolve) => (answer = resolve)));
  add('a', 'one');
  add('a', 'two');
  await settle();
  expect(sent).toEqual(['0 a one']);
  answers.delete('a');
  answer({ status: 201, headers: {} });
  await settle();
  expect(sent).toEqual(['0 a one', '0 a two']);
});

it('an endpoint that never answers waits longer each time, at most an hour, keeps the newest five, and is removed after a day', async () => {
  answers.set('a', 0);
  for (let i = 0; i < 9; i++) add('a', String(i));
  await time.advance(151_000);
  expect(sent).toEqual(['0 a 0', '10 a 4', '30 a 4', '70 a 4', '150 a 4']);
  expect(failures).toEqual(['no answer']);
  add('b', 'not held up');
  await settle();
  expect(sent.at(-1)).toBe('151 b not held up');
  await time.advance(23 * HOUR_MS);
  const attempts = sent.length;
  expect(gone).toEqual([]);
  await time.advance(2 * HOUR_MS);
  expect(gone).toEqual(['ana https://push.example/a']);
  expect(sent.length - attempts).toBeLessThanOrEqual(3);
  const last = sent.length;
  await time.advance(5 * HOUR_MS);
  expect(sent.length).toBe(last);
});

it('one that comes back gets what waits, and the next failure begins anew', async () => {
  answers.set('a', 503);
  add('a', 'one');
  await time.advance(9_000);
  answers.delete('a');
  await time.advance(2_000);
  expect(sent).toEqual(['0 a one', '10 a one']);
  answers.set('a', 0);
  add('a', 'two');
  await time.advance(10_500);
  expect(sent.slice(2)).toEqual(['11 a two', '21 a two']);
});

it('404 and 410 remove the device with what waits; another refusal drops one push', async () => {
  answers.set('a', 410).set('b', 404).set('c', 413);
  for (const name of ['a', 'b', 'c']) for (const text of ['one', 'two']) add(name, text);
  await settle();
  expect(gone).toEqual(['ana https://push.example/a', 'ana https://push.example/b']);
  expect(sent.sort()).toEqual(['0 a one', '0 b one', '0 c one', '0 c two']);
  expect(failures).toEqual(['the push service answered 413', 'the push service answered 413']);
});

it('429 waits as long as the service asks', async () => {
  answers.set('a', Promise.resolve({ status: 429, headers: { 'retry-after': '300' } }));
  add('a', 'one');
  await settle();
  answers.delete('a');
  await time.advance(299_000);
  expect(sent).toHaveLength(1);
  await time.advance(2_000);
  expect(sent).toEqual(['0 a one', '300 a one']);
});

it('at most 32 are under way at once, and the others follow', async () => {
  const open: ((answer: OutboundAnswer) => void)[] = [];
  for (let i = 0; i < 50; i++) answers.set(String(i), new Promise((resolve) => open.push(resolve)));
  for (let i = 0; i < 50; i++) addFor(i, String(i), 'x');
  await settle();
  expect(sent).toHaveLength(32);
  for (const answer of open) answer({ status: 201, headers: {} });
  await settle();
  expect(sent).toHaveLength(50);
});

it('what waits for a person never reaches the next person of the same browser, whether that one has pushes or not', async () => {
  answers.set('a', 503).set('b', 503);
  for (const name of ['a', 'b']) add(name, 'for Ana');
  await settle();
  answers.clear();
  owners.set('a', 'ben').set('b', 'ben');
  add('a', 'for Ben', 'ben');
  await settle();
  add('a', 'late for Ana');
  await time.advance(HOUR_MS);
  expect(sent).toEqual(['0 a for Ana', '0 b for Ana', '0 a for Ben']);
  expect(gone).toEqual([]);
});

it('a person who registers the browser while a push is under way gets nothing of the other', async () => {
  let answer = (_: OutboundAnswer): void => undefined;
  answers.set('a', new Promise((resolve) => (answer = resolve)));
  add('a', 'for Ana');
  add('a', 'more for Ana');
  await settle();
  answers.delete('a');
  owners.set('a', 'ben');
  add('a', 'for Ben', 'ben');
  await settle();
  answer({ status: 503, headers: {} });
  await time.advance(HOUR_MS);
  expect(sent).toEqual(['0 a for Ana', '0 a for Ben']);
});

it('a device with much to send takes turns with those that wait', async () => {
  const open: ((answer: OutboundAnswer) => void)[] = [];
  for (let i = 0; i < 32; i++) answers.set(String(i), new Promise((resolve) => open.push(resolve)));
  for (let i = 0; i < 32; i++) for (const text of ['one', 'two']) addFor(i, String(i), text);
  for (let i = 32; i < 64; i++) addFor(i, String(i), 'one');
  await settle();
  // One after the other, so that each begins one.
  for (const answer of open) {
    answer({ status: 201, headers: {} });
    await settle();
  }
  const waited = sent.slice(32, 64).filter((line) => line.endsWith(' one'));
  expect(waited).toHaveLength(32);
});

it('a push service or a person whose devices do not answer leaves sockets and places for the others', async () => {
  const never = new Promise<OutboundAnswer>(() => undefined);
  for (let i = 0; i < 40; i++) {
    answers.set(`h${i}`, never);
    queue.add(`u${i}`, { ...device('x'), endpoint: `https://slow.example/h${i}` }, new Uint8Array());
  }
  await settle();
  expect(sent).toHaveLength(16);
  for (let i = 0; i < 100; i++) {
    answers.set(`m${i}`, never);
    queue.add('mallory', { ...device('x'), endpoint: `https://m${i}.example/m${i}` }, new Uint8Array());
  }
  await settle();
  expect(sent).toHaveLength(20);
  // The queue names each that it leaves out.
  expect(dropped).toHaveLength(80);
  expect(dropped[0]).toBe('m20: pushes to too many devices of one user wait');
  add('a', 'still sent');
  await settle();
  expect(sent.at(-1)).toBe('0 a still sent');
});

it('nothing is sent after closing', async () => {
  answers.set('a', 503);
  add('a', 'one');
  await settle();
  queue.close();
  add('b', 'two');
  await time.advance(HOUR_MS);
  expect(sent).toEqual(['0 a one']);
});
