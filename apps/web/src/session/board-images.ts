/**
 * The images of one open board: puts files on it, gives the stage and exports their bytes, and sends them to the server.
 *
 *     file ── prepared in the worker ──> device ──> element on the board (by the caller)
 *                                          └──> server, in rounds ──> everyone else
 *
 * This module is fetched with the first image.
 */
import type { ImageContent } from '@wetink/board';
import type { ImageSource } from '@wetink/canvas';
import { createBlobApi, type BlobApi } from '../account/blob-api.ts';
import { createFileApi, type FileApi } from '../account/file-api.ts';
import type { ImageWork } from '../browser/image-work.ts';
import { createImagePage } from '../browser/image-page.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import type { BoardId } from '../core/board-id.ts';
import type { LackingCounts } from '../core/lacking.ts';
import { problemSentence, refusedSentence, scaledSentence } from '../core/image-sentences.ts';
import { notPutSentence } from '../core/not-put-sentence.ts';
import { isFitForBoard } from '../core/image-head.ts';
import type { ImageProblem } from '../core/image-limits.ts';
import type { Arrivals } from './arrivals.ts';
import { ImageBytes } from './image-bytes.ts';
import { openImageStore, type ImageStore, type StoredImage } from './blob-store.ts';
import { BlobUploads, type ShownOnBoard } from './blob-uploads.ts';
import { OwnBlobs, type OpenBoard } from './own-blobs.ts';

/** The most that a relay accepts by default, and so the largest that is made here. */
export const RELAY_MAX_BYTES = 8 * 1024 * 1024;

/** A person who saves a file waits for images on a slow network this long, all together. */
const FIND_MS = 20_000;

export interface BoardImagesPorts {
  readonly boardId: BoardId;
  readonly store: ImageStore;
  readonly work: ImageWork;
  readonly shown: ShownOnBoard;
  readonly session: OpenBoard;
  readonly api: BlobApi & Pick<FileApi, 'has'>;
  readonly arrivals: Arrivals;
  /** @throws {Error} Try again later. */
  token(request: { mustBeFresh: boolean }): Promise<string>;
  say(sentence: string): void;
  fail(sentence: string): void;
  /** The server lacks another number of images. */
  onCount(counts: LackingCounts): void;
  readonly page: ImagePage;
  /** For tests. */
  readonly schedule?: typeof scheduleTimeout;
}

/** The browser around it. */
export interface ImagePage {
  inTurn(name: string, run: () => Promise<void>): Promise<void>;
  onWake(run: () => void): () => void;
  /** Messages between the tabs of this browser. */
  readonly channel: Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'> | null;
}

export interface AddedImages {
  readonly images: readonly ImageContent[];
  /** They come onto no board after all: the server need not get them. */
  release(): Promise<void>;
}

/** `missing`: how many are neither in the file nor on this device. */
export type TakenImages = { readonly isFull: true } | { readonly isFull: false; readonly missing: number };

export interface FoundImages {
  readonly found: ReadonlyMap<string, StoredImage>;
  readonly missing: number;
}

interface KeptBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly hash: string;
}

/** In the browser. @param url The relay's, `http://…` or `https://…`. */
export function openBoardImages({ url, ...ports }: Omit<BoardImagesPorts, 'store' | 'api' | 'page'> & { url: string }): BoardImages {
  const store = openImageStore(ports.boardId, (globalThis.indexedDB as IDBFactory | undefined) ?? null);
  const api = { ...createFileApi(url), ...createBlobApi(url) };
  return new BoardImages({ ...ports, store, api, page: createImagePage() });
}

export class BoardImages {
  /** For the stage. */
  readonly source: Required<ImageSource>;
  readonly #ports: BoardImagesPorts;
  readonly #bytes: ImageBytes;
  readonly #uploads: BlobUploads<Uint8Array<ArrayBuffer>>;
  readonly #own: OwnBlobs;
  readonly #stops: readonly (() => void)[];
  #isClosed = false;

