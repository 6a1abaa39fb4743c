/**
 * The page's end of the image workers: one task at a time, and none that nobody waits for any more. Filters have a worker
 * of their own: a slider would stand still while a photograph is decoded. Where the worker
 * can't run, such as in a browser that keeps canvases from workers or while its code can't be fetched, the page does the
 * work itself.
 */
import type { FilterOptions } from '@wetink/canvas';
import workerUrl from './image-worker.ts?worker&url';
import { filterImage, type FilterTask } from './image-filtering.ts';
import {
  decodeImage,
  hashOf,
  hashOfFile,
  inspectImage,
  makeFace,
  prepareImage,
  type Inspected,
  type MadeFace,
  type Prepared,
} from './image-coding.ts';
import type { ImageAnswer, ImageTask } from './image-worker.ts';
import { scheduleTurn } from './turns.ts';
import { trustedScript, type TrustedTypes, type WorkerAddress } from './worker-address.ts';

export interface ImageWork {
  prepare(file: Blob, maxBytes: number): Promise<Prepared>;
  /** The picture that a person chose of themselves, small and square. */
  face(file: Blob): Promise<MadeFace>;
  /** @throws {Error} When the bytes can't be decoded, or the signal is aborted. */
  decode(file: Blob, size: { width: number; height: number; signal?: AbortSignal }): Promise<ImageBitmap>;
  /** A filtered copy. @throws {Error} When the browser can't. */
  filter(bitmap: ImageBitmap, options: FilterOptions): Promise<ImageBitmap>;
  /** SHA-256, 64 hex digits. */
  hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** SHA-256 of a file, which need not fit into memory. @throws {Error} When it can't be read. */
  hashOfFile(file: Blob): Promise<string>;
  /** Decodes nothing. */
  inspect(bytes: Uint8Array<ArrayBuffer>): Promise<Inspected>;
  /** Idempotent. */
  close(): void;
}

/** The name that the relay's policy allows. */
const POLICY = 'wetink-image-worker';

/** The parts of `window` that are used. */
export interface WorkerPage {
  readonly trustedTypes?: TrustedTypes | undefined;
  readonly Worker?: typeof Worker | undefined;
  readonly OffscreenCanvas?: unknown;
}

export function createImageWork(page: WorkerPage = window as Window & WorkerPage): ImageWork {
  let address: WorkerAddress | null = null;

  /** Null where the page does the work. */
  const start = (): Worker | null => {
    if (page.Worker === undefined || page.OffscreenCanvas === undefined) return null;
    try {
      // The browser vouches for an address once; each later worker has the same.
      address ??= trustedScript(page.trustedTypes, POLICY, workerUrl);
      return new page.Worker(address as string, { type: 'module' });
    } catch {
      return null; // Headers of another server than the relay may allow no such worker.
    }
  };
  const { inLine, ask, close: closeFirst } = createLine(start);
  const filters = createLine(start);
  // A large file takes a second: no picture waits for it.
  const files = createLine(start);
  const numbers = new WeakMap<ImageBitmap, number>();
  let count = 0;
  const failed = (): Error => new Error('it can’t be read');
  return {
    prepare: (file, maxBytes) =>
      inLine(async () => {
        const answer = await ask({ do: 'prepare', file, maxBytes });
        return 'prepared' in answer ? answer.prepared : { ok: false, problem: { kind: 'unreadable' } };
      }),
    face: (file) =>
      inLine(async () => {
        const answer = await ask({ do: 'face', file });
        return 'face' in answer ? answer.face : { ok: false, problem: { kind: 'unreadable' } };
      }),
    decode: (file, { width, height, signal }) =>
      inLine(async () => {
        signal?.throwIfAborted();
        const answer = await ask({ do: 'decode', file, width, height });
        if (!('bitmap' in answer)) throw failed();
        return answer.bitmap;
      }),
    hashOf: (bytes) =>
      inLine(async () => {
        const answer = await ask({ do: 'hash', bytes });
        if (!('hash' in answer)) throw failed();
        return answer.hash;
      }),
    hashOfFile: (file) =>
      files.inLine(async () => {
        const answer = await files.ask({ do: 'hash-file', file });
        if (!('hash' in answer)) throw failed();
        return answer.hash;
      }),
    inspect: (bytes) =>
      inLine(async () => {
        const answer = await ask({ do: 'inspect', bytes });
        if (!('inspected' in answer)) throw failed();
        return answer.inspected;
      }),
    filter: (bitmap, { look, crop, maxPixels }) =>
      filters.inLine(async () => {
        const known = numbers.get(bitmap);
        const source = known ?? ++count;
        numbers.set(bitmap, source);
        const task = (of: ImageBitmap | null): FilterTask => ({ do: 'filter', source, bitmap: of, look, crop, maxPixels });
        // A bitmap is copied on its way to the worker, so it goes only once while its pixels are kept there.
        const answer = known === undefined ? null : await filters.ask(task(null));
        const filtered = answer === null || 'isMissing' in answer ? await filters.ask(task(bitmap)) : answer;
        if (!('bitmap' in filtered)) throw failed();
        return filtered.bitmap;
      }),
    close() {
      closeFirst();
      filters.close();
      files.close();
    },
  };
}

