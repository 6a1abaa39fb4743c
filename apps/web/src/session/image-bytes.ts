/**
 * The bytes of a board's images: from this device, or else from the server, which may get them from their author only
 * later. Waits as long as somebody wants to see the image.
 */
import type { ImageContent } from '@wetink/board';
import type { DownloadAnswer } from '../account/blob-api.ts';
import { backoffMs } from '../core/upload-answer.ts';
import type { ImageStore, StoredImage } from './image-store.ts';

export interface ImageBytesPorts {
  readonly store: Pick<ImageStore, 'get' | 'keep'>;
  fetch(hash: string, options: { onProgress(progress: number): void; signal: AbortSignal }): Promise<DownloadAnswer>;
  hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  schedule(run: () => void, delayMs: number): () => void;
  random(): number;
}

/** Downloads at once: the browser opens six connections to a host, and the board needs one. */
const MAX_DOWNLOADS = 4;
/**
 * An author may be away for days, and every board with such an image asks from every page that shows it. After nine tries
 * in the first 4 to 9 minutes it asks this often.
 */
const LONGEST_WAIT_MS = 5 * 60_000;

export class ImageBytes {
  readonly #ports: ImageBytesPorts;
  #running = 0;
  readonly #inLine: (() => void)[] = [];
  /** Ends the wait of everybody who waits for an image. */
  readonly #waits = new Set<() => void>();

  constructor(ports: ImageBytesPorts) {
    this.#ports = ports;
  }

  /** @throws {DOMException} `AbortError`. */
  async get(image: ImageContent, options: { onProgress(progress: number): void; signal: AbortSignal }): Promise<StoredImage> {
    for (let attempt = 0; ; attempt++) {
      options.signal.throwIfAborted();
      const found = await this.getNow(image, options);
      if (found !== null) return found;
      await this.#wait(backoffMs(attempt, this.#ports.random(), LONGEST_WAIT_MS), options.signal);
    }
  }

  /** Without waiting for an author: null when neither this device nor the server has it. */
  async getNow(
    { hash }: Pick<ImageContent, 'hash'>,
    options: { onProgress(progress: number): void; signal: AbortSignal },
  ): Promise<StoredImage | null> {
    const { store, fetch, hashOf } = this.#ports;
    // A device that can't be read now is no reason to show nothing.
    const stored = await store.get(hash).catch(() => null);
    if (stored !== null) return stored;
    const answer = await this.#inTurn(() => fetch(hash, options), options.signal);
    // Other bytes than those asked for are as good as none.
    if (answer.kind === 'absent' || (await hashOf(answer.bytes)) !== hash) return null;
    const image = { type: answer.type, bytes: answer.bytes };
    await store.keep(hash, image);
    return image;
  }

  /** Something has changed: an image was added in another tab, or the network is back. */
  tryNow(): void {
    for (const end of this.#waits) end();
  }

  async #inTurn<Result>(run: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    if (this.#running >= MAX_DOWNLOADS) await this.#untilMyTurn(signal);
    this.#running += 1;
    try {
      signal.throwIfAborted();
      return await run();
    } finally {
      this.#running -= 1;
      this.#inLine.shift()?.();
    }
  }

  /** @throws {DOMException} `AbortError`, at once: downloads ahead may take minutes. */
  #untilMyTurn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#inLine.splice(this.#inLine.indexOf(begin), 1);
        reject(new DOMException('nobody waits for it any more', 'AbortError'));
      };
      this.#inLine.push(begin);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#waits.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#ports.schedule(end, delayMs);
      this.#waits.add(end);
      signal.addEventListener('abort', end);
    });
  }
}
