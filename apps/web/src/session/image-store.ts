/**
 * The bytes of a board's images on this device, and which of them the server has yet to get.
 *
 *     images    board/hash -> { type, bytes }      own images, and those of others that were shown here
 *     waiting   board/hash -> { hash, name, … }    own images, until the server has them, with its refusal if it gave one
 *     used      board/hash -> { bytes, atMs }      size of an image, and when it was last shown
 *
 * An own image enters both in one transaction: what is on the board is on the device, and is not forgotten. A browser that
 * keeps nothing has them in memory, for as long as the page lives. A failed read is no answer: it never means that an image
 * is not there, or that none waits. Images that the server has are deleted, those shown longest ago first, when they have
 * more than `MAX_KEPT_BYTES` or an own image needs their room.
 */
import type { BoardId } from '../core/board-id.ts';
import { leastUsedImages, totalBytes, type KeptImage } from '../core/least-used-images.ts';

export interface StoredImage {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The server's last word on an image that it did not take. */
export interface Refusal {
  readonly code: string;
  /** By `Date.now`. */
  readonly atMs: number;
}

export interface WaitingImage {
  readonly hash: string;
  readonly name: string;
  readonly refusal: Refusal | null;
}

export interface ImageStore {
  /** Null when it is not on this device. @throws {Error} The device can't be read now. */
  get(hash: string): Promise<StoredImage | null>;
  has(hash: string): Promise<boolean>;
  /** Keeps another person's image, if there is room. */
  keep(hash: string, image: StoredImage): Promise<void>;
  /** Keeps an image of this person until the server has it, and after. @throws {DOMException} `QuotaExceededError`. */
  add(hash: string, image: StoredImage & { name: string }): Promise<void>;
  /** Images that the server has yet to get, as far as they are known: see `isUnread`. */
  waiting(): Promise<readonly WaitingImage[]>;
  sent(hash: string): Promise<void>;
  /** Remembers across reloads that the server did not take an image, so that it is not sent again and again. */
  refused(hash: string, refusal: Refusal): Promise<void>;
  /** All of the board's. */
  erase(): Promise<void>;
  /** True while an image that waits is only in memory: it ends with the page. */
  readonly isAtRisk: boolean;
  /** True after a failed read: more images may wait than are known. */
  readonly isUnread: boolean;
}

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

/** Storage that failed to open is asked again after this time, since each try may take `OPEN_TIMEOUT_MS`. */
const REOPEN_AFTER_MS = 30_000;

export interface ImageStoreOptions {
  /** Milliseconds of the wall clock, the same after a reload. */
  now?: () => number;
  maxKeptBytes?: number;
}

/** @param factory Null or failing: everything stays in memory. */
export function openImageStore(boardId: BoardId, factory: IDBFactory | null, options: ImageStoreOptions = {}): ImageStore {
  return new DeviceImages(boardId, factory, options);
}

class DeviceImages implements ImageStore {
  readonly #prefix: string;
  readonly #factory: IDBFactory | null;
  readonly #now: () => number;
  readonly #maxKeptBytes: number;
  /** Shown on this page, so written as such once. */
  readonly #touched = new Set<string>();
  #database: Promise<IDBDatabase | null> | null = null;
  #failedAtMs = -Infinity;
  readonly #images = new Map<string, StoredImage>();
  /** Images that wait and could not be written. */
  readonly #waiting = new Map<string, WaitingImage>();
  /** Those on the device, as last read. */
  #stored: readonly WaitingImage[] = [];
  /** Refusals of this page, also when they could not be written. */
  readonly #refusals = new Map<string, Refusal>();
  #isUnread = false;

