/**
 * Counts the rows of the copy and rewrites them as few, from the document in memory. Rows that another tab wrote and that
 * did not arrive here are read first.
 */
import type * as Y from 'yjs';
import { Alarm } from './alarm.ts';
import { clocksOf } from './check-update.ts';
import { PIECE_BYTES, readRow, replaceRows, rowKeys } from './compaction.ts';
import type { Row } from './database.ts';
import { setAside, type Written } from './device-layout.ts';
import { encodeInTurns } from './encode-document.ts';
import type { Environment } from './environment.ts';
import { Pace } from './pace.ts';
import { cutUpdate } from './update-slices.ts';
import { UpdateWalk } from './update-walk.ts';

/** Rows are rewritten when the small ones hold as much as the document, or are too many to read quickly. */
const COMPACT_MIN_BYTES = 256 * 1024;
const COMPACT_ROWS = 500;
/**
 * Rows from this size on are a part of the document: what a relay sends at once comes in slices that are larger, and a rewriting
 * leaves larger ones. A board of 100,000 strokes is 500 of them, and needs no rewriting after its first visit.
 */
const PART_BYTES = 64 * 1024;
/** After the first paint and a burst of writes. */
const COMPACT_DELAY_MS = 5_000;

export interface DeviceRowsOptions {
  environment: Environment;
  open(): Promise<IDBDatabase>;
  doc(): Y.Doc;
  /** Puts rows of other tabs into the document. @returns Indexes of those that can't be read. */
  absorb(rows: readonly Uint8Array[]): Promise<readonly number[]>;
}

export class DeviceRows {
  readonly #options: DeviceRowsOptions;
  readonly #alarm: Alarm;
  /** Keys of rows whose content is in the document. */
  #known = new Set<IDBValidKey>();
  /** Small rows. */
  #rows = 0;
  #bytes = 0;
  /** Bytes of the document itself, as far as we know. */
  #partBytes = 0;

  constructor(options: DeviceRowsOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.environment, () => {
      this.compact().catch(() => undefined); // The rows are as they were; the next batch considers it again.
    });
  }

  loaded(rows: readonly (Row & { value: Uint8Array })[]): void {
    this.forget();
    for (const { key, value } of rows) {
      this.#known.add(key);
      this.#count(value.byteLength);
    }
  }

  added({ key, bytes, isOurs }: Written['rows'][number]): void {
    if (isOurs) this.#known.add(key);
    this.#count(bytes);
    this.consider();
  }

  forget(): void {
    this.#known = new Set();
    this.#rows = this.#bytes = this.#partBytes = 0;
  }

  consider(): void {
    if (this.#rows > COMPACT_ROWS || this.#bytes > COMPACT_MIN_BYTES + this.#partBytes) this.#alarm.within(COMPACT_DELAY_MS);
  }

  stop(): void {
    this.#alarm.stop();
  }

  /** Leaves as many rows as the document has megabytes. */
  async compact(): Promise<void> {
    const { open, doc } = this.#options;
    const database = await open();
    const old = doc();
    const keys = await rowKeys(database);
    const here = await this.#learn(database, keys);
    if (old !== doc() || here.length === 0) return; // Given up meanwhile: these are not its rows.
    await this.#replace(database, here);
  }

  /** Writes the whole document once more, beside the rows that are there. */
  async writeAll(): Promise<void> {
    await this.#replace(await this.#options.open(), []);
  }

  #count(bytes: number): void {
    if (bytes >= PART_BYTES) this.#partBytes += bytes;
    else {
      this.#rows++;
      this.#bytes += bytes;
    }
  }

  /** @returns Keys of rows whose content is in the document now. */
  async #learn(database: IDBDatabase, keys: readonly IDBValidKey[]): Promise<IDBValidKey[]> {
    const here: IDBValidKey[] = [];
    for (const key of keys) {
      if (!this.#known.has(key)) {
        const value = await readRow(database, key);
        if (value === undefined) continue; // Another tab has replaced it since.
        const isRead = value instanceof Uint8Array && clocksOf(value) !== null && (await this.#options.absorb([value])).length === 0;
        if (!isRead) {
          await setAside(database, [{ key, value }]);
          continue;
        }
      }
      here.push(key);
    }
    return here;
  }

  async #replace(database: IDBDatabase, old: readonly IDBValidKey[]): Promise<void> {
    const { environment, doc } = this.#options;
    const pace = new Pace(environment);
    const current = doc();
    const update = await encodeInTurns(current, pace);
    const walk = new UpdateWalk(update);
    while (walk.step()) if (pace.isOver) await pace.rest();
    if (current !== doc()) return;
    const replaced = await replaceRows(database, old, piecesOf(walk));
    if (replaced === null) return;
    this.forget();
    this.#known = new Set(replaced.keys);
    this.#partBytes = replaced.bytes;
  }
}

function piecesOf(walk: UpdateWalk): Iterable<Uint8Array> {
  const { update } = walk;
  return (update.byteLength > PIECE_BYTES ? cutUpdate(walk, PIECE_BYTES) : null) ?? [update];
}
