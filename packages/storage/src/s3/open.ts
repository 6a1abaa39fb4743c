/** Opens the blobs of a bucket from an address and the usual AWS variables, and joins them with a store of documents. */

import type { BlobListing, Blobs } from '../blobs.ts';
import { StoreError } from '../errors.ts';
import type { Store } from '../port.ts';
import { createS3Blobs, type S3Blobs } from './blobs.ts';
import { createBucket } from './bucket.ts';

export interface S3Options {
  /** `s3://BUCKET` or `s3://BUCKET/PREFIX`. */
  address: string;
  /** AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3 and their kin. */
  environment: Readonly<Record<string, string | undefined>>;
}

const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9._/-]*))?$/;
const DEFAULT_REGION = 'us-east-1';

/** @throws {StoreError} `INVALID` for the address or missing keys, `UNREACHABLE`, `NOT_WRITABLE` when the bucket refuses. */
export async function openS3Blobs({ address, environment }: S3Options): Promise<S3Blobs> {
  const [, bucketName, path = ''] = ADDRESS.exec(address) ?? [];
  // The address of a request would lose such a part, and its signature would be wrong.
  if (bucketName === undefined || path.split('/').some((part) => part === '.' || part === '..'))
    throw new StoreError('INVALID', `${address} is no address of a bucket: it must look like s3://bucket/prefix.`);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  if (!accessKeyId || !secretAccessKey)
    throw new StoreError('INVALID', `${address} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.`);
  const bucket = createBucket({
    bucket: bucketName,
    prefix: path === '' ? '' : `${path.replace(/\/+$/, '')}/`,
    endpoint: environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || null,
    region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || DEFAULT_REGION,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
  });
  await bucket.list({ prefix: 'blobs/', limit: 1 });
  return createS3Blobs(bucket);
}

/** The store with its blobs elsewhere. Blobs that it already has stay readable, are listed, and can be removed. */
export function withBlobs<S extends Store>(store: S, blobs: S3Blobs): S {
  const calls: Blobs = {
    ...blobs,
    getBlob: async (hash) => (await blobs.getBlob(hash)) ?? store.getBlob(hash),
    sizeOfBlob: async (hash) => (await blobs.sizeOfBlob(hash)) ?? store.sizeOfBlob(hash),
    readBlob: async (hash, start, end) => (await blobs.readBlob(hash, start, end)) ?? store.readBlob(hash, start, end),
    async listBlobs(query) {
      const listed = (await Promise.all([blobs.listBlobs(query), store.listBlobs(query)])).flat();
      return firstHashes(listed, query.limit);
    },
    async removeBlobs(listed) {
      const removed = [...(await blobs.removeBlobs(listed)), ...(await store.removeBlobs(listed))];
      return [...new Set(removed)];
    },
  };
  return {
    ...store,
    ...calls,
    async close() {
      await Promise.all([blobs.close(), store.close()]);
    },
  };
}

function firstHashes(listed: readonly BlobListing[], limit: number): BlobListing[] {
  const hashes = new Set([...new Set(listed.map(({ hash }) => hash))].sort().slice(0, limit));
  return listed.filter(({ hash }) => hashes.has(hash)).sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
}
