import { createMemoryStore } from '@wetink/storage';
import { expect, test } from 'vitest';
import { refuseOwnedBoards } from './access-api.ts';

test('a relay that cannot tell people apart does not open boards that have owners', async () => {
  const { records } = createMemoryStore();
  await records.put('user/ana', new Uint8Array([1]), 0);
  await expect(refuseOwnedBoards(records)).resolves.toBeUndefined();
  await records.put('board/AAAAAAAAAAAAAAAAAAAAAA', new Uint8Array([1]), 0);
  await expect(refuseOwnedBoards(records)).rejects.toThrow('set the one they were made with');
});
