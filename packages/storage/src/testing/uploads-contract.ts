/** Rules about ranges of blobs and about uploads, as tests. A part of `storageContract`; titles cite the rules in SPEC.md. */

import { describe, expect, it } from 'vitest';
import { storageLimits } from '../limits.ts';
import { bytes, hashOf, type StoreOfTest } from './store-of-test.ts';

const MIB = 1024 * 1024;
const name = (digit: string): string => digit.repeat(64);

/** Bytes of which no two ranges are the same. */
function blobOf(size: number): Uint8Array {
  return new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8) * 7) % 256);
}

export function rangeRules({ open, again }: StoreOfTest): void {
  describe('ranges of blobs', () => {
    it('[ST32] a range of a blob is read as it is in the whole, and is cut at the end of the blob', async () => {
      const blob = blobOf(2_500_000);
      const hash = hashOf(blob);
      await open().putBlob(hash, blob);
      await again();
      expect(await open().sizeOfBlob(hash)).toBe(blob.length);
      for (const [start, end] of [
        [0, 0],
        [0, 1],
        [0, blob.length],
        [MIB - 70, MIB + 70],
        [1_000_000, 2_400_000],
        [blob.length - 1, blob.length],
        [blob.length - 10, blob.length + 10],
        [blob.length, blob.length + 10],
        [blob.length + 5, blob.length + 10],
      ] as const) {
        const range = await open().readBlob(hash, start, end);
        expect(range === null ? null : Buffer.compare(range, blob.subarray(start, end)), `${start} to ${end}`).toBe(0);
      }
    });

    it('[ST32] the range and size of a blob that is not there are null; an impossible or too long range is refused', async () => {
      const hash = hashOf(bytes(1));
      expect([await open().sizeOfBlob(hash), await open().readBlob(hash, 0, 1)]).toEqual([null, null]);
      for (const [start, end] of [
        [-1, 1],
        [2, 1],
        [0.5, 1],
        [0, NaN],
      ] as const)
        await expect(open().readBlob(hash, start, end)).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().readBlob('x', 0, 1)).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().sizeOfBlob('x')).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().readBlob(hash, 0, storageLimits.maxRangeBytes + 1)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    });
  });
}

