/**
 * Users that a relay has seen. Kept in the store's records, as JSON:
 *
 *     user/ID          { name, picture, lastSeenAt }: written when name or picture changed, or after an hour
 *     suspended/ID     the user is suspended while it exists (suspensions.ts)
 *
 * Name and picture may come from a cache and be an hour old; a suspension never does.
 */

import type { Records, StoredRecord } from '@wetink/storage';
import { Suspensions } from './suspensions.ts';
import type { TextCache } from './text-cache.ts';

/** A user as their token describes them. */
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
  /** Notes that a user is here. Writes when they are new, name or picture changed, or the last write is an hour old. */
  seen(user: SeenUser): Promise<void>;
  /** Null for a user never seen. Name and picture can be an hour old. */
  get(id: string): Promise<KnownUser | null>;
  /** In the byte order of ids. @param query `after`: the last id of the page before. `limit`: 1 to 1,000. */
  list(query: { prefix?: string; after?: string; limit: number }): Promise<ListedUser[]>;
  /** Durable when it resolves, and seen by every relay on this store from then on. Idempotent, also for unseen users. */
  suspend(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** The present state. @throws {StoreError} When it cannot be read: it is never guessed. */
  isSuspended(id: string): Promise<boolean>;
}

export interface UsersOptions {
  records: Records;
  /** Null: everything is read from the store. */
  cache: TextCache | null;
  /** ms since 1970. */
  now(): number;
}

/** Also how long a cache may keep a user's name and picture. */
export const SEEN_AGAIN_MS = 3_600_000;
/** Difference between the clocks of two relays that is no reason for them to write in turns. */
const CLOCKS_APART_MS = 60_000;
/** Attempts of one change, when others change the same record. */
const MAX_ATTEMPTS = 10;

const USERS = 'user/';

export function createUsers({ records, cache, now }: UsersOptions): Users {
  const suspensions = new Suspensions(records);
  /** Users being noted: five tabs of one user are one read and one write. */
  const noting = new Map<string, Promise<void>>();

  const cached = async (id: string): Promise<KnownUser | null> => {
    const text = (await cache?.get(id)) ?? null;
    return text === null ? null : decodeFacts(id, text);
  };
  const keep = async (user: KnownUser): Promise<KnownUser> => {
    await cache?.set(user.id, encodeFacts(user));
    return user;
  };
  /** A time in the future does not count: after a clock that ran ahead, `lastSeenAt` would stay wrong until then. */
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
    // Other relays note the same user at this moment, which is as good.
  };

  return {
    async seen(user) {
      if (user.id === '') return; // no user id
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
      const suspended = await suspensions.idsUpTo(last.id, { prefix, after });
      return page.map((user) => ({ ...user, isSuspended: suspended.has(user.id) }));
    },

    suspend: (id) => suspensions.add(id, now()),
    resume: (id) => suspensions.remove(id),
    isSuspended: (id) => suspensions.has(id),
  };
}

/** Keeps only the fields that are stored. */
function shownOf({ id, name, picture }: SeenUser): SeenUser {
  return { id, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
}

function encodeFacts({ name, picture, lastSeenAt }: KnownUser): string {
  return JSON.stringify({ name, picture, lastSeenAt });
}

/** @throws {Error} When it is not a valid record of a user. */
function decodeRecord({ key, value }: StoredRecord): KnownUser {
  const user = decodeFacts(key.slice(USERS.length), new TextDecoder().decode(value));
  if (user === null) throw new Error('the record of a user is damaged');
  return user;
}

/** @returns Null for an invalid record. */
function decodeFacts(id: string, text: string): KnownUser | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null; // the caller decides what that means
  }
  if (typeof fields !== 'object' || fields === null) return null;
  const { name, picture, lastSeenAt } = fields as Record<string, unknown>;
  if (typeof lastSeenAt !== 'number' || !isTextOrNone(name) || !isTextOrNone(picture)) return null;
  return { id, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }), lastSeenAt };
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
