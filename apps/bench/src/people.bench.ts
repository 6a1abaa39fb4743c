/**
 * Figures about people: how soon a mention is in the inbox of somebody on another relay, what coming and going costs in a
 * directory with 10,000 people online, and what a chat of 10,000 messages costs a document, with and without a history.
 *
 * Run with `pnpm --filter @wetink/bench bench:people [mention | online | chat]`; build first. Prints JSON lines. Needs
 * redis-server, and for `mention` the MongoDB of the tests. Times depend on the machine and the day.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@wetink/infra/cluster';
import { createBoard, inboxRoom, openChat, openInbox } from '@wetink/board';
import { createRedisBus } from '@wetink/relay/redis';
import { ApiClient, until } from '@wetink/relay/testing';
import * as Y from 'yjs';
import { createOnlinePeople } from '../../../packages/relay/src/access/online-people.ts';
import { createRedisOnlineIndex } from '../../../packages/relay/src/redis/redis-online-index.ts';
import { startRedis } from '../../../packages/relay/src/testing/redis-server.ts';
import { Page } from '../../relay/src/testing/page.ts';
import { Histogram } from './figures.ts';

const MENTIONS = 200;
const BOARDS = 20;
/** A relay writes at most 60 notifications a minute to one person. */
const READERS = 5;
const ONLINE = 10_000;
/** Boards that people share, ten people each; everyone is on the last of them too, as on a board for all. */
const PEOPLE_PER_BOARD = 10;
const COMINGS = 2_000;
const MESSAGES = 10_000;
/** As a relay keeps by default. */
const KEPT = 1_000;

const parts = { mention, online, chat };
const chosen = process.argv.slice(2);
for (const [name, part] of Object.entries(parts)) if (chosen.length === 0 || chosen.includes(name)) await part();

function print(name: string, figures: Record<string, number | string>): void {
  console.log(JSON.stringify({ name, ...figures }));
}

