/**
 * A role is revoked on one relay while its user draws on another, over MongoDB and Redis. Prints how long changes are still
 * accepted; asserts that they stop, with Redis and without.
 */

import { randomBytes } from 'node:crypto';
import { decodeFrame, encodeMessage } from '@wetink/protocol';
import { findMongo, startMongo, type RunningMongo } from '@wetink/storage/testing';
import { MongoClient } from 'mongodb';
import { until } from '@wetink/relay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { hasRedis, redisToStart, type RunningRedis } from '../testing/redis.ts';
import { TestService } from '../testing/service.ts';

const ROUNDS = 20;

/** A client that draws without pause, and records when it sent its last accepted change. */
class Drawing {
  isIn = false;
  sent = 0;
  acked = 0;
  endedAtMs: number | null = null;
  lastAcceptedSentAtMs = 0;
  readonly #sentAtMs: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(relay: TestService, room: string, token: string) {
    const doc = new Y.Doc();
    const ws = new WebSocket(`${relay.origin.replace('http', 'ws')}/${room}?wetink=1`);
    doc.on('update', (update: Uint8Array) => {
      this.sent += 1;
      this.#sentAtMs[this.sent] = performance.now();
      ws.send(encodeMessage({ type: 'update', update }));
    });
    ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') ws.send(encodeMessage({ type: 'authenticate', clientId: doc.clientID, token }));
        if (message.type === 'welcome') this.isIn = true;
        if (message.type === 'ack') {
          this.acked = message.count;
          this.lastAcceptedSentAtMs = this.#sentAtMs[message.count] ?? 0;
        }
      }
    });
    ws.on('error', () => undefined);
    ws.on('close', () => {
      clearInterval(this.#timer);
      this.endedAtMs = performance.now();
    });
    this.#timer = setInterval(() => {
      if (this.isIn && ws.readyState === WebSocket.OPEN) doc.getMap('m').set('k', this.sent);
    }, 2);
  }
}

describe.skipIf(findMongo() === null || !hasRedis)('a link is removed on one relay while a user who joined by it draws on another', () => {
  let mongo: RunningMongo;
  let redis: RunningRedis;
  const [a, b] = [new TestService(), new TestService()];
  const name = `relay_revoke_${process.pid}`;

  beforeAll(async () => {
    mongo = await startMongo();
    redis = await redisToStart('hunter2hunter2');
    await redis.start();
    const uri = new URL(mongo.uri);
    uri.pathname = `/${name}`;
    const env = { MONGODB_URI: uri.href, REDIS_URL: redis.url, WETINK_AUTH: 'guests', WETINK_SECRET: randomBytes(32).toString('hex') };
    for (const relay of [a, b]) await relay.start({ ...env, WETINK_DRAIN_WAIT_SECONDS: '0' });
  });
  afterAll(async () => {
    for (const relay of [a, b]) await relay.dispose();
    await redis.stop();
    const client = new MongoClient(mongo.uri);
    await client.db(name).dropDatabase();
    await client.close();
    await mongo.stop();
  });

  /** @returns ms from the request to the sending of the last accepted change, and to the disconnection. */
  async function round(): Promise<{ acceptedMs: number; goneMs: number }> {
    const [ana, ben] = [await a.guest('Ana'), await b.guest('Ben')];
    const board = await a.board(ana.token);
    const { body } = await a.post(`/v1/boards/${board}/links`, ana.token, { role: 'editor' });
    await b.post(`/v1/boards/${board}/join`, ben.token, { link: body.link.key });
    const drawing = new Drawing(b, board, ben.token);
    await until(() => drawing.acked > 5, 'Ben to draw');
    const askedAtMs = performance.now();
    expect((await a.call('DELETE', `/v1/boards/${board}/links/${body.link.id}`, ana.token)).status).toBe(200);
    await until(() => drawing.endedAtMs !== null, 'Ben to be sent away', 30_000);
    expect(await b.enter(board, ben.token)).toMatchObject({ code: 4403 });
    return { acceptedMs: drawing.lastAcceptedSentAtMs - askedAtMs, goneMs: (drawing.endedAtMs ?? Infinity) - askedAtMs };
  }

  const summary = (rounds: { acceptedMs: number; goneMs: number }[]): string => {
    const of = (key: 'acceptedMs' | 'goneMs'): string => {
      const sorted = rounds.map((one) => one[key]).sort((x, y) => x - y);
      return `median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)}, worst ${sorted.at(-1)?.toFixed(0)} ms`;
    };
    return `${rounds.length} rounds: last accepted change sent ${of('acceptedMs')} after the request; disconnected ${of('goneMs')}`;
  };

  it('with Redis', async () => {
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await round());
    console.log(`with Redis, ${summary(rounds)}`);
  });

  it('without Redis', async () => {
    await redis.stop();
    const rounds = await Promise.all(Array.from({ length: 8 }, round));
    console.log(`without Redis, ${summary(rounds)}`);
  });
});
