/** Which users were seen, the writes that this costs, and suspensions, which are never read from a cache. */

import { createMemoryDisk, createMemoryStore, type Records } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryCache, type TextCache } from './text-cache.ts';
import { createUsers, SEEN_AGAIN_MS, type Users } from './users.ts';

let nowMs = 0;
let calls: string[] = [];
let records: Records;
let cache: TextCache;
let users: Users;

beforeEach(() => {
  nowMs = 1_000_000;
  calls = [];
  const inner = createMemoryStore({ disk: createMemoryDisk() }).records;
  records = {
    get: (key) => (calls.push(`get ${key}`), inner.get(key)),
    put: (key, value, ifVersion) => (calls.push(`put ${key}`), inner.put(key, value, ifVersion)),
    remove: (key, ifVersion) => (calls.push(`remove ${key}`), inner.remove(key, ifVersion)),
    list: (query) => (calls.push(`list ${query.prefix}`), inner.list(query)),
  };
  cache = createMemoryCache({ ttlMs: SEEN_AGAIN_MS, maxEntries: 3, now: () => nowMs });
  users = createUsers({ records, cache, now: () => nowMs });
});

const puts = (): number => calls.filter((call) => call.startsWith('put ')).length;

describe('people', () => {
  it('[US1] a user is written when first seen, and again only when name or picture changed or an hour has passed', async () => {
    const ana = { id: 'ana', name: 'Ana' };
    for (let i = 0; i < 50; i++) await users.seen(ana);
    expect(calls).toEqual(['get user/ana', 'put user/ana']);
    nowMs += SEEN_AGAIN_MS - 1;
    await users.seen(ana);
    expect(puts()).toBe(1);
    nowMs += 1;
    await users.seen(ana);
    expect(puts()).toBe(2);
    expect(await users.get('ana')).toEqual({ ...ana, lastSeenAt: nowMs });
    await users.seen({ ...ana, picture: 'https://a.example/a.png' });
    await users.seen({ id: 'ana' });
    expect(puts()).toBe(4);
    expect(await users.get('ana')).toEqual({ id: 'ana', lastSeenAt: nowMs });
  });

  it('[US1] without a cache users are written no more often', async () => {
    const uncached = createUsers({ records, cache: null, now: () => nowMs });
    for (let i = 0; i < 5; i++) await uncached.seen({ id: 'ana', name: 'Ana' });
    expect(puts()).toBe(1);
    expect(await uncached.get('ana')).toEqual({ id: 'ana', name: 'Ana', lastSeenAt: nowMs });
  });

  it('[US1] many connects of one user at once on two relays are one or two writes, and the record is whole', async () => {
    const other = createUsers({ records, cache: null, now: () => nowMs });
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? users : other).seen({ id: 'ana', name: 'Ana' })));
    expect(puts()).toBeLessThanOrEqual(2);
    expect((await records.get('user/ana'))?.version).toBe(1);
  });

  it('[US2] another relay knows a changed name when its cache has expired, or when it sees the user itself', async () => {
    const other = createUsers({
      records,
      cache: createMemoryCache({ ttlMs: SEEN_AGAIN_MS, maxEntries: 3, now: () => nowMs }),
      now: () => nowMs,
    });
    await users.seen({ id: 'ana', name: 'Ana' });
    expect((await other.get('ana'))?.name).toBe('Ana');
    await users.seen({ id: 'ana', name: 'Anna' });
    expect((await other.get('ana'))?.name).toBe('Ana');
    await other.seen({ id: 'ana', name: 'Anna' });
    expect((await other.get('ana'))?.name).toBe('Anna');
    expect(puts()).toBe(2);
    await users.seen({ id: 'ana', name: 'A.' });
    nowMs += SEEN_AGAIN_MS;
    expect((await other.get('ana'))?.name).toBe('A.');
  });

  it('[US1] a client without a user id is never written, and a user never seen is null', async () => {
    await users.seen({ id: '', name: 'Mallory' });
    expect([await users.get(''), await users.get('ben')]).toEqual([null, null]);
    expect(puts()).toBe(0);
  });

  it('[US2] every id is its own user, whatever it looks like', async () => {
    const ids = ['__proto__', 'a/b', '../a', 'a\u0000', 'x'.repeat(128), '😀'.repeat(64), '{"$ne":1}'];
    for (const id of ids) await users.seen({ id, name: `I am ${id.length}` });
    for (const id of ids) expect(await users.get(id)).toMatchObject({ id, name: `I am ${id.length}` });
  });

  it('[US2] a damaged record is an error, not a user without a name', async () => {
    for (const damaged of ['{', '[]', '{"name":1,"lastSeenAt":1}', '{"name":"Ana"}']) {
      const version = (await records.get('user/ana'))?.version ?? 0;
      await records.put('user/ana', new TextEncoder().encode(damaged), version);
      await expect(users.get('ana'), damaged).rejects.toThrow('damaged');
    }
    await cache.set('ben', '{');
    expect(await users.get('ben')).toBeNull();
  });
});

