/** One node of a cluster: its rooms, over its own store and link, until it is killed. */

import type { Store } from '@wetink/storage';
import type { LocalBus } from '../bus/local-bus.ts';
import type { DocumentWorker } from '../document/document-worker.ts';
import { Edits } from '../edits/edits.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Environment } from '../ports/environment.ts';
import { silentLogger } from '../ports/logger.ts';
import { silentObserver, type RelayObserver } from '../ports/observer.ts';
import { createRepairGate } from '../replication/repair-gate.ts';
import type { Room } from '../room/room.ts';
import { Rooms } from '../room/rooms.ts';
import { faultyStore, type FaultyStore } from './faulty-store.ts';
import { lossyBus, type Losses } from './lossy-bus.ts';

/** Counters for tests. */
const nothingCounted = { gaps: 0, repairedByNode: 0, repairedByStore: 0, mismatches: 0, published: 0, publishedBytes: 0, loads: 0 };

export type Counted = typeof nothingCounted;

export interface TestNodeOptions {
  name: string;
  environment: Environment;
  limits: RelayLimits;
  store: Store;
  bus: LocalBus;
  losses: Losses;
  worker: DocumentWorker | null;
  /** Time of the first housekeeping. */
  firstHousekeepingMs: number;
}

export const TEST_ROOM = 'board';
export const HOUSEKEEPING_MS = 1_000;

export class TestNode {
  readonly name: string;
  readonly store: FaultyStore;
  readonly counted: Counted = { ...nothingCounted };
  readonly checkpoints: string[] = [];
  readonly rooms: Rooms;
  readonly edits: Edits;
  readonly #bus: LocalBus;
  #isDead = false;

  constructor({ name, environment, limits, store, bus, losses, worker, firstHousekeepingMs }: TestNodeOptions) {
    this.name = name;
    this.#bus = bus;
    this.store = faultyStore(hanging(store, () => this.#isDead));
    const own: Environment = {
      ...environment,
      schedule: (fn, delayMs) =>
        environment.schedule(() => {
          if (!this.#isDead) fn();
        }, delayMs),
    };
    this.rooms = new Rooms({
      store: this.store,
      bus: lossyBus(bus.node(name), losses, own),
      observer: this.#observer(),
      logger: silentLogger,
      environment: own,
      limits,
      framing: { fragmentBytes: 2 ** 30, maxChunkBytes: 2 ** 30, nextChunkId: () => 1 },
      gate: createRepairGate(limits.maxTailReads),
      worker,
    });
    this.edits = new Edits((room) => this.room(room), own, limits);
    const housekeeping = (): void => {
      this.edits.housekeeping(environment.now());
      this.rooms.housekeeping(environment.now());
      own.schedule(housekeeping, HOUSEKEEPING_MS);
    };
    own.schedule(housekeeping, firstHousekeepingMs);
  }

  room(name = TEST_ROOM): Room {
    return this.rooms.open(name);
  }

  /** Kills the process: nothing of it runs on, and the others notice only its missing heartbeat. */
  kill(): void {
    this.#isDead = true;
    this.#bus.kill(this.name);
  }

  #observer(): RelayObserver {
    const { counted } = this;
    return {
      ...silentObserver,
      busGap: () => void (counted.gaps += 1),
      repaired: (from) => void (counted[from === 'node' ? 'repairedByNode' : 'repairedByStore'] += 1),
      digestMismatch: () => void (counted.mismatches += 1),
      checkpoint: (outcome) => void this.checkpoints.push(outcome),
      roomLoaded: () => void (counted.loads += 1),
      busPublished: (bytes) => {
        counted.published += 1;
        counted.publishedBytes += bytes;
      },
    };
  }
}

/** The store of a dead process: its calls never return, and may or may not have reached the disk. */
function hanging(store: Store, isDead: () => boolean): Store {
  const never = new Promise<never>(() => undefined);
  const alive = <T>(call: () => Promise<T>): Promise<T> => (isDead() ? never : call().then((value) => (isDead() ? never : value)));
  return {
    ...store,
    append: (room, updates) => alive(() => store.append(room, updates)),
    load: (room, since) => alive(() => store.load(room, since)),
    checkpoint: (room, state, covers) => alive(() => store.checkpoint(room, state, covers)),
    remove: (room) => alive(() => store.remove(room)),
  };
}
