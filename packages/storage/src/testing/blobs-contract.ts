/** Rules about blobs, as tests. A part of `storageContract`; titles cite the rules in SPEC.md. */

import { describe, expect, it } from 'vitest';
import { storageLimits } from '../limits.ts';
import { bytes, hashOf, type StoreOfTest } from './store-of-test.ts';

export function blobRules({ open, again }: StoreOfTest): void {
  describe('blobs', () => {
    it('[ST14] blobs come back under their hash, whatever their size', async () => {
      for (const size of [0, 1, 5_000, 3_000_000]) {
        const blob = new Uint8Array(size).map((_, i) => i * 31);
        await open().putBlob(hashOf(blob), blob);
        await open().putBlob(hashOf(blob), blob);
        await again();
        const found = await open().getBlob(hashOf(blob));
        expect(found === null ? null : hashOf(found)).toBe(hashOf(blob));
      }
      expect(await open().getBlob(hashOf(bytes(1, 2, 3, 4)))).toBeNull();
    });

    it('[ST15] blobs are refused when they do not match their hash, or are too large', async () => {
      await expect(open().putBlob(hashOf(bytes(1)), bytes(2))).rejects.toMatchObject({ code: 'CORRUPT' });
      expect(await open().getBlob(hashOf(bytes(1)))).toBeNull();
      for (const hash of ['', '../x', hashOf(bytes(1)).toUpperCase()]) {
        await expect(open().putBlob(hash, bytes(1))).rejects.toMatchObject({ code: 'INVALID' });
        await expect(open().getBlob(hash)).rejects.toMatchObject({ code: 'INVALID' });
      }
      const large = new Uint8Array(storageLimits.maxBlobBytes + 1);
      await expect(open().putBlob(hashOf(large), large)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    });
  });
}

export function blobRemovalRules({ open, again }: StoreOfTest): void {
  describe('removal of blobs', () => {
    const blobs = Array.from({ length: 7 }, (_, i) => bytes(i, 1, 2, 3));
    const hashes = blobs.map(hashOf).sort();
    const fill = async (): Promise<void> => {
      for (const blob of blobs) await open().putBlob(hashOf(blob), blob);
    };
    const versionOf = async (hash: string): Promise<string> => {
      const [listed] = await open().listBlobs({ prefix: hash, limit: 1 });
      return listed?.version ?? '';
    };

    it('[ST29] T10: listBlobs names every blob once, with its size, in the order of hashes, page by page and by prefix', async () => {
      expect(await open().listBlobs({ limit: 10 })).toEqual([]);
      await fill();
      await again();
      const seen: string[] = [];
      for (let after = ''; ;) {
        const page = await open().listBlobs({ after, limit: 3 });
        for (const { bytes: size, isWhole, version } of page) expect([size, isWhole, version === '']).toEqual([4, true, false]);
        seen.push(...page.map(({ hash }) => hash));
        const last = page.at(-1);
        if (last === undefined) break;
        after = last.hash;
      }
      expect(seen).toEqual(hashes);
      const listed = async (query: { prefix?: string; after?: string }): Promise<string[]> =>
        (await open().listBlobs({ ...query, limit: 100 })).map(({ hash }) => hash);
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
        await expect(open().listBlobs({ prefix: digits, limit: 1 })).rejects.toMatchObject({ code: 'INVALID' });
        await expect(open().listBlobs({ after: digits, limit: 1 })).rejects.toMatchObject({ code: 'INVALID' });
      }
      for (const limit of [0, -1, 1.5, storageLimits.maxListLimit + 1])
        await expect(open().listBlobs({ limit })).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().removeBlobs([{ hash: 'x', version: '1' }])).rejects.toMatchObject({ code: 'INVALID' });
    });

    it('[ST30] T10: a removed blob is gone, the others stay, and it can be put again', async () => {
      await fill();
      const [first, second, ...others] = await open().listBlobs({ limit: 100 });
      expect((await open().removeBlobs([first!, second!])).sort()).toEqual([first!.hash, second!.hash]);
      await again();
      expect([await open().getBlob(first!.hash), await open().getBlob(second!.hash)]).toEqual([null, null]);
      expect(await open().listBlobs({ limit: 100 })).toEqual(others);
      for (const { hash } of others) expect(hashOf((await open().getBlob(hash))!)).toBe(hash);
      const blob = blobs.find((one) => hashOf(one) === first!.hash)!;
      await open().putBlob(first!.hash, blob);
      expect(await open().removeBlobs([first!])).toEqual([]);
      await again();
      expect(await open().getBlob(first!.hash)).toEqual(blob);
    });

    it('[ST30] T10: a blob that was put again since it was listed stays; removing a missing one is fine', async () => {
      await fill();
      const blob = blobs[0]!;
      const hash = hashOf(blob);
      const version = await versionOf(hash);
      await open().putBlob(hash, blob);
      expect(await versionOf(hash)).not.toBe(version);
      expect(
        await open().removeBlobs([
          { hash, version },
          { hash: hashOf(bytes(9)), version },
          { hash, version: '' },
        ]),
      ).toEqual([]);
      await again();
      expect(await open().getBlob(hash)).toEqual(blob);
      expect(await open().removeBlobs([])).toEqual([]);
      const listed = { hash, version: await versionOf(hash) };
      expect(await open().removeBlobs([listed, listed])).toEqual([hash]);
      expect(await open().removeBlobs([listed])).toEqual([]);
    });

    it('[ST30] T10: concurrent puts and removals of one blob leave it whole or not there', async () => {
      const blob = new Uint8Array(3_000_000).map((_, i) => i * 7);
      const hash = hashOf(blob);
      for (let round = 0; round < 5; round++) {
        const version = await versionOf(hash);
        await Promise.all([
          open().removeBlobs([{ hash, version }]),
          open().putBlob(hash, blob),
          open().removeBlobs([{ hash, version }]),
          open().putBlob(hash, blob),
        ]);
        expect(hashOf((await open().getBlob(hash))!)).toBe(hash);
        await Promise.all([open().putBlob(hash, blob), versionOf(hash).then((now) => open().removeBlobs([{ hash, version: now }]))]);
        const found = await open().getBlob(hash);
        expect(found === null || hashOf(found) === hash).toBe(true);
      }
    });
  });
}
