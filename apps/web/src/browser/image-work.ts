/**
 * The page's end of the image worker: one task at a time, and none that nobody waits for any more. Where the worker
 * can't run, such as in a browser that keeps canvases from workers, the page does the work itself.
 */
import workerUrl from './image-worker.ts?worker&url';
import { decodeImage, hashOf, inspectImage, prepareImage, type Inspected, type Prepared } from './image-coding.ts';
import type { ImageAnswer, ImageTask } from './image-worker.ts';
import { trustedScript, type TrustedTypes } from './worker-address.ts';

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

export function createImageWork(
  page: { readonly trustedTypes?: TrustedTypes | undefined } = window as Window & { trustedTypes?: TrustedTypes },
): ImageWork {
  let worker: Worker | null | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const started = (): Worker | null => {
    if (worker !== undefined) return worker;
    worker = canDrawInWorker() ? new Worker(trustedScript(page.trustedTypes, POLICY, workerUrl) as string, { type: 'module' }) : null;
    return worker;
  };
  const inLine = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = last.then(run, run);
    last = result.catch(() => undefined);
    return result;
  };
  const ask = async (task: ImageTask): Promise<ImageAnswer> => {
    const at = started();
    if (at === null) return onPage(task);
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      at.addEventListener('message', ({ data }: MessageEvent<ImageAnswer>) => (over.abort(), resolve(data)), { signal: over.signal });
      at.addEventListener('error', () => (over.abort(), (worker = null), reject(new Error('the image worker failed'))), {
        signal: over.signal,
      });
      at.postMessage(task);
    });
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
      worker?.terminate();
      worker = null;
    },
  };
}

function canDrawInWorker(): boolean {
  return typeof Worker !== 'undefined' && typeof OffscreenCanvas !== 'undefined';
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