describe('suspension', () => {
  it('[US3] a suspension holds on every relay once it resolves, whatever they have cached, and so does its end', async () => {
    const other = createUsers({ records, cache, now: () => nowMs });
    await users.seen({ id: 'ana' });
    expect([await users.isSuspended('ana'), await other.isSuspended('ana')]).toEqual([false, false]);
    await users.suspend('ana');
    expect([await users.isSuspended('ana'), await other.isSuspended('ana'), await other.isSuspended('ben')]).toEqual([true, true, false]);
    await other.resume('ana');
    expect([await users.isSuspended('ana'), await other.isSuspended('ana')]).toEqual([false, false]);
  });

  it('[US3] suspending is idempotent, works for unseen users, never for the anonymous id', async () => {
    await users.suspend('ben');
    await users.suspend('ben');
    expect(await users.isSuspended('ben')).toBe(true);
    await Promise.all([users.resume('ben'), users.resume('ben')]);
    await users.resume('ben');
    expect(await users.isSuspended('ben')).toBe(false);
    await expect(users.suspend('')).rejects.toThrow(RangeError);
    await users.resume('');
    expect(await users.isSuspended('')).toBe(false);
  });

  it('[US3] an unreadable suspension is an error', async () => {
    const away = createUsers({ records: { ...records, get: () => Promise.reject(new Error('away')) }, cache, now: () => nowMs });
    await expect(away.isSuspended('ana')).rejects.toThrow('away');
  });
});

describe('the list of people', () => {
  it('[US4] the list of users comes in pages in the order of ids, and marks suspended users', async () => {
    const ids = ['a', 'ab', 'b', 'guest:1', 'guest:2', 'é'];
    for (const id of ids) await users.seen({ id });
    for (const id of ['ab', 'guest:2', 'aa', 'zz']) await users.suspend(id);
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await users.list({ limit: 2, ...(after === undefined ? {} : { after }) });
      seen.push(...page.map(({ id, isSuspended }) => `${id}${isSuspended ? '!' : ''}`));
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    expect(seen).toEqual(['a', 'ab!', 'b', 'guest:1', 'guest:2!', 'é']);
    expect(await users.list({ prefix: 'guest:', after: 'guest:1', limit: 10 })).toEqual([
      { id: 'guest:2', lastSeenAt: nowMs, isSuspended: true },
    ]);
    expect(await users.list({ prefix: 'nobody', limit: 10 })).toEqual([]);
  });

  it('[US4] marks are right when more users are suspended than fit into one read', async () => {
    for (let i = 0; i < 1_200; i++) await users.suspend(`m${String(i).padStart(4, '0')}`);
    await users.seen({ id: 'm1150' });
    await users.seen({ id: 'm1199x' });
    expect((await users.list({ limit: 10 })).map(({ id, isSuspended }) => [id, isSuspended])).toEqual([
      ['m1150', true],
      ['m1199x', false],
    ]);
  });
});

describe('the cache', () => {
  it('[US5] the cache forgets a text after its time, and the oldest when it is full', async () => {
    await cache.set('a', '1');
    nowMs += SEEN_AGAIN_MS - 1;
    expect(await cache.get('a')).toBe('1');
    nowMs += 1;
    expect(await cache.get('a')).toBeNull();
    for (const key of ['a', 'b', 'c']) await cache.set(key, key);
    await cache.set('a', 'again');
    await cache.set('d', 'd');
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c'), await cache.get('d')]).toEqual(['again', null, 'c', 'd']);
    expect(cache.counts).toEqual({ hits: 4, misses: 2 });
  });
});
