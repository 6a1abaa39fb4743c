/** The directory of people online: seeing them, their coming and going on one relay and on several, and its cost. */

import { beforeEach, expect, it } from 'vitest';
import { createMemoryOnlineIndex, type OnlineIndex } from './online-index.ts';
import { createOnlinePeople, MAX_ONLINE, type DirectoryRule, type OnlinePeople } from './online-people.ts';

const board = (i: number): string => `board${String(i).padStart(17, '0')}`;

let ties: Map<string, string[]>;
let noRole: Set<string>;
let calls: number;
let nowMs: number;
let errors: unknown[];

beforeEach(() => {
  [ties, noRole, calls, nowMs, errors] = [new Map(), new Set(), 0, 0, []];
});

function people(rule: DirectoryRule = 'shared', inner: OnlineIndex = createMemoryOnlineIndex()): OnlinePeople {
  const counted = <Args extends unknown[], Result>(call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      calls += 1;
      return call(...args);
    };
  };
  return createOnlinePeople({
    rule,
    index: { add: counted(inner.add), remove: counted(inner.remove), of: (...args) => inner.of(...args) },
    ties: { boardsOf: async (userId) => ties.get(userId) ?? [] },
    boards: {
      accessOf: async (id, userId) => ({ isBoard: true, role: noRole.has(`${userId} ${id}`) ? null : 'editor', isSuspended: false }),
    },
    environment: { now: () => nowMs },
    onError: (error) => errors.push(error),
  });
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const seenBy = async (online: OnlinePeople, userId: string): Promise<string[]> => (await online.of(userId)).ids.sort();

it('[PD1] a caller sees those who are online and were on one of their boards, as long as the caller has a role there', async () => {
  ties = new Map([
    ['ana', [board(1), board(2)]],
    ['ben', [board(2), board(3)]],
    ['cleo', [board(3)]],
  ]);
  const online = people();
  for (const user of ['ana', 'ben', 'cleo']) online.entered(user, `inbox of ${user}`);
  await settled();
  expect([await seenBy(online, 'ana'), await seenBy(online, 'ben'), await seenBy(online, 'dan')]).toEqual([['ben'], ['ana', 'cleo'], []]);
  noRole.add(`ana ${board(2)}`);
  expect(await seenBy(online, 'ana')).toEqual([]);
  // Cleo enters a board of Ana's.
  online.entered('cleo', board(1));
  await settled();
  expect(await seenBy(online, 'ana')).toEqual(['cleo']);
  expect(errors).toEqual([]);
});

it('[PD1] a user is shown to nobody on a board on which they have no role any more, whether it ended before they came or after', async () => {
  ties = new Map([
    ['ana', [board(1), board(2)]],
    ['ben', [board(1)]],
  ]);
  noRole.add(`ben ${board(1)}`);
  const online = people();
  online.entered('ben', 'inbox of ben');
  await settled();
  expect(await seenBy(online, 'ana')).toEqual([]);
  online.entered('ben', board(2));
  await settled();
  expect(await seenBy(online, 'ana')).toEqual(['ben']);
  noRole.add(`ben ${board(2)}`);
  online.left('ben', board(2));
  nowMs += 300_000;
  await online.refresh();
  expect(await seenBy(online, 'ana')).toEqual([]);
  expect(errors).toEqual([]);
});

it('[PD2] a user is online until the last of their connections ends, also when it ends while they come', async () => {
  ties = new Map([
    ['ana', [board(1)]],
    ['ben', [board(1)]],
  ]);
  const online = people();
  online.entered('ben', board(1));
  online.entered('ben', board(2));
  await settled();
  online.left('ben', board(1));
  await settled();
  expect(await seenBy(online, 'ana')).toEqual(['ben']);
  online.left('ben', board(2));
  await settled();
  expect(await seenBy(online, 'ana')).toEqual([]);
  online.entered('ben', board(1));
  online.left('ben', board(1));
  await settled();
  expect(await seenBy(online, 'ana')).toEqual([]);
});

it('[PD3] the directory can be open to all, or off', async () => {
  const [all, off] = [people('all'), people('off')];
  for (const online of [all, off]) for (const user of ['ana', 'ben']) online.entered(user, board(1));
  await settled();
  expect([await seenBy(all, 'cleo'), await seenBy(off, 'ana')]).toEqual([['ana', 'ben'], []]);
});

it('[PD4] with 10,000 online, one coming and one going are one call each, and an answer has at most 500 people', async () => {
  const boards = Array.from({ length: 20 }, (_, i) => board(i));
  for (let i = 0; i < 10_000; i++) ties.set(`u${i}`, boards);
  const online = people();
  for (let i = 0; i < 10_000; i++) online.entered(`u${i}`, board(i % 20));
  await settled();
  expect(await seenBy(online, 'u1')).toHaveLength(MAX_ONLINE);
  calls = 0;
  online.left('u5', board(5));
  await settled();
  online.entered('u5', board(5));
  await settled();
  expect(calls).toBe(2);
  nowMs += 300_000;
  calls = 0;
  await online.refresh();
  expect(calls).toBe(500);
});
