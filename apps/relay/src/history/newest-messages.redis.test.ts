/** The newest messages in a real Redis: two relays with one store, and the calls that list messages. Needs redis-server on PATH. */

import { postMessage } from '@wetink/board';
import { createRelay, systemEnvironment, type Relay } from '@wetink/relay';
import { createRedisBus, createRedisGuardedCache, type RedisBusHandle } from '@wetink/relay/redis';
import type { ContentEntry } from '@wetink/relay/http';
import { createMemoryDisk, createMemoryStore, type Store } from '@wetink/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contentRoutes } from '../boards/content-routes.ts';
import { hasRedis, redisToStart, type RunningRedis } from '../testing/redis.ts';
import { createChatHistory, type ChatHistory } from './chat-history.ts';
import { createNewestMessages, newestRoots, type NewestMessages } from './newest-messages.ts';

const BOARD = 'B'.repeat(22);
const user = { id: 'ana', name: 'Ana' };

interface Node {
  relay: Relay;
  bus: RedisBusHandle;
  chat: ChatHistory;
  newest: NewestMessages;
  /** Calls of `relay.edit`, each of which opens the board. */
  opened: number;
  list(limit?: number, before?: string): Promise<Listed>;
  say(text: string): Promise<void>;
}
interface Listed {
  texts: string[];
  total: number;
  next: string | null;
}

