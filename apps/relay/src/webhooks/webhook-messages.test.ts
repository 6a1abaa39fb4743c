/** Messages for webhooks on a clock of its own: two relays that hear of the same changes, and share one store. */

import { postMessage } from '@wetink/board';
import type { ArrayChange } from '@wetink/relay';
import { virtualTime, type VirtualTime } from '@wetink/relay/testing';
import { createMemoryStore } from '@wetink/storage';
import { beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HandledMessages } from '../notifications/handled-messages.ts';
import { WebhookMessages } from './webhook-messages.ts';
import { WebhookRecords } from './webhook-records.ts';

const BOARD = 'B'.repeat(22);
const DAY_MS = 24 * 60 * 60_000;

let time: VirtualTime;
let doc: Y.Doc;
let webhooks: WebhookRecords;
let relays: WebhookMessages[];
/** `KIND of TEXT` by the relay that added it; a delivery that was there is not added again. */
let added: string[];
/** Messages that a pass left out, for the sender to count. */
let dropped: number;
/** Until it resolves, nothing is added. */
let adding: Promise<void>;
let failures: number;
let errors: unknown[];

beforeEach(() => {
  const { records } = createMemoryStore();
  time = virtualTime();
  doc = new Y.Doc();
  webhooks = new WebhookRecords(records);
  [added, dropped, adding, failures, errors] = [[], 0, Promise.resolve(), 0, []];
  relays = ['a', 'b'].map(
    (name) =>
      new WebhookMessages({
        webhooks,
        handled: new HandledMessages(records, 'webhooksent/'),
        sender: {
          add: async (_lane, deliveries, leftOut = 0) => {
            if (failures > 0) {
              failures -= 1;
              throw new Error('cannot be written');
            }
            await adding;
            dropped += leftOut;
            for (const { kind, body } of deliveries)
              added.push(`${name}: ${kind} of ${(JSON.parse(body) as { message: { text: string } }).message.text}`);
          },
        },
        environment: time,
        wallClock: () => time.now() + DAY_MS * 100,
        onError: (error) => errors.push(error),
      }),
  );
});

const make = (...kinds: ('message' | 'mention' | 'shared')[]) =>
  webhooks.add(BOARD, { url: 'https://a.example/', kinds, by: 'ana', createdAt: 0 }, 10);

/** A message that relay `at` took, and the other one heard of. */
function say(text: string, at = 0, agoMs = 0): void {
  const post = { userId: 'ana', name: 'Ana', about: undefined, replyTo: undefined };
  postMessage(doc, { ...post, id: `m${text}`, text, at: time.now() + DAY_MS * 100 - agoMs });
  hear(['member', 'node'], at);
}
function hear(causes: readonly ArrayChange['cause'][], at = 0): void {
  for (const [i, cause] of causes.entries())
    relays[(at + i) % 2]?.onChange({ room: BOARD, root: 'chat', cause, read: (reader) => reader(doc) });
}
async function pass(ms: number): Promise<void> {
  for (let i = 0; i < ms / 100; i++) {
    await time.advance(100);
    for (let turns = 0; turns < 8; turns++) await time.advance(0);
  }
}

it('a message is added once, by the relay that took it, for each webhook that wants it', async () => {
  await make('message');
  await make('mention');
  await make('shared');
  say('one');
  say('two', 1);
  await pass(5_000);
  expect(added).toEqual(['a: message of one', 'a: message of two']);
  say('three', 1);
  await pass(5_000);
  hear(['loaded', 'loaded']);
  await pass(5_000);
  expect(added.slice(2)).toEqual(['b: message of three']);
});

it('when the relay that took a message dies, another adds it', async () => {
  await make('message');
  await relays[0]?.stop();
  say('one');
  await pass(5_000);
  expect(added).toEqual(['b: message of one']);
});

it('messages from before the first webhook of a board, and old ones, are not added; a second webhook takes none from the first', async () => {
  say('before');
  await relays[0]?.begin(BOARD, ['mbefore']);
  await make('message');
  say('old', 0, 8 * DAY_MS);
  say('new');
  await relays[1]?.begin(BOARD, ['mbefore', 'mold', 'mnew']);
  await pass(5_000);
  expect(added).toEqual(['a: message of new']);
});

