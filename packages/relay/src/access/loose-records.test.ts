import { createMemoryStore } from '@wetink/storage';
import { expect, it } from 'vitest';
import { looseFields, removeRecord } from './loose-records.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('fields of a damaged record are none', () => {
  expect(looseFields(bytes('{"at":1}'))).toEqual({ at: 1 });
  for (const text of ['', '{', '7', 'null', '"x"']) expect(looseFields(bytes(text))).toEqual({});
});

it('a record is removed that another relay changes meanwhile', async () => {
  const { records } = createMemoryStore();
  await records.put('k', bytes('1'), 0);
  let left = 3;
  const raced = {
    ...records,
    async get(key: string) {
      const record = await records.get(key);
      if (record !== null && left-- > 0) await records.put(key, bytes('2'), record.version);
      return record;
    },
  };
  await removeRecord(raced, 'k');
  await removeRecord(raced, 'k');
  expect(await records.get('k')).toBeNull();
});
