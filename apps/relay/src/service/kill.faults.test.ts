/**
 * kill -9 under load, repeated on one folder: afterwards the store has every acknowledged change, and no stored change
 * waits behind a missing one. WETINK_KILLS sets the number of cycles (20).
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bundleRelay, type BundledRelay } from '../testing/bundle.ts';
import { startRelayProcess } from '../testing/process.ts';
import { Writer } from '../testing/writer.ts';

const KILLS = Number(process.env['WETINK_KILLS'] ?? 20);
const ROOMS = 2;
const WRITERS = 4;
/** Unacknowledged messages that a writer keeps in flight. */
const WINDOW = 50;

let bundle: BundledRelay;
let folder: string;

beforeAll(async () => {
  bundle = await bundleRelay();
  folder = await mkdtemp(join(tmpdir(), 'wetink-kill-'));
});

afterAll(async () => {
  await bundle.dispose();
  await rm(folder, { recursive: true, force: true });
});

it(`[RL12] ${KILLS} kills lose nothing that was acknowledged`, { timeout: 60_000 + KILLS * 15_000 }, async () => {
  /** Acknowledged keys by room. */
  const acked = Array.from({ length: ROOMS }, () => new Set<string>());
  let sent = 0;
  for (let cycle = 0; cycle < KILLS; cycle++) {
    const relay = await startRelayProcess(bundle.script, ['--data', folder, '--port', '0', '--log-level', 'error']);
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, (_, i) => Writer.joinPatiently(relay.url, `room-${i % ROOMS}`, 1 + cycle * WRITERS + i)),
    );
    const keys = writers.map(() => [] as string[]);
    const writing = writers.map(async (writer, i) => {
      for (let n = 0; writer.closeCode === null; n++) {
        const key = `${cycle}-${i}-${n}`;
        keys[i]?.push(key);
        writer.edit((doc) => doc.getMap('m').set(key, n));
        // Each text update depends on the one before: a lost change would hide all later ones of this writer.
        if (n % 10 === 0) writer.edit((doc) => doc.getText(`t${cycle}-${i}`).insert(0, 'x'));
        if (writer.sent - writer.ackedCount >= WINDOW) await writer.acked(writer.sent - WINDOW / 2);
      }
    });
    await Promise.all(writers.map((writer) => writer.acked(20)));
    await new Promise((resolve) => setTimeout(resolve, 50 + ((cycle * 37) % 300)));
    relay.child.kill('SIGKILL');
    expect(await relay.ended).toBe('SIGKILL');
    await Promise.all(writing);
    for (const [i, writer] of writers.entries()) {
      sent += writer.sent;
      // Converts message counts to keys: every tenth edit is followed by a text edit.
      const room = acked[i % ROOMS];
      let message = 0;
      for (const [n, key] of (keys[i] ?? []).entries()) {
        message += 1;
        if (message > writer.ackedCount) break;
        room?.add(key);
        if (n % 10 === 0) message += 1;
      }
      writer.close();
    }
  }

  const store = await openLmdbStore({ folder });
  let ackedCount = 0;
  const lost: string[] = [];
  for (const [i, keys] of acked.entries()) {
    const stored = await store.load(`room-${i}`);
    expect(stored.quarantined).toBe(0);
    const doc = new Y.Doc();
    for (const update of [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...stored.updates]) Y.applyUpdate(doc, update);
    expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
    ackedCount += keys.size;
    for (const key of keys) if (!doc.getMap('m').has(key)) lost.push(key);
  }
  await store.close();
  console.log(`kill -9: ${KILLS} cycles, ${sent} changes sent, ${ackedCount} acknowledged keys checked, ${lost.length} lost`);
  expect(ackedCount).toBeGreaterThan(KILLS * WRITERS * 10);
  expect(lost).toEqual([]);
});