  constructor(ports: BoardImagesPorts) {
    this.#ports = ports;
    const { boardId, store, api, arrivals, token, page, work } = ports;
    const request = async (hash: string, how: { mustBeFresh: boolean }) => ({ token: await token(how), boardId, hash });
    this.#bytes = new ImageBytes({
      store,
      fetch: async (hash, options) => {
        const asked = await request(hash, { mustBeFresh: false }).catch(() => null);
        return asked === null ? { kind: 'absent', status: 0 } : api.get(asked, options);
      },
      hashOf: (bytes) => work.hashOf(bytes),
      schedule: scheduleTimeout,
      random: Math.random,
    });
    this.#uploads = new BlobUploads({
      store,
      shown: ports.shown,
      send: async (hash, bytes, how) => {
        const asked = await request(hash, how).catch(() => null);
        return asked === null ? { kind: 'unreachable' } : api.put(asked, bytes);
      },
      inTurn: (run) => page.inTurn(`wetink.images.${boardId}`, run),
      schedule: scheduleTimeout,
      onWake: (run) => page.onWake(run),
      random: Math.random,
      now: Date.now,
      onCount: (counts) => ports.onCount(counts),
      onSent: (hash) => arrivals.tell(hash),
      onRefused: ({ name }, code) => ports.fail(refusedSentence(name, code, store)),
    });
    this.#own = new OwnBlobs({
      store,
      shown: ports.shown,
      session: ports.session,
      has: async (hash) => {
        const asked = await request(hash, { mustBeFresh: false }).catch(() => null);
        return asked === null ? null : api.has(asked);
      },
      onWaiting: () => this.#wakeAll(),
      onWake: (run) => page.onWake(run),
      schedule: scheduleTimeout,
      now: Date.now,
    });
    this.#stops = [page.onWake(() => this.#bytes.tryNow()), arrivals.onArrival((isIt) => this.#bytes.tryNow(isIt))];
    if (page.channel !== null)
      page.channel.onmessage = ({ data }) => {
        if (data !== boardId) return;
        this.#bytes.tryNow();
        this.#uploads.wake();
      };
    this.source = {
      load: (image, { width, height, onProgress, signal }) =>
        this.#bytes.use(image, { onProgress, signal }, ({ bytes }) => work.decode(new Blob([bytes]), { width, height, signal })),
      filter: (bitmap, options) => work.filter(bitmap, options),
    };
    this.#uploads.wake();
  }

  /**
   * Prepares files and keeps them on this device. Says why one is left out; the others are returned, to be put on the board
   * or released. There is none if the board is closed meanwhile.
   */
  async add(files: readonly File[]): Promise<AddedImages> {
    const { work, fail, say } = this.#ports;
    const images: ImageContent[] = [];
    const kept = await this.#keeping();
    let refused = 0;
    const scaled: { name: string; width: number; height: number }[] = [];
    for (const file of files) {
      const prepared = await work.prepare(file, RELAY_MAX_BYTES).catch(() => ({ ok: false, problem: { kind: 'unreadable' } }) as const);
      if (this.#isClosed) break;
      const problem = prepared.ok ? await kept.keep(prepared.image, file.name) : prepared.problem;
      if (!prepared.ok || problem !== null) {
        refused += 1;
        fail(problemSentence(file.name, problem as ImageProblem));
        continue;
      }
      const { bytes, hash, type, width, height, isScaled } = prepared.image;
      images.push({ hash, type, width, height, bytes: bytes.length, name: file.name });
      if (isScaled) scaled.push({ name: file.name, width, height });
    }
    if (this.#isClosed) {
      await kept.release();
      if (refused < files.length) fail(notPutSentence(files.length - refused, 'left'));
      return { ...kept, images: [] };
    }
    const sentence = scaledSentence(scaled);
    if (sentence !== null) say(sentence);
    if (images.length > 0) this.#wakeAll();
    return { ...kept, images };
  }

  /**
   * Takes over the images of a board file as they are. Bytes that are not what the file says count as missing. On a full
   * device none is taken.
   */
  async takeOver(images: readonly { readonly image: ImageContent; readonly data: Uint8Array | null }[]): Promise<TakenImages> {
    let missing = 0;
    const kept = await this.#keeping();
    for (const { image, data } of images) {
      const bytes = data === null ? null : new Uint8Array(data);
      const isRight = bytes !== null && (await this.#isRight(bytes, image));
      if (this.#isClosed) break;
      if (isRight) {
        const problem = await kept.keep({ bytes, type: image.type, hash: image.hash }, image.name);
        if (problem === null) continue;
        await kept.release();
        return { isFull: true };
      }
      // Whether the server has it is for the stage to find out: a file opens without the network.
      if (!(await this.#ports.store.has(image.hash))) missing += 1;
    }
    if (this.#isClosed) await kept.release();
    this.#wakeAll();
    return { isFull: false, missing };
  }

  /** The bytes of images that are here or arrive within `FIND_MS`, for a file or a picture of the board. */
  async find(images: Iterable<ImageContent>): Promise<FoundImages> {
    const byHash = new Map(Array.from(images, (image) => [image.hash, image]));
    const found = new Map<string, StoredImage>();
    const over = new AbortController();
    const { signal } = over;
    const ended = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
    const cancel = (this.#ports.schedule ?? scheduleTimeout)(() => over.abort(), FIND_MS);
    const findOne = async (image: ImageContent): Promise<void> => {
      const asked = this.#bytes.useNow(image, { onProgress: () => undefined, signal }, (stored) => Promise.resolve(stored));
      const used = await Promise.race([asked.catch(() => null), ended]);
      if (used !== null) found.set(image.hash, used.result);
    };
    await Promise.all(Array.from(byHash.values(), findOne));
    cancel();
    return { found, missing: byHash.size - found.size };
  }

  /** Null when the image can't be decoded. */
  async decode(stored: StoredImage, size: { width: number; height: number }): Promise<ImageBitmap | null> {
    return this.#ports.work.decode(new Blob([stored.bytes]), size).catch(() => null);
  }

  /** The person may change the board: sends what the server refused because they could not. */
  mayEdit(): void {
    void this.#uploads.mayEdit();
    this.#own.mayEdit();
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#uploads.close();
    this.#own.close();
    for (const stop of this.#stops) stop();
    this.#ports.page.channel?.close();
  }

  /** Nobody has prepared these bytes here: they are checked before they are kept, sent or decoded. */
  async #isRight(bytes: Uint8Array<ArrayBuffer>, { hash, type }: ImageContent): Promise<boolean> {
    if (bytes.length > RELAY_MAX_BYTES) return false;
    const inspected = await this.#ports.work.inspect(bytes);
    return inspected.hash === hash && isFitForBoard(inspected.head, type);
  }

  /** Keeps images that are on no board yet. `release` leaves alone those that waited for the server before. */
  async #keeping() {
    const { store } = this.#ports;
    const before = new Set((await store.waiting()).map(({ hash }) => hash));
    const kept = new Set<string>();
    return {
      keep: async (image: KeptBytes, name: string): Promise<ImageProblem | null> => {
        const problem = await this.#keep(image, name);
        if (problem === null && !before.has(image.hash)) kept.add(image.hash);
        return problem;
      },
      release: async (): Promise<void> => {
        for (const hash of kept) await store.sent(hash);
      },
    };
  }

  async #keep({ bytes, type, hash }: KeptBytes, name: string): Promise<ImageProblem | null> {
    try {
      await this.#ports.store.add(hash, { bytes, type, name });
      return null;
    } catch (error) {
      if (error instanceof DOMException) return { kind: 'device-full' };
      throw error;
    }
  }

  #wakeAll(): void {
    // A closed channel takes no message.
    if (this.#isClosed) return;
    this.#uploads.wake();
    this.#ports.page.channel?.postMessage(this.#ports.boardId);
  }
}
