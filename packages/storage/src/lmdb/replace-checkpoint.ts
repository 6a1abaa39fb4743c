/**
 * Replaces one checkpoint by another: writes it beside the present one, reads it back, and makes it the newest only
 * when the bytes are the same. Deletes nothing; `sweep` deletes what the room's head no longer names.
 */

import { erasedError } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { RowNumber } from './row-number.ts';
import { chunkCount, readChunks, readSnapshot, writeChunks } from './chunked.ts';
import type { Environment } from './environment.ts';
import { generationPrefix, intentKey, roomPrefix } from './keys.ts';
import { readHead, type Generation } from './records.ts';
import { findDead, newestIntact, rowBytesBetween } from './room.ts';

/** Deletions in one commit: some ten milliseconds. */
const DEAD_PER_COMMIT = 2_000;

/** @throws {StoreError} `ERASED`, `CORRUPT`, and the errors of a write. The caller sweeps even after an error. */
export async function replaceCheckpoint(
  environment: Environment,
  name: Buffer,
  state: Uint8Array,
  covers: RowNumber,
  now: () => number,
): Promise<void> {
  const next = await stageGeneration(environment, name, state, covers);
  const prefix = roomPrefix(name);
  const { wayBack, coveredBytes } = await environment.read((tables) =>
    readSnapshot(tables, async (snapshot) => {
      const before = readHead(snapshot.get('heads', name), name);
      if (before === null) return { wayBack: null, coveredBytes: 0 };
      return {
        wayBack: (await newestIntact(snapshot, prefix, before)).generation,
        coveredBytes: await rowBytesBetween(snapshot, prefix, before.epoch, before.generations[0]?.covers ?? 0, covers),
      };
    }),
  );
  await environment.write(100, ({ head, setHead }) => {
    const current = head(name);
    setHead(name, {
      ...current,
      generations: wayBack === null ? [next] : [next, wayBack],
      rowBytes: Math.max(0, current.rowBytes - coveredBytes),
      updatedAt: now(),
    });
  });
}

/** Deletes what a room's head does not name, a bounded number per commit, and then the intent to do so. */
export async function sweep(environment: Environment, name: Buffer): Promise<void> {
  for (;;) {
    const dead = await environment.read((tables) =>
      readSnapshot(tables, async (snapshot) => {
        const head = readHead(snapshot.get('heads', name), name);
        return head === null ? [] : findDead(snapshot, name, head, DEAD_PER_COMMIT);
      }),
    );
    const isLast = dead.length < DEAD_PER_COMMIT;
    await environment.write(dead.length * 100, ({ put, remove }) => {
      for (const { table, key, setAside } of dead) {
        if (setAside !== null) put('quarantine', key, setAside);
        remove(table, key);
      }
      if (isLast) remove('marks', intentKey(roomPrefix(name)));
    });
    if (isLast) return;
  }
}

/** Writes a generation and compares what it reads back; nothing names it yet. */
async function stageGeneration(environment: Environment, name: Buffer, state: Uint8Array, covers: RowNumber): Promise<Generation> {
  const prefix = roomPrefix(name);
  const id = await environment.write(100, ({ head, setHead, put }) => {
    const before = head(name);
    if (before.isErased) throw erasedError();
    setHead(name, { ...before, nextGeneration: before.nextGeneration + 1 });
    put('marks', intentKey(prefix), Buffer.alloc(0));
    return before.nextGeneration;
  });
  const chunksPrefix = generationPrefix(prefix, id);
  const sha256 = await writeChunks(environment, 'chunks', chunksPrefix, state);
  const chunks = chunkCount(state.length);
  const readBack = await environment.read((tables) =>
    readSnapshot(tables, ({ get }) =>
      readChunks(
        chunks,
        chunksPrefix,
        (key) => get('chunks', key),
        () => undefined,
      ),
    ),
  );
  if (readBack !== sha256) {
    throw new StoreError(
      'CORRUPT',
      `A checkpoint of "${name.toString('utf8')}" did not read back as it was written. The rows it was made of are kept; check the disk.`,
    );
  }
  return { id, covers, bytes: state.length, chunks, sha256 };
}