describe.skipIf(!hasRedis)('newest messages in Redis', () => {
  let redis: RunningRedis;
  let nodes: Node[];
  let disk: ReturnType<typeof createMemoryDisk>;
  let prefixes = 0;

  beforeAll(async () => {
    redis = await redisToStart('secret-of-a-test');
    await redis.start();
  });
  afterAll(() => redis.stop());
  beforeEach(() => {
    prefixes += 1;
    [nodes, disk] = [[], createMemoryDisk()];
  });
  afterEach(async () => {
    for (const { relay, bus, chat, newest } of nodes) {
      newest.close();
      await chat.mover.close();
      await relay.close();
      await bus.close();
    }
  });

  async function node(keep = Infinity): Promise<Node> {
    const bus = await createRedisBus({ url: redis.url, keyPrefix: `n${prefixes}`, heartbeatMs: 200 });
    const store: Store = createMemoryStore({ disk, writer: `w${nodes.length}` });
    const chat = createChatHistory(store.records, {
      edit: (board, callback) => relay.edit(board, callback),
      keep,
      schedule: systemEnvironment.schedule,
      wallClock: Date.now,
      onError: (error) => {
        throw error;
      },
    });
    const cache = createRedisGuardedCache(bus.commands, { name: 'newest', ttlMs: 60_000, environment: systemEnvironment });
    const newest = createNewestMessages({
      cache,
      pages: chat.pages,
      environment: systemEnvironment,
      onError: (error) => {
        throw error;
      },
    });
    const watch = { rootOf: () => 'chat', mapsOf: () => newestRoots, onChange: newest.onChange };
    const relay = createRelay({ store, bus, watch, limits: { unloadDelayMs: 1_500 } });
    const entry = {
      enter: () => Promise.resolve({ board: BOARD, user, mayEdit: true }),
      enterToPost: () => Promise.resolve({ board: BOARD, user, mayEdit: true }),
      count: () => Promise.resolve(),
      edit: (board, callback) => {
        made.opened += 1;
        return relay.edit(board, callback);
      },
    } as Pick<ContentEntry, 'enter' | 'enterToPost' | 'count' | 'edit'> as ContentEntry;
    const route = contentRoutes(entry, { ...chat, newest }).find(({ pattern }) => pattern.endsWith('/messages'));
    const call = async (method: string, query: string, fields: object = {}): Promise<object> => {
      const answer = await route?.methods[method]?.({
        query: new URLSearchParams(query),
        fields: () => Promise.resolve(fields),
        request: { headers: {} },
      } as never);
      return answer !== undefined && 'body' in answer ? answer.body : {};
    };
    const made: Node = {
      relay,
      bus,
      chat,
      newest,
      opened: 0,
      async list(limit = 50, before) {
        const { messages, total, next } = (await call('GET', `limit=${limit}${before === undefined ? '' : `&before=${before}`}`)) as {
          messages: { text: string; deleted: boolean }[];
          total: number;
          next: string | null;
        };
        return { texts: messages.map(({ text, deleted }) => (deleted ? 'deleted' : text)), total, next };
      },
      async say(text) {
        await call('POST', '', { text });
      },
    };
    nodes.push(made);
    return made;
  }

  const eventually = async (isTrue: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; !(await isTrue()); tries++) {
      if (tries > 200) throw new Error('never came');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const post = (id: string, text: string, at: number) => (doc: Parameters<typeof postMessage>[0]) =>
    postMessage(doc, { id, userId: user.id, name: user.name, text, about: undefined, replyTo: undefined, at });
  const unloaded = ({ relay }: Node): Promise<void> => eventually(() => Promise.resolve(relay.roomStats(BOARD) === null));

  it('of an erased board Redis keeps no messages, whichever relay erases it', async () => {
    const [a, b] = [await node(), await node()];
    await a.relay.edit(BOARD, post('m1', 'secret', 1_000));
    await eventually(async () => (await b.newest.get(BOARD))?.total === 1);
    await b.relay.erase(BOARD);
    await b.newest.forget(BOARD);
    expect([await a.newest.get(BOARD), await b.newest.get(BOARD)]).toEqual([null, null]);
  });

  it('a list is answered by any relay without opening the board, by parts as by the document', async () => {
    const [a, b] = [await node(), await node()];
    for (let i = 0; i < 60; i++) await a.relay.edit(BOARD, post(`m${i}`, `text ${i}`, 1_000 + i));
    await eventually(async () => (await b.newest.get(BOARD))?.total === 60);
    await Promise.all([unloaded(a), unloaded(b)]);
    const whole = await b.list();
    const few = await a.list(3);
    expect([a.opened, b.opened]).toEqual([0, 0]);
    expect([a.relay.roomStats(BOARD), b.relay.roomStats(BOARD)]).toEqual([null, null]);
    expect(whole.texts).toEqual(Array.from({ length: 50 }, (_, i) => `text ${i + 10}`));
    expect([whole.total, whole.next]).toEqual([60, 'm10']);
    expect(few).toEqual({ texts: ['text 57', 'text 58', 'text 59'], total: 60, next: 'm57' });
    expect((await b.list(2, 'm57')).texts).toEqual(['text 55', 'text 56']);
    expect((await b.list(100)).texts).toHaveLength(60);
    expect(b.opened).toBe(2);
  });

  it('a relay that posts never lists what was before, and neither does another that is asked next', async () => {
    const [a, b] = [await node(), await node()];
    for (let i = 0; i < 20; i++) {
      await a.say(`text ${i}`);
      expect((await a.list()).texts.at(-1)).toBe(`text ${i}`);
      await eventually(async () => (await b.list()).texts.at(-1) === `text ${i}`);
      await b.say(`answer ${i}`);
      expect((await b.list(1)).texts).toEqual([`answer ${i}`]);
    }
  });

  it('an edit, a deletion and a move to the history show at once, on both relays', async () => {
    const [a, b] = [await node(10), await node(10)];
    for (let i = 0; i < 14; i++) await a.relay.edit(BOARD, post(`m${i}`, `text ${i}`, 1_000 + i));
    const before = await b.list();
    expect(before.total).toBe(14);
    await a.relay.edit(BOARD, (doc) => doc.getMap('edits').set('m13/ana', { t: 'changed', d: 5_000 }));
    const both = async (text: string, at: number): Promise<boolean> =>
      (await Promise.all([a.list(), b.list()])).every(({ texts }) => texts.at(at) === text);
    await eventually(() => both('changed', -1));
    expect((await a.list()).texts.at(-1)).toBe('changed');
    await a.relay.edit(BOARD, (doc) => doc.getMap('edits').set('m12/ana', { x: 1, d: 6_000 }));
    await eventually(() => both('deleted', -2));
    await a.list();
    expect(await a.chat.mover.move(BOARD)).toBe(4);
    await eventually(async () => (await a.list()).total === 14);
    expect((await b.list()).texts).toEqual((await a.list()).texts);
    expect((await a.list(5)).next).toBe('m9');
    expect((await b.list(5, 'm9')).texts).toEqual(['text 4', 'text 5', 'text 6', 'text 7', 'text 8']);
  });

  it('the document answers while Redis is away, and nothing of before is listed when it is back', async () => {
    const a = await node();
    await a.say('one');
    await eventually(async () => (await a.newest.get(BOARD))?.total === 1);
    await redis.stop();
    expect((await a.list()).texts).toEqual(['one']);
    await a.say('two');
    expect((await a.list()).texts).toEqual(['one', 'two']);
    await redis.start();
    await eventually(() => Promise.resolve(a.bus.isUp));
    expect((await a.list()).texts).toEqual(['one', 'two']);
    await eventually(async () => {
      await a.list();
      return (await a.newest.get(BOARD))?.total === 2;
    });
  });
});
