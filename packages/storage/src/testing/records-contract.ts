/** The rules of every store's `records`, as tests: a part of `storageContract`. Titles cite the rules in SPEC.md. */

import { describe, expect, it } from 'vitest';
import { storageLimits } from '../limits.ts';
import type { Store } from '../port.ts';
import type { Records } from '../records.ts';
import { bytes } from './store-of-test.ts';

/**
 * @param open Returns the store of this test. @param again Returns the data as a new process would find it, if the
 * store can do that.
 */
export function recordsContract(open: () => Store, again: () => Promise<Store>): void {
  describe('records', () => {
    const records = (): Records => open().records;
    const keysOf = async (query: { prefix: string; after?: string; limit?: number }): Promise<string[]> =>
      (await records().list({ limit: 100, ...query })).map(({ key }) => key);

    it('[ST22] a record comes back as it was put, with a version that rises by one', async () => {
      expect(await records().get('k')).toBeNull();
      expect(await records().put('k', bytes(1, 2), 0)).toBe(1);
      expect(await records().get('k')).toEqual({ key: 'k', value: bytes(1, 2), version: 1 });
      expect(await records().put('k', bytes(3), 1)).toBe(2);
      expect(await records().put('k', bytes(3), 2)).toBe(3);
      await again();
      expect(await records().get('k')).toEqual({ key: 'k', value: bytes(3), version: 3 });
      expect(await records().put('k', bytes(4), 3)).toBe(4);
    });

    it('[ST22] values are copied on their way in and out', async () => {
      const value = Buffer.from([1, 2, 3]);
      const put = records().put('k', value, 0);
      value.fill(9);
      await put;
      (await records().get('k'))?.value.fill(8);
      (await records().list({ prefix: '', limit: 1 }))[0]?.value.fill(7);
      expect((await records().get('k'))?.value).toEqual(bytes(1, 2, 3));
    });

    it('[ST23] a write for another version than the present one changes nothing', async () => {
      expect(await records().put('k', bytes(1), 1)).toBeNull();
      expect(await records().remove('k', 1)).toBe(false);
      expect(await records().get('k')).toBeNull();
      await records().put('k', bytes(1), 0);
      await records().put('k', bytes(2), 1);
      for (const version of [0, 1, 3]) expect(await records().put('k', bytes(9), version), `version ${version}`).toBeNull();
      for (const version of [1, 3]) expect(await records().remove('k', version), `version ${version}`).toBe(false);
      await again();
      expect(await records().get('k')).toEqual({ key: 'k', value: bytes(2), version: 2 });
    });

    it('[ST23] of many writes of a new key at once exactly one is first, and its value is kept', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => records().put('k', bytes(i), 0)));
      expect(answers.filter((version) => version === 1)).toHaveLength(1);
      expect(answers.filter((version) => version === null)).toHaveLength(29);
      const winner = answers.indexOf(1);
      await again();
      expect(await records().get('k')).toEqual({ key: 'k', value: bytes(winner), version: 1 });
    });

    it('[ST23] of a write and a removal at once exactly one happens', async () => {
      for (let round = 0; round < 10; round++) {
        const key = `k${round}`;
        await records().put(key, bytes(1), 0);
        const [version, isRemoved] = await Promise.all([records().put(key, bytes(2), 1), records().remove(key, 1)]);
        expect([version, isRemoved]).toEqual(version === null ? [null, true] : [2, false]);
        expect((await records().get(key))?.version ?? null).toBe(version);
      }
    });

    it('[ST23] increments by several writers, each retried until written, are all kept', async () => {
      const increment = async (): Promise<void> => {
        for (;;) {
          const found = await records().get('n');
          if ((await records().put('n', bytes((found?.value[0] ?? 0) + 1), found?.version ?? 0)) !== null) return;
        }
      };
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let i = 0; i < 5; i++) await increment();
        }),
      );
      await again();
      expect(await records().get('n')).toEqual({ key: 'n', value: bytes(40), version: 40 });
    });

    it('[ST24] a removed record is gone, and begins at version 1 when written again', async () => {
      await records().put('k', bytes(1), 0);
      await records().put('k', bytes(2), 1);
      expect(await records().remove('k', 2)).toBe(true);
      await again();
      expect(await records().get('k')).toBeNull();
      expect(await keysOf({ prefix: '' })).toEqual([]);
      expect(await records().remove('k', 2)).toBe(false);
      expect(await records().put('k', bytes(3), 2)).toBeNull();
      expect(await records().put('k', bytes(3), 0)).toBe(1);
    });

    it('[ST25] records are listed in byte order, page by page, each once', async () => {
      const keys = ['b', 'a', 'ab', 'a/1', 'a/2', 'é', '\uffff', '😀', 'z', '\u0000', 'a\u0000'];
      for (const [i, key] of keys.entries()) await records().put(key, bytes(i), 0);
      await again();
      const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      for (const limit of [1, 2, 3, 100]) {
        const seen: string[] = [];
        for (let after: string | undefined; ;) {
          const page = await records().list({ prefix: '', limit, ...(after === undefined ? {} : { after }) });
          expect(page.length).toBeLessThanOrEqual(limit);
          seen.push(...page.map(({ key }) => key));
          expect(seen.length, 'a key twice').toBeLessThanOrEqual(keys.length);
          after = page.at(-1)?.key;
          if (after === undefined) break;
        }
        expect(seen, `pages of ${limit}`).toEqual(sorted);
      }
      expect(await records().list({ prefix: 'é', limit: 1 })).toEqual([{ key: 'é', value: bytes(5), version: 1 }]);
    });

    it('[ST25] records are listed by prefix, with and without a key to start behind', async () => {
      for (const key of ['a', 'a/1', 'a/2', 'a/3', 'a0', 'b', 'a\uffff', 'a😀', '\u{10ffff}', '\u{10ffff}a', 'p\ud7ff', 'p\ue000'])
        await records().put(key, bytes(1), 0);
      expect(await keysOf({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3']);
      expect(await keysOf({ prefix: 'a/', limit: 2 })).toEqual(['a/1', 'a/2']);
      expect(await keysOf({ prefix: 'a/', after: 'a/1' })).toEqual(['a/2', 'a/3']);
      expect(await keysOf({ prefix: 'a/', after: 'a/11' })).toEqual(['a/2', 'a/3']);
      expect(await keysOf({ prefix: 'a/', after: 'a/3' })).toEqual([]);
      expect(await keysOf({ prefix: 'b', after: 'a' })).toEqual(['b']);
      expect(await keysOf({ prefix: 'a', after: 'b' })).toEqual([]);
      expect(await keysOf({ prefix: 'a' })).toEqual(['a', 'a/1', 'a/2', 'a/3', 'a0', 'a\uffff', 'a😀']);
      expect(await keysOf({ prefix: '\u{10ffff}' })).toEqual(['\u{10ffff}', '\u{10ffff}a']);
      expect(await keysOf({ prefix: 'p\ud7ff' })).toEqual(['p\ud7ff']);
      expect(await keysOf({ prefix: 'c' })).toEqual([]);
    });

    it('[ST25] an invalid page size, and a prefix or key that is not text, are refused', async () => {
      for (const limit of [0, -1, 1.5, Number.NaN, storageLimits.maxListLimit + 1])
        await expect(records().list({ prefix: '', limit })).rejects.toMatchObject({ code: 'INVALID' });
      expect(await records().list({ prefix: '', limit: storageLimits.maxListLimit })).toEqual([]);
      for (const query of [{ prefix: { $ne: '' } }, { prefix: '', after: { $gt: '' } }, { prefix: 'a\ud800' }] as unknown as {
        prefix: string;
      }[])
        await expect(records().list({ limit: 1, ...query })).rejects.toMatchObject({ code: 'INVALID' });
    });

    it('[ST26] records are separate, whatever their keys', async () => {
      const keys = [
        '__proto__',
        'constructor',
        'toString',
        '$where',
        '$gt',
        '{"$gt":""}',
        'a.b',
        'a.$b',
        '.*',
        '../a',
        'A',
        'a',
        'a\u0000',
        'a\u0000b',
        'é',
        'e\u0301',
        '😀',
        '\uffff',
        ' ',
        'x'.repeat(512),
        '😀'.repeat(128),
      ];
      for (const [i, key] of keys.entries()) expect(await records().put(key, bytes(i), 0), key).toBe(1);
      await again();
      for (const [i, key] of keys.entries()) expect(await records().get(key)).toEqual({ key, value: bytes(i), version: 1 });
      expect((await keysOf({ prefix: '' })).sort()).toEqual([...keys].sort());
      for (const key of keys) expect(await records().remove(key, 1), key).toBe(true);
      expect(await keysOf({ prefix: '' })).toEqual([]);
    });

    it('[ST26] a key is 1 to 512 bytes of UTF-8', async () => {
      const wrong: [string, string][] = [
        ['x'.repeat(513), 'TOO_LARGE'],
        ['é'.repeat(257), 'TOO_LARGE'],
        ['', 'INVALID'],
        ['a\ud800', 'INVALID'],
        [{ $ne: 'a' } as unknown as string, 'INVALID'],
        [['a'] as unknown as string, 'INVALID'],
        [1 as unknown as string, 'INVALID'],
      ];
      for (const [key, code] of wrong) {
        await expect(records().get(key)).rejects.toMatchObject({ code, name: 'StoreError' });
        await expect(records().put(key, bytes(1), 0)).rejects.toMatchObject({ code, name: 'StoreError' });
        await expect(records().remove(key, 1)).rejects.toMatchObject({ code, name: 'StoreError' });
      }
      expect(await keysOf({ prefix: '' })).toEqual([]);
    });

    it('[ST27] a value of the largest size is accepted, and one byte more refused', async () => {
      const largest = new Uint8Array(storageLimits.maxRecordBytes).map((_, i) => i * 31);
      expect(await records().put('k', largest, 0)).toBe(1);
      expect(await records().put('empty', bytes(), 0)).toBe(1);
      for (const value of [new Uint8Array(storageLimits.maxRecordBytes + 1), new Uint8Array(storageLimits.maxRecordBytes * 2)])
        await expect(records().put('k', value, 1)).rejects.toMatchObject({ code: 'TOO_LARGE' });
      await expect(records().put('k', 'text' as unknown as Uint8Array, 1)).rejects.toMatchObject({ code: 'INVALID' });
      await again();
      const found = await records().get('k');
      expect(found?.version).toBe(1);
      expect(Buffer.compare(found?.value ?? bytes(), largest)).toBe(0);
      expect((await records().get('empty'))?.value).toEqual(bytes());
    });

    it('[ST27] an invalid version is refused', async () => {
      await records().put('k', bytes(1), 0);
      for (const version of [-1, 0.5, Number.NaN, Infinity, 2 ** 48, '1' as unknown as number, { $gt: 0 } as unknown as number]) {
        await expect(records().put('k', bytes(2), version)).rejects.toMatchObject({ code: 'INVALID' });
        await expect(records().remove('k', version)).rejects.toMatchObject({ code: 'INVALID' });
      }
      await expect(records().remove('k', 0)).rejects.toMatchObject({ code: 'INVALID' });
      expect(await records().get('k')).toEqual({ key: 'k', value: bytes(1), version: 1 });
    });

    it('[ST28] records and a room of the same name are independent', async () => {
      await records().put('r', bytes(1), 0);
      expect(await open().list({ limit: 10 })).toEqual([]);
      await open().append('r', [bytes(2)]);
      await open().remove('r');
      await again();
      expect(await records().get('r')).toEqual({ key: 'r', value: bytes(1), version: 1 });
      expect(await records().remove('r', 1)).toBe(true);
      await expect(open().append('r', [bytes(3)])).rejects.toMatchObject({ code: 'ERASED' });
    });
  });
}
