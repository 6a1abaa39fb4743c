/**
 * Further rules for a store that several processes write: run them beside `storageContract` on two stores of one data.
 * Titles cite the rules in SPEC.md.
 */

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobListing } from '../blobs.ts';
import type { Store } from '../port.ts';
import { isCovered, joinPositions } from '../position.ts';
import { bytes } from './store-of-test.ts';

export interface SharedContractSetup {
  /** Two stores, each as another process would open it. */
  stores: readonly [Store, Store];
  /** Called after each test, with the stores closed. */
  cleanup(): Promise<void>;
}

export function sharedStorageContract(name: string, setup: () => Promise<SharedContractSetup>): void {
  describe(`shared storage contract: ${name}`, () => {
    let made: SharedContractSetup;
    let a: Store;
    let b: Store;

    beforeEach(async () => {
      made = await setup();
      [a, b] = made.stores;
    });

    afterEach(async () => {
      await Promise.all([a.close(), b.close()]);
      await made.cleanup();
    });

    it('[ST19] the store says that it is shared, and each process sees what the other made durable', async () => {
      expect([a.isShared, b.isShared]).toEqual([true, true]);
      const byA = await a.append('r', [bytes(1)]);
      const byB = await b.append('r', [bytes(2)]);
      expect(isCovered(byA, byB) || isCovered(byB, byA)).toBe(false);
      const loaded = await a.load('r');
      expect(loaded.updates.map(([value]) => value).sort()).toEqual([1, 2]);
      expect(loaded.position).toEqual(joinPositions(byA, byB));
      expect(await b.load('r', byB)).toMatchObject({ checkpoint: null, updates: [bytes(1)] });
    });

    it('[ST19] two processes write one room at once and nothing is lost, not even the first rows of a new room', async () => {
      const counts = Array.from({ length: 50 }, (_, i) => i);
      await Promise.all(counts.flatMap((i) => [a.append('r', [bytes(i, 0)]), b.append('r', [bytes(i, 1)])]));
      const { updates } = await a.load('r');
      expect(updates).toHaveLength(100);
      for (const writer of [0, 1]) expect(updates.filter(([, by]) => by === writer).map(([value]) => value)).toEqual(counts);
    });

    it('[ST20] a checkpoint replaces the rows it covers and no other', async () => {
      const byA = await a.append('r', [bytes(1)]);
      await b.append('r', [bytes(2)]);
      expect(await a.checkpoint('r', bytes(1), byA)).toBe('written');
      expect(await b.load('r')).toMatchObject({ checkpoint: bytes(1), updates: [bytes(2)], quarantined: 0 });
    });

    it('[ST20] a checkpoint that lacks rows of the present one is behind, and changes nothing until it has them', async () => {
      const byA = await a.append('r', [bytes(1)]);
      const byB = await b.append('r', [bytes(2)]);
      expect(await a.checkpoint('r', bytes(1), byA)).toBe('written');
      expect(await b.checkpoint('r', bytes(2), byB)).toBe('behind');
      expect(await a.load('r')).toMatchObject({ checkpoint: bytes(1), updates: [bytes(2)] });
      const missed = await b.load('r', byB);
      expect(missed).toMatchObject({ checkpoint: bytes(1), updates: [] });
      expect(await b.checkpoint('r', bytes(1, 2), missed.position)).toBe('written');
      expect(await a.load('r')).toMatchObject({ checkpoint: bytes(1, 2), updates: [], quarantined: 0 });
      expect(await a.checkpoint('r', bytes(1), byA)).toBe('covered');
    });

    it('[ST20] many checkpoints of two processes at once lose no row', async () => {
      const values: number[] = [];
      const work = async (store: Store, from: number): Promise<void> => {
        for (let i = 0; i < 12; i++) {
          await store.append('r', [bytes(from + i)]);
          values.push(from + i);
          const { checkpoint, updates, position } = await store.load('r');
          const all = [...(checkpoint ?? []), ...updates.flatMap((update) => [...update])];
          await store.checkpoint('r', new Uint8Array([...new Set(all)]), position);
        }
      };
      await Promise.all([work(a, 0), work(b, 100)]);
      const { checkpoint, updates, quarantined } = await a.load('r');
      const kept = new Set([...(checkpoint ?? []), ...updates.flatMap((update) => [...update])]);
      expect([...kept].sort((x, y) => x - y)).toEqual(values.sort((x, y) => x - y));
      expect(quarantined).toBe(0);
    });

    it('[ST21] a room that one process erases is erased for the other', async () => {
      const byB = await b.append('r', [bytes(1)]);
      await a.remove('r');
      await expect(b.append('r', [bytes(2)])).rejects.toMatchObject({ code: 'ERASED' });
      await expect(b.checkpoint('r', bytes(2), byB)).rejects.toMatchObject({ code: 'ERASED' });
      expect(await b.load('r')).toMatchObject({ checkpoint: null, updates: [], isErased: true, epoch: 1 });
    });

    it('[ST23] of two processes writing one record at once exactly one is first, and each sees the result', async () => {
      for (let round = 0; round < 20; round++) {
        const answers = await Promise.all([a.records.put('k', bytes(round, 0), round), b.records.put('k', bytes(round, 1), round)]);
        expect(answers.filter((version) => version === round + 1)).toHaveLength(1);
        expect(answers.filter((version) => version === null)).toHaveLength(1);
        const winner = answers.findIndex((version) => version !== null);
        for (const store of [a, b])
          expect(await store.records.get('k')).toEqual({ key: 'k', value: bytes(round, winner), version: round + 1 });
      }
      const removed = await Promise.all([a.records.remove('k', 20), b.records.remove('k', 20)]);
      expect(removed.filter((isMine) => isMine)).toHaveLength(1);
      expect(await b.records.list({ prefix: '', limit: 10 })).toEqual([]);
    });

    it('[ST36] two processes that send parts of one upload never both write at one offset, and either finishes it', async () => {
      const blob = new Uint8Array(200_000).map((_, i) => i * 13);
      const upload = 'c'.repeat(64);
      const send = async (store: Store): Promise<void> => {
        for (let offset = 0; offset < blob.length;)
          ({ offset } = await store.writeUpload(upload, offset, blob.subarray(offset, offset + 10_000 + ((offset / 10_000) % 3))));
      };
      await Promise.all([send(a), send(b)]);
      const hash = createHash('sha256').update(blob).digest('hex');
      expect(await Promise.all([a.finishUpload(upload, hash), b.finishUpload(upload, hash)])).toEqual([true, true]);
      await a.dropUpload(upload);
      expect([(await b.getBlob(hash))?.length, await b.uploadedBytes(upload)]).toEqual([blob.length, null]);
      expect((await a.listBlobs({ prefix: hash, limit: 1 })).map(({ isWhole }) => isWhole)).toEqual([true]);
    });

    it('[ST31] T10: a removal and a put of two processes leave the blob whole or not there, and a blob put after it was listed stays', async () => {
      const blob = new Uint8Array(9_000_000).map((_, i) => i * 13);
      const hash = createHash('sha256').update(blob).digest('hex');
      const listed = async (): Promise<BlobListing[]> => (await a.listBlobs({ prefix: hash, limit: 1 })).filter(({ isWhole }) => isWhole);
      for (let round = 0; round < 4; round++) {
        await a.putBlob(hash, blob);
        const before = await listed();
        await Promise.all([a.removeBlobs(before), round % 2 === 0 ? b.putBlob(hash, blob) : b.removeBlobs(before)]);
        const found = [await a.getBlob(hash), await b.getBlob(hash)];
        expect(found.map((one) => one?.length ?? null)).toEqual(round % 2 === 0 ? [blob.length, blob.length] : [null, null]);
        expect(await listed()).toHaveLength(round % 2 === 0 ? 1 : 0);
        await b.putBlob(hash, blob);
        expect(await a.removeBlobs(before)).toEqual([]);
        expect((await a.getBlob(hash))?.length).toBe(blob.length); // getBlob checks the bytes by their hash
      }
    });

    it('[ST21] appends of two processes while the room is erased are refused or erased with it', async () => {
      const appends = (store: Store): Promise<unknown>[] => Array.from({ length: 10 }, (_, i) => store.append('r', [bytes(i)]));
      const results = await Promise.allSettled([...appends(a), ...appends(b), a.remove('r'), ...appends(a), ...appends(b)]);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ERASED' });
      expect(await b.load('r')).toMatchObject({ checkpoint: null, updates: [], isErased: true });
      expect(await a.list({ limit: 10 })).toEqual([]);
    });
  });
}
