/**
 * The few requests of S3 that blobs need, to any compatible server, signed by aws4fetch. Keys are below one prefix. Errors
 * become StoreErrors, which name the server and never a credential.
 */

import { AwsClient } from 'aws4fetch';
import { StoreError } from '../errors.ts';

export interface BucketOptions {
  bucket: string;
  /** '' or a path that ends in '/'. */
  prefix: string;
  /** Address of the server, without the bucket; null: Amazon's. */
  endpoint: string | null;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Limit of one request with its whole answer and its repetitions; 30,000 unless given. */
  timeoutMs?: number;
}

export interface ListedObject {
  key: string;
  bytes: number;
  /** ms since 1970. */
  updatedAt: number;
}

export interface ListQuery {
  prefix: string;
  /** A key to start behind. */
  after?: string;
  /** At most 1,000. */
  limit?: number;
}

export interface Bucket {
  /** @returns False when there is an object already and `isNew` was asked for. */
  put(key: string, bytes: Uint8Array, condition?: { isNew: boolean }): Promise<boolean>;
  /** Bytes `start` to `end` (exclusive); null when there is no such object. */
  get(key: string, start: number, end: number): Promise<Uint8Array | null>;
  remove(key: string): Promise<void>;
  /** Objects in the byte order of their keys. */
  list(query: ListQuery): Promise<ListedObject[]>;
  beginParts(key: string): Promise<string>;
  /** @param number From 1. @returns Its tag. */
  putPart(key: string, upload: string, number: number, bytes: Uint8Array): Promise<string>;
  endParts(key: string, upload: string, tags: readonly string[]): Promise<void>;
  abortParts(key: string, upload: string): Promise<void>;
  /** Objects whose parts were begun and neither ended nor aborted. */
  begun(prefix: string): Promise<{ key: string; upload: string }[]>;
}

const TIMEOUT_MS = 30_000;
const RETRIES = 3;
/** S3 lists no more at once. */
const MAX_LISTED = 1_000;

interface Requests {
  prefix: string;
  where: string;
  /** @param key '' for the bucket itself. @throws {StoreError} `UNREACHABLE`, also when the answer breaks off. */
  ask(
    method: string,
    key: string,
    more?: { query?: Record<string, string>; headers?: Record<string, string>; body?: Uint8Array | string },
  ): Promise<Answer>;
  /** @throws {StoreError} Unless the answer has one of these statuses. */
  expecting(statuses: readonly number[], answer: Answer): Answer;
}

/** A whole answer: none of its bytes are still on their way. */
interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  text(): string;
}

type MultipartCalls = Pick<Bucket, 'beginParts' | 'putPart' | 'endParts' | 'abortParts' | 'begun'>;