function quantiles(times: Histogram): Record<string, number> {
  return { p50: round(times.quantile(0.5)), p99: round(times.quantile(0.99)) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** From the writer's keystroke at one relay to the entry in the inbox of a page at the other; the writer's message is saved first. */
async function mention(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-people-'));
  const cluster = await startCluster({
    relays: 2,
    folder,
    relayEnv: (_index, env) => ({ ...env, WETINK_AUTH: 'guests', WETINK_SECRET: 'one secret for both relays, 0123456789' }),
  });
  const [here, there] = cluster.relays.map(({ httpUrl }) => Object.assign(new ApiClient(), { origin: httpUrl }));
  if (here === undefined || there === undefined) throw new RangeError('two relays are wanted');
  const ana = await here.guest('Ana');
  const arrivals = new Map<string, number>();
  const inboxes = await Promise.all(
    Array.from({ length: READERS }, async (_, n) => {
      const reader = await there.guest(`Person ${n}`);
      await there.call('GET', '/v1/me', reader.token);
      const page = new Page(there.origin, inboxRoom(reader.id), reader);
      await until(() => page.isSynced, 'an inbox');
      const inbox = openInbox(page.doc);
      inbox.onChange(() => {
        for (const { message } of inbox.list()) if (!arrivals.has(message)) arrivals.set(message, performance.now());
      });
      return { reader, page };
    }),
  );
  const times = new Histogram();
  const pages: Page[] = [];
  for (let i = 0; i < MENTIONS; i++) {
    let page = pages[i % BOARDS];
    if (page === undefined) {
      page = new Page(here.origin, await here.board(ana.token, 'editor'), ana);
      pages.push(page);
      const opened = page;
      await until(() => opened.isSynced, 'a board');
    }
    const at = performance.now();
    page.doc.getArray('chat').push([{ i: `m${i}`, u: ana.id, n: 'Ana', t: 'Look', d: Date.now(), m: [inboxes[i % READERS]?.reader.id] }]);
    await until(() => arrivals.has(`m${i}`), `mention ${i}`);
    times.add((arrivals.get(`m${i}`) ?? 0) - at);
  }
  print('mention to the bell on another relay, ms', { ...quantiles(times), mentions: MENTIONS, mongo: cluster.mongo?.kind ?? '' });
  for (const page of [...pages, ...inboxes.map((inbox) => inbox.page)]) page.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}

/** One person who comes and goes while 10,000 are online, in a directory over a real Redis. */
async function online(): Promise<void> {
  const server = await startRedis();
  const bus = await createRedisBus({ url: server.url, keyPrefix: 'bench' });
  const index = createRedisOnlineIndex(bus.commands, { node: bus.node, wallClock: Date.now });
  const boardsOf = (userId: string): string[] => [
    `board-of-person-${Math.floor(Number(userId.slice(1)) / PEOPLE_PER_BOARD)}`,
    'one-for-all',
  ];
  let reads = 0;
  const people = createOnlinePeople({
    rule: 'shared',
    index,
    ties: { boardsOf: (userId) => ((reads += 1), Promise.resolve(boardsOf(userId))) },
    boards: { accessOf: () => Promise.resolve({ role: 'editor' } as never) },
    environment: { now: () => performance.now() },
    onError(error) {
      throw error;
    },
  });
  for (let i = 0; i < ONLINE; i++) await index.add(`u${i}`, boardsOf(`u${i}`));
  const client = await server.client();
  const commands = async (): Promise<number> => Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1] ?? 0);
  const [add, remove, list] = [new Histogram(), new Histogram(), new Histogram()];
  const before = await commands();
  for (let i = 0; i < COMINGS; i++) {
    const userId = `u${ONLINE + (i % 100)}`;
    const timed = async (times: Histogram, work: () => Promise<unknown>): Promise<void> => {
      const from = performance.now();
      await work();
      times.add(performance.now() - from);
    };
    await timed(add, () => index.add(userId, boardsOf(userId)));
    await timed(list, () => people.of(userId));
    await timed(remove, () => index.remove(userId, boardsOf(userId)));
  }
  const perPerson = ((await commands()) - before) / COMINGS;
  const memory = Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1] ?? 0);
  print('coming into a directory of 10,000, ms', quantiles(add));
  print('going out of it, ms', quantiles(remove));
  print('its list for one person, ms', { ...quantiles(list), people: (await people.of('u1')).ids.length });
  print('commands of Redis for one who comes, asks and goes', { commands: round(perPerson), reads, redisMB: round(memory / 1e6) });
  await bus.close();
  await server.stop();
}

/** A document with 10,000 messages, and the same chat with all but 1,000 of them in the history. */
async function chat(): Promise<void> {
  for (const kept of [MESSAGES, KEPT]) {
    const author = new Y.Doc();
    const talk = openChat(createBoard({ doc: author, userId: 'ana' }));
    for (let i = 0; i < kept; i++)
      author
        .getArray('chat')
        .push([{ i: `m${i}`, u: i % 2 === 0 ? 'ana' : 'ben', n: 'Ana', t: `Message ${i}, as long as people write in a chat`, d: i }]);
    const update = Y.encodeStateAsUpdate(author);
    if (talk.messages().length !== kept) throw new Error('messages are missing');
    const times = new Histogram();
    for (let run = 0; run < 20; run++) {
      const from = performance.now();
      const doc = new Y.Doc();
      Y.applyUpdate(doc, update);
      const opened = openChat(createBoard({ doc, userId: 'ana' }));
      const { length } = opened.messages();
      times.add(performance.now() - from);
      if (length !== kept) throw new Error('messages are missing');
    }
    print(`a chat of ${MESSAGES} messages, ${kept} of them in the document`, {
      ...quantiles(times),
      kB: round(update.length / 1e3),
      heapMB: heapOf(update),
    });
  }
}

/** Heap that a document and its open chat take: the median of five, since the collector leaves more or less behind. */
function heapOf(update: Uint8Array): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('start node with --expose-gc');
  const sizes = Array.from({ length: 5 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    const chat = openChat(createBoard({ doc, userId: 'ana' }));
    const count = chat.messages().length;
    collect();
    const size = process.memoryUsage().heapUsed - before;
    chat.close();
    if (count === 0) throw new Error('messages are missing');
    return size;
  });
  return round((sizes.toSorted((a, b) => a - b)[2] ?? 0) / 1e6);
}
