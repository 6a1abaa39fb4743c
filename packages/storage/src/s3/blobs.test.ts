/** Blobs in a bucket, over a bucket in memory. */

import { expect, it } from 'vitest';
import { createS3Blobs } from './blobs.ts';
import type { Bucket } from './bucket.ts';

/** The requests that uploads need. */
function memoryBucket(objects: Map<string, Uint8Array>): Bucket {
  const unexpected = (): Promise<never> => Promise.reject(new Error('an upload makes no such request'));
  return {
    put: (key, bytes) => Promise.resolve(objects.set(key, bytes).has(key)),
    get: (key, start, end) => Promise.resolve(objects.get(key)?.subarray(start, end) ?? null),
    remove: (key) => Promise.resolve(void objects.delete(key)),
    list: ({ prefix, after = '', limit = 1_000 }) =>
      Promise.resolve(
        [...objects]
          .filter(([key]) => key.startsWith(prefix) && key > after)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, limit)
          .map(([key, bytes]) => ({ key, bytes: bytes.length, updatedAt: 0 })),
      ),
    beginParts: unexpected,
    putPart: unexpected,
    endParts: unexpected,
    abortParts: unexpected,
    begun: () => Promise.resolve([]),
  };
}

it('[BK1] dropping an upload removes its parts behind a gap, too, and nothing of another upload', async () => {
  const [upload, other] = ['a'.repeat(64), 'b'.repeat(64)];
  const objects = new Map<string, Uint8Array>();
  const blobs = createS3Blobs(memoryBucket(objects));
  for (const name of [upload, other]) for (const offset of [0, 10, 20]) await blobs.writeUpload(name, offset, new Uint8Array(10));
  objects.delete(`uploads/${upload}/000000000010`);
  await blobs.dropUpload(upload);
  expect([...objects.keys()].filter((key) => !key.startsWith(`uploads/${other}/`))).toEqual([]);
  expect(await blobs.uploadedBytes(other)).toBe(30);
});
