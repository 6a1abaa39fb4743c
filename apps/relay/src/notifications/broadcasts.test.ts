/** Broadcasts on records in memory: relays that die, race, and come back. */

import { createMemoryStore, type Records } from '@wetink/storage';
import { beforeEach, expect, it } from 'vitest';
import type { BroadcastText } from './broadcast-records.ts';
import { Broadcasts } from './broadcasts.ts';
import type { Notifier } from './notifier.ts';

const TEXT = { kind: 'custom', title: '', text: 'Hello', link: '', except: ['u007'] } as const;
const PEOPLE = 250;

let records: Records;
let nowMs: number;
let inboxes: Map<string, Set<string>>;
let errors: unknown[];
let failures: number;
/** People whose inboxes cannot be written. */
let broken: Set<string>;

beforeEach(() => {
  ({ records } = createMemoryStore());
  [nowMs, inboxes, errors, failures, broken] = [1_000, new Map(), [], 0, new Set()];
});

const ids = Array.from({ length: PEOPLE }, (_, i) => `u${String(i).padStart(3, '0')}`);

/** Writes each notification once for each person, as inboxes do. */
const notifier: Notifier = {
  async notify(userId, notifications) {
    if (failures > 0) {
      failures -= 1;
      throw new Error('cannot be written');
    }
    if (broken.has(userId)) throw new Error('cannot be written');
    const inbox = inboxes.get(userId) ?? new Set();
    inboxes.set(userId, inbox);
    const written = notifications.filter(({ id }) => !inbox.has(id));
    for (const { id } of written) inbox.add(id);
    return written;
  },
};