export function uploadRules({ open, again }: StoreOfTest): void {
  describe('uploads', () => {
    it('[ST33] an upload grows at its end only, is still there for another process, and no reader takes it for a blob', async () => {
      const blob = blobOf(3 * MIB);
      const [hash, upload] = [hashOf(blob), name('a')];
      expect(await open().uploadedBytes(upload)).toBeNull();
      expect(await open().writeUpload(upload, 5, bytes(1))).toEqual({ isWritten: false, offset: 0 });
      expect(await open().writeUpload(upload, 0, blob.subarray(0, MIB))).toEqual({ isWritten: true, offset: MIB });
      await again();
      expect(await open().uploadedBytes(upload)).toBe(MIB);
      for (const offset of [0, MIB - 1, MIB + 1])
        expect(await open().writeUpload(upload, offset, blob.subarray(offset, offset + 10))).toEqual({ isWritten: false, offset: MIB });
      expect(await open().writeUpload(upload, MIB, blob.subarray(MIB, MIB + 7))).toEqual({ isWritten: true, offset: MIB + 7 });
      expect(await open().writeUpload(upload, MIB + 7, blob.subarray(MIB + 7))).toEqual({ isWritten: true, offset: blob.length });
      expect([await open().getBlob(hash), await open().listBlobs({ limit: 10 })]).toEqual([null, []]);
    });

    it('[ST33] of writes to one offset at the same time exactly one succeeds', async () => {
      const upload = name('b');
      await open().writeUpload(upload, 0, blobOf(100));
      const writes = await Promise.all([1, 2, 3, 4].map((size) => open().writeUpload(upload, 100, blobOf(size * 1_000))));
      const written = writes.filter(({ isWritten }) => isWritten);
      expect(written).toHaveLength(1);
      expect(new Set(writes.map(({ offset }) => offset))).toEqual(new Set([written[0]?.offset]));
      expect(await open().uploadedBytes(upload)).toBe(written[0]?.offset);
    });

    it('[ST33] a malformed name, an impossible offset and a part that is too large are refused, and nothing is held', async () => {
      for (const upload of ['', '../x', name('A'), `${name('a')}a`])
        for (const call of [
          () => open().writeUpload(upload, 0, bytes(1)),
          () => open().uploadedBytes(upload),
          () => open().finishUpload(upload, hashOf(bytes(1))),
          () => open().dropUpload(upload),
        ])
          await expect(call()).rejects.toMatchObject({ code: 'INVALID' });
      for (const offset of [-1, 0.5, NaN])
        await expect(open().writeUpload(name('a'), offset, bytes(1))).rejects.toMatchObject({ code: 'INVALID' });
      const large = new Uint8Array(storageLimits.maxRangeBytes + 1);
      await expect(open().writeUpload(name('a'), 0, large)).rejects.toMatchObject({ code: 'TOO_LARGE' });
      await expect(open().writeUpload(name('a'), storageLimits.maxUploadBytes, bytes(1))).rejects.toMatchObject({ code: 'TOO_LARGE' });
      await expect(open().finishUpload(name('a'), 'x')).rejects.toMatchObject({ code: 'INVALID' });
      expect(await open().listUploads({ limit: 10 })).toEqual([]);
    });

    it('[ST34] a finished upload is a blob; finishing can be repeated, and later writes and the drop leave the blob as it is', async () => {
      for (const size of [0, 1, 2_500_000]) {
        const blob = blobOf(size);
        const [hash, upload] = [hashOf(blob), name('c')];
        await open().writeUpload(upload, 0, blob.subarray(0, 1_000_000));
        if (size > 1_000_000) await open().writeUpload(upload, 1_000_000, blob.subarray(1_000_000));
        await again();
        expect([await open().finishUpload(upload, hash), await open().finishUpload(upload, hash)]).toEqual([true, true]);
        await open().writeUpload(upload, size, bytes(1, 2, 3));
        expect(await open().sizeOfBlob(hash)).toBe(size);
        await open().dropUpload(upload);
        await again();
        const found = await open().getBlob(hash);
        expect(found === null ? null : Buffer.compare(found, blob), `${size} bytes`).toBe(0);
        expect((await open().listBlobs({ prefix: hash, limit: 2 })).map(({ isWhole, bytes: listed }) => [isWhole, listed])).toEqual([
          [true, size],
        ]);
        expect(await open().uploadedBytes(upload)).toBeNull();
        expect(await open().removeBlobs(await open().listBlobs({ prefix: hash, limit: 2 }))).toEqual([hash]);
        expect([await open().getBlob(hash), await open().sizeOfBlob(hash)]).toEqual([null, null]);
      }
    });

    it('[ST34] an upload with other bytes than its hash, or one that is not there, becomes no blob', async () => {
      const blob = blobOf(10_000);
      const hash = hashOf(blob);
      expect(await open().finishUpload(name('d'), hash)).toBe(false);
      expect(await open().finishUpload(name('d'), hashOf(bytes()))).toBe(false);
      await open().writeUpload(name('d'), 0, blob.subarray(0, 9_999));
      expect(await open().finishUpload(name('d'), hash)).toBe(false);
      await again();
      expect([await open().getBlob(hash), await open().listBlobs({ limit: 10 })]).toEqual([null, []]);
      expect(await open().uploadedBytes(name('d'))).toBe(9_999);
      await open().writeUpload(name('d'), 9_999, blob.subarray(9_999));
      expect(await open().finishUpload(name('d'), hash)).toBe(true);
      // A blob that is there is not harmed by an upload of other bytes.
      await open().writeUpload(name('e'), 0, bytes(1));
      expect(await open().finishUpload(name('e'), hash)).toBe(false);
      expect(hashOf((await open().getBlob(hash))!)).toBe(hash);
    });

    it('[ST35] dropped uploads are gone, and can begin again; listUploads names the others with their bytes and times, page by page', async () => {
      const digits = ['0', '1', '7', 'a', 'f'];
      for (const digit of digits) await open().writeUpload(name(digit), 0, bytes(1, 2, 3));
      await open().writeUpload(name('7'), 3, bytes(4));
      await open().dropUpload(name('1'));
      await open().dropUpload(name('1'));
      await again();
      const seen = [];
      for (let after = ''; ;) {
        const page = await open().listUploads({ after, limit: 2 });
        seen.push(...page);
        const last = page.at(-1);
        if (last === undefined) break;
        after = last.upload;
      }
      expect(seen.map(({ upload, bytes: held }) => [upload.charAt(0), held])).toEqual([
        ['0', 3],
        ['7', 4],
        ['a', 3],
        ['f', 3],
      ]);
      for (const { updatedAt } of seen) expect(Number.isSafeInteger(updatedAt) && updatedAt > 0).toBe(true);
      expect([await open().uploadedBytes(name('1')), await open().writeUpload(name('1'), 0, bytes(9))]).toEqual([
        null,
        { isWritten: true, offset: 1 },
      ]);
      await expect(open().listUploads({ after: 'x', limit: 1 })).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().listUploads({ limit: 0 })).rejects.toMatchObject({ code: 'INVALID' });
    });
  });
}
