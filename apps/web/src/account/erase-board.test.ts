import { expect, it } from 'vitest';
import { changeAccess, readAccess } from '../core/board-access.ts';
import type { BoardId } from '../core/board-id.ts';
import { createKeyValue } from '../core/key-value.ts';
import { eraseBoard } from './erase-board.ts';
import type { ApiAnswer } from './relay-api.ts';

const boardId = 'AAAAAAAAAAAAAAAAAAAAAA' as BoardId;

function setup(...answers: ApiAnswer<true>[]) {
  const entries = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (name) => entries.get(name) ?? null,
    setItem: (name, value) => void entries.set(name, value),
    removeItem: (name) => void entries.delete(name),
  }));
  changeAccess(facts, boardId, { role: 'owner' });
  const done: string[] = [];
  const world = { token: 'T', signIn: null as { url: null } | null, canErase: true };
  const erase = () =>
    eraseBoard(boardId, {
      api: { erase: (token) => Promise.resolve((done.push(`server ${token}`), answers.shift() ?? { ok: false, kind: 'unreachable' })) },
      account: {
        token: ({ mustBeFresh }) =>
          world.token === '?' ? Promise.reject(new Error('no network')) : Promise.resolve(world.token + (mustBeFresh ? '2' : '')),
        get signIn() {
          return world.signIn;
        },
      },
      facts,
      closeBoard: () => Promise.resolve(void done.push('closed')),
      eraseOfflineCopy: () =>
        world.canErase ? Promise.resolve(void done.push('device')) : Promise.reject(new DOMException('no', 'UnknownError')),
    });
  return { erase, done, facts, world };
}

it('M8: a board is deleted on the server, closed, and then its copy on this device is erased', async () => {
  const { erase, done, facts } = setup({ ok: true, value: true });
  expect(await erase()).toBe('');
  expect(done).toEqual(['server T', 'closed', 'device']);
  expect(readAccess(facts, boardId).role).toBeNull();
});

it('M8: without a connection nothing is deleted, here or there, and the sentence says that deleting needs one', async () => {
  for (const token of ['T', '?']) {
    const { erase, done, facts, world } = setup({ ok: false, kind: 'unreachable' });
    world.token = token;
    expect(await erase()).toBe('Deleting needs a connection, and the server cannot be reached. Nothing was deleted.');
    expect(done).not.toContain('device');
    expect(readAccess(facts, boardId).role).toBe('owner');
  }
});

it.each([
  ['not_owner', 'This board is not yours to delete any more.'],
  ['board_not_found', 'This board is not yours to delete any more.'],
  ['rate', 'The server refused this. Nothing was deleted.'],
])('M8: a refusal deletes nothing and gives its sentence: %s', async (code, sentence) => {
  const { erase, done } = setup({ ok: false, kind: 'refused', code });
  expect(await erase()).toBe(sentence);
  expect(done).toEqual(['server T']);
});

it('M8: a board that no server ever heard of, or that is deleted already, leaves this device', async () => {
  const unheard = setup({ ok: false, kind: 'refused', code: 'board_not_found' });
  changeAccess(unheard.facts, boardId, { mustClaim: true });
  expect([await unheard.erase(), unheard.done.at(-1)]).toEqual(['', 'device']);
  const gone = setup({ ok: false, kind: 'refused', code: 'board_erased' });
  expect([await gone.erase(), gone.done.at(-1)]).toEqual(['', 'device']);
});

it('M8: an expired token is fetched anew; without sign-in, or on a server without owners, a sentence says so', async () => {
  const { erase, done } = setup({ ok: false, kind: 'refused', code: 'token_expired' }, { ok: true, value: true });
  expect(await erase()).toBe('');
  expect(done).toEqual(['server T', 'server T2', 'closed', 'device']);
  const nobody = setup();
  nobody.world.token = '';
  expect(await nobody.erase()).toContain('boards have no owner');
  nobody.world.signIn = { url: null };
  expect(await nobody.erase()).toContain('not signed in');
});

it('M8: the deletion succeeds even if the browser does not release its copy', async () => {
  const { erase, world } = setup({ ok: true, value: true });
  world.canErase = false;
  expect(await erase()).toBe('');
});
