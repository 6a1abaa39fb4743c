/** The thread of `createBlobUsesThread`: one request after the other. */

import { parentPort } from 'node:worker_threads';
import { blobsUsed } from '@wetink/board';
import { inlineDocumentWorker } from '@wetink/relay';
import * as Y from 'yjs';
import type { UsesAnswer, UsesRequest } from './blob-uses-thread.ts';

const documents = inlineDocumentWorker();

parentPort?.on('message', ({ id, updates, hashes }: UsesRequest) => {
  void answerTo(updates, hashes).then(
    (until) => send({ id, until, failure: null }),
    (error: unknown) => send({ id, until: null, failure: String(error) }),
  );
});

function send(answer: UsesAnswer): void {
  parentPort?.postMessage(answer);
}

/** @returns Null when the document has a hole: the missing part may be the one that needs them. */
async function answerTo(updates: Uint8Array[], hashes: readonly string[]): Promise<UsesAnswer['until']> {
  const state = await documents.compact(updates);
  if (state === null) return null;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  return [...blobsUsed(doc, hashes)];
}
