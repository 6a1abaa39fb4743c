/** A bucket's server that lists in short pages, or stalls in the middle of an answer. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createBucket, type Bucket } from './bucket.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function bucketOf(answer: RequestListener, timeoutMs = 10_000): Promise<Bucket> {
  const own = (server = createServer(answer));
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
  const keys = { accessKeyId: 'test', secretAccessKey: 'test-secret' };
  return createBucket({ bucket: 'boards', prefix: 'p/', endpoint, region: 'us-east-1', ...keys, timeoutMs });
}

/** Lists keys in pages of at most two, as a server may, and notes what it was asked. */
function listingOf(keys: readonly string[], asked: URLSearchParams[]): RequestListener {
  return (request, response) => {
    const query = new URL(request.url ?? '', 'http://bucket').searchParams;
    asked.push(query);
    const token = query.get('continuation-token');
    const from = token === null ? keys.findIndex((key) => key > (query.get('start-after') ?? '')) : Number(token.split('&<')[1]);
    const end = from + Math.min(2, Number(query.get('max-keys')));
    const contents = keys
      .slice(from, end)
      .map((key) => `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`);
    const next = end < keys.length ? `<NextContinuationToken>at&amp;&lt;${end}</NextContinuationToken>` : '';
    response.end(`<ListBucketResult><IsTruncated>${end < keys.length}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`);
  };
}

it('[BK1] a listing in short pages is read to its end, or to the limit', async () => {
  const names = ['blobs/a', 'blobs/b', 'blobs/c', 'blobs/d', 'blobs/e'];
  const asked: URLSearchParams[] = [];
  const bucket = await bucketOf(
    listingOf(
      names.map((name) => `p/${name}`),
      asked,
    ),
  );
  expect((await bucket.list({ prefix: 'blobs/' })).map(({ key }) => key)).toEqual(names);
  expect((await bucket.list({ prefix: 'blobs/', after: 'blobs/a', limit: 3 })).map(({ key }) => key)).toEqual(names.slice(1, 4));
  expect(asked.map((query) => [query.get('max-keys'), query.get('start-after'), query.get('continuation-token')])).toEqual([
    ['1000', null, null],
    ['998', null, 'at&<2'],
    ['996', null, 'at&<4'],
    ['3', 'p/blobs/a', null],
    ['1', null, 'at&<3'],
  ]);
});

it('[BK1] puts that were cut off are listed from all pages of the server', async () => {
  const begun = ['a', 'b', 'b', 'c', 'd'].map((name, i) => ({ key: `p/blobs/${name}`, upload: `id${i}` }));
  const asked: [string | null, string | null][] = [];
  const bucket = await bucketOf((request, response) => {
    const query = new URL(request.url ?? '', 'http://bucket').searchParams;
    const [key, upload] = [query.get('key-marker'), query.get('upload-id-marker')];
    asked.push([key, upload]);
    const from = begun.findIndex((one) => one.key === key && one.upload === upload) + 1;
    const page = begun.slice(from, from + 2);
    const last = page.at(-1);
    const uploads = page.map((one) => `<Upload><Key>${one.key}</Key><UploadId>${one.upload}</UploadId></Upload>`).join('');
    const next = `<NextKeyMarker>${last?.key ?? ''}</NextKeyMarker><NextUploadIdMarker>${last?.upload ?? ''}</NextUploadIdMarker>`;
    response.end(
      `<ListMultipartUploadsResult><IsTruncated>${from + 2 < begun.length}</IsTruncated>${next}${uploads}</ListMultipartUploadsResult>`,
    );
  });
  expect((await bucket.begun('blobs/')).map(({ key, upload }) => `${key} ${upload}`)).toEqual(
    begun.map(({ key, upload }) => `${key.slice(2)} ${upload}`),
  );
  expect(asked).toEqual([
    [null, null],
    ['p/blobs/b', 'id1'],
    ['p/blobs/c', 'id3'],
  ]);
});

it('[BK1] a server that says there is more, and not where, does not keep a listing of cut-off puts going for ever', async () => {
  const bucket = await bucketOf((_, response) => {
    response.end('<ListMultipartUploadsResult><IsTruncated>true</IsTruncated></ListMultipartUploadsResult>');
  });
  expect(await bucket.begun('blobs/')).toEqual([]);
});

it('[BK3] an answer that stalls after its headers, or breaks off, is UNREACHABLE for every request', async () => {
  const stalled = await bucketOf((_, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('<ListBucketResult>');
  }, 200);
  const unreachable = { name: 'StoreError', code: 'UNREACHABLE', message: expect.stringContaining('does not answer') };
  await expect(stalled.list({ prefix: 'blobs/' })).rejects.toMatchObject(unreachable);
  await expect(stalled.get('blobs/a', 0, 10)).rejects.toMatchObject(unreachable);
  await expect(stalled.put('blobs/a', new Uint8Array(1))).rejects.toMatchObject(unreachable);
  server?.closeAllConnections();
  server?.close();
  const broken = await bucketOf((_, response) => {
    response.writeHead(403, { 'Content-Length': 100 });
    response.write('<Error>', () => response.destroy());
  });
  await expect(broken.get('blobs/a', 0, 10)).rejects.toMatchObject(unreachable);
});
