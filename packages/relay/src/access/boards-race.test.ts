// A user enters at the moment when the owner removes them.

import { createMemoryStore, type Records } from '@wetink/storage';
import { expect, it } from 'vitest';
import { virtualTime } from '../testing/virtual-time.ts';
import { createBoards } from './boards.ts';
import { createUsers } from './users.ts';

it('[AC10] a user who enters while being removed is removed, at the next recheck at the latest', async () => {
  const { records: stored } = createMemoryStore();
  const time = virtualTime();
  /** Runs before the next read of a board is answered. */
  let meanwhile: (() => Promise<unknown>) | null = null;
  const records: Records = {
    ...stored,
    async get(key) {
      const work = key.startsWith('board/') ? meanwhile : null;
      if (work !== null) meanwhile = null;
      await work?.();
      return stored.get(key);
    },
  };
  const users = createUsers({ records, cache: null, now: () => 0 });
  const boards = createBoards({
    records,
    users,
    secret: 'a secret of relays that is long enough for links',
    environment: time,
    wallClock: () => 0,
    randomBytes: (count) => new Uint8Array(count).fill(7),
  });
  const made = await boards.create('ana', { everyone: 'none' }, () => Promise.resolve('free'));
  const id = made.ok ? made.board.id : '';
  await boards.setMember(id, 'ana', 'ben', 'editor');
  meanwhile = () => boards.setMember(id, 'ana', 'ben', 'none');
  const { recheck } = await boards.watch(id, 'ben');
  const checked = recheck();
  await time.advance(1_000);
  expect((await checked).role).toBeNull();
});

it('[AC10] a user who passes a board on twice at once, and is removed by the new owner, stays removed', async () => {
  const { records } = createMemoryStore();
  let meanwhile: (() => Promise<unknown>) | null = null;
  const users = {
    async get(id: string) {
      const work = meanwhile;
      meanwhile = null;
      await work?.();
      return { name: id };
    },
    isSuspended: () => Promise.resolve(false),
  };
  const boards = createBoards({
    records,
    users,
    secret: 'a secret of relays that is long enough for links',
    environment: virtualTime(),
    wallClock: () => 0,
    randomBytes: (count) => new Uint8Array(count).fill(7),
  });
  const made = await boards.create('ana', { everyone: 'none' }, () => Promise.resolve('free'));
  const id = made.ok ? made.board.id : '';
  meanwhile = async () => {
    await boards.setMember(id, 'ana', 'ben', 'owner');
    await boards.setMember(id, 'ben', 'ana', 'none');
  };
  expect(await boards.setMember(id, 'ana', 'cleo', 'owner')).toEqual({ ok: false, code: 'board_not_found' });
  expect((await boards.accessOf(id, 'ana')).role).toBeNull();
  expect((await boards.accessOf(id, 'ben')).role).toBe('owner');
});
