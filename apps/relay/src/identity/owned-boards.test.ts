import { createMemoryStore } from '@wetink/storage';
import { expect, it } from 'vitest';
import { refuseOwnedBoards } from './owned-boards.ts';

it('a relay without users does not start on a store that has boards with owners', async () => {
  const { records } = createMemoryStore();
  await records.put('user/ana', new Uint8Array([1]), 0);
  await expect(refuseOwnedBoards(records)).resolves.toBeUndefined();
  await records.put('board/AAAAAAAAAAAAAAAAAAAAAA', new Uint8Array([1]), 0);
  await expect(refuseOwnedBoards(records)).rejects.toThrow('set the secret they were made with');
});
