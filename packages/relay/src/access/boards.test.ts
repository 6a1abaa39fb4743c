// Boards over a store in memory that counts its reads, on a clock that only the test moves.

import { createMemoryStore, type Records } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { virtualTime, type VirtualTime } from '../testing/virtual-time.ts';
import type { Boards, BoardsOptions, Outcome } from './board-types.ts';
import { createBoards } from './boards.ts';
import { createUsers, type Users } from './users.ts';

const secret = 'a secret of relays that is long enough for links';
let time: VirtualTime;
let records: Records;
let users: Users;
let boards: Boards;
/** Keys that were read, cut after the board. */
let reads: string[];
let lastByte = 0;

function create(options: Partial<BoardsOptions> = {}): Boards {
  return createBoards({
    records,
    users,
    secret,
    environment: time,
    wallClock: () => 1_000,
    randomBytes: (count) => new Uint8Array(count).fill((lastByte += 1)),
    ...options,
  });
}

beforeEach(async () => {
  time = virtualTime();
  reads = [];
  lastByte = 0;
  const store = createMemoryStore();
  records = {
    ...store.records,
    get(key) {
      reads.push(key);
      return store.records.get(key);
    },
  };
  users = createUsers({ records, cache: null, now: () => 1_000 });
  for (const id of ['ana', 'ben', 'cleo', 'dan/x']) await users.seen({ id, name: id.toUpperCase() });
  boards = create();
});

const free = () => Promise.resolve('free' as const);

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome;
}

async function board(everyone: 'none' | 'viewer' | 'editor' = 'none'): Promise<string> {
  return must(await boards.create('ana', { everyone }, free)).board.id;
}

async function roles(id: string, ...people: string[]): Promise<(string | null)[]> {
  return Promise.all(people.map(async (person) => (await boards.accessOf(id, person)).role));
}

