/** The thread of `createDocumentWorkerThread`: one request after the other. */

import { parentPort } from 'node:worker_threads';
import { compactUpdates } from './document-worker.ts';
import type { WorkerAnswer, WorkerRequest } from './document-worker-thread.ts';

parentPort?.on('message', ({ id, updates }: WorkerRequest) => {
  let answer: WorkerAnswer;
  try {
    answer = { id, state: compactUpdates(updates), failure: null };
  } catch (error) {
    answer = { id, state: null, failure: String(error) };
  }
  parentPort?.postMessage(answer, answer.state === null ? [] : [answer.state.buffer as ArrayBuffer]);
});