/** A relay whose timers run when `turn` is called. */
function relay(): { broadcasts: Broadcasts; turn(): Promise<void> } {
  let timers: (() => void)[] = [];
  const environment = {
    now: () => nowMs,
    random: () => 0.5,
    schedule: (fn: () => void) => {
      timers.push(fn);
      return () => (timers = timers.filter((other) => other !== fn));
    },
  };
  const users = {
    list: async ({ after = '', limit }: { after?: string; limit: number }) =>
      ids
        .filter((id) => id > after)
        .slice(0, limit)
        .map((id) => ({ id, lastSeenAt: 0, isSuspended: id === 'u008' })),
  };
  const broadcasts = new Broadcasts({
    records,
    users,
    notifier,
    environment,
    wallClock: () => nowMs,
    onError: (error) => errors.push(error),
  });
  return {
    broadcasts,
    async turn() {
      const due = timers;
      timers = [];
      for (const fn of due) fn();
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

/** Starts one, which must not be refused. */
async function begun(broadcasts: Broadcasts, key: string | null = null, text: BroadcastText = TEXT): Promise<string> {
  const started = await broadcasts.start(text, key);
  if (typeof started === 'string') throw new Error(started);
  return started.id;
}

const written = (): number => [...inboxes.values()].reduce((count, inbox) => count + inbox.size, 0);

it('everyone gets one, except those who are left out or suspended, and the record says so', async () => {
  const { broadcasts, turn } = relay();
  const id = await begun(broadcasts);
  for (let i = 0; i < 6; i++) await turn();
  expect(await broadcasts.get(id)).toMatchObject({ state: 'done', people: PEOPLE, written: PEOPLE - 2 });
  expect([inboxes.size, inboxes.has('u007'), inboxes.has('u008')]).toEqual([PEOPLE - 2, false, false]);
});

it('a relay that dies in the middle is followed by another, once its lease is over; nobody is missed or gets two', async () => {
  const first = relay();
  const id = await begun(first.broadcasts);
  await first.turn();
  expect(written()).toBeGreaterThan(0);
  const second = relay();
  for (let i = 0; i < 6; i++) await second.turn();
  expect((await second.broadcasts.get(id))?.state).toBe('running');
  nowMs += 200_000;
  for (let i = 0; i < 6; i++) await second.turn();
  expect((await second.broadcasts.get(id))?.state).toBe('done');
  // The first was only slow, and goes on.
  for (let i = 0; i < 6; i++) await first.turn();
  expect(written()).toBe(PEOPLE - 2);
});

it('a relay that stops hands over at once', async () => {
  const first = relay();
  const id = await begun(first.broadcasts);
  await first.turn();
  await first.broadcasts.close();
  const second = relay();
  for (let i = 0; i < 6; i++) await second.turn();
  expect((await second.broadcasts.get(id))?.state).toBe('done');
  expect(written()).toBe(PEOPLE - 2);
});

it('a page in which most fail is tried again, whole, and no relay waits for it', async () => {
  const { broadcasts, turn } = relay();
  failures = 60;
  const id = await begun(broadcasts);
  await turn();
  expect(errors).toHaveLength(60);
  expect(await broadcasts.get(id)).toMatchObject({ state: 'running', people: 0 });
  const other = await begun(broadcasts, null, { ...TEXT, text: 'Another' });
  for (let i = 0; i < 10; i++) await turn();
  expect((await broadcasts.get(other))?.state).toBe('done');
  expect((await broadcasts.get(id))?.state).toBe('running');
  nowMs += 11_000;
  for (let i = 0; i < 10; i++) await turn();
  expect(await broadcasts.get(id)).toMatchObject({ state: 'done', people: PEOPLE, written: PEOPLE - 2, failed: 0 });
  expect(written()).toBe(2 * (PEOPLE - 2));
});

it('an inbox that cannot be written holds up nobody, is tried again at the end, and given up', async () => {
  const { broadcasts, turn } = relay();
  broken.add('u003').add('u200');
  const id = await begun(broadcasts);
  for (let i = 0; i < 6; i++) await turn();
  expect(written()).toBe(PEOPLE - 4);
  expect(await broadcasts.get(id)).toMatchObject({ state: 'running', people: PEOPLE, failed: 0 });
  broken.delete('u200');
  for (let i = 0; i < 30; i++) {
    nowMs += 300_001;
    await turn();
  }
  expect(await broadcasts.get(id)).toMatchObject({ state: 'done', written: PEOPLE - 3, failed: 1 });
  expect(errors.length).toBeLessThan(20);
});

it('a broadcast whose record cannot be written is left to any relay, and the next one goes on', async () => {
  const { broadcasts, turn } = relay();
  const [one, two] = [await begun(broadcasts, 'a'), await begun(broadcasts, 'b', { ...TEXT, text: 'Another' })];
  const { put } = records;
  let left = 1;
  records.put = async (key, value, version) => {
    // The record after the first page.
    if (key.endsWith(one) && new TextDecoder().decode(value).includes('"people":100') && left-- > 0) throw new Error('away');
    return put(key, value, version);
  };
  await turn();
  expect([errors.length, (await broadcasts.get(one))?.people]).toEqual([1, 0]);
  const other = relay();
  for (let i = 0; i < 12; i++) await other.turn();
  expect((await broadcasts.get(one))?.state).toBe('done');
  for (let i = 0; i < 12; i++) await turn();
  expect((await broadcasts.get(two))?.state).toBe('done');
  expect(written()).toBe(2 * (PEOPLE - 2));
});

it('a key starts one broadcast, another content with it is refused, ten run at once, and those of last week are removed', async () => {
  const { broadcasts, turn } = relay();
  const [one, again] = [await begun(broadcasts, 'key'), await begun(broadcasts, 'key')];
  expect(again).toBe(one);
  expect(await broadcasts.start({ ...TEXT, text: 'Another' }, 'key')).toBe('key_reused');
  expect(await broadcasts.start({ ...TEXT, except: [] }, 'key')).toBe('key_reused');
  for (let i = 0; i < 9; i++) await begun(broadcasts);
  expect(await broadcasts.start(TEXT, null)).toBe('too_many');
  for (let i = 0; i < 60; i++) await turn();
  nowMs += 8 * 24 * 60 * 60_000;
  for (let i = 0; i < 3; i++) await turn();
  expect(await broadcasts.get(one)).toBeNull();
});

it('one is found behind more than a thousand that are done', async () => {
  const { broadcasts, turn } = relay();
  const done = { ...TEXT, state: 'done', startedAt: 1_000, people: 1, written: 1, after: 'u', worker: '', leaseUntil: 0 };
  for (let i = 0; i < 1_100; i++)
    await records.put(`broadcast/b.${i}`, new TextEncoder().encode(JSON.stringify({ ...done, id: `b.${i}` })), 0);
  const id = await begun(broadcasts, 'zzz');
  for (let i = 0; i < 60; i++) await turn();
  expect((await broadcasts.get(id))?.state).toBe('done');
});