export function createBucket(options: BucketOptions): Bucket {
  const { bucket, prefix, endpoint, region, timeoutMs = TIMEOUT_MS } = options;
  const { accessKeyId, secretAccessKey, sessionToken } = options;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    region,
    service: 's3',
    retries: RETRIES,
  });
  const root = endpoint === null ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint.replace(/\/$/, '')}/${bucket}`;
  const where = `The bucket "${bucket}" at ${new URL(root).host}`;

  const ask: Requests['ask'] = async (method, key, more = {}) => {
    const url = new URL(`${root}/${key === '' ? '' : encodeURI(prefix + key)}`);
    for (const [name, value] of Object.entries(more.query ?? {})) url.searchParams.set(name, value);
    try {
      const answer = await client.fetch(url, {
        method,
        ...(more.headers === undefined ? {} : { headers: more.headers }),
        ...(more.body === undefined ? {} : { body: more.body as Uint8Array<ArrayBuffer> | string }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return { status: answer.status, headers: answer.headers, bytes, text: () => new TextDecoder().decode(bytes) };
    } catch (error) {
      throw new StoreError('UNREACHABLE', `${where} does not answer. What is stored is kept; the same call can succeed later.`, {
        cause: error,
      });
    }
  };
  const expecting: Requests['expecting'] = (statuses, answer) => {
    if (statuses.includes(answer.status)) return answer;
    throw failureOf(where, answer.status, answer.text());
  };

  return {
    async put(key, bytes, { isNew } = { isNew: false }) {
      const headers = isNew ? { headers: { 'If-None-Match': '*' } } : {};
      // 409: another conditional write of this key is under way.
      const { status } = expecting([200, ...(isNew ? [409, 412] : [])], await ask('PUT', key, { ...headers, body: bytes }));
      return status === 200;
    },

    async get(key, start, end) {
      if (start >= end) return new Uint8Array(0);
      const asked = await ask('GET', key, { headers: { Range: `bytes=${start}-${end - 1}` } });
      const { status, bytes } = expecting([200, 206, 404, 416], asked);
      if (status === 404) return null;
      if (status === 416) return new Uint8Array(0);
      return status === 206 ? bytes : bytes.subarray(start, end);
    },

    async remove(key) {
      expecting([200, 204, 404], await ask('DELETE', key));
    },

    async list({ prefix: ofPrefix, after, limit = MAX_LISTED }) {
      const found: ListedObject[] = [];
      // A server may return fewer than were asked for; only the end of the listing says that there are no more.
      for (let token = ''; ;) {
        const asked: Record<string, string> = { 'list-type': '2', prefix: prefix + ofPrefix, 'max-keys': String(limit - found.length) };
        if (token !== '') asked['continuation-token'] = token;
        else if (after !== undefined) asked['start-after'] = prefix + after;
        const text = expecting([200], await ask('GET', '', { query: asked })).text();
        found.push(...objectsIn(text, prefix));
        token = valueOf(text, 'IsTruncated') === 'true' ? unescaped(valueOf(text, 'NextContinuationToken')) : '';
        if (token === '' || found.length >= limit) return found;
      }
    },

    ...multipartCalls({ prefix, where, ask, expecting }),
  };
}

function multipartCalls({ prefix, where, ask, expecting }: Requests): MultipartCalls {
  return {
    async beginParts(key) {
      return valueOf(expecting([200], await ask('POST', key, { query: { uploads: '' } })).text(), 'UploadId');
    },

    async putPart(key, upload, number, bytes) {
      const query = { partNumber: String(number), uploadId: upload };
      return expecting([200], await ask('PUT', key, { query, body: bytes })).headers.get('etag') ?? '';
    },

    async endParts(key, upload, tags) {
      const parts = tags.map((tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`).join('');
      const body = `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`;
      const answer = expecting([200], await ask('POST', key, { query: { uploadId: upload }, body }));
      // S3 answers 200 before it begins, and may fail then.
      const text = answer.text();
      if (text.includes('<Error>')) throw failureOf(where, 500, text);
    },

    async abortParts(key, upload) {
      expecting([200, 204, 404], await ask('DELETE', key, { query: { uploadId: upload } }));
    },

    async begun(ofPrefix) {
      const found: { key: string; upload: string }[] = [];
      for (let markers: Record<string, string> = {}; ;) {
        const text = expecting([200], await ask('GET', '', { query: { uploads: '', prefix: prefix + ofPrefix, ...markers } })).text();
        for (const upload of partsOf(text, 'Upload')) {
          const key = valueOf(upload, 'Key').slice(prefix.length);
          if (key.startsWith(ofPrefix)) found.push({ key, upload: valueOf(upload, 'UploadId') });
        }
        const next = { 'key-marker': unescaped(valueOf(text, 'NextKeyMarker')), 'upload-id-marker': valueOf(text, 'NextUploadIdMarker') };
        // A server that names no other place to go on from would be asked for the same page for ever.
        const isNew = next['key-marker'] !== '' && JSON.stringify(next) !== JSON.stringify(markers);
        if (valueOf(text, 'IsTruncated') !== 'true' || !isNew) return found;
        markers = next;
      }
    },
  };
}

function failureOf(where: string, status: number, text: string): StoreError {
  const code = valueOf(text, 'Code') || String(status);
  if (/Quota|StorageFull|InsufficientStorage|^507$/.test(code))
    return new StoreError('FULL', `${where} has no space left (${code}). What is stored is kept.`);
  if (status >= 500 || status === 429 || code === 'SlowDown')
    return new StoreError(
      'UNREACHABLE',
      `${where} cannot serve this now (${code}). What is stored is kept; the same call can succeed later.`,
    );
  return new StoreError(
    'NOT_WRITABLE',
    `${where} refused a request (${code}): check its name, the region, and the rights of the access key.`,
  );
}

function objectsIn(listing: string, prefix: string): ListedObject[] {
  return partsOf(listing, 'Contents').map((object) => ({
    key: valueOf(object, 'Key').slice(prefix.length),
    bytes: Number(valueOf(object, 'Size')),
    updatedAt: Date.parse(valueOf(object, 'LastModified')),
  }));
}

/** A token is the server's own text, so it may have escapes, unlike keys. */
function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => characters[name] ?? whole);
}

/** Content of each element of this name. Enough for S3's flat answers, whose keys here need no escapes. */
function partsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content = '']) => content);
}

function valueOf(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}
