/** The rooms that are open on a relay, by name. */

import type { RoomCounts } from '../bus/bus.ts';
import { createRepairGate } from '../replication/repair-gate.ts';
import type { RoomSurroundings } from './room-parts.ts';
import type { RoomStats } from './room-stats.ts';
import { Room, type RoomContext } from './room.ts';

/**
 * While draining, once all clients are gone: rooms with new changes are saved whole, this many at once, for this part
 * of the time left. Row by row they are durable already, and can be loaded from the rows.
 */
const LAST_CHECKPOINTS_AT_ONCE = 4;
const LAST_CHECKPOINTS_SHARE = 1 / 4;
const MAX_LAST_CHECKPOINTS_MS = 5_000;

/**
 * After an outage all rooms are opened at once. Without a bound every one of them would be half read, and in memory, before
 * the first is ready, and appends would wait behind the reads. Sixteen hide the round trips to a database; of the 20
 * connections to MongoDB, four are left, one for each lane of appends. An embedded store reads in this process: more at
 * once end no sooner, and each takes some milliseconds of every turn of the event loop.
 */
const MAX_OPENINGS_AT_ONCE = { shared: 16, embedded: 2 };

const NOBODY: RoomCounts = { people: 0, connections: 0 };

export class Rooms {
  readonly #context: RoomContext;
  readonly #roomsByName = new Map<string, Room>();

  constructor(surroundings: RoomSurroundings) {
    this.#context = {
      ...surroundings,
      openings: createRepairGate(MAX_OPENINGS_AT_ONCE[surroundings.store.isShared ? 'shared' : 'embedded']),
      onClosed: (room) => {
        if (this.#roomsByName.get(room.name) === room) this.#roomsByName.delete(room.name);
      },
    };
  }

  get count(): number {
    return this.#roomsByName.size;
  }

  /** Bytes applied and passed on, not yet durable. */
  get unsavedBytes(): number {
    return [...this.#roomsByName.values()].reduce((sum, room) => sum + room.unsavedBytes, 0);
  }

  /** The room of this name; opens it first if necessary. */
  open(name: string): Room {
    let room = this.#roomsByName.get(name);
    if (room === undefined) this.#roomsByName.set(name, (room = new Room(name, this.#context)));
    return room;
  }

  /** Null when the room is not open here. */
  stats(name: string): RoomStats | null {
    return this.#roomsByName.get(name)?.stats() ?? null;
  }

  /** Rooms in memory whose names follow `after`, in the order of their names. */
  list({ after, limit }: { after: string; limit: number }): { room: string; stats: RoomStats }[] {
    const names = [...this.#roomsByName.keys()].filter((name) => name > after).sort();
    return names.slice(0, limit).flatMap((room) => {
      const stats = this.stats(room);
      return stats === null ? [] : [{ room, stats }];
    });
  }

  /** People and connections of these rooms, in order: of all relays on the bus, or of this relay while the bus is down. */
  async counts(names: readonly string[]): Promise<{ counts: RoomCounts[]; isWhole: boolean }> {
    const { bus, logger } = this.#context;
    if (bus?.isUp === true) {
      try {
        return { counts: await bus.counts(names), isWhole: true };
      } catch (error) {
        logger.warn({ err: error }, 'bus gave no counts; only those of this relay are returned');
      }
    }
    const here = (name: string): RoomCounts => {
      const { people, connections } = this.stats(name) ?? NOBODY;
      return { people, connections };
    };
    return { counts: names.map(here), isWhole: bus === null };
  }

  housekeeping(nowMs: number): void {
    for (const room of this.#roomsByName.values()) room.housekeeping(nowMs);
  }

  /** Makes everything durable, and saves whole as many rooms as time allows. @returns How many were not saved whole. */
  async shut(leftMs: number): Promise<number> {
    const gate = createRepairGate(LAST_CHECKPOINTS_AT_ONCE);
    let [isOver, leftOut] = [false, 0];
    const deadlineMs = Math.min(leftMs * LAST_CHECKPOINTS_SHARE, MAX_LAST_CHECKPOINTS_MS);
    const cancel = this.#context.environment.schedule(() => (isOver = true), deadlineMs);
    const inTurn = (write: () => Promise<void>): Promise<void> =>
      gate.run(async () => {
        if (isOver) leftOut += 1;
        else await write();
      });
    await Promise.all([...this.#roomsByName.values()].map((room) => room.shut(inTurn)));
    cancel();
    return leftOut;
  }
}
