/** Webhooks of two relays that share one store and a bus: each event is sent by one of them. */

import { postMessage } from '@wetink/board';
import { createLocalBus, createMemoryKeyWindow, createRelay, type Relay } from '@wetink/relay';
import { until } from '@wetink/relay/testing';
import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOutbound } from '../outbound/outbound.ts';
import { Receiver } from '../testing/receiver.ts';
import { WebhookRecords } from './webhook-records.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

const BOARD = 'B'.repeat(22);

interface Node {
  relay: Relay;
  webhooks: Webhooks;
  records: WebhookRecords;
  close(): Promise<void>;
}

let receiver: Receiver;
let nodes: Node[];
let errors: string[];

beforeEach(async () => {
  receiver = new Receiver();
  await receiver.start();
  const [disk, hub] = [createMemoryDisk(), createLocalBus()];
  errors = [];
  nodes = ['a', 'b'].map((writer) => {
    const [bus, store] = [hub.node(), createMemoryStore({ disk, writer })];
    const webhooks = createWebhooks({
      records: store.records,
      boards: () => ({ accessOf: () => Promise.resolve({ isBoard: true, role: 'owner', isSuspended: false }) }),
      relay: () => relay,
      outbound: createOutbound({ allowsPrivate: true, timeoutMs: 2_000 }),
      most: 5,
      tests: createMemoryKeyWindow(10, 60_000),
      onOutcome: () => undefined,
      onRefused: () => undefined,
      onError: (_error, event) => errors.push(event),
    });
    const relay = createRelay({ store, bus, watch: { rootOf: () => 'chat', onChange: webhooks.onChange } });
    const close = async (): Promise<void> => {
      await webhooks.close();
      await relay.close();
      await bus.close();
    };
    return { relay, webhooks, records: new WebhookRecords(store.records), close };
  });
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await receiver.stop();
});

const [first, second] = [(): Node => nodes[0]!, (): Node => nodes[1]!];
const hook = (path: string) =>
  first().records.add(BOARD, { url: receiver.origin + path, kinds: ['message', 'shared'], by: 'ana', createdAt: 0 }, 5);
const say = ({ relay }: Node, text: string) =>
  relay.edit(BOARD, (doc) =>
    postMessage(doc, { id: `m${text}`, userId: 'ana', name: 'Ana', text, about: undefined, replyTo: undefined, at: Date.now() }),
  );
const texts = (path: string): unknown[] => receiver.at(path).map(({ body }) => (body['message'] as { text: string }).text);

it('a message is sent once, whichever relay took it, while both have the board open; a role as well', async () => {
  const release = nodes.map(({ relay }) => relay.hold(BOARD));
  await hook('/all');
  await say(first(), 'one');
  await until(() => receiver.received.length === 1, 'the first');
  await say(second(), 'two');
  await until(() => receiver.received.length === 2, 'the second');
  // Longer than a relay waits for what another one took.
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(texts('/all')).toEqual(['one', 'two']);
  await second().webhooks.onRole({ board: BOARD, by: { id: 'ana', name: 'Ana' }, member: 'ben', before: null, role: 'editor' });
  await until(() => receiver.received.length === 3, 'the role');
  expect(receiver.received[2]?.body).toMatchObject({ kind: 'shared', shared: { user: { id: 'ben' }, role: 'editor' } });
  for (const end of release) end();
  expect(errors).toEqual([]);
}, 30_000);

it('a relay that stops while a receiver does not answer leaves the delivery to the other one, with the same id', async () => {
  receiver.answers.set('/slow', { status: 0 });
  await hook('/slow');
  await say(first(), 'one');
  await until(() => receiver.received.length === 1, 'the first attempt');
  await first().close();
  receiver.answers.clear();
  await until(() => receiver.received.length === 2, 'the second attempt');
  const [one, two] = receiver.received;
  expect([two?.text, two?.headers['webhook-id']]).toEqual([one?.text, one?.headers['webhook-id']]);
}, 60_000);
