/** Bytes that are sent as they are read: only a failure of the store is a failure, not a client that goes away. */

import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { sendPieces } from './answers.ts';

/** A response, as far as `sendPieces` writes to it. */
function openResponse(): { stream: PassThrough; response: ServerResponse } {
  const stream = new PassThrough();
  return { stream, response: stream as unknown as ServerResponse };
}

it('[HT12] a client that goes away while the store reads for it is no failure, even if the read then fails', async () => {
  const { stream, response } = openResponse();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    stream.destroy();
    throw new Error('the read was cut off');
  }
  await expect(sendPieces(response, pieces())).resolves.toBeUndefined();
});

it('[HT12] a read that fails while the client waits is a failure, and cuts the connection', async () => {
  const { stream, response } = openResponse();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    throw new Error('the blob is damaged');
  }
  await expect(sendPieces(response, pieces())).rejects.toThrow('the blob is damaged');
  expect(stream.destroyed).toBe(true);
});
