/**
 * People a relay has seen, and who of them is suspended. Over the store's records, as JSON:
 *
 *     user/ID          UserFacts; written when somebody's name or picture changed, or an hour after the last time
 *     suspended/ID     { since }: as long as it is there, they are
 *
 * What is shown of people may come from a cache and be an hour old. Whether somebody is suspended is read anew each
 * time: the answer is never older than the question, on whichever relay.
 */

import type { Records, StoredRecord } from '@wetink/storage';
import type { TextCache } from './text-cache.ts';

/** As their token says it. */
export interface SeenUser {
  id: string;
  name?: string;
  picture?: string;
}

export interface KnownUser extends SeenUser {
  /** ms since 1970, at most an hour behind. */
  lastSeenAt: number;
}

export interface ListedUser extends KnownUser {
  isSuspended: boolean;
}

export interface Users {
  /** Somebody is here. Costs a write when they are new, are shown otherwise than before, or were last noted an hour ago. */
  seen(user: SeenUser): Promise<void>;
  /** Null for somebody never seen. What is shown of them can be an hour old. */
  get(id: string): Promise<KnownUser | null>;
  /** In the byte order of their ids. @param query `after`: the last id of the page before. `limit`: 1 to 1,000. */
  list(query: { prefix?: string; after?: string; limit: number }): Promise<ListedUser[]>;
  /** Durable when it resolves, and seen by every relay on this store from then on. Idempotent, also for somebody never seen. */
  suspend(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** As it is now. @throws {StoreError} When that cannot be read: it is not guessed. */
  isSuspended(id: string): Promise<boolean>;
}

export interface UsersOptions {
  records: Records;
  /** Null: everything is read from the store. */
  cache: TextCache | null;
  /** ms since 1970. */
  now(): number;
}

/** Also how long a cache may keep what is shown of somebody. */
export const SEEN_AGAIN_MS = 3_600_000;
/** Between the clocks of two relays: less is no reason for them to write by turns. */
const CLOCKS_APART_MS = 60_000;
/** Of one change, when others change the same record. */
const MAX_ATTEMPTS = 10;
/** Of suspensions read to mark one page of people. */
const SUSPENSIONS_PER_PAGE = 1_000;

const USERS = 'user/';
const SUSPENDED = 'suspended/';

export function createUsers({ records, cache, now }: UsersOptions): Users {
  /** Of those who are being noted: five tabs of one person are one read and one write. */
  const noting = new Map<string, Promise<void>>();

  const cached = async (id: string): Promise<KnownUser | null> => {
    const text = (await cache?.get(id)) ?? null;
    return text === null ? null : decodeFacts(id, text);
  };
  const keep = async (user: KnownUser): Promise<KnownUser> => {
    await cache?.set(user.id, encodeFacts(user));
    return user;
  };
  /** Noted in the future is not noted: a clock that was ahead would keep everybody as last seen then, until it is caught up. */
  const isNoted = (known: KnownUser | null, user: SeenUser): known is KnownUser => {
    if (known === null || known.name !== user.name || known.picture !== user.picture) return false;
    const agoMs = now() - known.lastSeenAt;
    return agoMs >= -CLOCKS_APART_MS && agoMs < SEEN_AGAIN_MS;
  };

  const note = async (user: SeenUser): Promise<void> => {
    if (isNoted(await cached(user.id), user)) return;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await records.get(USERS + user.id);
      const known = record === null ? null : decodeRecord(record);
      if (isNoted(known, user)) return void (await keep(known));
      const facts: KnownUser = { ...shownOf(user), lastSeenAt: now() };
      const version = await records.put(USERS + user.id, new TextEncoder().encode(encodeFacts(facts)), record?.version ?? 0);
      if (version !== null) return void (await keep(facts));
    }
    // Others note the same person at this moment, which is as good.
  };

  const suspendedIds = async (prefix: string, after: string | undefined, last: string): Promise<Set<string>> => {
    const found = new Set<string>();
    for (let behind = after; ;) {
      const page = await records.list({
        prefix: SUSPENDED + prefix,
        limit: SUSPENSIONS_PER_PAGE,
        ...(behind === undefined ? {} : { after: SUSPENDED + behind }),
      });
      for (const { key } of page) found.add(key.slice(SUSPENDED.length));
      behind = page.at(-1)?.key.slice(SUSPENDED.length);
      if (behind === undefined || page.length < SUSPENSIONS_PER_PAGE || Buffer.compare(Buffer.from(behind), Buffer.from(last)) >= 0)
        return found;
    }
  };

  return {
    async seen(user) {
      if (user.id === '') return; // nobody in particular
      const mine = shownOf(user);
      const key = JSON.stringify([mine.id, mine.name, mine.picture]);
      const underWay = noting.get(key);
      if (underWay !== undefined) return underWay;
      const noted = note(mine).finally(() => noting.delete(key));
      noting.set(key, noted);
      return noted;
    },

    async get(id) {
      if (id === '') return null;
      const known = await cached(id);
      if (known !== null) return known;
      const record = await records.get(USERS + id);
      return record === null ? null : keep(decodeRecord(record));
    },

    async list({ prefix = '', after, limit }) {
      const page = (await records.list({ prefix: USERS + prefix, limit, ...(after === undefined ? {} : { after: USERS + after }) })).map(
        decodeRecord,
      );
      const last = page.at(-1);
      if (last === undefined) return [];
      const suspended = await suspendedIds(prefix, after, last.id);
      return page.map((user) => ({ ...user, isSuspended: suspended.has(user.id) }));
    },

    async suspend(id) {
      if (id === '') throw new RangeError('Nobody in particular cannot be suspended.');
      // Null: they are already.
      await records.put(SUSPENDED + id, new TextEncoder().encode(JSON.stringify({ since: now() })), 0);
    },

    async resume(id) {
      if (id === '') return;
      for (;;) {
        const record = await records.get(SUSPENDED + id);
        if (record === null || (await records.remove(record.key, record.version))) return;
      }
    },

    async isSuspended(id) {
      return id !== '' && (await records.get(SUSPENDED + id)) !== null;
    },
  };
}

/** Nothing but what is kept of somebody. */
function shownOf({ id, name, picture }: SeenUser): SeenUser {
  return { id, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
}

function encodeFacts({ name, picture, lastSeenAt }: KnownUser): string {
  return JSON.stringify({ name, picture, lastSeenAt });
}

/** @throws {Error} When it is no record of a person. */
function decodeRecord({ key, value }: StoredRecord): KnownUser {
  const user = decodeFacts(key.slice(USERS.length), new TextDecoder().decode(value));
  if (user === null) throw new Error('the record of a person is damaged');
  return user;
}

/** @returns null for what is none. */
function decodeFacts(id: string, text: string): KnownUser | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null; // whoever asked says what that means
  }
  if (typeof fields !== 'object' || fields === null) return null;
  const { name, picture, lastSeenAt } = fields as Record<string, unknown>;
  if (typeof lastSeenAt !== 'number' || !isTextOrNone(name) || !isTextOrNone(picture)) return null;
  return { id, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }), lastSeenAt };
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
