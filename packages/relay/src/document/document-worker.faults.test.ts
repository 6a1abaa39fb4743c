/** The thread that builds large documents, as it ships (built): while it works, the timers of this thread go on. */

import { createMemoryStore } from '@wetink/storage';
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { compactUpdates, type DocumentWorker } from './document-worker.ts';
import { createDocumentWorkerThread } from './document-worker-thread.ts';
import { change, joined, pause, startRelay, storedDoc, until } from '../testing/harness.ts';

/** Built: a thread can't read TypeScript, and the test runner's own conditions would lead it to the sources. */
const entry = new URL('../../dist/document/document-worker-entry.js', import.meta.url);
/** A thread that answers with its own number. */
const answersItsNumber = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ id }) => parentPort.postMessage({ id, state: new Uint8Array([threadId]), failure: null }));`)}`,
);
let worker: DocumentWorker | null = null;

afterEach(async () => {
  await worker?.close();
  worker = null;
});

function rows(count: number, bytes: number): Uint8Array[] {
  const doc = new Y.Doc();
  return Array.from({ length: count }, (_, i) => change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(bytes).fill(i))));
}

it('[RL86] the worker makes the same document as this thread, and null when it cannot show all rows', async () => {
  worker = createDocumentWorkerThread({ entry, execArgv: [] });
  const updates = rows(50, 1_000);
  const expected = compactUpdates(updates);
  expect(await worker.compact(updates.map((update) => update.slice()))).toEqual(expected);
  expect(await worker.compact(updates.slice(1))).toBe(null);
  expect(await worker.compact([new Uint8Array([9, 9, 9])])).toBe(null);
  expect(await worker.compact([])).toEqual(new Uint8Array([0, 0]));
});

it('[RL86] a closed worker rejects; a worker whose thread cannot start rejects with the reason', async () => {
  worker = createDocumentWorkerThread({ entry, execArgv: [] });
  await worker.close();
  await expect(worker.compact([])).rejects.toThrow('closed');
  worker = createDocumentWorkerThread({ entry: new URL('./no-such-file.js', import.meta.url) });
  await expect(worker.compact([])).rejects.toThrow();
  await expect(worker.compact([])).rejects.toThrow();
});

it('[RL86] the thread ends when it has been idle, with its memory, and the next request starts another', async () => {
  const made = createDocumentWorkerThread({ entry: answersItsNumber, idleMs: 100 });
  worker = made;
  const numberOfThread = async (): Promise<number | undefined> => (await made.compact([]))?.[0];
  const first = await numberOfThread();
  await expect.poll(numberOfThread, { interval: 200, timeout: 10_000 }).not.toBe(first);
});

it('[RL86] requests in turn and at once are answered by one thread', async () => {
  const made = createDocumentWorkerThread({ entry: answersItsNumber });
  worker = made;
  const answers = [await made.compact([]), ...(await Promise.all([made.compact([]), made.compact([])]))];
  expect(new Set(answers.map((answer) => answer?.[0])).size).toBe(1);
});

it('[RL86] a relay saves a document of 8 MB through the thread, and nothing is lost', async () => {
  worker = createDocumentWorkerThread({ entry, execArgv: [] });
  const store = createMemoryStore();
  const relay = await startRelay({ store, worker, limits: { checkpointRows: 10, checkpointPauseMs: 0, unloadDelayMs: 10 } });
  const ana = await joined(relay.url, 'board', 1);
  for (const update of rows(40, 200_000)) ana.send({ type: 'update', update });
  await until(() => ana.of('ack').at(-1)?.count === 40, 'acks');
  ana.close();
  await until(() => relay.relay.stats().rooms === 0, 'unload');
  await pause(20);
  expect((await store.load('board')).updates).toEqual([]);
  expect((await storedDoc(store, 'board')).getMap('m').size).toBe(40);
  await relay.close();
});
