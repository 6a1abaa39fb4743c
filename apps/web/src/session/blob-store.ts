/**
 * The bytes of a board's images and files on this device, and which of them the server has yet to get.
 *
 *     images    board/hash -> { type, bytes }      own images and files, and images of others that were shown here
 *     waiting   board/hash -> { hash, name, … }    own ones, until the server has them, with its refusal if it gave one
 *     used      board/hash -> { bytes, atMs, … }   size of each, and when it was last used; of own ones the name, and when
 *                                                  the server was last known to have them
 *
 * A store is for images, whose bytes are an array, or for files, whose bytes are a blob that need not fit into memory.
 *
 * An own one enters both in one transaction: what is on the board is on the device, and is not forgotten. A browser that
 * keeps nothing has them in memory, for as long as the page lives. A failed read is no answer: it never means that something
 * is not there, or that nothing waits. Those that the server has are deleted, the ones used longest ago first, when they have
 * more than `MAX_KEPT_BYTES` or an own one needs their room; those that wait, when `sweep` has twice found that nothing needs
 * them.
 */
import type { BoardId } from '../core/board-id.ts';
import { leastUsedImages, totalBytes, type KeptImage } from '../core/least-used-images.ts';

type ImageBytes = Uint8Array<ArrayBuffer>;

export interface StoredBlob<Bytes> {
  readonly type: string;
  readonly bytes: Bytes;
}
export type StoredImage = StoredBlob<ImageBytes>;

/** The server's last word on an image or file that it did not take. */
export interface Refusal {
  readonly code: string;
  /** By `Date.now`. */
  readonly atMs: number;
}

export interface WaitingBlob {
  readonly hash: string;
  readonly name: string;
  readonly refusal: Refusal | null;
  /** The person has stopped it, until they let it go on. */
  readonly isPaused: boolean;
}

/** One that this person has added here, and that the server had later. */
export interface OwnBlob {
  readonly hash: string;
  readonly name: string;
  /** When the server was last known to have it, by `Date.now`. */
  readonly confirmedAtMs: number;
}

export interface BlobStore<Bytes> {
  /** Null when it is not on this device. @throws {Error} The device can't be read now. */
  get(hash: string): Promise<StoredBlob<Bytes> | null>;
  has(hash: string): Promise<boolean>;
  /** Keeps another person's image, if there is room. */
  keep(hash: string, blob: StoredBlob<Bytes>): Promise<void>;
  /** Keeps one of this person until the server has it, and after. @throws {DOMException} `QuotaExceededError`. */
  add(hash: string, blob: StoredBlob<Bytes> & { name: string }): Promise<void>;
  /** Those that the server has yet to get, as far as they are known: see `isUnread`. */
  waiting(): Promise<readonly WaitingBlob[]>;
  sent(hash: string): Promise<void>;
  /** Remembers across reloads that the server did not take one, so that it is not sent again and again; null forgets it. */
  refused(hash: string, refusal: Refusal | null): Promise<void>;
  /** Remembers across reloads that the person has stopped one, or let it go on. */
  setPaused(hash: string, isPaused: boolean): Promise<void>;
  /** Those whose bytes are here and that do not wait. @throws {Error} The device can't be read now. */
  own(): Promise<readonly OwnBlob[]>;
  /** The server has it still. */
  confirmed(hash: string): Promise<void>;
  /** The server has it no longer: it waits again, if its bytes are here. */
  sendAgain(own: OwnBlob): Promise<void>;
  /**
   * Deletes those that wait and that nothing needs, if an earlier sweep, a day ago or longer, has found the same. Until then
   * an undo in another tab, or by another person, may show them again.
   */
  sweep(isNeeded: (hash: string) => boolean): Promise<void>;
  /** All images and files of the board. */
  erase(): Promise<void>;
  /** True while one that waits is only in memory: it ends with the page. */
  readonly isAtRisk: boolean;
  /** True after a failed read: more may wait than are known. */
  readonly isUnread: boolean;
}
export type ImageStore = BlobStore<ImageBytes>;
export type FileStore = BlobStore<Blob>;

