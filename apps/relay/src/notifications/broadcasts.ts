/**
 * Broadcasts: one notification for everyone whom the relay has seen. A record `broadcast/ID` says how far it has come, so it goes on
 * after its relay died, on any relay; it needs no Redis. One relay at a time works on it, by a lease in the record. If two do
 * after all, nobody is notified twice: the notification's id is the broadcast's.
 *
 *     running --page of people--> record --page--> record ... --those who were missed--> done --a week--> gone
 *
 * People whose inboxes cannot be written are left for the end, and tried again. If they are many, the page is.
 */

import { randomBytes } from 'node:crypto';
import type { NewNotification } from '@wetink/board';
import type { Environment } from '@wetink/relay';
import type { Users } from '@wetink/relay/access';
import type { Records } from '@wetink/storage';
import { BroadcastRecords, NOTHING_MISSED, type Broadcast, type BroadcastText, type StoredBroadcast } from './broadcast-records.ts';
import type { Notifier } from './notifier.ts';

export interface BroadcastsPorts {
  records: Records;
  users: Pick<Users, 'list'>;
  notifier: Notifier;
  environment: Environment;
  /** ms since 1970. */
  wallClock(): number;
  onError(error: unknown): void;
}

const MAX_RUNNING = 10;
const KEPT_MS = 7 * 24 * 60 * 60_000;
/** About 100 people a second: the inboxes that were written stay in memory for 15 s. */
const PAGE = 100;
const PAUSE_MS = 1_000;
/** Longer than a page of slow inboxes: 100 of up to 10 s, 10 at once. */
const LEASE_MS = 120_000;
const LOOK_MS = 10_000;
const AT_ONCE = 10;
/** In a record of 64 KiB, beside the people who are left out. More in one page: the store is away. */
const MAX_MISSED = 40;
/** About half an hour: 10 s, 20 s ... 5 min. */
const MAX_TRIES = 10;
const FIRST_WAIT_MS = 10_000;
const MAX_WAIT_MS = 300_000;

/** `too_many` are running; `key_reused`: the broadcast of this key has another content. */
export type StartOutcome = Broadcast | 'too_many' | 'key_reused';

export class Broadcasts {
  readonly #ports: BroadcastsPorts;
  readonly #records: BroadcastRecords;
  readonly #worker = randomBytes(6).toString('base64url');
  #isClosed = false;
  #working: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;
  #cancel: () => void = () => undefined;

  /** Looks for broadcasts that another relay left, soon and every 10 s. */
  constructor(ports: BroadcastsPorts) {
    this.#ports = ports;
    this.#records = new BroadcastRecords(ports.records);
    this.#lookLater(LOOK_MS * ports.environment.random());
  }

