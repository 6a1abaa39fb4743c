/**
 * The bytes of a board's images on this device, and which of them the server has yet to get.
 *
 *     images    board/hash -> { type, bytes }      own images, and those of others that were shown here
 *     waiting   board/hash -> { hash, name }       own images, until the server has them
 *
 * An own image enters both in one transaction: what is on the board is on the device, and is not forgotten. A browser that
 * keeps nothing has them in memory, for as long as the page lives.
 */
import type { BoardId } from '../core/board-id.ts';

export interface StoredImage {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ImageStore {
  /** Null when it is not on this device. */
  get(hash: string): Promise<StoredImage | null>;
  has(hash: string): Promise<boolean>;
  /** Keeps another person's image, if there is room. */
  keep(hash: string, image: StoredImage): Promise<void>;
  /** Keeps an image of this person until the server has it, and after. @throws {DOMException} `QuotaExceededError`. */
  add(hash: string, image: StoredImage & { name: string }): Promise<void>;
  /** Images that the server has yet to get, with their names. */
  waiting(): Promise<readonly { hash: string; name: string }[]>;
  sent(hash: string): Promise<void>;
  /** All of the board's. */
  erase(): Promise<void>;
  /** False: they last as long as the page. */
  readonly isKept: boolean;
}

const DATABASE = 'wetink.images';
const IMAGES = 'images';
const WAITING = 'waiting';

/** @param factory Null or failing: everything stays in memory. */
export function openImageStore(boardId: BoardId, factory: IDBFactory | null): ImageStore {
  return new DeviceImages(boardId, factory);
}

class DeviceImages implements ImageStore {
  readonly #prefix: string;
  readonly #factory: IDBFactory | null;
  #database: Promise<IDBDatabase | null> | null = null;
  readonly #images = new Map<string, StoredImage>();
  readonly #waiting = new Map<string, string>();
  #isKept = true;

  constructor(boardId: BoardId, factory: IDBFactory | null) {
    this.#prefix = `${boardId}/`;
    this.#factory = factory;
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  async get(hash: string): Promise<StoredImage | null> {
    const found = await this.#read((stores) => stores(IMAGES).get(this.#prefix + hash));
    return isStored(found) ? found : (this.#images.get(hash) ?? null);
  }

  async has(hash: string): Promise<boolean> {
    const count = await this.#read((stores) => stores(IMAGES).count(this.#prefix + hash));
    return count === 1 || this.#images.has(hash);
  }

  async keep(hash: string, { type, bytes }: StoredImage): Promise<void> {
    try {
      await this.#write((stores) => void stores(IMAGES).put({ type, bytes }, this.#prefix + hash));
    } catch {
      // It can be fetched again: a full device has better uses for its room.
    }
  }

  async add(hash: string, { type, bytes, name }: StoredImage & { name: string }): Promise<void> {
    const isWritten = await this.#write((stores) => {
      stores(IMAGES).put({ type, bytes }, this.#prefix + hash);
      stores(WAITING).put({ hash, name }, this.#prefix + hash);
    });
    if (isWritten) return;
    this.#isKept = false;
    this.#images.set(hash, { type, bytes });
    this.#waiting.set(hash, name);
  }

  async waiting(): Promise<readonly { hash: string; name: string }[]> {
    const stored = (await this.#read((stores) => stores(WAITING).getAll(this.#range()))) as { hash: string; name: string }[] | null;
    return [...(stored ?? []), ...Array.from(this.#waiting, ([hash, name]) => ({ hash, name }))];
  }

  async sent(hash: string): Promise<void> {
    this.#waiting.delete(hash);
    await this.#write((stores) => void stores(WAITING).delete(this.#prefix + hash));
  }

  async erase(): Promise<void> {
    this.#images.clear();
    this.#waiting.clear();
    await this.#write((stores) => {
      stores(IMAGES).delete(this.#range());
      stores(WAITING).delete(this.#range());
    });
  }

  /** The keys of this board. */
  #range(): IDBKeyRange {
    return IDBKeyRange.bound(this.#prefix, `${this.#prefix}\uffff`);
  }

  async #read<Result>(ask: (stores: (name: string) => IDBObjectStore) => IDBRequest<Result>): Promise<Result | null> {
    const database = await this.#open();
    if (database === null) return null;
    try {
      const transaction = database.transaction([IMAGES, WAITING], 'readonly');
      return await resultOf(ask((name) => transaction.objectStore(name)));
    } catch {
      return null; // Failing storage: the image is fetched from the server.
    }
  }

  /** @returns False when the browser keeps nothing. @throws {DOMException} `QuotaExceededError`. */
  async #write(change: (stores: (name: string) => IDBObjectStore) => void): Promise<boolean> {
    const database = await this.#open();
    if (database === null) return false;
    try {
      const transaction = database.transaction([IMAGES, WAITING], 'readwrite', { durability: 'strict' });
      const done = completionOf(transaction);
      change((name) => transaction.objectStore(name));
      await done;
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') throw error;
      return false;
    }
  }

  #open(): Promise<IDBDatabase | null> {
    // Another tab that wants to delete it gets it; this one opens it again when it is needed.
    const onLost = (): void => void (this.#database = null);
    this.#database ??= this.#factory === null ? Promise.resolve(null) : openDatabase(this.#factory, onLost).catch(() => null);
    return this.#database;
  }
}

/** Storage that is blocked may never answer. */
const OPEN_TIMEOUT_MS = 10_000;

function openDatabase(factory: IDBFactory, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, 1);
    const late = setTimeout(() => reject(new Error('the browser does not open its storage')), OPEN_TIMEOUT_MS);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(IMAGES);
      request.result.createObjectStore(WAITING);
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