/** Named before there were files. */
const DATABASE = 'wetink.images';
const IMAGES = 'images';
const WAITING = 'waiting';
const USED = 'used';
const STORES = [IMAGES, WAITING, USED];
const VERSION = 2;
/** All boards together: two that are full by a relay's default limit. */
const MAX_KEPT_BYTES = 512 * 1024 * 1024;
/** The largest that a relay takes by default, for images that version 1 kept without their size. */
const UNKNOWN_BYTES = 8 * 1024 * 1024;

/** See `sweep`. */
const UNNEEDED_MS = 24 * 60 * 60_000;

/** Storage that failed to open is asked again after this time, since each try may take `OPEN_TIMEOUT_MS`. */
const REOPEN_AFTER_MS = 30_000;

export interface BlobStoreOptions {
  /** Milliseconds of the wall clock, the same after a reload. */
  now?: () => number;
  maxKeptBytes?: number;
}

/** @param factory Null or failing: everything stays in memory. */
export function openImageStore(boardId: BoardId, factory: IDBFactory | null, options: BlobStoreOptions = {}): ImageStore {
  return new DeviceBlobs(boardId, factory, imagesKind, options);
}

/** @param factory As for `openImageStore`. */
export function openFileStore(boardId: BoardId, factory: IDBFactory | null, options: BlobStoreOptions = {}): FileStore {
  return new DeviceBlobs(boardId, factory, filesKind, options);
}

/** The difference between a store of images and one of files. */
interface Kind<Bytes> {
  readonly isFile: boolean;
  is(bytes: unknown): bytes is Bytes;
  sizeOf(bytes: Bytes): number;
}

const imagesKind: Kind<ImageBytes> = {
  isFile: false,
  is: (bytes): bytes is ImageBytes => bytes instanceof Uint8Array,
  sizeOf: (bytes) => bytes.length,
};
const filesKind: Kind<Blob> = {
  isFile: true,
  is: (bytes): bytes is Blob => bytes instanceof Blob,
  sizeOf: (bytes) => bytes.size,
};

class DeviceBlobs<Bytes> implements BlobStore<Bytes> {
  readonly #kind: Kind<Bytes>;
  readonly #prefix: string;
  readonly #factory: IDBFactory | null;
  readonly #now: () => number;
  readonly #maxKeptBytes: number;
  /** Shown on this page, so written as such once. */
  readonly #touched = new Set<string>();
  #database: Promise<IDBDatabase | null> | null = null;
  #failedAtMs = -Infinity;
  readonly #inMemory = new Map<string, StoredBlob<Bytes>>();
  /** Those that wait and could not be written. */
  readonly #waiting = new Map<string, WaitingBlob>();
  /** Those on the device, as last read. */
  #stored: readonly WaitingBlob[] = [];
  /** Refusals and pauses that could not be written: the record on the device is the word of every tab. */
  readonly #refusals = new Map<string, Refusal | null>();
  readonly #pauses = new Map<string, boolean>();
  #isUnread = false;

  constructor(
    boardId: BoardId,
    factory: IDBFactory | null,
    kind: Kind<Bytes>,
    { now = Date.now, maxKeptBytes = MAX_KEPT_BYTES }: BlobStoreOptions,
  ) {
    this.#kind = kind;
    this.#prefix = `${boardId}/`;
    this.#factory = factory;
    this.#now = now;
    this.#maxKeptBytes = maxKeptBytes;
  }

  get isAtRisk(): boolean {
    return this.#waiting.size > 0;
  }

  get isUnread(): boolean {
    return this.#isUnread;
  }

  async get(hash: string): Promise<StoredBlob<Bytes> | null> {
    const inMemory = this.#inMemory.get(hash);
    if (inMemory !== undefined) return inMemory;
    const found = await this.#read((stores) => stores(IMAGES).get(this.#prefix + hash));
    const { type, bytes } = (found ?? {}) as Partial<Record<keyof StoredBlob<Bytes>, unknown>>;
    if (typeof type !== 'string' || !this.#kind.is(bytes)) return null;
    this.#touch(hash, bytes);
    return { type, bytes };
  }

  async has(hash: string): Promise<boolean> {
    const count = await this.#read((stores) => stores(IMAGES).count(this.#prefix + hash)).catch(() => 0);
    return count === 1 || this.#inMemory.has(hash);
  }

  async keep(hash: string, { type, bytes }: StoredBlob<Bytes>): Promise<void> {
    try {
      await this.#write((stores) => {
        stores(IMAGES).put({ type, bytes }, this.#prefix + hash);
        this.#noteUse(stores(USED), hash, this.#use(bytes));
      }, 'relaxed');
      await this.#trim(() => this.#maxKeptBytes);
    } catch {
      // It can be fetched again: a full device has better uses for its room.
    }
  }