it('messages from before the first webhook that hears messages are not added, whatever other webhooks the board has', async () => {
  await make('shared');
  say('before');
  await pass(5_000);
  await relays[0]?.begin(BOARD, ['mbefore']);
  await make('mention', 'message');
  say('new');
  await pass(10_000);
  expect(added).toEqual(['a: message of new']);
});

it('messages from the time in which a webhook was off are not added once it is on again', async () => {
  const webhook = await make('message');
  say('on');
  await pass(5_000);
  await webhooks.change(BOARD, webhook?.id ?? '', (one) => ({ ...one, off: 'it failed' }));
  say('off');
  await pass(5_000);
  await relays[0]?.begin(BOARD, ['mon', 'moff']);
  await webhooks.change(BOARD, webhook?.id ?? '', (one) => ({ ...one, off: null }));
  say('on again');
  await pass(10_000);
  expect(added).toEqual(['a: message of on', 'a: message of on again']);
});

it('of thousands of messages that come at once each webhook gets the newest hundred that it wants, and the others count as dropped', async () => {
  for (const kind of ['message', 'mention', 'message'] as const) await make(kind);
  const flood = Array.from({ length: 3_000 }, (_, i) => ({ i: `m${i}`, u: 'ben', n: 'Ben', t: `n${i}`, d: time.now() + DAY_MS * 100 }));
  doc.getArray('chat').push(flood);
  hear(['member', 'node']);
  await pass(5_000);
  expect(added).toHaveLength(200);
  expect([added[0], added[99], added[100]]).toEqual(['a: message of n2900', 'a: message of n2999', 'a: message of n2900']);
  expect(dropped).toBe(2 * 2_900);
});

it('at most four boards are looked at at once', async () => {
  let release: () => void = () => undefined;
  adding = new Promise((resolve) => (release = resolve));
  const reads: string[] = [];
  const read: ArrayChange['read'] = (reader) => reader(doc);
  for (let i = 0; i < 10; i++) {
    const room = `${i}`.padEnd(22, 'B');
    await webhooks.add(room, { url: 'https://a.example/', kinds: ['message'], by: 'ana', createdAt: 0 }, 10);
    relays[0]?.onChange({ room, root: 'chat', cause: 'member', read: (reader) => (reads.push(room), read(reader)) });
  }
  say('Hello');
  await pass(1_000);
  expect(reads).toHaveLength(4);
  release();
  await pass(1_000);
  expect(reads).toHaveLength(10);
});

it('a busy chat without a webhook costs one read of the record in three seconds, and a webhook that is added hears the next message', async () => {
  let reads = 0;
  const { of } = webhooks;
  webhooks.of = (board) => ((reads += 1), of.call(webhooks, board));
  for (let i = 0; i < 60; i++) {
    say(`n${i}`);
    await pass(100);
  }
  expect(reads).toBeLessThanOrEqual(2 * 3);
  await relays[0]?.begin(
    BOARD,
    Array.from({ length: 60 }, (_, i) => `mn${i}`),
  );
  await make('message');
  relays[0]?.begun(BOARD);
  say('on this relay');
  await pass(300);
  expect(added).toEqual(['a: message of on this relay']);
  say('on another relay', 1);
  await pass(3_000);
  expect(added.slice(1)).toEqual(['b: message of on another relay']);
});

it('a message of a device that was offline is added, however many came to stand behind it', async () => {
  await make('message');
  for (let i = 0; i < 150; i++) {
    say(`n${i}`);
    if (i % 50 === 0) await pass(5_000);
  }
  await pass(5_000);
  const message = { i: 'mlate', u: 'ben', n: 'Ben', t: 'late', d: time.now() + DAY_MS * 100 - DAY_MS };
  doc.getArray('chat').insert(10, [message]);
  hear(['member', 'node']);
  await pass(5_000);
  expect(added.slice(150)).toEqual(['a: message of late']);
  hear(['loaded', 'loaded'], 1);
  await pass(5_000);
  expect(added).toHaveLength(151);
});

it('what could not be added is added later', async () => {
  await make('message');
  failures = 2;
  say('one');
  await pass(20_000);
  expect(added).toHaveLength(1);
  expect(errors.length).toBeGreaterThan(0);
});

it('a board without webhooks costs no reading of its document', async () => {
  let reads = 0;
  relays[0]?.onChange({ room: BOARD, root: 'chat', cause: 'member', read: () => ((reads += 1), null) });
  await pass(1_000);
  expect(reads).toBe(0);
});
