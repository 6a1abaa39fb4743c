/** The watch of an array, on relays with sockets: which changes call it, and what it may do. */

import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import { afterEach, expect, it } from 'vitest';
import { createLocalBus } from '../bus/local-bus.ts';
import type { ArrayChange } from '../ports/array-watch.ts';
import { startRelay, stock, until, type Stock, type TestRelay } from '../testing/harness.ts';
import { recordingLogger } from '../testing/recording-logger.ts';

const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: Parameters<typeof startRelay>[0]): Promise<TestRelay> {
  const relay = await startRelay({ ...options, limits: { drainSpreadMs: 20, ...options?.limits } });
  closers.push(() => relay.close());
  return relay;
}

function enter({ url }: TestRelay): Stock {
  const client = stock(url, 'board');
  closers.push(() => client.close());
  return client;
}

it('[WA1] the watch hears of changes of its array alone, by members, edits and other relays, and of rooms that are loaded', async () => {
  const [disk, hub] = [createMemoryDisk(), createLocalBus()];
  const heard: Record<string, ArrayChange[]> = { a: [], b: [] };
  const relays = await Promise.all(
    ['a', 'b'].map((writer) => {
      const bus = hub.node();
      closers.push(() => bus.close());
      const watch = { rootOf: () => 'chat', onChange: (change: ArrayChange) => void heard[writer]?.push(change) };
      return start({ bus, watch, store: createMemoryStore({ disk, writer }), limits: { unloadDelayMs: 50 } });
    }),
  );
  const [a, b] = [relays[0]!, relays[1]!];
  const [ana, ben] = [enter(a), enter(b)];
  await until(() => ana.provider.synced && ben.provider.synced, 'sync');
  const causes = (node: string): string[] => (heard[node] ?? []).map(({ cause }) => cause);
  expect([causes('a'), causes('b')]).toEqual([['loaded'], ['loaded']]);
  ana.doc.getMap('m').set('k', 1);
  await until(() => ben.doc.getMap('m').has('k'), 'a change of something else');
  expect(causes('a')).toEqual(['loaded']);
  ana.doc.getArray('chat').push(['hello']);
  await until(() => ben.doc.getArray('chat').length === 1, 'the message');
  expect([causes('a'), causes('b')]).toEqual([
    ['loaded', 'member'],
    ['loaded', 'node'],
  ]);
  await b.relay.edit('board', (doc) => doc.getArray('chat').push(['from a program']));
  expect(causes('b').at(-1)).toBe('member');
  expect(heard['b']?.at(-1)?.room).toBe('board');
});

it('[WA3] the watch hears of changes of the maps that it names, and of which one changed', async () => {
  const changes: ArrayChange[] = [];
  const watch = { rootOf: () => 'chat', mapsOf: () => ['edits'], onChange: (change: ArrayChange) => void changes.push(change) };
  const { relay } = await start({ store: createMemoryStore(), watch });
  await relay.edit('board', (doc) => doc.getMap('edits').set('k', 1));
  await relay.edit('board', (doc) => doc.getMap('others').set('k', 1));
  await relay.edit('board', (doc) => doc.getArray('chat').push(['one']));
  expect(changes.map(({ root, cause }) => [root, cause])).toEqual([
    ['chat', 'loaded'],
    ['edits', 'member'],
    ['chat', 'member'],
  ]);
});

it('[WA2] the watch reads a document until its room is unloaded, and a watch that throws costs no change', async () => {
  const changes: ArrayChange[] = [];
  const logger = recordingLogger();
  const store = createMemoryStore();
  const watch = {
    rootOf: () => 'chat',
    onChange: (change: ArrayChange): void => {
      changes.push(change);
      throw new Error('a bug');
    },
  };
  const { relay } = await start({ store, watch, logger, limits: { unloadDelayMs: 50 } });
  await relay.edit('board', (doc) => doc.getArray('chat').push(['one', 'two']));
  expect(changes[0]?.read((doc) => doc.getArray('chat').toArray())).toEqual(['one', 'two']);
  expect(logger.lines.filter(({ event }) => event === 'bug in the watch of an array')).toHaveLength(2);
  await until(() => relay.roomStats('board') === null, 'the room to unload');
  expect(changes[0]?.read(() => 'read')).toBeNull();
  expect(await relay.edit('board', (doc) => doc.getArray('chat').length)).toBe(2);
  expect(changes.at(-1)?.cause).toBe('loaded');
});
