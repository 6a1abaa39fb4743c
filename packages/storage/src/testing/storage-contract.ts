/**
 * The rules that every Store keeps, as tests. Run them against your own:
 *
 *   storageContract('my store', async () => ({ store: await openMyStore(), cleanup: async () => {} }));
 *
 * With `reopen` the rules about durability are checked too: it closes the store and opens the same data again. Titles
 * cite the rules in SPEC.md. Needs vitest, an optional peer dependency.
 */

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { storageLimits } from '../limits.ts';
import type { Position, Store } from '../port.ts';
import { isCovered, joinPositions, START } from '../position.ts';
import { recordsContract } from './records-contract.ts';

export interface ContractSetup {
  store: Store;
  /** Closes the store and opens the same data again. Leave out for a store that keeps nothing. */
  reopen?(): Promise<Store>;
  /** Called after each test, with the store closed. */
  cleanup(): Promise<void>;
}

export function storageContract(name: string, setup: () => Promise<ContractSetup>): void {
  describe(`storage contract: ${name}`, () => {
    let made: ContractSetup;
    let store: Store;

    beforeEach(async () => {
      made = await setup();
      store = made.store;
    });

    afterEach(async () => {
      await store.close();
      await made.cleanup();
    });

    /** The data as a new process would find it, if the store can do that. */
    const again = async (): Promise<Store> => {
      if (made.reopen !== undefined) store = await made.reopen();
      return store;
    };

    describe('journal', () => {
      it('[ST1] load returns updates in the order they were appended', async () => {
        const first = await store.append('r', [bytes(1), bytes(2)]);
        const second = await store.append('r', [bytes(3)]);
        expect(isCovered(first, second)).toBe(true);
        expect(isCovered(second, first)).toBe(false);
        const loaded = await (await again()).load('r');
        expect(loaded.updates.map(([value]) => value)).toEqual([1, 2, 3]);
        expect(loaded).toMatchObject({ checkpoint: null, epoch: 0, isErased: false, quarantined: 0, bytes: 3 });
        expect(loaded.position).toEqual(second);
      });

      it('[ST1] many concurrent appends are all kept, each batch together and in order', async () => {
        const batches = Array.from({ length: 100 }, (_, i) => [bytes(i, 0), bytes(i, 1), bytes(i, 2)]);
        const positions = await Promise.all(batches.map((batch) => store.append('r', batch)));
        expect(new Set(positions.map((position) => JSON.stringify(position))).size).toBe(100);
        const { updates } = await (await again()).load('r');
        expect(updates).toHaveLength(300);
        for (const batch of batches) {
          const [number] = batch[0] ?? [];
          const from = updates.findIndex(([value]) => value === number);
          expect(updates.slice(from, from + 3)).toEqual(batch);
        }
      });

      it('[ST2] an acknowledged append is there when the data is opened again', async () => {
        await store.append('r', [bytes(7)]);
        expect((await (await again()).load('r')).updates).toEqual([bytes(7)]);
      });

      it('[ST3] a room never written is empty, at the start, and reading it does not create it', async () => {
        expect(await store.load('nobody')).toEqual({
          checkpoint: null,
          updates: [],
          position: {},
          epoch: 0,
          isErased: false,
          quarantined: 0,
          bytes: 0,
        });
        expect(await store.append('nobody', [])).toEqual({});
        expect(await store.list({ limit: 10 })).toEqual([]);
      });

      it('[ST4] the store copies what is appended, and what load returns belongs to the caller', async () => {
        const update = bytes(1, 2, 3);
        const appended = store.append('r', [update]);
        update.fill(9);
        await appended;
        (await store.load('r')).updates[0]?.fill(8);
        expect((await store.load('r')).updates).toEqual([bytes(1, 2, 3)]);
      });

      it('[ST5] an update of the largest size is accepted, and one byte more is refused with the whole batch', async () => {
        const largest = new Uint8Array(storageLimits.maxUpdateBytes).fill(5);
        await store.append('r', [largest]);
        await expect(store.append('r', [bytes(1), new Uint8Array(storageLimits.maxUpdateBytes + 1)])).rejects.toMatchObject({
          code: 'TOO_LARGE',
        });
        const loaded = await (await again()).load('r');
        expect(loaded.updates).toHaveLength(1);
        expect(Buffer.compare(loaded.updates[0] ?? bytes(), largest)).toBe(0);
      });

      it('[ST5] an empty update is kept', async () => {
        await store.append('r', [bytes(), bytes(1)]);
        expect((await (await again()).load('r')).updates).toEqual([bytes(), bytes(1)]);
      });

      it('[ST6] rooms are separate, whatever their names', async () => {
        const names = [
          'a',
          'a/b',
          '../a',
          'A',
          'a\u0000',
          'a\u0000b',
          'é',
          'e\u0301',
          '😀',
          '\uffff',
          ' ',
          '%2e',
          '__proto__',
          'x'.repeat(512),
          '😀'.repeat(128),
        ];
        for (const [i, name_] of names.entries()) await store.append(name_, [bytes(i)]);
        await again();
        for (const [i, name_] of names.entries()) expect((await store.load(name_)).updates).toEqual([bytes(i)]);
        expect(new Set((await store.list({ limit: 100 })).map(({ room }) => room))).toEqual(new Set(names));
      });

      it('[ST6] a name is 1 to 512 bytes of UTF-8', async () => {
        await expect(store.append('x'.repeat(513), [bytes(1)])).rejects.toMatchObject({ code: 'TOO_LARGE' });
        await expect(store.load('é'.repeat(257))).rejects.toMatchObject({ code: 'TOO_LARGE' });
        await expect(store.append('', [bytes(1)])).rejects.toMatchObject({ code: 'INVALID' });
        await expect(store.remove('a\ud800')).rejects.toMatchObject({ code: 'INVALID' });
        expect(await store.list({ limit: 10 })).toEqual([]);
      });
    });

    describe('checkpoint', () => {
      it('[ST7] a checkpoint replaces the rows it covers, and no other', async () => {
        const two = await store.append('r', [bytes(1), bytes(2)]);
        const three = await store.append('r', [bytes(3)]);
        expect(await store.checkpoint('r', bytes(1, 2), two)).toBe('written');
        const loaded = await (await again()).load('r');
        expect(loaded).toMatchObject({ checkpoint: bytes(1, 2), updates: [bytes(3)], position: three, quarantined: 0, bytes: 3 });
        const four = await store.append('r', [bytes(4)]);
        const all = joinPositions(loaded.position, four);
        expect(await store.checkpoint('r', bytes(1, 2, 3, 4), all)).toBe('written');
        expect(await (await again()).load('r')).toMatchObject({
          checkpoint: bytes(1, 2, 3, 4),
          updates: [],
          position: all,
          quarantined: 0,
        });
      });

      it('[ST7] rows appended while a checkpoint is written stay', async () => {
        const one = await store.append('r', [bytes(1)]);
        const checkpoint = store.checkpoint('r', new Uint8Array(6_000_000).fill(1), one);
        const appends = Array.from({ length: 50 }, (_, i) => store.append('r', [bytes(i)]));
        await Promise.all([checkpoint, ...appends]);
        const loaded = await (await again()).load('r');
        expect(loaded.checkpoint).toHaveLength(6_000_000);
        expect(loaded.updates).toHaveLength(50);
        expect(loaded.quarantined).toBe(0);
      });

      it('[ST8] a checkpoint that covers less than the present one changes nothing', async () => {
        const one = await store.append('r', [bytes(1)]);
        const two = await store.append('r', [bytes(2)]);
        await store.checkpoint('r', bytes(1, 2), two);
        expect(await store.checkpoint('r', bytes(1), one)).toBe('covered');
        expect(await (await again()).load('r')).toMatchObject({ checkpoint: bytes(1, 2), updates: [] });
      });

      it('[ST8] two checkpoints at once do no harm, and one of the same position replaces', async () => {
        const one = await store.append('r', [bytes(1)]);
        const two = await store.append('r', [bytes(2)]);
        const three = await store.append('r', [bytes(3)]);
        await Promise.all([
          store.checkpoint('r', bytes(1, 2), two),
          store.checkpoint('r', bytes(1, 2, 3), three),
          store.checkpoint('r', bytes(1), one),
        ]);
        expect(await store.load('r')).toMatchObject({ checkpoint: bytes(1, 2, 3), updates: [], quarantined: 0 });
        await store.checkpoint('r', bytes(9), three);
        expect(await (await again()).load('r')).toMatchObject({ checkpoint: bytes(9), updates: [], quarantined: 0 });
      });

      it('[ST9] a position that the journal has not reached is refused', async () => {
        const one = await store.append('r', [bytes(1)]);
        const by = (number: (row: number) => number): Position =>
          Object.fromEntries(Object.entries(one).map(([writer, row]) => [writer, number(row)]));
        await expect(
          store.checkpoint(
            'r',
            bytes(1),
            by((row) => row + 1),
          ),
        ).rejects.toMatchObject({ code: 'INVALID' });
        await expect(
          store.checkpoint(
            'r',
            bytes(1),
            by(() => -1),
          ),
        ).rejects.toMatchObject({ code: 'INVALID' });
        await expect(
          store.checkpoint(
            'r',
            bytes(1),
            by(() => 0.5),
          ),
        ).rejects.toMatchObject({ code: 'INVALID' });
        await expect(store.checkpoint('r', bytes(1), { ['not a writer']: 1 })).rejects.toMatchObject({ code: 'INVALID' });
        expect(await (await again()).load('r')).toMatchObject({ checkpoint: null, updates: [bytes(1)] });
      });

      it('[ST9] a document over the limit is refused and the rows stay', async () => {
        const one = await store.append('r', [bytes(1)]);
        await expect(store.checkpoint('r', new Uint8Array(storageLimits.maxDocumentBytes + 1), one)).rejects.toMatchObject({
          code: 'TOO_LARGE',
        });
        expect(await store.load('r')).toMatchObject({ checkpoint: null, updates: [bytes(1)] });
      });

      it('[ST10] a document comes back the same from a checkpoint and the rows after it', async () => {
        const doc = new Y.Doc();
        const updates: Uint8Array[] = [];
        doc.on('update', (update: Uint8Array) => {
          updates.push(update);
        });
        let position = START;
        for (let i = 0; i < 60; i++) {
          doc.getMap('m').set(`k${i % 7}`, i);
          doc.getArray('a').push([i]);
          position = joinPositions(position, await store.append('r', updates.splice(0)));
          if (i % 20 === 19) await store.checkpoint('r', Y.encodeStateAsUpdate(doc), position);
        }
        doc.getMap('m').set('last', true);
        await store.append('r', updates.splice(0));
        const loaded = await (await again()).load('r');
        const found = new Y.Doc();
        for (const part of [loaded.checkpoint, ...loaded.updates]) if (part !== null) Y.applyUpdate(found, part);
        expect(found.getMap('m').toJSON()).toEqual(doc.getMap('m').toJSON());
        expect(found.getArray('a').toJSON()).toEqual(doc.getArray('a').toJSON());
        expect(found.store.pendingStructs).toBeNull();
      });
    });

    describe('load since', () => {
      it('[ST18] load with a position returns only what the caller lacks', async () => {
        const one = await store.append('r', [bytes(1)]);
        const two = await store.append('r', [bytes(2)]);
        expect(await store.load('r', one)).toMatchObject({ checkpoint: null, updates: [bytes(2)], position: two, quarantined: 0 });
        await store.checkpoint('r', bytes(1, 2), two);
        const three = await store.append('r', [bytes(3)]);
        await again();
        expect(await store.load('r', two)).toMatchObject({ checkpoint: null, updates: [bytes(3)], position: three, quarantined: 0 });
        expect(await store.load('r', three)).toMatchObject({ checkpoint: null, updates: [], position: three, quarantined: 0 });
        expect(await store.load('r', one)).toMatchObject({ checkpoint: bytes(1, 2), updates: [bytes(3)], position: three });
        await expect(store.load('r', { ['not a writer']: 1 })).rejects.toMatchObject({ code: 'INVALID' });
      });

      it('[ST18] load with a position says that the room was erased meanwhile', async () => {
        const one = await store.append('r', [bytes(1)]);
        await store.remove('r');
        expect(await store.load('r', one)).toMatchObject({ checkpoint: null, updates: [], isErased: true, epoch: 1 });
      });
    });

    describe('erase', () => {
      it('[ST11] an erased room is gone, its epoch is higher, and nothing brings it back', async () => {
        const one = await store.append('r', [bytes(1)]);
        await store.checkpoint('r', bytes(1), one);
        await store.append('r', [bytes(2)]);
        await store.remove('r');
        await again();
        expect(await store.load('r')).toMatchObject({ checkpoint: null, updates: [], epoch: 1, isErased: true, quarantined: 0, bytes: 0 });
        await expect(store.append('r', [bytes(3)])).rejects.toMatchObject({ code: 'ERASED' });
        await expect(store.checkpoint('r', bytes(3), START)).rejects.toMatchObject({ code: 'ERASED' });
        expect(await store.load('r')).toMatchObject({ updates: [], isErased: true });
        expect(await store.list({ limit: 10 })).toEqual([]);
      });

      it('[ST11] an append under way when the room is erased is either refused or erased with it', async () => {
        const results = await Promise.allSettled([
          ...Array.from({ length: 20 }, (_, i) => store.append('r', [bytes(i)])),
          store.remove('r'),
          ...Array.from({ length: 20 }, (_, i) => store.append('r', [bytes(i)])),
        ]);
        expect(results[20]?.status).toBe('fulfilled');
        for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ERASED' });
        expect(await (await again()).load('r')).toMatchObject({ checkpoint: null, updates: [], isErased: true });
      });

      it('[ST11] an append of no updates is refused for an erased room, and creates no room', async () => {
        await store.append('r', [bytes(1)]);
        await store.remove('r');
        await expect(store.append('r', [])).rejects.toMatchObject({ code: 'ERASED' });
        expect(await store.append('never', [])).toEqual(START);
        expect(await (await again()).list({ limit: 10 })).toEqual([]);
      });

      it('[ST12] erasing twice, or a room never written, is fine; its neighbours stay', async () => {
        await store.append('r', [bytes(1)]);
        await store.append('r2', [bytes(2)]);
        await store.append('q', [bytes(3)]);
        await Promise.all([store.remove('r'), store.remove('r'), store.remove('never')]);
        await again();
        expect((await store.load('r')).epoch).toBe(1);
        await expect(store.append('never', [bytes(1)])).rejects.toMatchObject({ code: 'ERASED' });
        expect((await store.load('r2')).updates).toEqual([bytes(2)]);
        expect((await store.load('q')).updates).toEqual([bytes(3)]);
      });
    });

    describe('list', () => {
      it('[ST13] list names every room once, in byte order, page by page', async () => {
        const names = ['b', 'a', 'ab', 'a/1', 'a/2', 'é', '\uffff', '😀', 'z'];
        for (const name_ of names) await store.append(name_, [bytes(1)]);
        await again();
        const seen: string[] = [];
        for (let after = ''; ;) {
          const page = await store.list({ after, limit: 2 });
          seen.push(...page.map(({ room }) => room));
          const last = page.at(-1);
          if (last === undefined) break;
          after = last.room;
        }
        expect(seen).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      });

      it('[ST13] list takes a prefix, with and without a cursor', async () => {
        for (const name_ of ['a', 'a/1', 'a/2', 'a/3', 'b', 'a\uffff']) await store.append(name_, [bytes(1)]);
        const rooms = async (query: { prefix?: string; after?: string }): Promise<string[]> =>
          (await store.list({ ...query, limit: 100 })).map(({ room }) => room);
        expect(await rooms({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3']);
        expect(await rooms({ prefix: 'a/', after: 'a/1' })).toEqual(['a/2', 'a/3']);
        expect(await rooms({ prefix: 'b', after: 'a' })).toEqual(['b']);
        expect(await rooms({ prefix: 'a', after: 'b' })).toEqual([]);
        expect(await rooms({ prefix: 'c' })).toEqual([]);
      });

      it('[ST13] list gives the bytes that a load returns', async () => {
        const one = await store.append('r', [bytes(1, 2, 3)]);
        await store.append('r', [bytes(4)]);
        expect(await store.list({ limit: 1 })).toMatchObject([{ room: 'r', bytes: 4 }]);
        await store.checkpoint('r', new Uint8Array(10), one);
        await store.append('r', [bytes(5, 6)]);
        await again();
        const [listed] = await store.list({ limit: 1 });
        expect(listed?.bytes).toBe(13);
        expect((await store.load('r')).bytes).toBe(13);
        expect(listed?.updatedAt).toBeGreaterThan(0);
      });

      it('[ST13] list refuses a page of no or too many entries', async () => {
        for (const limit of [0, -1, 1.5, storageLimits.maxListLimit + 1])
          await expect(store.list({ limit })).rejects.toMatchObject({ code: 'INVALID' });
      });
    });

    describe('blobs', () => {
      it('[ST14] blobs come back under their hash, whatever their size', async () => {
        for (const size of [0, 1, 5_000, 3_000_000]) {
          const blob = new Uint8Array(size).map((_, i) => i * 31);
          await store.putBlob(hashOf(blob), blob);
          await store.putBlob(hashOf(blob), blob);
          await again();
          const found = await store.getBlob(hashOf(blob));
          expect(found === null ? null : hashOf(found)).toBe(hashOf(blob));
        }
        expect(await store.getBlob(hashOf(bytes(1, 2, 3, 4)))).toBeNull();
      });

      it('[ST15] blobs are refused when they do not match their hash, or are too large', async () => {
        await expect(store.putBlob(hashOf(bytes(1)), bytes(2))).rejects.toMatchObject({ code: 'CORRUPT' });
        expect(await store.getBlob(hashOf(bytes(1)))).toBeNull();
        for (const hash of ['', '../x', hashOf(bytes(1)).toUpperCase()]) {
          await expect(store.putBlob(hash, bytes(1))).rejects.toMatchObject({ code: 'INVALID' });
          await expect(store.getBlob(hash)).rejects.toMatchObject({ code: 'INVALID' });
        }
        const large = new Uint8Array(storageLimits.maxBlobBytes + 1);
        await expect(store.putBlob(hashOf(large), large)).rejects.toMatchObject({ code: 'TOO_LARGE' });
      });
    });

    describe('removal of blobs', () => {
      const blobs = Array.from({ length: 7 }, (_, i) => bytes(i, 1, 2, 3));
      const hashes = blobs.map(hashOf).sort();
      const fill = async (): Promise<void> => {
        for (const blob of blobs) await store.putBlob(hashOf(blob), blob);
      };
      const versionOf = async (hash: string): Promise<string> => {
        const [listed] = await store.listBlobs({ prefix: hash, limit: 1 });
        return listed?.version ?? '';
      };

      it('[ST29] T10: listBlobs names every blob once, with its size, in the order of hashes, page by page and by prefix', async () => {
        expect(await store.listBlobs({ limit: 10 })).toEqual([]);
        await fill();
        await again();
        const seen: string[] = [];
        for (let after = ''; ;) {
          const page = await store.listBlobs({ after, limit: 3 });
          for (const { bytes: size, isWhole, version } of page) expect([size, isWhole, version === '']).toEqual([4, true, false]);
          seen.push(...page.map(({ hash }) => hash));
          const last = page.at(-1);
          if (last === undefined) break;
          after = last.hash;
        }
        expect(seen).toEqual(hashes);
        const listed = async (query: { prefix?: string; after?: string }): Promise<string[]> =>
          (await store.listBlobs({ ...query, limit: 100 })).map(({ hash }) => hash);
        for (const hash of hashes)
          for (const digits of [1, 2, 3, 63, 64]) {
            const prefix = hash.slice(0, digits);
            const behind = hashes.filter((one) => one > prefix);
            expect(await listed({ prefix })).toEqual(hashes.filter((one) => one.startsWith(prefix)));
            expect(await listed({ after: prefix })).toEqual(behind);
            expect(await listed({ prefix: hash.slice(0, 1), after: prefix })).toEqual(
              behind.filter((one) => one.startsWith(hash.slice(0, 1))),
            );
          }
        expect(await listed({ prefix: 'f'.repeat(64) })).toEqual([]);
        expect(await listed({ after: 'f'.repeat(64) })).toEqual([]);
      });

      it('[ST29] T10: listBlobs refuses a prefix that is not hex digits, and a page of no or too many entries', async () => {
        for (const digits of ['A', 'g', '0'.repeat(65), '/']) {
          await expect(store.listBlobs({ prefix: digits, limit: 1 })).rejects.toMatchObject({ code: 'INVALID' });
          await expect(store.listBlobs({ after: digits, limit: 1 })).rejects.toMatchObject({ code: 'INVALID' });
        }
        for (const limit of [0, -1, 1.5, storageLimits.maxListLimit + 1])
          await expect(store.listBlobs({ limit })).rejects.toMatchObject({ code: 'INVALID' });
        await expect(store.removeBlobs([{ hash: 'x', version: '1' }])).rejects.toMatchObject({ code: 'INVALID' });
      });

      it('[ST30] T10: a removed blob is gone, the others stay, and it can be put again', async () => {
        await fill();
        const [first, second, ...others] = await store.listBlobs({ limit: 100 });
        expect((await store.removeBlobs([first!, second!])).sort()).toEqual([first!.hash, second!.hash]);
        await again();
        expect([await store.getBlob(first!.hash), await store.getBlob(second!.hash)]).toEqual([null, null]);
        expect(await store.listBlobs({ limit: 100 })).toEqual(others);
        for (const { hash } of others) expect(hashOf((await store.getBlob(hash))!)).toBe(hash);
        const blob = blobs.find((one) => hashOf(one) === first!.hash)!;
        await store.putBlob(first!.hash, blob);
        expect(await store.removeBlobs([first!])).toEqual([]);
        await again();
        expect(await store.getBlob(first!.hash)).toEqual(blob);
      });

      it('[ST30] T10: a blob that was put again since it was listed stays; removing a missing one is fine', async () => {
        await fill();
        const blob = blobs[0]!;
        const hash = hashOf(blob);
        const version = await versionOf(hash);
        await store.putBlob(hash, blob);
        expect(await versionOf(hash)).not.toBe(version);
        expect(
          await store.removeBlobs([
            { hash, version },
            { hash: hashOf(bytes(9)), version },
            { hash, version: '' },
          ]),
        ).toEqual([]);
        await again();
        expect(await store.getBlob(hash)).toEqual(blob);
        expect(await store.removeBlobs([])).toEqual([]);
        const listed = { hash, version: await versionOf(hash) };
        expect(await store.removeBlobs([listed, listed])).toEqual([hash]);
        expect(await store.removeBlobs([listed])).toEqual([]);
      });

      it('[ST30] T10: concurrent puts and removals of one blob leave it whole or not there', async () => {
        const blob = new Uint8Array(3_000_000).map((_, i) => i * 7);
        const hash = hashOf(blob);
        for (let round = 0; round < 5; round++) {
          const version = await versionOf(hash);
          await Promise.all([
            store.removeBlobs([{ hash, version }]),
            store.putBlob(hash, blob),
            store.removeBlobs([{ hash, version }]),
            store.putBlob(hash, blob),
          ]);
          expect(hashOf((await store.getBlob(hash))!)).toBe(hash);
          await Promise.all([store.putBlob(hash, blob), versionOf(hash).then((now) => store.removeBlobs([{ hash, version: now }]))]);
          const found = await store.getBlob(hash);
          expect(found === null || hashOf(found) === hash).toBe(true);
        }
      });
    });

    recordsContract(() => store, again);

    describe('life', () => {
      it('[ST16] a probe writes and leaves nothing visible, whatever its size', async () => {
        await store.append('r', [bytes(1)]);
        for (const size of [undefined, 0, 30_000, storageLimits.maxProbeBytes, 2 * storageLimits.maxProbeBytes]) await store.probe(size);
        await Promise.all([store.probe(), store.probe(5_000), store.probe()]);
        await again();
        expect(await store.list({ limit: 10 })).toMatchObject([{ room: 'r', bytes: 1 }]);
        expect(await store.load('r')).toMatchObject({ updates: [bytes(1)], quarantined: 0 });
        expect(await store.records.list({ prefix: '', limit: 10 })).toEqual([]);
      });

      it('[ST17] close waits for calls under way, can be repeated, and is final', async () => {
        const appended = store.append('r', [bytes(1)]);
        const put = store.records.put('k', bytes(1), 0);
        const closed = store.close();
        expect(await appended).not.toEqual(START);
        expect(await put).toBe(1);
        await closed;
        await store.close();
        const calls = [
          () => store.append('r', [bytes(1)]),
          () => store.load('r'),
          () => store.checkpoint('r', bytes(1), START),
          () => store.list({ limit: 1 }),
          () => store.remove('r'),
          () => store.putBlob(hashOf(bytes(1)), bytes(1)),
          () => store.getBlob(hashOf(bytes(1))),
          () => store.listBlobs({ limit: 1 }),
          () => store.removeBlobs([]),
          () => store.probe(),
          () => store.records.get('k'),
          () => store.records.put('k', bytes(1), 0),
          () => store.records.remove('k', 1),
          () => store.records.list({ prefix: '', limit: 1 }),
        ];
        for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'CLOSED', name: 'StoreError' });
      });
    });
  });
}

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

function hashOf(blob: Uint8Array): string {
  return createHash('sha256').update(blob).digest('hex');
}
