/** Blobs in a bucket of an S3-compatible server: the contract, two processes, and parts that are left or missing. */

import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryDisk, createMemoryStore } from '../memory.ts';
import type { Store } from '../port.ts';
import { openS3Blobs, withBlobs } from '../s3.ts';
import { findS3, startS3, type RunningS3 } from '../testing/start-s3.ts';
import { storageContract } from '../testing/storage-contract.ts';
import { createBucket, type Bucket } from './bucket.ts';

const MIB = 1024 * 1024;
const keys = { accessKeyId: 'test', secretAccessKey: 'test-secret' };
const hashOf = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex');
const isThere = findS3() !== null;

describe.skipIf(!isThere)(isThere ? 'S3' : 'S3 (not run: no S3-compatible server found, see scripts/s3.mjs)', () => {
  let server: RunningS3;
  let name = '';
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = await startS3();
    environment = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_ENDPOINT_URL: server.endpoint };
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    name = `wetink-${randomBytes(6).toString('hex')}`;
    await fetch(`${server.endpoint}/${name}`, {
      method: 'PUT',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request' },
    });
  });

  const open = () => openS3Blobs({ address: `s3://${name}/boards`, environment });
  const bucket = (): Bucket => createBucket({ bucket: name, prefix: 'boards/', endpoint: server.endpoint, region: 'us-east-1', ...keys });

  storageContract('documents in memory, blobs in S3', async () => {
    const disk = createMemoryDisk();
    let writers = 0;
    const reopen = async (): Promise<Store> => withBlobs(createMemoryStore({ disk, writer: `w${(writers += 1)}` }), await open());
    return { store: await reopen(), reopen, cleanup: () => Promise.resolve() };
  });

  it('[BK1] a blob larger than one part is copied in several, and a copy that was cut off is listed as not whole and can be removed', async () => {
    const blobs = await open();
    const blob = randomBytes(9 * MIB + 5);
    const [hash, upload] = [hashOf(blob), 'a'.repeat(64)];
    for (let at = 0; at < blob.length; at += 4 * MIB) await blobs.writeUpload(upload, at, blob.subarray(at, at + 4 * MIB));
    expect(await blobs.finishUpload(upload, hash)).toBe(true);
    expect(Buffer.compare((await blobs.readBlob(hash, 8 * MIB - 3, 8 * MIB + 3))!, blob.subarray(8 * MIB - 3, 8 * MIB + 3))).toBe(0);
    const key = `blobs/${hash}/${'0'.repeat(18)}`;
    await bucket().putPart(key, await bucket().beginParts(key), 1, blob.subarray(0, 100));
    const left = (await blobs.listBlobs({ limit: 10 })).filter(({ isWhole }) => !isWhole);
    expect(left).toMatchObject([{ hash, version: '0'.repeat(18) }]);
    expect(await blobs.removeBlobs(left)).toEqual([hash]);
    expect([await bucket().begun('blobs/'), await blobs.finishUpload(upload, hashOf(randomBytes(1)))]).toEqual([[], false]);
    expect([(await blobs.listBlobs({ limit: 10 })).length, await bucket().begun('blobs/')]).toEqual([1, []]);
    expect(Buffer.compare((await blobs.getBlob(hash))!, blob)).toBe(0);
  });

  it('[BK1] an upload that lacks a part ends before it, and goes on from there', async () => {
    const blobs = await open();
    const [blob, upload] = [randomBytes(3_000), 'b'.repeat(64)];
    for (let at = 0; at < 3_000; at += 1_000) await blobs.writeUpload(upload, at, blob.subarray(at, at + 1_000));
    await bucket().remove(`uploads/${upload}/000000001000`);
    expect([await blobs.uploadedBytes(upload), await blobs.finishUpload(upload, hashOf(blob))]).toEqual([1_000, false]);
    await blobs.writeUpload(upload, 1_000, blob.subarray(1_000, 2_000));
    expect(await blobs.finishUpload(upload, hashOf(blob))).toBe(true);
  });

  it('[BK2] blobs that the store had before its blobs were in a bucket stay readable, are listed, and can be removed', async () => {
    const store = createMemoryStore();
    const old = randomBytes(1_000);
    await store.putBlob(hashOf(old), old);
    const both = withBlobs(store, await open());
    const added = randomBytes(1_000);
    await both.putBlob(hashOf(added), added);
    expect([
      await both.sizeOfBlob(hashOf(old)),
      (await both.readBlob(hashOf(old), 0, 10))?.length,
      (await both.getBlob(hashOf(old)))?.length,
    ]).toEqual([1_000, 10, 1_000]);
    expect(await store.getBlob(hashOf(added))).toBeNull();
    expect((await both.listBlobs({ limit: 1 })).map(({ hash }) => hash)).toEqual([[hashOf(old), hashOf(added)].sort()[0]]);
    const listed = await both.listBlobs({ limit: 10 });
    expect((await both.removeBlobs(listed)).sort()).toEqual([hashOf(old), hashOf(added)].sort());
    expect(await both.listBlobs({ limit: 10 })).toEqual([]);
  });

  it('[BK3] a bucket that does not exist, a server that does not answer, missing keys and a malformed address are errors that name no secret', async () => {
    const failing = (address: string, more: Record<string, string | undefined>): Promise<unknown> =>
      openS3Blobs({ address, environment: { ...environment, ...more } }).then(
        () => null,
        (error: unknown) => error,
      );
    expect(await failing('s3://no-such-bucket-here', {})).toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining('NoSuchBucket'),
    });
    expect(await failing(`s3://${name}`, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })).toMatchObject({ code: 'UNREACHABLE' });
    expect(await failing(`s3://${name}`, { AWS_SECRET_ACCESS_KEY: undefined })).toMatchObject({ code: 'INVALID' });
    for (const address of ['s3://', 's3://A_B', 'https://x', `s3://${name}/a b`])
      expect(await failing(address, {})).toMatchObject({ code: 'INVALID' });
    for (const more of [{}, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }])
      expect(String(await failing('s3://no-such-bucket-here', more))).not.toContain('test-secret');
  });
});
