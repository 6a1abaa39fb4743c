/** Relay processes whose files are in a bucket: killed in the middle of an upload, and again while it is put together. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findS3, startS3, type RunningS3 } from '@wetink/storage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleRelay, type BundledRelay } from '../testing/bundle.ts';
import { startRelayProcess, type RelayProcess } from '../testing/process.ts';

const MIB = 1024 * 1024;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const isThere = findS3() !== null;

describe.skipIf(!isThere)(isThere ? 'a bucket' : 'a bucket (not run: no S3-compatible server found, see scripts/s3.mjs)', () => {
  let server: RunningS3;
  let bundle: BundledRelay;
  let bucket = '';
  beforeAll(async () => {
    [server, bundle] = await Promise.all([startS3(), bundleRelay()]);
  });
  afterAll(() => Promise.all([server.stop(), bundle.dispose()]));
  beforeEach(async () => {
    bucket = `wetink-${randomBytes(6).toString('hex')}`;
    const authorization = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request';
    await fetch(`${server.endpoint}/${bucket}`, { method: 'PUT', headers: { authorization } });
  });

  function start(folder: string, endpoint = server.endpoint): Promise<RelayProcess> {
    return startRelayProcess(bundle.script, ['--data', join(folder, 'data'), '--port', '0', '--blobs', `s3://${bucket}/boards`], {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
      AWS_ENDPOINT_URL: endpoint,
    });
  }

  async function kill(relay: RelayProcess): Promise<void> {
    relay.child.kill('SIGKILL');
    await relay.ended;
  }

  const uploadOf = ({ origin }: RelayProcess, hash: string): string => `${origin}/v1/boards/board-one/uploads/${hash}`;

  async function held(relay: RelayProcess, hash: string): Promise<{ offset?: number; hash?: string }> {
    return (await (await fetch(uploadOf(relay, hash))).json()) as { offset?: number; hash?: string };
  }

  function part(relay: RelayProcess, file: Uint8Array, offset: number): Promise<Response> {
    return fetch(uploadOf(relay, hashOf(file)), {
      method: 'PATCH',
      headers: { 'upload-offset': String(offset), 'upload-length': String(file.length) },
      body: new Uint8Array(file.subarray(offset, offset + MIB)),
    });
  }

  it('[HT11] after kill -9 during a part and during the last one, an upload goes on with all that was acknowledged, and ends whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wetink-bucket-'));
    const file = randomBytes(10 * MIB + 123);
    const hash = hashOf(file);
    let relay = await start(folder);
    for (let offset = 0; offset < 4 * MIB; offset += MIB) expect((await part(relay, file, offset)).status).toBe(200);
    const cut = part(relay, file, 4 * MIB).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await kill(relay);
    await cut;

    relay = await start(folder);
    let { offset = 0 } = await held(relay, hash);
    expect([4 * MIB, 5 * MIB]).toContain(offset);
    for (; offset < 10 * MIB; offset += MIB) expect((await part(relay, file, offset)).status).toBe(200);
    await kill(relay);

    // The bucket's answers stop where the parts are being copied: the relay dies in the middle of that.
    const gate = await openGate(server.endpoint);
    relay = await start(folder, gate.endpoint);
    const last = part(relay, file, 10 * MIB).catch(() => null);
    await gate.copying;
    await kill(relay);
    await last;
    gate.close();

    relay = await start(folder);
    const state = await held(relay, hash);
    expect(state.offset).toBe(file.length);
    // All bytes are held: as the app does, the last byte is sent again, for an answer.
    const done = await part(relay, file, file.length - 1);
    expect([done.status, (await done.json()) as unknown]).toEqual([201, { hash }]);
    const got = await fetch(`${relay.origin}/v1/boards/board-one/blobs/${hash}`);
    expect(hashOf(new Uint8Array(await got.arrayBuffer()))).toBe(hash);
    const counted = (await (await fetch(`${relay.origin}/v1/boards/board-one/blobs`)).json()) as { boardBytes: number };
    expect(counted.boardBytes).toBeGreaterThanOrEqual(file.length);
    await kill(relay);
    await rm(folder, { recursive: true, force: true });
  });
});

/** Passes connections to the bucket, until the relay begins to put an object together from parts: then nothing passes. */
async function openGate(target: string): Promise<{ endpoint: string; copying: Promise<void>; close(): void }> {
  const { hostname, port } = new URL(target);
  let begun = (): void => undefined;
  let isShut = false;
  const copying = new Promise<void>((resolve) => (begun = resolve));
  const gate: Server = createServer((client) => {
    const bucket = connect(Number(port), hostname);
    for (const end of [client, bucket]) end.on('error', () => undefined); // the relay was killed
    client.on('data', (bytes) => {
      if (/^PUT \S*partNumber=1\S* /m.test(bytes.toString('latin1'))) {
        isShut = true;
        begun();
      }
      if (!isShut) bucket.write(bytes);
    });
    bucket.on('data', (bytes) => void (isShut || client.write(bytes)));
    client.on('close', () => bucket.destroy());
    bucket.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`, copying, close: () => void gate.close() };
}
