/**
 * Reads which pictures and files a board's document needs, in a thread: a large document takes seconds. The thread starts
 * with a request and ends after a while without one. It reads one document after the other. A document too large for its
 * memory ends the thread, not the relay, and one made to be slow ends it after a time.
 */

import { Worker } from 'node:worker_threads';
import type { ReadUses } from '@wetink/relay/access';

export interface UsesRequest {
  id: number;
  updates: Uint8Array[];
  hashes: readonly string[];
}

export interface UsesAnswer {
  id: number;
  until: readonly (readonly [hash: string, untilMs: number])[] | null;
  failure: string | null;
}

export interface BlobUsesThread {
  /** @returns Null also for a document that takes too long. */
  readUses(stored: Parameters<ReadUses>[0], hashes: readonly string[]): ReturnType<ReadUses>;
  /** Final, idempotent. Calls under way reject. */
  close(): Promise<void>;
}

export interface BlobUsesThreadOptions {
  /** The thread's program. Default: the one of this app. */
  entry?: URL;
  /** Node's options for the thread. Default: those of the process. */
  execArgv?: string[];
  /** Milliseconds without a request after which the thread ends. Default: 10,000. */
  idleMs?: number;
  /** Milliseconds after which the reading of a document of this many bytes ends. Default: 60,000, and 1,000 for each MB. */
  maxReadMs?(bytes: number): number;
}

type Until = ReadonlyMap<string, number> | null;

const IDLE_MS = 10_000;
/** Far longer than a document takes that clients made: one of 40 MB takes about a second. */
const maxReadMsOf = (bytes: number): number => 60_000 + bytes / 1_000;
/** Several times the largest document that a relay loads (`maxDocumentBytes`, 256 MiB). */
const MAX_HEAP_MB = 2_048;

export function createBlobUsesThread(options: BlobUsesThreadOptions = {}): BlobUsesThread {
  const { entry = new URL('./blob-uses-entry.js', import.meta.url), execArgv, idleMs = IDLE_MS, maxReadMs = maxReadMsOf } = options;
  let thread: Worker | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  /** The request that the thread reads. */
  let reading: { id: number; settle(outcome: Until | Error): void } | null = null;
  /** Resolves, never rejects, when the last request is answered. */
  let last: Promise<unknown> = Promise.resolve();
  let lastId = 0;
  let isClosed = false;

  const ended = (gone: Worker, error: Error): void => {
    if (thread !== gone) return;
    thread = null;
    reading?.settle(error);
  };
  const open = (): Worker => {
    const limits = { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } };
    const fresh = new Worker(entry, execArgv === undefined ? limits : { ...limits, execArgv });
    fresh.unref();
    fresh.on('message', ({ id, until, failure }: UsesAnswer) => {
      if (reading?.id === id) reading.settle(failure === null ? until && new Map(until) : new Error(failure));
    });
    fresh.on('error', (error) => ended(fresh, error instanceof Error ? error : new Error(String(error))));
    fresh.on('exit', (code) => ended(fresh, new Error(`the thread that reads documents ended with ${code}`)));
    return fresh;
  };
  const end = async (): Promise<void> => {
    const gone = thread;
    thread = null;
    await gone?.terminate();
  };

  const read = ({ checkpoint, updates }: Parameters<ReadUses>[0], hashes: readonly string[]): Promise<Until> => {
    if (isClosed) return Promise.reject(new Error('the thread that reads documents is closed'));
    clearTimeout(idleTimer);
    const worker = (thread ??= open());
    return new Promise((resolve, reject) => {
      const request: UsesRequest = { id: (lastId += 1), updates: checkpoint === null ? updates : [checkpoint, ...updates], hashes };
      const bytes = request.updates.reduce((sum, { length }) => sum + length, 0);
      const settle = (outcome: Until | Error): void => {
        clearTimeout(slowTimer);
        reading = null;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
        idleTimer = setTimeout(() => void end(), idleMs).unref();
      };
      const slowTimer = setTimeout(() => {
        void end();
        settle(null);
      }, maxReadMs(bytes)).unref();
      reading = { id: request.id, settle };
      // A buffer that holds nothing else is moved; others are copied.
      const own = request.updates.flatMap(({ buffer, byteLength }) =>
        buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
      );
      worker.postMessage(request, [...new Set(own)]);
    });
  };

  return {
    readUses(stored, hashes) {
      const answer = last.then(() => read(stored, hashes));
      last = answer.catch(() => undefined); // the caller gets it
      return answer;
    },
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      const gone = thread;
      await gone?.terminate();
      if (gone !== null) ended(gone, new Error('the thread that reads documents ended: it is closed'));
      clearTimeout(idleTimer);
    },
  };
}
