/** Fetches all bytes of a file, going on where a broken connection left off, and checks them before anyone gets them. */
import type { AttachedFile } from '@wetink/board';
import type { RangeAnswer } from '../account/file-api.ts';

export type FetchedFile =
  { readonly kind: 'whole'; readonly bytes: Blob } | { readonly kind: 'absent' | 'network' | 'damaged' | 'not-allowed' | 'stopped' };

export interface FetchFilePorts {
  from(start: number): Promise<RangeAnswer>;
  hashOf(bytes: Blob): Promise<string>;
  onProgress(bytes: number): void;
  /** Ends early when `signal` is aborted. */
  wait(delayMs: number): Promise<void>;
  readonly signal: AbortSignal;
}

/** Tries in a row that bring nothing new: after a proxy has dropped the range, they begin at 0 and may break at the same place. */
const MAX_TRIES = 4;
const FIRST_WAIT_MS = 500;
/** Parts are joined to blobs, which a browser may keep on its disk. */
const JOINED_BYTES = 8 * 1024 * 1024;

export async function fetchFile({ hash, bytes: size }: AttachedFile, ports: FetchFilePorts): Promise<FetchedFile> {
  const { from, hashOf, onProgress, wait, signal } = ports;
  const got = new Joined();
  let best = 0;
  for (let tries = 0; tries < MAX_TRIES && got.size < size; tries++) {
    if (tries > 0) await wait(FIRST_WAIT_MS * 2 ** tries);
    if (signal.aborted) return { kind: 'stopped' };
    const answer = await from(got.size);
    if (answer.kind === 'absent' || answer.kind === 'not-allowed') return { kind: answer.kind };
    if (answer.kind === 'unreachable') continue;
    if (answer.start === 0) got.clear();
    await readInto(got, answer.body, size, onProgress);
    if (got.size <= best) continue;
    best = got.size;
    tries = 0;
  }
  if (signal.aborted) return { kind: 'stopped' };
  if (got.size < size) return { kind: 'network' };
  const bytes = got.blob();
  return got.size === size && (await hashOf(bytes).catch(() => '')) === hash ? { kind: 'whole', bytes } : { kind: 'damaged' };
}

/** Ends without an error when the connection breaks: the next try goes on from there. */
async function readInto(
  got: Joined,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  size: number,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      got.push(part.value);
      onProgress(Math.min(size, got.size));
      // Longer than the document says: other bytes, whatever comes after.
      if (got.size > size) return void (await reader.cancel());
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}

class Joined {
  size = 0;
  #blobs: Blob[] = [];
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  push(part: Uint8Array<ArrayBuffer>): void {
    this.#parts.push(part);
    this.#bytes += part.length;
    this.size += part.length;
    if (this.#bytes >= JOINED_BYTES) this.#join();
  }

  clear(): void {
    [this.size, this.#blobs, this.#parts, this.#bytes] = [0, [], [], 0];
  }

  blob(): Blob {
    this.#join();
    return new Blob(this.#blobs);
  }

  #join(): void {
    this.#blobs.push(new Blob(this.#parts));
    [this.#parts, this.#bytes] = [[], 0];
  }
}
