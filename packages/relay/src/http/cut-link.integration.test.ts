/** An upload over a link that keeps breaking: bytes that were acknowledged are never sent twice. */

import { createHash, randomBytes } from 'node:crypto';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiService } from '../testing/api-service.ts';

const MIB = 1024 * 1024;
/** 105 takes the limit of a file, with the same result. */
const FILE_MIB = Number(process.env['WETINK_CUT_LINK_MIB'] ?? 24);
const CUTS = 20;

let service: ApiService;

beforeEach(() => (service = new ApiService()));
afterEach(() => service.dispose());

/** Passes bytes to the relay, and cuts all connections each time it has passed `cutEvery` bytes, `CUTS` times at most. */
async function cuttingLink(
  to: number,
  cutEvery: number,
): Promise<{ origin: string; cuts(): number; passed(): number; close(): Promise<void> }> {
  let passed = 0;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const link = createServer((socket) => {
    const relay = connect(to, '127.0.0.1');
    for (const end of [socket, relay]) {
      sockets.add(end);
      end.on('error', () => undefined); // cut
      end.on('close', () => sockets.delete(end));
    }
    relay.pipe(socket);
    socket.on('data', (bytes) => {
      passed += bytes.length;
      relay.write(bytes);
      if (cuts === CUTS || passed < (cuts + 1) * cutEvery) return;
      cuts += 1;
      for (const one of sockets) one.destroy();
    });
    socket.on('end', () => relay.end());
  });
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(link.address() as AddressInfo).port}`,
    cuts: () => cuts,
    passed: () => passed,
    async close() {
      for (const one of sockets) one.destroy();
      await new Promise((resolve) => link.close(resolve));
    },
  };
}

it(`[HT11] a file of ${FILE_MIB} MiB over a link that is cut ${CUTS} times arrives whole, and a cut costs at most the part that was under way`, async () => {
  await service.start();
  const { token } = await service.guest('Ana');
  const board = await service.board(token);
  const file = randomBytes(Math.min(FILE_MIB * MIB, 100 * MIB));
  const hash = createHash('sha256').update(file).digest('hex');
  const link = await cuttingLink(Number(new URL(service.origin).port), Math.floor(file.length / (CUTS + 1)) + 1);
  const path = `/v1/boards/${board}/uploads/${hash}`;
  const headers = { authorization: `Bearer ${token}` };
  let offset = 0;
  for (let isWhole = false; !isWhole;) {
    const part = file.subarray(offset, offset + MIB);
    try {
      const answer = await fetch(`${link.origin}${path}`, {
        method: 'PATCH',
        headers: { ...headers, 'upload-offset': String(offset), 'upload-length': String(file.length) },
        body: new Uint8Array(part),
      });
      const given = (await answer.json()) as { offset?: number; hash?: string };
      isWhole = given.hash === hash;
      offset = given.offset ?? offset;
    } catch {
      // The link was cut: ask the relay, past the link, how far the upload is.
      const held = (await (await fetch(`${service.origin}${path}`, { headers })).json()) as { offset?: number; hash?: string };
      isWhole = held.hash === hash;
      offset = held.offset ?? offset;
    }
  }
  await link.close();
  const again = link.passed() - file.length;
  console.log(`${file.length} bytes over a link cut ${link.cuts()} times: ${again} bytes sent twice, heads of requests included`);
  expect(link.cuts()).toBe(CUTS);
  // A part for each cut, and the heads of all requests.
  expect(again).toBeLessThanOrEqual((CUTS + 1) * MIB);
  const got = await fetch(`${service.origin}/v1/boards/${board}/blobs/${hash}`, { headers });
  expect(
    createHash('sha256')
      .update(Buffer.from(await got.arrayBuffer()))
      .digest('hex'),
  ).toBe(hash);
});