describe('making a board', () => {
  it('[AC1] the user who makes a board owns it; nobody else has a role on it, and a room without a record is no board', async () => {
    const id = await board();
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await roles(id, 'ana', 'ben', '')).toEqual(['owner', null, null]);
    expect(await boards.accessOf('B'.repeat(22), 'ana')).toEqual({ isBoard: false, role: null, isSuspended: false });
  });

  it('[AC2] an id made offline is accepted once, when it is free; its owner may make it again', async () => {
    const id = 'A'.repeat(22);
    expect(await boards.create('ana', { id }, () => Promise.resolve('taken'))).toEqual({ ok: false, code: 'board_exists' });
    expect(await boards.create('ana', { id }, () => Promise.resolve('erased'))).toEqual({ ok: false, code: 'board_erased' });
    const both = await Promise.all([boards.create('ana', { id }, free), boards.create('ben', { id }, free)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const [owner, other] = both[0].ok ? ['ana', 'ben'] : ['ben', 'ana'];
    expect(await boards.create(owner ?? '', { id }, free)).toMatchObject({ ok: true, isNew: false, board: { id, role: 'owner' } });
    expect(await boards.create(other ?? '', { id }, free)).toEqual({ ok: false, code: 'board_exists' });
    await expect(boards.create('ana', { id: 'short' }, free)).rejects.toThrow(RangeError);
  });
});

describe('links', () => {
  it('[AC4] a link gives its role until it is removed; then everyone who came by it loses the role', async () => {
    const id = await board();
    const { link } = must(await boards.addLink(id, 'ana', 'editor'));
    expect(link.key).toMatch(/^[A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]{22}$/);
    expect(must(await boards.join(id, 'ben', link.key)).board).toEqual({
      id,
      role: 'editor',
      everyone: 'none',
      owner: { id: 'ana', name: 'ANA' },
    });
    expect(must(await boards.join(id, 'dan/x', link.key)).board.role).toBe('editor');
    expect(await roles(id, 'ben', 'dan/x', 'cleo')).toEqual(['editor', 'editor', null]);
    expect(must(await boards.removeLink(id, 'ana', link.id)).board.links).toEqual([]);
    expect(await roles(id, 'ben', 'dan/x')).toEqual([null, null]);
    expect(await boards.join(id, 'ben', link.key)).toEqual({ ok: false, code: 'board_not_found' });
  });

  it('[AC4] rotating a link ends the old one and makes a new one in one step', async () => {
    const id = await board();
    const old = must(await boards.addLink(id, 'ana', 'viewer')).link;
    must(await boards.join(id, 'ben', old.key));
    const fresh = must(await boards.addLink(id, 'ana', 'viewer', old.id)).link;
    expect(fresh.key).not.toBe(old.key);
    expect(await roles(id, 'ben')).toEqual([null]);
    expect(must(await boards.view(id, 'ana')).board.links).toEqual([fresh]);
    expect(await boards.addLink(id, 'ana', 'viewer', old.id)).toEqual({ ok: false, code: 'link_not_found' });
    expect(must(await boards.join(id, 'ben', fresh.key)).board.role).toBe('viewer');
  });

  it('[AC14] a role by claim counts on every board when it is higher, for people whom the owner removed too, and never on none', async () => {
    const id = await board();
    must(await boards.setMember(id, 'ana', 'ben', 'viewer'));
    must(await boards.setMember(id, 'ana', 'cleo', 'none'));
    const as = async (atLeast: 'viewer' | 'editor'): Promise<(string | null)[]> =>
      Promise.all(['ana', 'ben', 'cleo', 'dan/x', ''].map(async (person) => (await boards.accessOf(id, person, atLeast)).role));
    expect(await as('viewer')).toEqual(['owner', 'viewer', 'viewer', 'viewer', null]);
    expect(await as('editor')).toEqual(['owner', 'editor', 'editor', 'editor', null]);
    must(await boards.setMember(id, 'ana', 'ben', 'editor'));
    expect(await as('viewer')).toEqual(['owner', 'editor', 'viewer', 'viewer', null]);
    expect(await boards.accessOf('B'.repeat(22), 'ben', 'editor')).toEqual({ isBoard: false, role: null, isSuspended: false });
  });

  it('[AC14] a role by claim shows the board, as to any editor, and changes nothing on it; a suspended user has none', async () => {
    const id = await board();
    expect(await boards.view(id, 'ben', { atLeast: 'editor' })).toEqual({
      ok: true,
      board: { id, role: 'editor', everyone: 'none', owner: { id: 'ana', name: 'ANA' } },
    });
    expect(await boards.view(id, 'ben')).toEqual({ ok: false, code: 'board_not_found' });
    expect(await boards.setEveryone(id, 'ben', 'editor')).toEqual({ ok: false, code: 'board_not_found' });
    const { recheck } = await boards.watch(id, 'ben', 'editor');
    const asked = recheck();
    await time.advance(500);
    expect((await asked).role).toBe('editor');
    await users.suspend('ben');
    const suspended = recheck();
    await time.advance(500);
    expect(await suspended).toEqual({ isBoard: true, role: null, isSuspended: true });
  });

  it('[AC15] all boards are listed in pages by id, with their owners; one with a damaged record is in the list without them', async () => {
    const ids = [await board('viewer'), await board(), await board()].sort();
    const damaged = ids[1] ?? '';
    const record = await records.get(`board/${damaged}`);
    await records.put(`board/${damaged}`, new TextEncoder().encode('{"owner":1}'), record?.version ?? 0);
    const first = await boards.list({ limit: 2 });
    const rest = await boards.list({ limit: 2, after: first.at(-1)?.id ?? '' });
    expect([...first, ...rest].map(({ id }) => id)).toEqual(ids);
    expect([...first, ...rest].map(({ facts }) => facts?.owner ?? null)).toEqual([
      { id: 'ana', name: 'ANA' },
      null,
      { id: 'ana', name: 'ANA' },
    ]);
    expect((await boards.list({ limit: 9, prefix: damaged })).map(({ id }) => id)).toEqual([damaged]);
  });

  it('[HT16] no new board gets a reserved id, minted or brought by a client; an existing board keeps its own', async () => {
    const old = await board();
    const reserved = Buffer.from(new Uint8Array(16).fill(lastByte + 1)).toString('base64url');
    boards = create({ isReserved: (id) => id === reserved || id === old });
    const next = Buffer.from(new Uint8Array(16).fill(lastByte + 2)).toString('base64url');
    expect(await board()).toBe(next);
    expect(await boards.create('ben', { id: reserved }, free)).toEqual({ ok: false, code: 'board_exists' });
    expect(must(await boards.create('ana', { id: old }, free)).board).toMatchObject({ id: old, role: 'owner' });
  });

  it('[AC5] the store holds no secret of a link, and another secret of the relay makes other links', async () => {
    const id = await board();
    const { link } = must(await boards.addLink(id, 'ana', 'editor'));
    const kept = (await records.list({ prefix: '', limit: 1_000 })).map(({ key, value }) => key + new TextDecoder().decode(value)).join();
    expect(kept).toContain(link.id);
    expect(kept).not.toContain(link.key.split('.')[1]);
    const elsewhere = create({ secret: `${secret}!` });
    expect(await elsewhere.join(id, 'ben', link.key)).toEqual({ ok: false, code: 'board_not_found' });
    const other = await board();
    for (const key of ['', '.', link.id, `${link.id}.`, `${link.key}x`, link.key.slice(0, -1), `${link.id}.${'A'.repeat(22)}`])
      expect(await boards.join(id, 'ben', key), key).toEqual({ ok: false, code: 'board_not_found' });
    expect(await boards.join(other, 'ben', link.key)).toEqual({ ok: false, code: 'board_not_found' });
  });

  it('[AC6] a board has 50 links and not one more; one may still be rotated', async () => {
    const id = await board();
    for (let i = 0; i < 50; i++) must(await boards.addLink(id, 'ana', 'viewer'));
    expect(await boards.addLink(id, 'ana', 'viewer')).toEqual({ ok: false, code: 'too_many_links' });
    const [first] = must(await boards.view(id, 'ana')).board.links ?? [];
    must(await boards.addLink(id, 'ana', 'viewer', first?.id));
    expect(must(await boards.view(id, 'ana')).board.links).toHaveLength(50);
  });

  it('[AC4] a lower link takes no rights away, a higher one adds some', async () => {
    const id = await board();
    const viewer = must(await boards.addLink(id, 'ana', 'viewer')).link;
    const editor = must(await boards.addLink(id, 'ana', 'editor')).link;
    for (const [key, role] of [
      [viewer.key, 'viewer'],
      [editor.key, 'editor'],
      [viewer.key, 'editor'],
    ] as const)
      expect(must(await boards.join(id, 'ben', key)).board.role).toBe(role);
    expect(must(await boards.join(id, 'ana', viewer.key)).board.role).toBe('owner');
    must(await boards.setMember(id, 'ana', 'cleo', 'viewer'));
    expect(must(await boards.join(id, 'cleo', editor.key)).board.role).toBe('viewer');
  });
});

describe('people', () => {
  it('[AC7] the owner gives roles, removes members and lets them in again; links do not help a removed member', async () => {
    const id = await board('viewer');
    const { link } = must(await boards.addLink(id, 'ana', 'editor'));
    must(await boards.join(id, 'ben', link.key));
    must(await boards.setMember(id, 'ana', 'ben', 'none'));
    expect(await roles(id, 'ben', 'cleo')).toEqual([null, 'viewer']);
    expect(await boards.join(id, 'ben', link.key)).toEqual({ ok: false, code: 'board_not_found' });
    expect(must(await boards.view(id, 'ana')).board.members).toEqual([
      { user: { id: 'ben', name: 'BEN' }, role: 'none', via: 'direct', since: 1_000 },
    ]);
    must(await boards.setMember(id, 'ana', 'ben', 'viewer'));
    expect(await roles(id, 'ben')).toEqual(['viewer']);
  });

  it('[AC7] a board is passed on to a user who was here; its old owner becomes an editor', async () => {
    const id = await board();
    expect(await boards.setMember(id, 'ana', 'nobody', 'owner')).toEqual({ ok: false, code: 'user_not_found' });
    expect(await boards.setMember(id, 'ana', 'ana', 'viewer')).toEqual({ ok: false, code: 'owner_stays' });
    expect(must(await boards.setMember(id, 'ana', 'ben', 'owner')).board).toMatchObject({ role: 'editor', owner: { id: 'ben' } });
    expect(await roles(id, 'ana', 'ben')).toEqual(['editor', 'owner']);
    expect(await boards.setMember(id, 'ana', 'ana', 'owner')).toEqual({ ok: false, code: 'not_owner' });
    must(await boards.setMember(id, 'ben', 'ana', 'owner'));
    expect(await roles(id, 'ana', 'ben')).toEqual(['owner', 'editor']);
  });

  it('[AC8] a suspended user has no role, not even as the owner, and gets the old role back afterwards', async () => {
    const id = await board('editor');
    await users.suspend('ana');
    expect(await boards.accessOf(id, 'ana')).toEqual({ isBoard: true, role: null, isSuspended: true });
    await users.resume('ana');
    expect(await roles(id, 'ana')).toEqual(['owner']);
  });

  it('[AC6] members come in pages, ids with a slash too; a user who came by a removed link is not listed', async () => {
    boards = create({ limits: { membersPerPage: 2 } });
    const id = await board();
    const { link } = must(await boards.addLink(id, 'ana', 'viewer'));
    const gone = must(await boards.addLink(id, 'ana', 'viewer')).link;
    for (const person of ['ben', 'cleo', 'dan/x']) must(await boards.join(id, person, person === 'cleo' ? gone.key : link.key));
    must(await boards.removeLink(id, 'ana', gone.id));
    const first = must(await boards.view(id, 'ana')).board;
    expect(first.members?.map(({ user, role, via, linkId }) => [user.id, role, via, linkId])).toEqual([['ben', 'viewer', 'link', link.id]]);
    const second = must(await boards.view(id, 'ana', { membersAfter: first.membersCursor ?? '' })).board;
    expect(second.members?.map(({ user }) => user.name)).toEqual(['DAN/X']);
    expect(second.membersCursor).toBeNull();
  });
});

describe('rights on a board', () => {
  it('[AC3] only the owner changes anything; a user without a role gets the answer of a missing board, after the same reads', async () => {
    const id = await board();
    const { link } = must(await boards.addLink(id, 'ana', 'viewer'));
    must(await boards.setMember(id, 'ana', 'cleo', 'editor'));
    const calls: [string, (on: string, by: string) => Promise<Outcome<object>>][] = [
      ['view', (on, by) => boards.view(on, by)],
      ['setEveryone', (on, by) => boards.setEveryone(on, by, 'editor')],
      ['addLink', (on, by) => boards.addLink(on, by, 'editor')],
      ['rotate', (on, by) => boards.addLink(on, by, 'editor', link.id)],
      ['removeLink', (on, by) => boards.removeLink(on, by, link.id)],
      ['setMember', (on, by) => boards.setMember(on, by, 'ben', 'editor')],
      ['transfer', (on, by) => boards.setMember(on, by, by, 'owner')],
      ['mayErase', (on, by) => boards.mayErase(on, by)],
      ['join', (on, by) => boards.join(on, by, `${link.id}.${'A'.repeat(22)}`)],
    ];
    const missing = 'Z'.repeat(22);
    for (const [name, call] of calls) {
      if (name !== 'view' && name !== 'join') expect(await call(id, 'cleo'), name).toEqual({ ok: false, code: 'not_owner' });
      reads = [];
      const forbidden = await call(id, 'ben');
      const ofForbidden = reads.map((key) => key.replaceAll(id, 'ID'));
      reads = [];
      expect(await call(missing, 'ben'), name).toEqual(forbidden);
      expect(forbidden, name).toEqual({ ok: false, code: 'board_not_found' });
      expect(
        reads.map((key) => key.replaceAll(missing, 'ID')),
        name,
      ).toEqual(ofForbidden);
      expect(ofForbidden, name).toHaveLength(3);
    }
    expect(await roles(id, 'ana', 'ben')).toEqual(['owner', null]);
  });

  it('[AC9] concurrent changes are all made', async () => {
    const id = await board();
    boards = create({ limits: { maxAttempts: 20 } });
    const [, , ...made] = await Promise.all([
      boards.setEveryone(id, 'ana', 'viewer'),
      boards.setMember(id, 'ana', 'ben', 'editor'),
      ...Array.from({ length: 6 }, () => boards.addLink(id, 'ana', 'viewer')),
    ]);
    expect(made.filter(({ ok }) => ok)).toHaveLength(6);
    const { links, everyone } = must(await boards.view(id, 'ana')).board;
    expect([links?.length, everyone]).toEqual([6, 'viewer']);
    expect(await roles(id, 'ben')).toEqual(['editor']);
    const busy = create({ records: { ...records, put: () => Promise.resolve(null) } });
    expect(await busy.setEveryone(id, 'ana', 'none')).toEqual({ ok: false, code: 'busy' });
  });

  it('[AC12] a forgotten board leaves nothing behind', async () => {
    const id = await board('viewer');
    must(await boards.setMember(id, 'ana', 'ben', 'editor'));
    await boards.forget(id);
    await boards.forget(id);
    expect((await records.list({ prefix: '', limit: 1_000 })).filter(({ key }) => key.includes(id))).toEqual([]);
    expect(await boards.accessOf(id, 'ana')).toMatchObject({ isBoard: false, role: null });
  });

  it('[AC13] an unreadable record gives no access', async () => {
    const id = await board('editor');
    for (const text of ['', '{', 'null', '{"owner":"ana"}', '{"owner":"ana","createdAt":1,"everyone":"owner","links":[]}']) {
      const { version = 0 } = (await records.get(`board/${id}`)) ?? {};
      await records.put(`board/${id}`, new TextEncoder().encode(text), version);
      await expect(boards.accessOf(id, 'ana'), text).rejects.toThrow(/damaged/);
    }
  });
});

describe('recheck of a role', () => {
  it('[AC10] a change by another relay is seen, in both directions', async () => {
    const id = await board();
    must(await boards.setMember(id, 'ana', 'ben', 'editor'));
    const elsewhere = create();
    const { recheck, role } = await elsewhere.watch(id, 'ben');
    expect(role).toBe('editor');
    for (const wanted of ['viewer', 'none', 'editor'] as const) {
      must(await boards.setMember(id, 'ana', 'ben', wanted));
      const asked = recheck();
      await time.advance(500);
      expect((await asked).role).toBe(wanted === 'none' ? null : wanted);
    }
    const { link } = must(await boards.addLink(id, 'ana', 'editor'));
    must(await boards.setEveryone(id, 'ana', 'viewer'));
    const cleo = await elsewhere.watch(id, 'cleo');
    must(await boards.join(id, 'cleo', link.key));
    const raised = cleo.recheck();
    await time.advance(500);
    expect([cleo.role, (await raised).role]).toEqual(['viewer', 'editor']);
    await users.suspend('cleo');
    const suspended = cleo.recheck();
    await time.advance(500);
    expect(await suspended).toEqual({ isBoard: true, role: null, isSuspended: true });
    await boards.forget(id);
    const gone = recheck();
    await time.advance(500);
    expect(await gone).toEqual({ isBoard: false, role: null, isSuspended: false });
  });

  it('[AC11] a thousand people in a room cost two reads of the board a second; a member is read only after a change', async () => {
    const id = await board('viewer');
    const people = await Promise.all(Array.from({ length: 1_000 }, (_, i) => boards.watch(id, `p${i}`)));
    await time.advance(1_000);
    reads = [];
    const answers: Promise<unknown>[] = [];
    for (let tenth = 0; tenth < 100; tenth++) {
      for (let i = 0; i < 10; i++) answers.push(people[tenth * 10 + i]?.recheck() ?? Promise.reject(new Error()));
      await time.advance(100);
    }
    await time.advance(500);
    await Promise.all(answers);
    const ofBoard = reads.filter((key) => key.startsWith('board/')).length;
    expect(ofBoard).toBeGreaterThanOrEqual(10);
    expect(ofBoard).toBeLessThanOrEqual(21);
    expect(reads.filter((key) => key.startsWith('member/'))).toEqual([]);
    reads = [];
    must(await boards.setEveryone(id, 'ana', 'none'));
    const after = Promise.all(people.slice(0, 10).map(({ recheck }) => recheck()));
    await time.advance(1);
    expect((await after).map(({ role }) => role)).toEqual(Array.from({ length: 10 }, () => null));
    expect(reads.filter((key) => key.startsWith(`member/${id}/p`))).toHaveLength(10);
  });

  it('[AC11] an answer is never older than its question, even while a read is under way', async () => {
    const id = await board('editor');
    let answer: () => void = () => undefined;
    const slow = create({
      records: {
        ...records,
        async get(key) {
          const found = await records.get(key);
          if (key.startsWith('board/')) await new Promise<void>((resolve) => (answer = resolve));
          return found;
        },
      },
    });
    const watching = slow.watch(id, 'ben');
    await time.advance(1);
    answer();
    const { recheck } = await watching;
    const before = recheck();
    await time.advance(1);
    const answerBefore = answer;
    must(await boards.setEveryone(id, 'ana', 'none'));
    const after = recheck();
    answerBefore();
    expect((await before).role).toBe('editor');
    await time.advance(500);
    answer();
    expect((await after).role).toBeNull();
  });

  it('[AC11] nothing is kept of boards that no member is checked for', async () => {
    const { FreshBoards } = await import('./fresh-boards.ts');
    const fresh = new FreshBoards(records, time, 500);
    const asked = Promise.all(Array.from({ length: 100 }, (_, i) => fresh.read(`b${i}`)));
    await time.advance(1);
    await asked;
    expect(fresh.size).toBe(100);
    await time.advance(500);
    expect(fresh.size).toBe(0);
    // Read again, and one of them later than the others.
    void fresh.read('b1');
    await time.advance(300);
    void fresh.read('b2');
    await time.advance(1_000);
    expect(fresh.size).toBe(0);
  });

  it('[AC11] boards read at once need one timer to be forgotten, not one each', async () => {
    let waiting = 0;
    const schedule = (fn: () => void, delayMs: number): (() => void) => {
      if (delayMs > 0) waiting += 1;
      return time.schedule(fn, delayMs);
    };
    const { FreshBoards } = await import('./fresh-boards.ts');
    const fresh = new FreshBoards(records, { now: time.now, schedule }, 500);
    for (let i = 0; i < 1_000; i++) void fresh.read(`b${i}`);
    await time.advance(1);
    expect([fresh.size, waiting]).toEqual([1_000, 1]);
  });
});
