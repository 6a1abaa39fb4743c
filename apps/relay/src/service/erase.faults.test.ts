/** A relay is killed while it erases a board with pictures; the next relay's sweep removes what is left. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '@wetink/relay';
import { createBoardBlobs, createBoardSweep, LEFT_ALONE_MS } from '@wetink/relay/access';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleRelay, type BundledRelay } from '../testing/bundle.ts';
import { startRelayProcess } from '../testing/process.ts';

const TOKEN = 'operators-only-0123456789';
const PICTURES = 12;
/** Times after the erase request was sent. The last one is longer than erasing takes. */
const KILL_AFTER_MS = [0, 3, 6, 12, 25, 2_000];

let bundle: BundledRelay;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A GIF of one pixel with a comment of random bytes. */
function picture(): Buffer {
  const gif = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');
  const comment = Buffer.concat([Buffer.from([0x21, 0xfe, 0xff]), randomBytes(255), Buffer.from([0])]);
  return Buffer.concat([gif.subarray(0, 19), comment, gif.subarray(19)]);
}

it('T10: after kill -9 during an erasure, a sweep removes the rest of its pictures and no picture of another board', async () => {
  let unfinished = 0;
  for (const killAfterMs of KILL_AFTER_MS) {
    const data = await mkdtemp(join(tmpdir(), 'wetink-erase-'));
    const relay = await startRelayProcess(bundle.script, ['--data', data, '--port', '0'], { WETINK_ADMIN_TOKEN: TOKEN });
    const put = async (board: string, bytes: Buffer): Promise<void> => {
      const { status } = await fetch(`${relay.origin}/v1/boards/${board}/blobs/${hashOf(bytes)}`, {
        method: 'PUT',
        body: new Uint8Array(bytes),
      });
      expect(status).toBe(201);
    };
    const own = Array.from({ length: PICTURES }, picture);
    const shared = Array.from({ length: PICTURES }, picture);
    for (const bytes of [...own, ...shared]) await put('board-one', bytes);
    for (const bytes of shared) await put('board-two', bytes);
    const asked = fetch(`${relay.origin}/v1/rooms/board-one`, { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } }).catch(
      () => null,
    );
    await new Promise((resolve) => setTimeout(resolve, killAfterMs));
    relay.child.kill('SIGKILL');
    await relay.ended;
    await asked;

    const store = await openLmdbStore({ folder: data });
    const blobs = createBoardBlobs({ store, limits: defaultLimits, wallClock: Date.now });
    let nowMs = 0;
    const sweep = createBoardSweep({
      store,
      blobs,
      forget: (board) => blobs.forget(board),
      onError: (error) => {
        throw error;
      },
      now: () => nowMs,
    });
    const isErased = (await store.load('board-one')).isErased;
    const left =
      (await store.listBlobs({ limit: 1_000 })).length + (await store.records.list({ prefix: 'blob/board-one', limit: 1_000 })).length;
    if (isErased && left > PICTURES) unfinished += 1;
    for (let i = 0; i < 3; i++) {
      await sweep.run();
      nowMs += LEFT_ALONE_MS;
    }
    for (const bytes of shared) expect((await blobs.get('board-two', hashOf(bytes)))?.bytes.length).toBe(bytes.length);
    if (!isErased) for (const bytes of own) expect((await blobs.get('board-one', hashOf(bytes)))?.bytes.length).toBe(bytes.length);
    else {
      expect((await store.listBlobs({ limit: 1_000 })).map(({ hash }) => hash)).toEqual(shared.map(hashOf).sort());
      expect((await store.records.list({ prefix: '', limit: 1_000 })).filter(({ key }) => key.includes('board-one'))).toEqual([]);
    }
    await store.close();
    if (isErased)
      for (const name of (await readdir(data, { recursive: true })).filter((one) => /\.mdb$|^blobs\/.+\./.test(one))) {
        const file = await readFile(join(data, name));
        expect(own.filter((bytes) => file.includes(bytes.subarray(30, 130)))).toEqual([]);
      }
    await rm(data, { recursive: true, force: true });
  }
  console.log(`killed ${KILL_AFTER_MS.length} times, ${unfinished} of them with leftovers`);
});
