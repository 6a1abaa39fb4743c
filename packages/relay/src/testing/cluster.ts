/** Rooms of several relays over one bus and one disk, and clients without sockets, in virtual time. For tests only. */

import { createMemoryDisk, createMemoryStore, type MemoryDisk, type Store } from '@wetink/storage';
import * as Y from 'yjs';
import { createLocalBus, type LocalBus } from '../bus/local-bus.ts';
import type { DocumentWorker } from '../document/document-worker.ts';
import { joinRows } from '../document/row-parts.ts';
import { defaultLimits, type RelayLimits } from '../limits/limits.ts';
import type { Losses } from './lossy-bus.ts';
import { seeded } from './seeded.ts';
import { TestClient, type ClientOptions } from './test-client.ts';
import { HOUSEKEEPING_MS, TEST_ROOM, TestNode } from './test-node.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

export interface ClusterOptions {
  nodes?: number;
  losses?: Partial<Losses>;
  seed?: number;
  limits?: Partial<RelayLimits>;
  worker?: DocumentWorker;
  /** Puts a store of the test between node `i` and the disk. */
  wrapStore?(inner: Store, i: number): Store;
}

export interface Cluster {
  time: VirtualTime;
  bus: LocalBus;
  disk: MemoryDisk;
  losses: Losses;
  nodes: TestNode[];
  node(i: number): TestNode;
  enter(i: number, options?: ClientOptions): TestClient;
  /** Runs until the open documents of all clients are equal, or throws. @returns Virtual ms. */
  untilEqual(clients: readonly TestClient[], withinMs: number): Promise<number>;
  stored(room?: string): Promise<Y.Doc>;
}

export function createCluster(options: ClusterOptions = {}): Cluster {
  const time = virtualTime();
  const random = seeded(options.seed ?? 1);
  const limits: RelayLimits = { ...defaultLimits, ...options.limits };
  const losses: Losses = { drop: 0, duplicate: 0, delayMs: 0, ...options.losses };
  const disk = createMemoryDisk();
  const bus = createLocalBus({ schedule: time.schedule });
  let lastMemberId = 0;

  const makeNode = (i: number): TestNode => {
    const memory = createMemoryStore({ disk, writer: `w${i}`, now: time.now });
    return new TestNode({
      name: `n${i}`,
      environment: { now: time.now, schedule: time.schedule, random },
      limits,
      store: options.wrapStore?.(memory, i) ?? memory,
      bus,
      losses,
      worker: options.worker ?? null,
      firstHousekeepingMs: (HOUSEKEEPING_MS * i) / 7,
    });
  };
  const nodes = Array.from({ length: options.nodes ?? 2 }, (_, i) => makeNode(i));
  const node = (i: number): TestNode => {
    const found = nodes[i];
    if (found === undefined) throw new RangeError(`no node ${i}`);
    return found;
  };

  return {
    time,
    bus,
    disk,
    losses,
    nodes,
    node,
    enter: (i, clientOptions = {}) => new TestClient((lastMemberId += 1), node(i).room(clientOptions.room), clientOptions),
    async untilEqual(clients, withinMs) {
      const startMs = time.now();
      const first = clients[0];
      const isEqual = (): boolean => first !== undefined && clients.every((client) => sameDocument(client.doc, first.doc));
      while (!isEqual()) {
        if (time.now() - startMs >= withinMs) {
          const sizes = clients.map(({ doc }) => Y.encodeStateAsUpdate(doc).length);
          throw new Error(`documents differ after ${withinMs} ms: ${sizes.join(', ')} bytes`);
        }
        await time.advance(50);
      }
      return time.now() - startMs;
    },
    async stored(room = TEST_ROOM) {
      const stored = await createMemoryStore({ disk, writer: 'reader' }).load(room);
      const doc = new Y.Doc();
      const rows = joinRows(stored.updates).map(({ update }) => update);
      for (const update of [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...rows]) Y.applyUpdate(doc, update);
      return doc;
    },
  };
}

export function sameDocument(a: Y.Doc, b: Y.Doc): boolean {
  return Buffer.compare(Y.encodeSnapshot(Y.snapshot(a)), Y.encodeSnapshot(Y.snapshot(b))) === 0;
}
