/** One relay over a store that can be held, anew for each test of a file, and clients that are closed after it. */

import { afterEach, beforeEach } from 'vitest';
import type { RelayOptions } from '../relay-options.ts';
import { faultyStore, type FaultyStore } from './faulty-store.ts';
import { joined, startRelay, type Bare, type TestRelay } from './harness.ts';

export interface RelayTrial {
  readonly relay: TestRelay;
  readonly store: FaultyStore;
  /** Closed after the test. */
  readonly clients: { close(): void }[];
  /** Another relay over the same store. */
  restart(options: Partial<RelayOptions>): Promise<void>;
  /** An extension client in the room `board`. */
  enter(clientId: number, options?: { token?: string }): Promise<Bare>;
}

/** To be called once, at the top of a test file. */
export function relayTrial(): RelayTrial {
  let relay: TestRelay;
  let store: FaultyStore;
  const clients: { close(): void }[] = [];

  beforeEach(async () => {
    store = faultyStore();
    relay = await startRelay({ store });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    store.held.append = store.held.load = store.held.checkpoint = false;
    store.failure.append = store.failure.load = undefined;
    await relay.close();
  });

  return {
    clients,
    get relay() {
      return relay;
    },
    get store() {
      return store;
    },
    async restart(options) {
      await relay.close();
      relay = await startRelay({ store, ...options });
    },
    async enter(clientId, options) {
      const bare = await joined(relay.url, 'board', clientId, options);
      clients.push(bare);
      return bare;
    },
  };
}
