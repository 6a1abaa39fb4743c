import { createMemoryStore } from '@wetink/storage';
import { expect, it } from 'vitest';
import { inboxRoomOf } from '@wetink/relay/access';
import { refuseOwnedBoards } from './owned-boards.ts';

it('a relay without users does not start on a store that has boards with owners', async () => {
  const store = createMemoryStore();
  const { records } = store;
  await records.put('user/ana', new Uint8Array([1]), 0);
  await expect(refuseOwnedBoards(store)).resolves.toBeUndefined();
  await records.put('board/AAAAAAAAAAAAAAAAAAAAAA', new Uint8Array([1]), 0);
  await expect(refuseOwnedBoards(store)).rejects.toThrow('set the secret they were made with');
});

it('a relay without users does not start on a store that has inboxes, but does with rooms of a similar name', async () => {
  const store = createMemoryStore();
  await store.append('inbox-of-the-team', [new Uint8Array([0, 0])]);
  await expect(refuseOwnedBoards(store)).resolves.toBeUndefined();
  await store.append(inboxRoomOf('ana'), [new Uint8Array([0, 0])]);
  await expect(refuseOwnedBoards(store)).rejects.toThrow('set the secret they were made with');
});
