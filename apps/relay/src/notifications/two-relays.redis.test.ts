/** Two relays of one store over a real Redis: a mention on one comes out of the event stream on the other. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRelay, defaultLimits, type Relay } from '@wetink/relay';
import { createSharedState } from '@wetink/relay/http';
import { createRedisBus, type RedisBusHandle } from '@wetink/relay/redis';
import { ApiClient, until } from '@wetink/relay/testing';
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from '@wetink/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { createChatHistory } from '../history/chat-history.ts';
import { openIdentity } from '../identity/identity.ts';
import { createRelayBoards, type RelayBoards } from '../identity/relay-boards.ts';
import { Page } from '../testing/page.ts';
import { hasRedis, redisToStart, type RunningRedis } from '../testing/redis.ts';

interface Node {
  client: ApiClient;
  bus: RedisBusHandle;
  boards: RelayBoards;
  relay: Relay;
  server: Server;
}

// Needs redis-server on PATH. CI has it, and fails on skipped tests.
describe.skipIf(!hasRedis)(`two relays${hasRedis ? '' : ' (not run: needs redis-server)'}`, () => {
  let redis: RunningRedis;
  let disk: MemoryDisk;
  let nodes: Node[];
  let errors: unknown[];

  beforeEach(async () => {
    [disk, nodes, errors] = [createMemoryDisk(), [], []];
    redis = await redisToStart('hunter2hunter2');
    await redis.start();
  });
  afterEach(async () => {
    for (const { boards, relay, server, bus } of nodes) {
      await boards.close();
      await relay.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await bus.close();
    }
    await redis.stop();
  });

  async function start(): Promise<Node> {
    const parsed = parseConfig([], { WETINK_AUTH: 'guests', WETINK_SECRET: 'one secret for both relays, 0123456789' });
    if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
    const { config } = parsed;
    const bus = await createRedisBus({ url: redis.url });
    const store = { ...createMemoryStore({ disk, writer: bus.node }), isShared: true };
    const shared = createSharedState(bus, () => performance.now());
    const identity = await openIdentity(config.identity, { folder: null, tickets: shared.tickets });
    const onError = (error: unknown): void => void errors.push(error);
    const chat = createChatHistory(store.records, {
      edit: (board, callback) => relay.edit(board, callback),
      keep: Infinity,
      schedule: () => () => undefined,
      wallClock: Date.now,
      onError,
      onMoved: () => undefined,
    });
    const boards = createRelayBoards(config, identity, {
      store,
      shared,
      limits: defaultLimits,
      relay: () => relay,
      chat,
      newest: null,
      onDelivery: () => undefined,
      addressOf: () => null,
      allowsOrigin: () => true,
      onUnavailable: onError,
      onError,
      onFailed: onError,
    });
    const { authorize, watch, people } = boards;
    if (authorize === null || watch === null || people === null) throw new Error('no users');
    const relay: Relay = createRelay({ store, bus, authorize, knowsUsers: true, watch, people });
    const api = boards.api(relay);
    const server = createServer((request, response) => {
      if (!api(request, response)) response.writeHead(404).end();
    });
    relay.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new ApiClient();
    client.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const node = { client, bus, boards, relay, server };
    nodes.push(node);
    return node;
  }

  /** The text of an event stream as it comes. */
  function listen({ client }: Node, token: string, lastEventId = ''): { text: string; close(): void } {
    const ending = new AbortController();
    const stream = { text: '', close: () => ending.abort() };
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'last-event-id': lastEventId };
    void fetch(`${client.origin}/v1/notifications`, { headers, signal: ending.signal })
      .then((answer) =>
        answer.body?.pipeTo(new WritableStream({ write: (bytes: Uint8Array) => void (stream.text += Buffer.from(bytes).toString()) })),
      )
      .catch((error: unknown) => {
        if (!ending.signal.aborted) errors.push(error);
      });
    return stream;
  }

  it('a mention on one relay comes out of the event stream on the other, once, and a stream goes on there by its last id', async () => {
    const [a, b] = [await start(), await start()];
    const [ana, ben] = [await a.client.guest('Ana'), await a.client.guest('Ben')];
    await a.client.call('GET', '/v1/me', ben.token);
    const board = await a.client.board(ana.token);
    await a.client.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(ben.id)}`, ana.token, { role: 'editor' });
    const first = listen(b, ben.token);
    await until(() => first.text.includes('invited you to draw'), 'the invitation', 10_000);
    const page = new Page(a.client.origin, board, ana);
    await until(() => page.isSynced, 'the board', 10_000);
    const say = (i: number, t: string): void =>
      page.doc.getArray('chat').push([{ i: `page.${i}`, u: ana.id, n: 'Ana', t, d: Date.now(), m: [ben.id] }]);
    say(1, 'Look, Ben');
    await until(() => first.text.includes('Look, Ben'), 'the mention on the other relay', 10_000);
    expect(first.text.match(/Look, Ben/g)).toHaveLength(1);
    first.close();
    const lastId = [...first.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
    say(2, 'Still there?');
    const second = listen(a, ben.token, lastId);
    await until(() => second.text.includes('Still there?'), 'the next mention', 10_000);
    expect(second.text).not.toContain('Look, Ben');
    second.close();
    page.close();
    expect(errors).toEqual([]);
  });
});
