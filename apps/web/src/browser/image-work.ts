/**
 * The page's end of the image worker: one task at a time, and none that nobody waits for any more. Where the worker
 * can't run, such as in a browser that keeps canvases from workers or while its code can't be fetched, the page does the
 * work itself.
 */
import workerUrl from './image-worker.ts?worker&url';
import { decodeImage, hashOf, inspectImage, prepareImage, type Inspected, type Prepared } from './image-coding.ts';
import type { ImageAnswer, ImageTask } from './image-worker.ts';
import { trustedScript, type TrustedTypes, type WorkerAddress } from './worker-address.ts';

export interface ImageWork {
  prepare(file: Blob, maxBytes: number): Promise<Prepared>;
  /** @throws {Error} When the bytes can't be decoded, or the signal is aborted. */
  decode(file: Blob, size: { width: number; height: number; signal?: AbortSignal }): Promise<ImageBitmap>;
  /** SHA-256, 64 hex digits. */
  hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
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
  let worker: Worker | null = null;
  let isClosed = false;
  let address: WorkerAddress | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** Null where the page does the work. */
  const started = (): Worker | null => {
    if (isClosed || page.Worker === undefined || page.OffscreenCanvas === undefined) return null;
    try {
      // The browser vouches for an address once; each later worker has the same.
      address ??= trustedScript(page.trustedTypes, POLICY, workerUrl);
      return (worker ??= new page.Worker(address as string, { type: 'module' }));
    } catch {
      return null; // Headers of another server than the relay may allow no such worker.
    }
  };
  const inLine = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = last.then(run, run);
    last = result.catch(() => undefined);
    return result;
  };
  const ask = async (task: ImageTask): Promise<ImageAnswer> => {
    const at = started();
    const answer = at === null ? null : await answerOf(at, task);
    if (answer !== null) return answer;
    // Its code could not be fetched, or it has died: no fault of the image. The next task starts another worker.
    worker?.terminate();
    worker = null;
    return onPage(task);
  };
  const failed = (): Error => new Error('this image can’t be decoded');
  return {
    prepare: (file, maxBytes) =>
      inLine(async () => {
        const answer = await ask({ do: 'prepare', file, maxBytes });
        return 'prepared' in answer ? answer.prepared : { ok: false, problem: { kind: 'unreadable' } };
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
    inspect: (bytes) =>
      inLine(async () => {
        const answer = await ask({ do: 'inspect', bytes });
        if (!('inspected' in answer)) throw failed();
        return answer.inspected;
      }),
    close() {
      isClosed = true;
      worker?.terminate();
      worker = null;
    },
  };
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
    if (task.do === 'decode') return { bitmap: await decodeImage(task.file, task) };
    return task.do === 'hash' ? { hash: await hashOf(task.bytes) } : { inspected: await inspectImage(task.bytes) };
  } catch {
    return { failed: true };
  }
}
