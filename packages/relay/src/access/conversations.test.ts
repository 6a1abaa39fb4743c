/** Conversations and ties, on records in memory: laws that hold whatever two relays do at once, and bounds. */

import { randomBytes } from 'node:crypto';
import { createMemoryStore, type Records } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBoards } from './boards.ts';
import type { Boards } from './board-types.ts';
import { createConversations, MAX_CONVERSATIONS, type ConversationsOptions, type Conversations } from './conversations.ts';
import { inboxRoomOf } from './inbox-rooms.ts';
import { createTies, MAX_TIES, NEWEST_TIES, type Ties } from './ties.ts';

const noLimit = (): Promise<void> => Promise.resolve();

let records: Records;
let boards: Boards;
let nowMs: number;
let blocked: Set<string>;
let erased: Set<string>;

function make(options: Partial<ConversationsOptions> = {}): Conversations {
  return createConversations({
    records,
    users: { get: async (id) => ({ name: id.toUpperCase() }) },
    mayAddress: async () => true,
    hasBlocked: async (person, userId) => blocked.has(`${person} ${userId}`),
    isErased: async (room) => erased.has(room),
    wallClock: () => nowMs,
    randomBytes,
    ...options,
  });
}

async function opened(conversations: Conversations, userId: string, ...people: string[]): Promise<string> {
  const outcome = await conversations.open(userId, people, noLimit);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.conversation.id;
}

beforeEach(() => {
  ({ records } = createMemoryStore());
  [nowMs, blocked, erased] = [1_000, new Set(), new Set()];
  const environment = { now: () => nowMs, schedule: () => () => undefined };
  const users = { get: async () => ({}), isSuspended: async () => false };
  boards = createBoards({ records, users, secret: 's'.repeat(32), environment, wallClock: () => nowMs, randomBytes });
});