  /** Durable when it resolves. @param key A further call with it starts nothing anew. */
  async start(text: BroadcastText, key: string | null): Promise<StartOutcome> {
    const id = `b.${key ?? randomBytes(16).toString('base64url')}`;
    for (;;) {
      const before = await this.#records.get(id);
      if (before !== null) return contentOf(before) === contentOf(text) ? before : 'key_reused';
      const running = (await this.#records.all()).filter(({ stored }) => stored.state === 'running');
      if (running.length >= MAX_RUNNING) return 'too_many';
      const startedAt = this.#ports.wallClock();
      const progress = { ...NOTHING_MISSED, people: 0, written: 0, after: '', worker: '', leaseUntil: 0 };
      const stored: StoredBroadcast = { ...text, id, state: 'running', startedAt, ...progress };
      if ((await this.#records.put(stored, 0)) === null) continue;
      this.#lookLater(0);
      return stored;
    }
  }

  get(id: string): Promise<Broadcast | null> {
    return this.#records.get(id);
  }

  /** Resolves when none is worked on. Final. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    this.#wake();
    await this.#working;
  }

  #lookLater(ms: number): void {
    if (this.#isClosed) return;
    const { schedule, random } = this.#ports.environment;
    this.#cancel();
    this.#cancel = schedule(() => {
      this.#working = this.#working
        .then(() => this.#look())
        .catch((error: unknown) => this.#ports.onError(error))
        .finally(() => this.#lookLater(LOOK_MS * (0.5 + random())));
    }, ms);
  }

  async #look(): Promise<void> {
    for (const { stored, version } of await this.#records.all()) {
      if (this.#isClosed) return;
      const nowMs = this.#ports.wallClock();
      if (stored.state === 'done') {
        if (nowMs - stored.startedAt > KEPT_MS) await this.#records.remove(stored.id, version);
        continue;
      }
      if (stored.notBefore > nowMs || (stored.leaseUntil > nowMs && stored.worker !== this.#worker)) continue;
      try {
        const claimed = { ...stored, worker: this.#worker, leaseUntil: nowMs + LEASE_MS };
        const at = await this.#records.put(claimed, version);
        if (at !== null) await this.#work(claimed, at);
      } catch (error) {
        // It holds up no other broadcast, and any relay may go on with it.
        this.#ports.onError(error);
        await this.#release(stored.id);
      }
    }
  }

  /** Works on a broadcast until it is done or has to wait, another relay has it, or this relay stops. */
  async #work(from: StoredBroadcast, version: number): Promise<void> {
    let stored = from;
    for (let at: number | null = version; at !== null && stored.state === 'running';) {
      if (this.#isClosed) {
        // Another relay need not wait for the lease.
        await this.#records.put({ ...stored, leaseUntil: 0 }, at);
        return;
      }
      stored = stored.isListed ? await this.#again(stored) : await this.#page(stored);
      const hasToWait = stored.tries > 0;
      const isEnded = hasToWait || stored.state === 'done';
      at = await this.#records.put({ ...stored, leaseUntil: isEnded ? 0 : this.#ports.wallClock() + LEASE_MS }, at);
      if (isEnded) return;
      await this.#pause();
    }
  }

  async #release(id: string): Promise<void> {
    try {
      const found = (await this.#records.all()).find(({ stored }) => stored.id === id);
      if (found?.stored.worker === this.#worker) await this.#records.put({ ...found.stored, leaseUntil: 0 }, found.version);
    } catch (error) {
      this.#ports.onError(error); // Then the lease ends by itself.
    }
  }

  async #page(broadcast: StoredBroadcast): Promise<StoredBroadcast> {
    const { after, except, missed, tries } = broadcast;
    const page = await this.#ports.users.list({ limit: PAGE, ...(after === '' ? {} : { after }) });
    const wanted = page.filter((user) => !user.isSuspended && !except.includes(user.id)).map(({ id }) => id);
    const outcome = await this.#notify(broadcast, wanted);
    const written = broadcast.written + outcome.written;
    const room = MAX_MISSED - missed.length;
    if (outcome.failed.length > room && tries < MAX_TRIES) return this.#waiting({ ...broadcast, written });
    return ended({
      ...broadcast,
      people: broadcast.people + page.length,
      written,
      failed: broadcast.failed + Math.max(0, outcome.failed.length - room),
      missed: [...missed, ...outcome.failed.slice(0, room)],
      after: page.at(-1)?.id ?? after,
      isListed: page.length < PAGE,
      tries: 0,
      notBefore: 0,
    });
  }

  /** Tries those who were missed again. */
  async #again(broadcast: StoredBroadcast): Promise<StoredBroadcast> {
    const { written, failed } = await this.#notify(broadcast, broadcast.missed);
    const next = { ...broadcast, written: broadcast.written + written, missed: failed };
    if (failed.length === 0) return ended({ ...next, tries: 0 });
    if (broadcast.tries < MAX_TRIES) return this.#waiting(next);
    return ended({ ...next, failed: broadcast.failed + failed.length, missed: [], tries: 0 });
  }

  #waiting(broadcast: StoredBroadcast): StoredBroadcast {
    const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** broadcast.tries);
    return { ...broadcast, tries: broadcast.tries + 1, notBefore: this.#ports.wallClock() + waitMs };
  }

  async #notify(broadcast: StoredBroadcast, people: readonly string[]): Promise<{ written: number; failed: string[] }> {
    const { id, kind, title, text, link, startedAt } = broadcast;
    const from = { id: '', name: '' };
    const notification: NewNotification = { id, kind, title, text, link, from, room: '', message: '', at: startedAt };
    const failed: string[] = [];
    let written = 0;
    const notify = async (person: string): Promise<void> => {
      try {
        const { length } = await this.#ports.notifier.notify(person, [notification]);
        written += length;
      } catch (error) {
        this.#ports.onError(error);
        failed.push(person);
      }
    };
    for (let i = 0; i < people.length; i += AT_ONCE) await Promise.all(people.slice(i, i + AT_ONCE).map(notify));
    return { written, failed };
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#ports.environment.schedule(resolve, PAUSE_MS);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}

function ended(broadcast: StoredBroadcast): StoredBroadcast {
  return { ...broadcast, state: broadcast.isListed && broadcast.missed.length === 0 ? 'done' : 'running' };
}

function contentOf({ kind, title, text, link, except }: BroadcastText): string {
  return JSON.stringify([kind, title, text, link, [...new Set(except)].sort()]);
}