/**
 * A worker that has read this much is replaced by another one. Bytes that a worker has read stay in memory until it next
 * collects garbage, which may be long after its last task. Another one starts in some ten milliseconds, and this is 40
 * photographs.
 */
const REPLACE_AFTER_BYTES = 24 * 1024 * 1024;

/** One worker and the tasks that wait for it. */
function createLine(start: () => Worker | null) {
  let worker: Worker | null = null;
  let readBytes = 0;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    inLine<Result>(run: () => Promise<Result>): Promise<Result> {
      const result = last.then(run, run);
      last = result.catch(() => undefined);
      return result;
    },
    async ask(task: ImageTask): Promise<ImageAnswer> {
      worker ??= isClosed ? null : start();
      const answer = worker === null ? null : await answerOf(worker, task);
      readBytes += answer === null ? 0 : bytesOf(task);
      // Or its code could not be fetched, or it has died: no fault of the image. The next task starts another worker.
      if (answer === null || readBytes > REPLACE_AFTER_BYTES) {
        worker?.terminate();
        worker = null;
        readBytes = 0;
      }
      return answer ?? onPage(task);
    },
    close() {
      isClosed = true;
      worker?.terminate();
      worker = null;
    },
  };
}

/** Bytes of a file that the task reads in the worker. */
function bytesOf(task: ImageTask): number {
  if (task.do === 'filter') return 0;
  return 'file' in task ? task.file.size : task.bytes.length;
}

/** Null when the worker fails. */
function answerOf(worker: Worker, task: ImageTask): Promise<ImageAnswer | null> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const { signal } = over;
    const end = (answer: ImageAnswer | null): void => {
      over.abort();
      resolve(answer);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<ImageAnswer>) => end(data), { signal });
    worker.addEventListener('error', () => end(null), { signal });
    worker.postMessage(task);
  });
}

async function onPage(task: ImageTask): Promise<ImageAnswer> {
  try {
    if (task.do === 'prepare') return { prepared: await prepareImage(task.file, task.maxBytes) };
    if (task.do === 'face') return { face: await makeFace(task.file) };
    if (task.do === 'decode') return { bitmap: await decodeImage(task.file, task) };
    if (task.do === 'filter') {
      const bitmap = await filterImage(task, scheduleTurn());
      return bitmap === null ? { isMissing: true } : { bitmap };
    }
    if (task.do === 'hash-file') return { hash: await hashOfFile(task.file) };
    return task.do === 'hash' ? { hash: await hashOf(task.bytes) } : { inspected: await inspectImage(task.bytes) };
  } catch {
    return { failed: true };
  }
}
