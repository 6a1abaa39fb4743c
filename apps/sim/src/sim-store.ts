/**
 * One relay's store on the shared disk: late, failing, torn. A relay that dies during a call gets no answer; whether the
 * call reaches the disk is random.
 */

import { createMemoryStore, joinPositions, type MemoryDisk, type Position, type Store } from '@wetink/storage';
import { DiskLine } from './disk-line.ts';
import type { Life } from './life.ts';
import type { Checker } from './checker.ts';
import type { World } from './world.ts';

export interface SimStoreOptions {
  world: World;
  disk: MemoryDisk;
  checker: Checker;
  /** The life of the relay's process. */
  life: Life;
  /** Name that was never used before on this disk. */
  writer: string;
}

export function createSimStore({ world, disk, checker, life, writer }: SimStoreOptions): Store {
  const { mutation } = world;
  const inner = createMemoryStore({ disk, writer, now: () => world.clock.now() });
  const line = new DiskLine(world, life);
  /** Last position given out, for deliberate faults that acknowledge too early. */
  let lastRow = 0;

  const write = async (room: string, updates: readonly Uint8Array[]): Promise<Position> => {
    await line.arrive();
    const isFailing = line.isFailing();
    const isTorn = isFailing && line.isTorn();
    const rows = !isFailing ? updates : isTorn ? updates.slice(0, world.storeRandom.int(updates.length + 1)) : [];
    if (rows.length < updates.length || isFailing)
      world.trace.note(`store ${writer}: append of ${updates.length} fails, ${rows.length} are on disk`);
    let position: Position | null = null;
    if (rows.length > 0) {
      position = await world.turns.track(inner.append(room, rows));
      checker.landed(rows);
    }
    if (position === null || isFailing) return line.replyFailure('append');
    await line.reply();
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
      await line.arrive();
      if (line.isFailing()) return line.replyFailure('load');
      const loaded = await world.turns.track(inner.load(room, since));
      await line.reply();
      if (mutation === 'skip-tail' && since !== undefined && Object.keys(since).length > 0)
        return { ...loaded, checkpoint: null, updates: [] };
      return loaded;
    },

    async checkpoint(room, state, covers) {
      const bytes = state.slice();
      await line.arrive();
      if (line.isFailing() && !line.isTorn()) return line.replyFailure('checkpoint');
      let outcome = await world.turns.track(inner.checkpoint(room, bytes, covers));
      if (outcome === 'behind' && mutation === 'blind-checkpoint') {
        const found = disk.roomsByName.get(room);
        if (found !== undefined) Object.assign(found, { checkpoint: bytes, covers: joinPositions(found.covers, covers) });
        outcome = 'written';
      }
      world.trace.note(`store ${writer}: checkpoint ${outcome}`);
      if (outcome === 'written') checker.checkpointed(bytes);
      await line.reply();
      return outcome;
    },

    async remove(room) {
      await line.arrive();
      if (line.isFailing()) return line.replyFailure('remove');
      await world.turns.track(inner.remove(room));
      checker.erased();
      await line.reply();
    },

    async probe() {
      await line.arrive();
      await line.reply();
      if (line.isFailing()) throw line.failure('probe');
    },
  };
}
