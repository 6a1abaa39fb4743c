/** How much of a blob an answer has in memory. */

import { expect, it } from 'vitest';
import { FILE_TYPE } from '../access/picture-records.ts';
import { blobRoutes, type BlobRoutePorts } from './blob-routes.ts';
import type { Answer, Call } from './routes.ts';

const MIB = 1024 * 1024;
const hash = 'a'.repeat(64);

/** @param size Bytes of the blob. */
async function answerFor(size: number): Promise<Answer> {
  const never = (): never => {
    throw new Error('a download needs no such call');
  };
  const blobs = {
    open: () => Promise.resolve({ type: FILE_TYPE, size, read: never }),
    get: () => Promise.resolve({ type: FILE_TYPE, bytes: new Uint8Array(size) }),
  };
  const entry = {
    enter: () => Promise.resolve({ room: 'room-name', hash, userId: 'ana', mayEdit: true }),
    enterToPut: never,
    receive: never,
  };
  const limits = { maxBlobBytes: MIB, maxFileBytes: MIB, maxBoardBlobBytes: MIB, maxUserBlobBytes: MIB };
  const routes = blobRoutes({ blobs: blobs as unknown as BlobRoutePorts['blobs'], entry, limits });
  const get = routes.find(({ pattern }) => pattern === '/v1/boards/:/blobs/:')?.methods['GET'];
  return get!({ query: new URLSearchParams(), request: { method: 'GET', headers: {} } } as unknown as Call);
}

it.each([
  [MIB, 'bytes'],
  [MIB + 1, 'pieces'],
])('[HT12] a blob of %i bytes is answered as %s: a larger one is read while it is sent', async (size, kind) => {
  expect(kind in (await answerFor(size))).toBe(true);
});
