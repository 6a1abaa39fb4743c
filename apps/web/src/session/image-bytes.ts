/**
 * The bytes of a board's images: from this device, or else from the server, which may get them from their author only
 * later. Waits as long as somebody wants to see the image.
 */
import type { ImageContent } from '@wetink/board';
import type { DownloadAnswer } from '../account/blob-api.ts';
import { FewAtOnce } from '../core/few-at-once.ts';
import { backoffMs } from '../core/upload-answer.ts';
import type { ImageStore, StoredImage } from './blob-store.ts';

export interface ImageBytesPorts {
  readonly store: Pick<ImageStore, 'get' | 'keep'>;
  fetch(hash: string, options: GetOptions): Promise<DownloadAnswer>;
  hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  schedule(run: () => void, delayMs: number): () => void;
  random(): number;
}

export interface GetOptions {
  onProgress(progress: number): void;
  readonly signal: AbortSignal;
}

/** Downloads at once: the browser opens six connections to a host, and the board needs one. */
const MAX_DOWNLOADS = 4;
/**
 * Images of this device whose bytes are in memory at once: one is decoded while the next is read. A board of 500 photographs
 * that were all read first would take hundreds of megabytes.
 */
const MAX_READS = 2;
/**
 * An author may be away for days, and every board with such an image asks from every page that shows it. After nine tries
 * in the first 4 to 9 minutes it asks this often.
 */
const LONGEST_WAIT_MS = 5 * 60_000;

export class ImageBytes {
  readonly #ports: ImageBytesPorts;
  readonly #reads = new FewAtOnce(MAX_READS);
  readonly #downloads = new FewAtOnce(MAX_DOWNLOADS);
  /** How to end each wait, and the hash it is for. */
  readonly #waits = new Map<() => void, string>();

  constructor(ports: ImageBytesPorts) {
    this.#ports = ports;
  }

  /**
   * Uses the bytes as soon as they can be had. Other images wait until `use` has ended, so that few have theirs in memory.
   *
   * @throws {DOMException} `AbortError`.
   */
  async use<Result>(image: ImageContent, options: GetOptions, use: (stored: StoredImage) => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      options.signal.throwIfAborted();
      const used = await this.useNow(image, options, use);
      if (used !== null) return used.result;
      await this.#wait(image.hash, backoffMs(attempt, this.#ports.random(), LONGEST_WAIT_MS), options.signal);
    }
  }

  /** Without waiting for an author: null when neither this device nor the server has it. */
  async useNow<Result>(
    image: Pick<ImageContent, 'hash'>,
    options: GetOptions,
    use: (stored: StoredImage) => Promise<Result>,
  ): Promise<{ readonly result: Result } | null> {
    const used = async (stored: StoredImage | null) => (stored === null ? null : { result: await use(stored) });
    const { signal } = options;
    // A device that can't be read now is no reason to show nothing.
    const read = async () => used(await this.#ports.store.get(image.hash).catch(() => null));
    const fetched = async () => used(await this.#fetch(image, options));
    return (await this.#reads.inTurn(read, signal)) ?? (await this.#downloads.inTurn(fetched, signal));
  }

  /** Asks again for these images: their author has sent them, they were added in another tab, or the network is back. */
  tryNow(isIt: (hash: string) => boolean = () => true): void {
    for (const [end, hash] of this.#waits) if (isIt(hash)) end();
  }

  async #fetch({ hash }: Pick<ImageContent, 'hash'>, options: GetOptions): Promise<StoredImage | null> {
    const { store, fetch, hashOf } = this.#ports;
    const answer = await fetch(hash, options);
    // Other bytes than those asked for are as good as none.
    if (answer.kind === 'absent' || (await hashOf(answer.bytes)) !== hash) return null;
    const image = { type: answer.type, bytes: answer.bytes };
    await store.keep(hash, image);
    return image;
  }

  #wait(hash: string, delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#waits.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#ports.schedule(end, delayMs);
      this.#waits.set(end, hash);
      signal.addEventListener('abort', end);
    });
  }
}
