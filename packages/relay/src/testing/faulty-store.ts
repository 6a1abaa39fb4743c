/** A store whose calls a test can hold back or fail. */

import { createMemoryStore, StoreError, type Store } from '@wetink/storage';

export interface FaultyStore extends Store {
  /** Set to fail calls; null lets them through. */
  failure: { probe?: Error | undefined; append?: Error | undefined; load?: Error | undefined; checkpoint?: Error | undefined };
  /** Largest append or probe, in bytes; a larger one fails with FULL. */
  spaceBytes: number;
  /** While true, the call waits. */
  held: { append: boolean; load: boolean; checkpoint: boolean; probe: boolean };
  calls: { append: number; load: number; checkpoint: number; probe: number };
  /** Rows given to `append` that resolved, by room. */
  durable: Map<string, Uint8Array[]>;
}

export function faultyStore(inner: Store = createMemoryStore()): FaultyStore {
  const held = { append: false, load: false, checkpoint: false, probe: false };
  const calls = { append: 0, load: 0, checkpoint: 0, probe: 0 };
  const failure: FaultyStore['failure'] = {};
  const durable = new Map<string, Uint8Array[]>();
  const gate = async (name: keyof typeof held): Promise<void> => {
    calls[name] += 1;
    while (held[name]) await new Promise((resolve) => setTimeout(resolve, 2));
    const error = failure[name];
    if (error !== undefined) throw error;
  };
  const findSpace = (bytes: number): void => {
    if (bytes > store.spaceBytes) throw new StoreError('FULL', 'No space left: free some.');
  };
  const store: FaultyStore = {
    ...inner,
    held,
    calls,
    failure,
    durable,
    spaceBytes: Infinity,
    async append(room, updates) {
      await gate('append');
      findSpace(updates.reduce((sum, update) => sum + update.length, 0));
      const position = await inner.append(room, updates);
      durable.set(room, [...(durable.get(room) ?? []), ...updates]);
      return position;
    },
    async load(room, since) {
      await gate('load');
      return inner.load(room, since);
    },
    async checkpoint(room, state, covers) {
      await gate('checkpoint');
      return inner.checkpoint(room, state, covers);
    },
    async probe(bytes = 0) {
      await gate('probe');
      findSpace(bytes);
      return inner.probe(bytes);
    },
  };
  return store;
}
