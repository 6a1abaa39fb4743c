/** Rules about erased and listed rooms, and about a store's end, as tests. A part of `storageContract`; titles cite the rules in SPEC.md. */

import { describe, expect, it } from 'vitest';
import { storageLimits } from '../limits.ts';
import { START } from '../position.ts';
import { bytes, hashOf, type StoreOfTest } from './store-of-test.ts';

export function eraseRules({ open, again }: StoreOfTest): void {
  describe('erase', () => {
    it('[ST11] an erased room is gone, its epoch is higher, and nothing brings it back', async () => {
      const one = await open().append('r', [bytes(1)]);
      await open().checkpoint('r', bytes(1), one);
      await open().append('r', [bytes(2)]);
      await open().remove('r');
      await again();
      expect(await open().load('r')).toMatchObject({ checkpoint: null, updates: [], epoch: 1, isErased: true, quarantined: 0, bytes: 0 });
      await expect(open().append('r', [bytes(3)])).rejects.toMatchObject({ code: 'ERASED' });
      await expect(open().checkpoint('r', bytes(3), START)).rejects.toMatchObject({ code: 'ERASED' });
      expect(await open().load('r')).toMatchObject({ updates: [], isErased: true });
      expect(await open().list({ limit: 10 })).toEqual([]);
    });

    it('[ST11] an append under way when the room is erased is either refused or erased with it', async () => {
      const results = await Promise.allSettled([
        ...Array.from({ length: 20 }, (_, i) => open().append('r', [bytes(i)])),
        open().remove('r'),
        ...Array.from({ length: 20 }, (_, i) => open().append('r', [bytes(i)])),
      ]);
      expect(results[20]?.status).toBe('fulfilled');
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ERASED' });
      expect(await (await again()).load('r')).toMatchObject({ checkpoint: null, updates: [], isErased: true });
    });

    it('[ST11] an append of no updates is refused for an erased room, and creates no room', async () => {
      await open().append('r', [bytes(1)]);
      await open().remove('r');
      await expect(open().append('r', [])).rejects.toMatchObject({ code: 'ERASED' });
      expect(await open().append('never', [])).toEqual(START);
      expect(await (await again()).list({ limit: 10 })).toEqual([]);
    });

    it('[ST12] erasing twice, or a room never written, is fine; its neighbours stay', async () => {
      await open().append('r', [bytes(1)]);
      await open().append('r2', [bytes(2)]);
      await open().append('q', [bytes(3)]);
      await Promise.all([open().remove('r'), open().remove('r'), open().remove('never')]);
      await again();
      expect((await open().load('r')).epoch).toBe(1);
      await expect(open().append('never', [bytes(1)])).rejects.toMatchObject({ code: 'ERASED' });
      expect((await open().load('r2')).updates).toEqual([bytes(2)]);
      expect((await open().load('q')).updates).toEqual([bytes(3)]);
    });
  });
}

export function listRules({ open, again }: StoreOfTest): void {
  describe('list', () => {
    it('[ST13] list names every room once, in byte order, page by page', async () => {
      const names = ['b', 'a', 'ab', 'a/1', 'a/2', 'é', '\uffff', '😀', 'z'];
      for (const name_ of names) await open().append(name_, [bytes(1)]);
      await again();
      const seen: string[] = [];
      for (let after = ''; ;) {
        const page = await open().list({ after, limit: 2 });
        seen.push(...page.map(({ room }) => room));
        const last = page.at(-1);
        if (last === undefined) break;
        after = last.room;
      }
      expect(seen).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    });

    it('[ST13] list takes a prefix, with and without a cursor', async () => {
      for (const name_ of ['a', 'a/1', 'a/2', 'a/3', 'b', 'a\uffff']) await open().append(name_, [bytes(1)]);
      const rooms = async (query: { prefix?: string; after?: string }): Promise<string[]> =>
        (await open().list({ ...query, limit: 100 })).map(({ room }) => room);
      expect(await rooms({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3']);
      expect(await rooms({ prefix: 'a/', after: 'a/1' })).toEqual(['a/2', 'a/3']);
      expect(await rooms({ prefix: 'b', after: 'a' })).toEqual(['b']);
      expect(await rooms({ prefix: 'a', after: 'b' })).toEqual([]);
      expect(await rooms({ prefix: 'c' })).toEqual([]);
    });

    it('[ST13] list gives the bytes that a load returns', async () => {
      const one = await open().append('r', [bytes(1, 2, 3)]);
      await open().append('r', [bytes(4)]);
      expect(await open().list({ limit: 1 })).toMatchObject([{ room: 'r', bytes: 4 }]);
      await open().checkpoint('r', new Uint8Array(10), one);
      await open().append('r', [bytes(5, 6)]);
      await again();
      const [listed] = await open().list({ limit: 1 });
      expect(listed?.bytes).toBe(13);
      expect((await open().load('r')).bytes).toBe(13);
      expect(listed?.updatedAt).toBeGreaterThan(0);
    });

    it('[ST13] list refuses a page of no or too many entries', async () => {
      for (const limit of [0, -1, 1.5, storageLimits.maxListLimit + 1])
        await expect(open().list({ limit })).rejects.toMatchObject({ code: 'INVALID' });
    });
  });
}

export function lifeRules({ open, again }: StoreOfTest): void {
  describe('life', () => {
    it('[ST16] a probe writes and leaves nothing visible, whatever its size', async () => {
      await open().append('r', [bytes(1)]);
      for (const size of [undefined, 0, 30_000, storageLimits.maxProbeBytes, 2 * storageLimits.maxProbeBytes]) await open().probe(size);
      await Promise.all([open().probe(), open().probe(5_000), open().probe()]);
      await again();
      expect(await open().list({ limit: 10 })).toMatchObject([{ room: 'r', bytes: 1 }]);
      expect(await open().load('r')).toMatchObject({ updates: [bytes(1)], quarantined: 0 });
      expect(await open().records.list({ prefix: '', limit: 10 })).toEqual([]);
    });

    it('[ST17] close waits for calls under way, can be repeated, and is final', async () => {
      const appended = open().append('r', [bytes(1)]);
      const put = open().records.put('k', bytes(1), 0);
      const closed = open().close();
      expect(await appended).not.toEqual(START);
      expect(await put).toBe(1);
      await closed;
      await open().close();
      const calls = [
        () => open().append('r', [bytes(1)]),
        () => open().load('r'),
        () => open().checkpoint('r', bytes(1), START),
        () => open().list({ limit: 1 }),
        () => open().remove('r'),
        () => open().putBlob(hashOf(bytes(1)), bytes(1)),
        () => open().getBlob(hashOf(bytes(1))),
        () => open().listBlobs({ limit: 1 }),
        () => open().removeBlobs([]),
        () => open().sizeOfBlob(hashOf(bytes(1))),
        () => open().readBlob(hashOf(bytes(1)), 0, 1),
        () => open().writeUpload(hashOf(bytes(1)), 0, bytes(1)),
        () => open().uploadedBytes(hashOf(bytes(1))),
        () => open().finishUpload(hashOf(bytes(1)), hashOf(bytes(1))),
        () => open().dropUpload(hashOf(bytes(1))),
        () => open().listUploads({ limit: 1 }),
        () => open().probe(),
        () => open().records.get('k'),
        () => open().records.put('k', bytes(1), 0),
        () => open().records.remove('k', 1),
        () => open().records.list({ prefix: '', limit: 1 }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'CLOSED', name: 'StoreError' });
    });
  });
}