describe('conversations', () => {
  it('[CV1] its people are editors of its room, and nobody else has a role, by claim neither', async () => {
    const id = await opened(make(), 'ana', 'ben');
    const roles = await Promise.all(['ana', 'ben', 'cleo', ''].map(async (user) => (await boards.accessOf(id, user)).role));
    expect(roles).toEqual(['editor', 'editor', null, null]);
    expect((await boards.accessOf(id, 'root', 'editor')).role).toBeNull();
    for (const outcome of [
      await boards.view(id, 'ana'),
      await boards.setEveryone(id, 'ana', 'editor'),
      await boards.addLink(id, 'ana', 'editor'),
      await boards.setMember(id, 'ana', 'cleo', 'editor'),
      await boards.mayErase(id, 'ana'),
    ])
      expect(outcome.ok).toBe(false);
  });

  it('[CV2] two relays that open the conversation of two at once open the same one', async () => {
    const both = await Promise.all([opened(make(), 'ana', 'ben'), opened(make(), 'ben', 'ana'), opened(make(), 'ana', 'ben')]);
    expect(new Set(both).size).toBe(1);
    expect(await make().list('ben', 10)).toHaveLength(1);
    expect(await make().list('ana', 10)).toMatchObject([{ isDirect: true, people: [{ id: 'ana', name: 'ANA' }, { id: 'ben' }] }]);
  });

  it('[CV2] an open that ended anywhere is completed by the next', async () => {
    for (let failsAt = 0; failsAt < 12; failsAt++) {
      let writes = 0;
      const broken: Records = {
        ...records,
        put: async (...args) => {
          if ((writes += 1) > failsAt) throw new Error('died');
          return records.put(...args);
        },
      };
      const [one, other] = [`u${failsAt}`, `v${failsAt}`];
      const died = await opened(make({ records: broken }), one, other).catch(() => null);
      const id = await opened(make(), other, one);
      if (died !== null) expect(id).toBe(died);
      expect((await make().list(one, 10)).map((view) => view.id)).toEqual([id]);
      expect((await boards.accessOf(id, one)).role).toBe('editor');
    }
  });

  it('[CV3] a person who blocked the caller is in it, hears nothing and has it in no list; the caller sees no difference', async () => {
    blocked.add('ben ana');
    const outcome = await make().open('ana', ['ben', 'cleo'], noLimit);
    expect(outcome).toMatchObject({ ok: true, isNew: true, conversation: { people: [{ id: 'ana' }, { id: 'ben' }, { id: 'cleo' }] } });
    const [view] = await make().list('ana', 10);
    expect(await make().listenersOf(view?.id ?? '')).toEqual(['ana', 'cleo']);
    expect(await make().list('ben', 10)).toEqual([]);
    // Cleo, whom Ben has not blocked, adds him.
    expect(await make().add(view?.id ?? '', 'cleo', 'ben')).toMatchObject({ ok: true, isListed: true });
    expect(await make().list('ben', 10)).toHaveLength(1);
  });

  it('[CV3] a conversation begins, and takes a person, only when all inboxes can be asked: else nothing is written', async () => {
    const id = await opened(make(), 'ana', 'ben', 'cleo');
    const before = await records.list({ prefix: '', limit: 1_000 });
    const away = make({ hasBlocked: (person) => (person === 'dan' ? Promise.reject(new Error('away')) : Promise.resolve(false)) });
    await expect(away.open('ana', ['dan'], noLimit)).rejects.toThrow('away');
    await expect(away.open('ana', ['zoe', 'dan'], noLimit)).rejects.toThrow('away');
    await expect(away.add(id, 'ana', 'dan')).rejects.toThrow('away');
    expect(await records.list({ prefix: '', limit: 1_000 })).toEqual(before);
  });

  it('[CV5] a caller who may make no further conversation now is refused before anybody’s inbox is opened', async () => {
    const asked: string[] = [];
    const conversations = make({
      hasBlocked: async (person) => {
        asked.push(person);
        return false;
      },
    });
    const group = Array.from({ length: 49 }, (_, i) => `u${i}`);
    await expect(conversations.open('ana', group, () => Promise.reject(new Error('too many')))).rejects.toThrow('too many');
    expect(asked).toEqual([]);
    await opened(conversations, 'ana', ...group);
    expect(asked).toEqual(group);
  });

  it('[CV5] a person who is in a conversation is not listed again by being added', async () => {
    const id = await opened(make(), 'ana', 'ben', 'cleo');
    const added = [await make().add(id, 'ana', 'ben'), await make().add(id, 'ana', 'dan'), await make().add(id, 'ana', 'dan')];
    expect(added.map((outcome) => outcome.ok && outcome.isListed)).toEqual([false, true, false]);
  });

  it('[CV4] a person who left has no role and no entry; people who are not in it can neither see it, add to it nor leave it', async () => {
    const id = await opened(make(), 'ana', 'ben', 'cleo');
    expect(await make().leave(id, 'cleo')).toEqual({ ok: true, isEmpty: false });
    expect((await boards.accessOf(id, 'cleo')).role).toBeNull();
    expect(await make().list('cleo', 10)).toEqual([]);
    for (const outcome of [await make().view(id, 'cleo'), await make().add(id, 'cleo', 'cleo'), await make().leave(id, 'cleo')])
      expect(outcome).toEqual({ ok: false, code: 'conversation_not_found' });
    await make().leave(id, 'ana');
    expect(await make().leave(id, 'ben')).toEqual({ ok: true, isEmpty: true });
  });

  it('[CV4] nobody can tell from making a board with its id whether a conversation is there, or was erased', async () => {
    const id = await opened(make(), 'ana', 'ben', 'cleo');
    await make().leave(id, 'cleo');
    const made = (userId: string, board: string, room: 'taken' | 'erased') => boards.create(userId, { id: board }, async () => room);
    for (const user of ['cleo', 'dan'])
      expect(await made(user, id, 'taken')).toEqual(await made(user, randomBytes(16).toString('base64url'), 'erased'));
    expect(await made('ana', id, 'taken')).toEqual({ ok: false, code: 'board_exists' });
  });

  it('[CV4] access that is watched ends with leaving', async () => {
    const id = await opened(make(), 'ana', 'ben', 'cleo');
    const immediate = {
      now: () => nowMs,
      schedule: (fn: () => void, delayMs: number) => {
        if (delayMs === 0) queueMicrotask(fn);
        return () => undefined;
      },
    };
    const users = { get: async () => ({}), isSuspended: async () => false };
    const watching = createBoards({ records, users, secret: 's'.repeat(32), environment: immediate, wallClock: () => nowMs, randomBytes });
    const watched = await watching.watch(id, 'cleo');
    expect(watched.role).toBe('editor');
    await make().leave(id, 'cleo');
    nowMs += 1_000;
    expect((await watched.recheck()).role).toBeNull();
  });

  it('[CV5] at most 50 people, at most 500 conversations in a list, and a full list refuses nobody else', async () => {
    const many = Array.from({ length: 49 }, (_, i) => `p${i}`);
    expect(await make().open('ana', [...many, 'one more'], noLimit)).toEqual({ ok: false, code: 'too_many_people' });
    const id = await opened(make(), 'ana', ...many);
    expect(await make().add(id, 'ana', 'one more')).toEqual({ ok: false, code: 'too_many_people' });
    const entry = async (user: string, i: number): Promise<unknown> => opened(make(), user, `q${i}`, `r${i}`);
    for (let i = 0; i < MAX_CONVERSATIONS; i++) await entry('ben', i);
    expect(await make().open('ben', ['zoe', 'yan'], noLimit)).toEqual({ ok: false, code: 'too_many_conversations' });
    expect(await make().open('zoe', ['ben'], noLimit)).toMatchObject({ ok: true });
    expect((await make().list('ben', 600)).length).toBe(MAX_CONVERSATIONS);
  });

  it('[CV5] the newest is listed first, by its last message to the minute', async () => {
    const first = await opened(make(), 'ana', 'ben');
    nowMs += 1_000;
    const second = await opened(make(), 'ana', 'cleo');
    expect((await make().list('ana', 10)).map(({ id }) => id)).toEqual([second, first]);
    nowMs += 61_000;
    await make().touched(first);
    expect((await make().list('ana', 10)).map(({ id, at }) => [id, at])).toEqual([
      [first, nowMs],
      [second, 2_000],
    ]);
    expect(await make().list('ana', 1)).toHaveLength(1);
  });

  it('[CV6] a forgotten conversation leaves no record, and its two people begin another', async () => {
    const id = await opened(make(), 'ana', 'ben');
    erased.add(id);
    await make().forget(id);
    await boards.forget(id);
    expect(await records.list({ prefix: '', limit: 100 })).toEqual([]);
    expect(await opened(make(), 'ana', 'ben')).not.toBe(id);
    // Erased, and not forgotten yet.
    const other = await opened(make(), 'ana', 'cleo');
    erased.add(other);
    expect(await opened(make(), 'ana', 'cleo')).not.toBe(other);
  });

  it('[CV7] only people whom the caller may address; those who are in a conversation of two may go on', async () => {
    const id = await opened(make(), 'ana', 'ben');
    const nobody = make({ mayAddress: async () => false });
    expect(await nobody.open('ana', ['cleo'], noLimit)).toEqual({ ok: false, code: 'person_not_found' });
    expect(await nobody.open('ana', ['ben', 'cleo'], noLimit)).toEqual({ ok: false, code: 'person_not_found' });
    expect(await opened(nobody, 'ben', 'ana')).toBe(id);
    await make().leave(id, 'ben');
    expect(await nobody.open('ana', ['ben'], noLimit)).toEqual({ ok: false, code: 'person_not_found' });
    expect(await make().open('ana', [], noLimit)).toEqual({ ok: false, code: 'person_not_found' });
  });
});