  constructor(boardId: BoardId, factory: IDBFactory | null, { now = Date.now, maxKeptBytes = MAX_KEPT_BYTES }: ImageStoreOptions) {
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

  async get(hash: string): Promise<StoredImage | null> {
    const inMemory = this.#images.get(hash);
    if (inMemory !== undefined) return inMemory;
    const found = await this.#read((stores) => stores(IMAGES).get(this.#prefix + hash));
    if (!isStored(found)) return null;
    this.#touch(hash, found);
    return found;
  }

  async has(hash: string): Promise<boolean> {
    const count = await this.#read((stores) => stores(IMAGES).count(this.#prefix + hash)).catch(() => 0);
    return count === 1 || this.#images.has(hash);
  }

  async keep(hash: string, { type, bytes }: StoredImage): Promise<void> {
    try {
      await this.#write((stores) => {
        stores(IMAGES).put({ type, bytes }, this.#prefix + hash);
        stores(USED).put({ bytes: bytes.length, atMs: this.#now() }, this.#prefix + hash);
      }, 'relaxed');
      await this.#trim(() => this.#maxKeptBytes);
    } catch {
      // It can be fetched again: a full device has better uses for its room.
    }
  }

  async add(hash: string, { type, bytes, name }: StoredImage & { name: string }): Promise<void> {
    const isWritten = await this.#writeWithRoom((stores) => {
      stores(IMAGES).put({ type, bytes }, this.#prefix + hash);
      stores(WAITING).put({ hash, name }, this.#prefix + hash);
      stores(USED).put({ bytes: bytes.length, atMs: this.#now() }, this.#prefix + hash);
    });
    this.#refusals.delete(hash);
    if (isWritten) {
      this.#images.delete(hash);
      this.#waiting.delete(hash);
      return;
    }
    this.#images.set(hash, { type, bytes });
    this.#waiting.set(hash, { hash, name, refusal: null });
  }

  async waiting(): Promise<readonly WaitingImage[]> {
    try {
      const records = await this.#read<unknown[]>((stores) => stores(WAITING).getAll(this.#range()));
      this.#stored = (records ?? []).flatMap((record) => waitingOf(record) ?? []);
      this.#isUnread = false;
    } catch {
      this.#isUnread = true; // Those of the last read still wait.
    }
    const others = this.#stored.filter(({ hash }) => !this.#waiting.has(hash));
    return [...others, ...this.#waiting.values()].map((image) => ({ ...image, refusal: this.#refusals.get(image.hash) ?? image.refusal }));
  }

  async sent(hash: string): Promise<void> {
    this.#waiting.delete(hash);
    this.#stored = this.#stored.filter((image) => image.hash !== hash);
    try {
      await this.#write((stores) => void stores(WAITING).delete(this.#prefix + hash));
    } catch {
      // Full even for a deletion: it is sent once more after a reload, which does no harm.
    }
  }

  async refused(hash: string, refusal: Refusal): Promise<void> {
    this.#refusals.set(hash, refusal);
    const key = this.#prefix + hash;
    try {
      await this.#write((stores) => {
        const request = stores(WAITING).get(key);
        request.onsuccess = () => {
          const image = waitingOf(request.result);
          // Null: another tab has sent it, or it is only in memory.
          if (image !== null) stores(WAITING).put({ ...image, refusal }, key);
        };
      });
    } catch {
      // A full device: this page remembers it, and a reload tries again.
    }
  }

  async erase(): Promise<void> {
    this.#images.clear();
    this.#waiting.clear();
    this.#stored = [];
    await this.#write((stores) => {
      stores(IMAGES).delete(this.#range());
      stores(WAITING).delete(this.#range());
      stores(USED).delete(this.#range());
    });
  }

  #touch(hash: string, { bytes }: StoredImage): void {
    if (this.#touched.has(hash)) return;
    this.#touched.add(hash);
    const used = { bytes: bytes.length, atMs: this.#now() };
    // A full device: it seems older than it is, and may have to be fetched again.
    this.#write((stores) => void stores(USED).put(used, this.#prefix + hash), 'relaxed').catch(() => undefined);
  }

  /** A full device first loses images that can be fetched again: half of them, then all. */
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

  /** Deletes images of any board that the server has, until they have at most that many of their bytes. */
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

function isStored(found: unknown): found is StoredImage {
  const { type, bytes } = (found ?? {}) as Partial<Record<keyof StoredImage, unknown>>;
  return typeof type === 'string' && bytes instanceof Uint8Array;
}

/** Null for anything else than a record of this store; an older one has no refusal. */
function waitingOf(found: unknown): WaitingImage | null {
  const { hash, name, refusal } = (found ?? {}) as Partial<Record<keyof WaitingImage, unknown>>;
  if (typeof hash !== 'string' || typeof name !== 'string') return null;
  return { hash, name, refusal: (refusal as Refusal | undefined) ?? null };
}

function keptOf(key: IDBValidKey, used: { bytes: number; atMs: number } | undefined): KeptImage {
  return { key: String(key), bytes: used?.bytes ?? UNKNOWN_BYTES, usedAtMs: used?.atMs ?? 0 };
}
