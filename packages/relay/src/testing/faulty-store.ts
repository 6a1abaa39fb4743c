/** A store whose calls a test can hold back or fail. */

import { createMemoryStore, type Store } from '@wetink/storage';

export interface FaultyStore extends Store {
  /** Set to fail calls; null lets them through. */
  failure: { append?: Error | undefined; load?: Error | undefined; checkpoint?: Error | undefined };
  /** While true, the call waits. */
  held: { append: boolean; load: boolean; checkpoint: boolean };
  calls: { append: number; load: number; checkpoint: number };
  /** Rows given to `append` that resolved, by room. */
  durable: Map<string, Uint8Array[]>;
}

export function faultyStore(inner: Store = createMemoryStore()): FaultyStore {
  const held = { append: false, load: false, checkpoint: false };
  const calls = { append: 0, load: 0, checkpoint: 0 };
  const failure: FaultyStore['failure'] = {};
  const durable = new Map<string, Uint8Array[]>();
  const gate = async (name: keyof typeof held): Promise<void> => {
    calls[name] += 1;
    while (held[name]) await new Promise((resolve) => setTimeout(resolve, 2));
    const error = failure[name];
    if (error !== undefined) throw error;
  };
  return {
    ...inner,
    held,
    calls,
    failure,
    durable,
    async append(room, updates) {
      await gate('append');
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
  };
}
