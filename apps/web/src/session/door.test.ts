import { describe, expect, it } from 'vitest';
import { changeAccess, readAccess } from '../core/board-access.ts';
import type { BoardId } from '../core/board-id.ts';
import { NO_SETTINGS } from '../core/board-info.ts';
import type { LinkKey } from '../core/fragment.ts';
import { createKeyValue } from '../core/key-value.ts';
import { createDoor } from './door.ts';
import type { ApiAnswer } from '../account/relay-api.ts';

const boardId = 'AAAAAAAAAAAAAAAAAAAAAA' as BoardId;
const key = 'AAECAwQFBgc.x2ObF6Id1Rvm4KuPktq2we' as LinkKey;
const request = { mustBeFresh: false };

function setup(rooms: 'open' | 'owned' = 'owned') {
  const entries = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (name) => entries.get(name) ?? null,
    setItem: (name, value) => void entries.set(name, value),
    removeItem: (name) => void entries.delete(name),
  }));
  const asked: unknown[] = [];
  const world = { token: 'T', answer: { ok: true, value: {} } as ApiAnswer<unknown> };
  const api = {
    claim: (...call: unknown[]) => Promise.resolve((asked.push(['claim', ...call]), world.answer)),
    join: (...call: unknown[]) => Promise.resolve((asked.push(['join', ...call]), world.answer)),
  };
  const account = {
    forConnection: () => () => Promise.resolve(world.token),
    settings: () => Promise.resolve({ ...NO_SETTINGS, rooms }),
  };
  return { facts, world, asked, door: createDoor({ boardId, facts, api: api as never, account }) };
}

describe('before a board is entered', () => {
  it('a board that is neither new nor opened by a link needs no request', async () => {
    const { door, asked } = setup();
    expect(await door.getToken(request)).toBe('T');
    expect(asked).toEqual([]);
  });

  it.each([
    ['owned', 'none'],
    ['open', 'editor'],
  ] as const)('a new board is claimed once; where rooms are %s, everyone gets %s', async (rooms, everyone) => {
    const { door, facts, asked } = setup(rooms);
    changeAccess(facts, boardId, { mustClaim: true });
    await door.getToken(request);
    await door.getToken(request);
    expect(asked).toEqual([['claim', 'T', boardId, everyone]]);
  });

  it('a link is presented once, and a link that opens nothing is reported', async () => {
    const { door, facts, world, asked } = setup();
    changeAccess(facts, boardId, { linkKey: key });
    await door.getToken(request);
    await door.getToken(request);
    expect(asked).toEqual([['join', 'T', boardId, key]]);
    expect(door.isLinkRefused).toBe(false);
    changeAccess(facts, boardId, { linkKey: key });
    world.answer = { ok: false, kind: 'refused', code: 'board_not_found' };
    expect(await door.getToken(request)).toBe('T');
    expect(door.isLinkRefused).toBe(true);
    expect(readAccess(facts, boardId)).toEqual({ mustClaim: false, linkKey: null, role: null, isShut: false });
  });

  it('a link opened while an older one waits for its answer is presented next', async () => {
    const { door, facts, world } = setup();
    const newer = `AAECAwQFBgd.${key.split('.')[1]}` as LinkKey;
    changeAccess(facts, boardId, { linkKey: key });
    let answer: (value: ApiAnswer<unknown>) => void = () => undefined;
    world.answer = new Promise((resolve) => (answer = resolve)) as never;
    const entering = door.getToken(request);
    await new Promise((resolve) => setTimeout(resolve));
    changeAccess(facts, boardId, { linkKey: newer });
    answer({ ok: true, value: {} });
    await entering;
    expect(readAccess(facts, boardId).linkKey).toBe(newer);
  });

  it('a claim and a link wait on this device until the relay answers', async () => {
    const { door, facts, world } = setup();
    changeAccess(facts, boardId, { mustClaim: true, linkKey: key });
    world.answer = { ok: false, kind: 'unreachable' };
    await expect(door.getToken(request)).rejects.toThrow('cannot be reached');
    world.token = '';
    expect(await door.getToken(request)).toBe('');
    expect(readAccess(facts, boardId)).toEqual({ mustClaim: true, linkKey: key, role: null, isShut: false });
    world.token = 'T';
    world.answer = { ok: true, value: {} };
    await door.getToken(request);
    expect(readAccess(facts, boardId)).toEqual({ mustClaim: false, linkKey: null, role: null, isShut: false });
  });

  it('a bad token decides neither the claim nor the link', async () => {
    const { door, facts, world } = setup();
    changeAccess(facts, boardId, { mustClaim: true, linkKey: key });
    for (const code of ['token_signature', 'token_expired', 'suspended']) {
      world.answer = { ok: false, kind: 'refused', code };
      expect(await door.getToken(request)).toBe('T');
      expect(readAccess(facts, boardId)).toMatchObject({ mustClaim: true, linkKey: key });
    }
  });

  it('a board with another owner by now, or on a relay without boards, is entered as it is', async () => {
    for (const answer of [
      { ok: false, kind: 'refused', code: 'board_exists' },
      { ok: false, kind: 'absent' },
    ] as ApiAnswer<unknown>[]) {
      const { door, facts, world } = setup();
      changeAccess(facts, boardId, { mustClaim: true });
      world.answer = answer;
      expect(await door.getToken(request)).toBe('T');
      expect(readAccess(facts, boardId).mustClaim).toBe(false);
    }
  });
});

it('the stored access to a board is checked when it is read', () => {
  const { facts } = setup();
  facts.write(`wetink.access.${boardId}`, { mustClaim: 'yes', linkKey: 'a.b', role: 'king' });
  expect(readAccess(facts, boardId)).toEqual({ mustClaim: false, linkKey: null, role: null, isShut: false });
  changeAccess(facts, boardId, { role: 'viewer' });
  expect(readAccess(facts, boardId).role).toBe('viewer');
});