  async add(hash: string, { type, bytes, name }: StoredBlob<Bytes> & { name: string }): Promise<void> {
    const isWritten = await this.#writeWithRoom((stores) => {
      stores(IMAGES).put({ type, bytes }, this.#prefix + hash);
      stores(WAITING).put({ hash, name, ...(this.#kind.isFile && { isFile: true }) }, this.#prefix + hash);
      stores(USED).put({ ...this.#use(bytes), name, ...(this.#kind.isFile && { isFile: true }) }, this.#prefix + hash);
    });
    this.#refusals.delete(hash);
    this.#pauses.delete(hash);
    if (isWritten) {
      this.#inMemory.delete(hash);
      this.#waiting.delete(hash);
      return;
    }
    this.#inMemory.set(hash, { type, bytes });
    this.#waiting.set(hash, { hash, name, refusal: null, isPaused: false });
  }

  async waiting(): Promise<readonly WaitingBlob[]> {
    try {
      const records = await this.#read<unknown[]>((stores) => stores(WAITING).getAll(this.#range()));
      this.#stored = (records ?? []).flatMap((record) => this.#waitingOf(record) ?? []);
      this.#isUnread = false;
    } catch {
      this.#isUnread = true; // Those of the last read still wait.
    }
    const others = this.#stored.filter(({ hash }) => !this.#waiting.has(hash));
    return [...others, ...this.#waiting.values()].map((one) => {
      const refusal = this.#refusals.get(one.hash);
      return { ...one, refusal: refusal === undefined ? one.refusal : refusal, isPaused: this.#pauses.get(one.hash) ?? one.isPaused };
    });
  }

  async sent(hash: string): Promise<void> {
    this.#waiting.delete(hash);
    this.#refusals.delete(hash);
    this.#pauses.delete(hash);
    this.#stored = this.#stored.filter((image) => image.hash !== hash);
    try {
      await this.#write((stores) => void stores(WAITING).delete(this.#prefix + hash));
      await this.confirmed(hash);
    } catch {
      // Full even for a deletion: it is sent once more after a reload, which does no harm.
    }
  }

  async own(): Promise<readonly OwnBlob[]> {
    const [records, keys, waiting] = await Promise.all([
      this.#read<unknown[]>((stores) => stores(USED).getAll(this.#range())),
      this.#read((stores) => stores(USED).getAllKeys(this.#range())),
      this.#read((stores) => stores(WAITING).getAllKeys(this.#range())),
    ]);
    const waits = new Set(waiting);
    return (records ?? []).flatMap((record, i) => {
      const key = String(keys?.[i]);
      const { name, confirmedAtMs, isFile } = (record ?? {}) as Partial<Record<keyof OwnBlob | 'isFile', unknown>>;
      const isOwn = typeof name === 'string' && typeof confirmedAtMs === 'number' && (isFile === true) === this.#kind.isFile;
      return isOwn && !waits.has(key) ? [{ hash: key.slice(this.#prefix.length), name, confirmedAtMs }] : [];
    });
  }

  async confirmed(hash: string): Promise<void> {
    // A full device: the server is asked once more after a reload.
    await this.#write((stores) => this.#noteUse(stores(USED), hash, { confirmedAtMs: this.#now() }), 'relaxed').catch(() => undefined);
  }

  async sendAgain({ hash, name }: OwnBlob): Promise<void> {
    const key = this.#prefix + hash;
    const record = { hash, name, ...(this.#kind.isFile && { isFile: true }) };
    const put = (stores: (name: string) => IDBObjectStore): void => {
      const counted = stores(IMAGES).count(key);
      counted.onsuccess = () => {
        if (counted.result === 1) stores(WAITING).put(record, key);
      };
    };
    // A full device: a later visit tries again.
    await this.#write(put).catch(() => undefined);
  }

  async sweep(isNeeded: (hash: string) => boolean): Promise<void> {
    const nowMs = this.#now();
    const look = (stores: (name: string) => IDBObjectStore): void => {
      const request = stores(WAITING).getAll(this.#range()) as IDBRequest<unknown[]>;
      request.onsuccess = () => {
        for (const found of request.result) {
          const one = this.#waitingOf(found);
          if (one === null) continue;
          const key = this.#prefix + one.hash;
          const { unneededSinceMs, ...record } = found as WaitingBlob & { unneededSinceMs?: number };
          if (isNeeded(one.hash)) {
            if (unneededSinceMs !== undefined) stores(WAITING).put(record, key);
          } else if (unneededSinceMs === undefined || unneededSinceMs > nowMs) {
            stores(WAITING).put({ ...record, unneededSinceMs: nowMs }, key);
          } else if (nowMs - unneededSinceMs >= UNNEEDED_MS) for (const name of STORES) stores(name).delete(key);
        }
      };
    };
    // A full device: a later visit tries again.
    await this.#write(look, 'relaxed').catch(() => undefined);
  }

  async refused(hash: string, refusal: Refusal | null): Promise<void> {
    this.#refusals.set(hash, refusal);
    if (await this.#note(hash, { refusal })) this.#refusals.delete(hash);
  }

  async setPaused(hash: string, isPaused: boolean): Promise<void> {
    this.#pauses.set(hash, isPaused);
    if (await this.#note(hash, { isPaused })) this.#pauses.delete(hash);
  }

  /** Changes what is written of one that waits. @returns False when only this page can remember it. */
  async #note(hash: string, change: Partial<WaitingBlob>): Promise<boolean> {
    const key = this.#prefix + hash;
    try {
      const isWritten = await this.#write((stores) => {
        const request = stores(WAITING).get(key);
        request.onsuccess = () => {
          // Null: another tab has sent it, or it is only in memory.
          if (this.#waitingOf(request.result) !== null) stores(WAITING).put({ ...(request.result as object), ...change }, key);
        };
      });
      if (!isWritten || this.#waiting.has(hash)) return false;
      // For as long as the device can't be read.
      this.#stored = this.#stored.map((one) => (one.hash === hash ? { ...one, ...change } : one));
      return true;
    } catch {
      return false; // A full device: a reload tries again.
    }
  }

  /** Null for anything else than a record of this kind; an older one has neither refusal nor pause. */
  #waitingOf(found: unknown): WaitingBlob | null {
    const { hash, name, refusal, isPaused, isFile } = (found ?? {}) as Partial<Record<keyof WaitingBlob | 'isFile', unknown>>;
    if (typeof hash !== 'string' || typeof name !== 'string' || (isFile === true) !== this.#kind.isFile) return null;
    return { hash, name, refusal: (refusal as Refusal | null | undefined) ?? null, isPaused: isPaused === true };
  }

  async erase(): Promise<void> {
    this.#inMemory.clear();
    this.#waiting.clear();
    this.#stored = [];
    await this.#write((stores) => {
      stores(IMAGES).delete(this.#range());
      stores(WAITING).delete(this.#range());
      stores(USED).delete(this.#range());
    });
  }

  #use(bytes: Bytes): { bytes: number; atMs: number } {
    return { bytes: this.#kind.sizeOf(bytes), atMs: this.#now() };
  }

  #touch(hash: string, bytes: Bytes): void {
    if (this.#touched.has(hash)) return;
    this.#touched.add(hash);
    // A full device: it seems older than it is, and may have to be fetched again.
    this.#write((stores) => this.#noteUse(stores(USED), hash, this.#use(bytes)), 'relaxed').catch(() => undefined);
  }

  /** Leaves the rest of what is known of it. */
  #noteUse(used: IDBObjectStore, hash: string, change: { bytes: number; atMs: number } | { confirmedAtMs: number }): void {
    const request = used.get(this.#prefix + hash) as IDBRequest<object | undefined>;
    request.onsuccess = () => {
      const isThere = request.result !== undefined || 'bytes' in change;
      if (isThere) used.put({ ...request.result, ...change }, this.#prefix + hash);
    };
  }

  /** A full device first loses what can be fetched again: half of them, then all. */
  async #writeWithRoom(change: (stores: (name: string) => IDBObjectStore) => void): Promise<boolean> {
    for (const share of [0.5, 0]) {
      try {
        return await this.#write(change);
      } catch {
        await this.#trim((bytes) => bytes * share).catch(() => undefined); // The next write says whether there is room.
      }
    }
    return this.#write(change);
  }

  /** Deletes images and files of any board that the server has, until they have at most that many of their bytes. */
  async #trim(limit: (bytes: number) => number): Promise<void> {
    await this.#write((stores) => {
      const [keys, waiting] = [stores(IMAGES).getAllKeys(), stores(WAITING).getAllKeys()];
      const [usedKeys, used] = [stores(USED).getAllKeys(), stores(USED).getAll() as IDBRequest<{ bytes: number; atMs: number }[]>];
      // Requests of one transaction succeed in their order: this is the last.
      used.onsuccess = () => {
        const uses = new Map(usedKeys.result.map((key, i) => [key, used.result[i]]));
        const own = new Set(waiting.result);
        const images = keys.result.filter((key) => !own.has(key)).map((key) => keptOf(key, uses.get(key)));
        for (const key of leastUsedImages(images, limit(totalBytes(images)))) {
          stores(IMAGES).delete(key);
          stores(USED).delete(key);
        }
      };
    }, 'relaxed');
  }

  /** The keys of this board. */
  #range(): IDBKeyRange {
    return IDBKeyRange.bound(this.#prefix, `${this.#prefix}\uffff`);
  }

  /** @returns Null without storage. @throws {Error} There is one, and it can't be read. */
  async #read<Result>(ask: (stores: (name: string) => IDBObjectStore) => IDBRequest<Result>): Promise<Result | null> {
    if (this.#factory === null) return null;
    const database = await this.#open();
    if (database === null) throw new Error('the browser does not open its storage');
    const transaction = database.transaction(STORES, 'readonly');
    return resultOf(ask((name) => transaction.objectStore(name)));
  }

  /** @returns False when the browser keeps nothing. @throws {DOMException} `QuotaExceededError`. */
  async #write(
    change: (stores: (name: string) => IDBObjectStore) => void,
    durability: IDBTransactionDurability = 'strict',
  ): Promise<boolean> {
    const database = await this.#open();
    if (database === null) return false;
    try {
      const transaction = database.transaction(STORES, 'readwrite', { durability });
      const done = completionOf(transaction);
      change((name) => transaction.objectStore(name));
      await done;
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') throw error;
      return false;
    }
  }

  async #open(): Promise<IDBDatabase | null> {
    if (this.#factory === null || Math.abs(this.#now() - this.#failedAtMs) < REOPEN_AFTER_MS) return null;
    // Another tab that wants to delete it gets it; this one opens it again when it is needed.
    const onLost = (): void => void (this.#database = null);
    this.#database ??= openDatabase(this.#factory, onLost).catch(() => {
      this.#failedAtMs = this.#now();
      this.#database = null;
      return null;
    });
    return this.#database;
  }
}

/** Storage that is blocked may never answer. */
const OPEN_TIMEOUT_MS = 10_000;

function openDatabase(factory: IDBFactory, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, VERSION);
    const late = setTimeout(() => reject(new Error('the browser does not open its storage')), OPEN_TIMEOUT_MS);
    request.onupgradeneeded = () => {
      for (const name of STORES) if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      clearTimeout(late);
      request.result.onversionchange = () => {
        request.result.close();
        onLost();
      };
      request.result.onclose = onLost;
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(late);
      reject(request.error ?? new Error('no reason given'));
    };
  });
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no reason given'));
  });
}

/** A write counts once its transaction is complete. */
function completionOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('no reason given'));
  });
}

function keptOf(key: IDBValidKey, used: { bytes: number; atMs: number } | undefined): KeptImage {
  return { key: String(key), bytes: used?.bytes ?? UNKNOWN_BYTES, usedAtMs: used?.atMs ?? 0 };
}
