/**
 * A DocumentWorker in a thread of its own. The thread starts with a request, and ends after a while without one,
 * because it would otherwise keep the memory of the largest document that it ever made. A document too large for its memory ends the thread, not
 * the relay; the next request starts another.
 */

import { Worker } from 'node:worker_threads';
import type { DocumentWorker } from './document-worker.ts';

export interface WorkerRequest {
  id: number;
  updates: Uint8Array[];
}

export interface WorkerAnswer {
  id: number;
  state: Uint8Array | null;
  failure: string | null;
}

interface Waiting {
  resolve(state: Uint8Array | null): void;
  reject(error: Error): void;
}

export interface DocumentWorkerThreadOptions {
  /** The thread's program. Default: the one that comes with this package. */
  entry?: URL;
  /** Node's options for the thread. Default: those of the process. */
  execArgv?: string[];
  /** Milliseconds without a request after which the thread ends. Default: 10,000. */
  idleMs?: number;
}

const IDLE_MS = 10_000;

export function createDocumentWorkerThread(options: DocumentWorkerThreadOptions = {}): DocumentWorker {
  const entry = options.entry ?? new URL('./document-worker-entry.js', import.meta.url);
  const idleMs = options.idleMs ?? IDLE_MS;
  let thread: Worker | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;
  let isClosed = false;
  const waitingById = new Map<number, Waiting>();

  const died = (gone: Worker, error: Error): void => {
    if (thread !== gone) return;
    thread = null;
    const waiting = [...waitingById.values()];
    waitingById.clear();
    for (const { reject } of waiting) reject(error);
  };

  const endWhenIdle = (): void => {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => {
      if (waitingById.size > 0) return;
      void thread?.terminate();
      thread = null;
    }, idleMs).unref();
  };

  const open = (): Worker => {
    const fresh = new Worker(entry, options.execArgv === undefined ? {} : { execArgv: options.execArgv });
    fresh.unref();
    fresh.on('message', ({ id, state, failure }: WorkerAnswer) => {
      const waiting = waitingById.get(id);
      waitingById.delete(id);
      if (failure === null) waiting?.resolve(state);
      else waiting?.reject(new Error(failure));
      endWhenIdle();
    });
    fresh.on('error', (error) => died(fresh, error instanceof Error ? error : new Error(String(error))));
    fresh.on('exit', (code) => died(fresh, new Error(`the worker thread ended with ${code}`)));
    return fresh;
  };

  return {
    compact(updates) {
      if (isClosed) return Promise.reject(new Error('the worker is closed'));
      const worker = (thread ??= open());
      return new Promise((resolve, reject) => {
        const id = (lastId += 1);
        const request: WorkerRequest = { id, updates };
        // A buffer that holds nothing else is moved; others are copied.
        const own = updates.flatMap(({ buffer, byteLength }) =>
          buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
        );
        // Throws for a buffer that was given away before: then nothing waits for an answer.
        worker.postMessage(request, [...new Set(own)]);
        waitingById.set(id, { resolve, reject });
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      await thread?.terminate();
    },
  };
}
