/**
 * One relay's connection to the shared disk: late, failing, torn. A relay that dies during a call gets no answer; whether
 * the call reaches the disk is random.
 */

import { createMemoryStore, joinPositions, StoreError, type MemoryDisk, type Position, type Store } from '@wetink/storage';
import type { Life } from './life.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

export interface SimStoreOptions {
  world: World;
  disk: MemoryDisk;
  verdict: Verdict;
  /** The life of the relay's process. */
  life: Life;
  /** Name that was never used before on this disk. */
  writer: string;
}

export function createSimStore({ world, disk, verdict, life, writer }: SimStoreOptions): Store {
  const { storeRandom: random, store: weather, mutation } = world;
  const inner = createMemoryStore({ disk, writer, now: () => world.clock.now() });
  /** Last position given out, for deliberate faults that acknowledge too early. */
  let lastRow = 0;

  /**
   * The call on its way to the disk, which continues without its caller.
   * @returns False when it is lost with a dead caller.
   */
  const arrive = async (): Promise<boolean> => {
    await new Promise<void>((resolve) => void world.clock.schedule(resolve, random.int(weather.slowMs + 1)));
    return life.isAlive || random.chance(0.5);
  };
  /** The answer on its way back; never arrives at a dead process. */
  const reply = (): Promise<void> => life.sleep(random.int(weather.slowMs + 1));
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
  const failure = (what: string): StoreError => new StoreError('NOT_WRITABLE', `${what}: the simulated disk failed`);

  const write = async (room: string, updates: readonly Uint8Array[]): Promise<Position> => {
    if (!(await arrive())) return never();
    const isFailing = random.chance(weather.failChance);
    const isTorn = isFailing && random.chance(weather.tornChance);
    const rows = !isFailing ? updates : isTorn ? updates.slice(0, random.int(updates.length + 1)) : [];
    if (rows.length < updates.length || isFailing)
      world.trace.note(`store ${writer}: append of ${updates.length} fails, ${rows.length} are on disk`);
    let position: Position | null = null;
    if (rows.length > 0) {
      position = await world.turns.track(inner.append(room, rows));
      verdict.landed(rows);
    }
    await reply();
    if (position === null || isFailing) throw failure('append');
    return position;
  };

  return {
    ...inner,
    isShared: true,

    async append(room, updates) {
      const rows = updates.map((update) => update.slice());
      if (mutation === 'ack-before-durable' || mutation === 'publish-before-durable') {
        write(room, rows).catch(() => undefined); // The deliberate fault: the error is dropped.
        return { [writer]: (lastRow += rows.length) };
      }
      if (mutation !== 'forget-failed') return write(room, rows);
      return write(room, rows).catch(() => ({ [writer]: 0 }));
    },

    async load(room, since) {
      if (!(await arrive())) return never();
      if (random.chance(weather.failChance)) {
        await reply();
        throw failure('load');
      }
      const loaded = await world.turns.track(inner.load(room, since));
      await reply();
      if (mutation === 'skip-tail' && since !== undefined && Object.keys(since).length > 0)
        return { ...loaded, checkpoint: null, updates: [] };
      return loaded;
    },

    async checkpoint(room, state, covers) {
      const bytes = state.slice();
      if (!(await arrive())) return never();
      if (random.chance(weather.failChance) && !random.chance(weather.tornChance)) {
        await reply();
        throw failure('checkpoint');
      }
      let outcome = await world.turns.track(inner.checkpoint(room, bytes, covers));
      if (outcome === 'behind' && mutation === 'blind-checkpoint') {
        const found = disk.roomsByName.get(room);
        if (found !== undefined) Object.assign(found, { checkpoint: bytes, covers: joinPositions(found.covers, covers) });
        outcome = 'written';
      }
      world.trace.note(`store ${writer}: checkpoint ${outcome}`);
      if (outcome === 'written') verdict.checkpointed(bytes);
      await reply();
      return outcome;
    },

    async remove(room) {
      if (!(await arrive())) return never();
      if (random.chance(weather.failChance)) {
        await reply();
        throw failure('remove');
      }
      await world.turns.track(inner.remove(room));
      verdict.erased();
      await reply();
    },

    async probe() {
      if (!(await arrive())) return never();
      await reply();
      if (random.chance(weather.failChance)) throw failure('probe');
    },
  };
}
