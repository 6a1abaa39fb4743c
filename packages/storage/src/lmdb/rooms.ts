/** Rooms over an open environment: journals, checkpoints, and erasing them. Checkpoints and erasures of one room take turns. */

import type { Calls } from '../calls.ts';
import {
  checkCheckpoint,
  checkCoversKnownRows,
  checkListLimit,
  checkUpdates,
  erasedError,
  nameBytes,
  roomNameBytes,
} from '../check-input.ts';
import type { CheckpointOutcome, Position, RoomListing, StorageLogger, StoredRoom } from '../port.ts';
import { checkPosition } from '../position.ts';
import { readSnapshot } from './chunked.ts';
import { COMPACTION_OWED, type Compactor } from './compactor.ts';
import type { Environment } from './environment.ts';
import { intentKey, intentRange, nameOfIntent, rangeBehind, roomPrefix, rowKey } from './keys.ts';
import { decodeHead, readHead, seal, unsealed, type RoomHead } from './records.ts';
import { replaceCheckpoint, sweep } from './replace-checkpoint.ts';
import { loadRoom } from './room.ts';
import { positionAt, rowAt } from './row-number.ts';

const EMPTY = Buffer.alloc(0);

export interface LmdbRoomsOptions {
  environment: Environment;
  compactor: Compactor;
  inTurn: Calls['inTurn'];
  /** ms since 1970. */
  now: () => number;
  logger: StorageLogger | undefined;
}

export class LmdbRooms {
  readonly #environment: Environment;
  readonly #compactor: Compactor;
  readonly #inTurn: Calls['inTurn'];
  readonly #now: () => number;
  readonly #logger: StorageLogger | undefined;

  constructor({ environment, compactor, inTurn, now, logger }: LmdbRoomsOptions) {
    this.#environment = environment;
    this.#compactor = compactor;
    this.#inTurn = inTurn;
    this.#now = now;
    this.#logger = logger;
  }

  async append(room: string, updates: readonly Uint8Array[]): Promise<Position> {
    const name = roomNameBytes(room);
    checkUpdates(updates);
    if (updates.length === 0) {
      const present = await this.#headOf(name);
      if (present?.isErased === true) throw erasedError();
      return positionAt(present?.position ?? 0);
    }
    const prefix = roomPrefix(name);
    const records = updates.map(unsealed);
    const bytes = updates.reduce((sum, update) => sum + update.length, 0);
    return this.#environment.write(bytes, ({ head, setHead, put }) => {
      const before = head(name);
      if (before.isErased) throw erasedError();
      records.forEach((record, i) => {
        const key = rowKey(prefix, before.epoch, before.position + 1 + i);
        put('rows', key, seal(record, key));
      });
      const position = before.position + records.length;
      setHead(name, { ...before, position, rowBytes: before.rowBytes + bytes, updatedAt: this.#now() });
      return positionAt(position);
    });
  }

  async load(room: string, since: Position): Promise<StoredRoom> {
    const name = roomNameBytes(room);
    checkPosition(since);
    return this.#environment.read((tables) =>
      readSnapshot(tables, (snapshot) => loadRoom(snapshot, name, readHead(snapshot.get('heads', name), name), this.#logger, since)),
    );
  }

  async checkpoint(room: string, state: Uint8Array, covers: Position): Promise<CheckpointOutcome> {
    const name = roomNameBytes(room);
    checkCheckpoint(state, covers);
    return this.#inTurn(room, async () => {
      const before = await this.#headOf(name);
      if (before?.isErased === true) throw erasedError();
      checkCoversKnownRows(covers, positionAt(before?.position ?? 0));
      const present = before?.generations[0];
      if (present !== undefined && rowAt(covers) < present.covers) return 'covered';
      try {
        await replaceCheckpoint(this.#environment, name, state, rowAt(covers), this.#now);
        return 'written';
      } finally {
        await sweep(this.#environment, name).catch((error: unknown) => {
          this.#logger?.warn({ err: error, room }, 'rows that a checkpoint replaced are still in the file; the next start deletes them');
        });
      }
    });
  }

  async list(prefix: string, after: string, limit: number): Promise<RoomListing[]> {
    checkListLimit(limit);
    const range = rangeBehind(nameBytes(prefix), nameBytes(after));
    return this.#environment.read(async ({ heads }) => {
      const rooms: RoomListing[] = [];
      if (range === null) return rooms;
      for (const { key, value } of heads.getRange(range)) {
        const head = decodeHead(value, key);
        const room = Buffer.from(key).toString('utf8');
        if (head === null) this.#logger?.error({ room }, 'record of a room is damaged and was left out of the list');
        else if (isListed(head)) rooms.push({ room, bytes: (head.generations[0]?.bytes ?? 0) + head.rowBytes, updatedAt: head.updatedAt });
        if (rooms.length === limit) break;
      }
      return rooms;
    });
  }

  async remove(room: string): Promise<void> {
    const name = roomNameBytes(room);
    await this.#inTurn(room, async () => {
      const intent = intentKey(roomPrefix(name));
      await this.#environment.write(200, ({ head, setHead, put }) => {
        const before = head(name);
        if (before.isErased) return;
        setHead(name, { ...before, epoch: before.epoch + 1, isErased: true, generations: [], rowBytes: 0, updatedAt: this.#now() });
        put('marks', intent, EMPTY);
        put('marks', COMPACTION_OWED, EMPTY);
      });
      // Looked up, not remembered: repeating an unfinished erase finishes it.
      const isUnfinished = await this.#environment.read(
        async ({ marks }) => marks.get(intent) !== undefined || marks.get(COMPACTION_OWED) !== undefined,
      );
      if (!isUnfinished) return;
      await sweep(this.#environment, name);
      await this.#compactor.afterErase();
    });
  }

  /** Finishes what a crash cut off. */
  async recover(): Promise<void> {
    const names = await this.#environment.read(async ({ marks }) => [...marks.getKeys(intentRange())].map(nameOfIntent));
    for (const name of names) {
      await sweep(this.#environment, name).catch((error: unknown) => {
        // One damaged room must not keep the others from being served.
        this.#logger?.error({ err: error, room: name.toString('utf8') }, 'room could not be cleaned up after the last stop');
      });
    }
    await this.#compactor.settleDebt();
  }

  #headOf(name: Buffer): Promise<RoomHead | null> {
    return this.#environment.read(async ({ heads }) => readHead(heads.get(name), name));
  }
}

/** A room whose first checkpoint was cut off by a crash has a head, but no content. */
function isListed(head: RoomHead): boolean {
  return !head.isErased && (head.position > 0 || head.generations.length > 0);
}