describe('ties', () => {
  let ties: Ties;
  let errors: unknown[];

  beforeEach(() => {
    errors = [];
    ties = createTies({ records, boards, now: () => nowMs, onError: (error) => errors.push(error) });
  });

  async function board(owner: string, ...members: string[]): Promise<string> {
    const made = await boards.create(owner, {}, async () => 'free');
    if (!made.ok) throw new Error(made.code);
    for (const member of members) await boards.setMember(made.board.id, owner, member, 'viewer');
    for (const user of [owner, ...members]) await ties.note(user, made.board.id);
    return made.board.id;
  }

  it('[CV7] people share a board while both have a role on one that both were on', async () => {
    const id = await board('ana', 'ben');
    expect([await ties.share('ana', 'ben'), await ties.share('ben', 'ana'), await ties.share('ana', 'cleo')]).toEqual([true, true, false]);
    await boards.setMember(id, 'ana', 'ben', 'none');
    expect(await ties.share('ana', 'ben')).toBe(false);
    expect(await ties.share('', '')).toBe(false);
  });

  it('[CV7] a visit that is being noted counts already, and one that cannot be noted holds up nothing', async () => {
    const [one, two] = ['one', 'two'].map((name) => name.padEnd(22, '-'));
    const slow: Records = {
      ...records,
      put: async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return args[0].startsWith('ties/') && nowMs > 1_000 ? Promise.reject(new Error('away')) : records.put(...args);
      },
    };
    ties = createTies({ records: slow, boards, now: () => nowMs, onError: (error) => errors.push(error) });
    const notes = [ties.note('ana', one!), ties.note('ana', two!)];
    expect(await ties.boardsOf('ana')).toEqual([two, one]);
    await Promise.all(notes);
    nowMs = 2_000;
    const failing = ties.note('ana', 'three'.padEnd(22, '-'));
    expect(await ties.boardsOf('ana')).toEqual([two, one]);
    await failing;
    expect(errors).toHaveLength(1);
  });

  it('[CV7] the newest 50 boards of a user are remembered, and a damaged record counts as none', async () => {
    const boardId = (i: number): string => `board${i}`.padEnd(22, '-');
    for (let i = 0; i < MAX_TIES + 10; i++) await ties.note('ana', boardId(i));
    await ties.note('ana', inboxRoomOf('ana'));
    expect(await ties.boardsOf('ana')).toHaveLength(MAX_TIES);
    expect((await ties.boardsOf('ana'))[0]).toBe(boardId(MAX_TIES + 9));
    const [record] = await records.list({ prefix: 'ties/', limit: 1 });
    await records.put(record?.key ?? '', new Uint8Array([1]), record?.version ?? 0);
    expect(await ties.boardsOf('ana')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('[CV7] a visit that was noted a moment ago costs no read, and one that could not be written is noted later', async () => {
    let reads = 0;
    let isBroken = true;
    const counted: Records = {
      ...records,
      get: (key) => {
        reads += 1;
        return isBroken ? Promise.reject(new Error('away')) : records.get(key);
      },
    };
    const shaky = createTies({ records: counted, boards, now: () => nowMs, onError: (error) => errors.push(error) });
    const id = 'board'.padEnd(22, '-');
    await shaky.note('ana', id);
    expect(errors).toHaveLength(1);
    isBroken = false;
    await shaky.note('ana', id);
    await shaky.note('ana', id);
    expect([reads, await ties.boardsOf('ana')]).toEqual([2, [id]]);
    // Another relay dropped it.
    const [record] = await records.list({ prefix: 'ties/', limit: 1 });
    await records.remove(record?.key ?? '', record?.version ?? 0);
    nowMs += 11 * 60_000;
    await shaky.note('ana', id);
    expect(await ties.boardsOf('ana')).toEqual([id]);
  });

  it('[CV7] a visit that lost every race is noted by the next', async () => {
    let isRaced = true;
    const raced: Records = { ...records, put: async (...args) => (isRaced ? null : records.put(...args)) };
    const losing = createTies({ records: raced, boards, now: () => nowMs, onError: (error) => errors.push(error) });
    const id = 'board'.padEnd(22, '-');
    await losing.note('ana', id);
    isRaced = false;
    await losing.note('ana', id);
    expect(await ties.boardsOf('ana')).toEqual([id]);
  });

  it('[PD1] a board that a user is on is among their newest 20', async () => {
    const boardId = (i: number): string => `board${i}`.padEnd(22, '-');
    for (let i = 0; i < 24; i++) await ties.note('ana', boardId(i));
    nowMs += 11 * 60_000;
    await ties.note('ana', boardId(0));
    expect((await ties.boardsOf('ana')).slice(0, NEWEST_TIES)).toContain(boardId(0));
  });

  it('[AC12] an erased board leaves the lists of its owner and its members, and nobody keeps an empty list', async () => {
    const [erased, kept] = [await board('ana', 'ben'), await board('ana')];
    await ties.forget(erased);
    await ties.forget(erased);
    await ties.forget('x'.repeat(22));
    expect([await ties.boardsOf('ana'), await ties.boardsOf('ben')]).toEqual([[kept], []]);
    expect(await records.list({ prefix: 'ties/', limit: 10 })).toHaveLength(1);
    const [record] = await records.list({ prefix: `board/${kept}`, limit: 1 });
    await records.put(record?.key ?? '', new Uint8Array([1]), record?.version ?? 0);
    await ties.forget(kept);
    expect(await ties.boardsOf('ana')).toEqual([kept]);
  });
});
