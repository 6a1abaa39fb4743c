/**
 * Several tabs over one browser's storage, against a relay that holds its acks back, refuses, restarts and cuts. Every
 * edit writes a key of its own, so that each can be looked for. A failure prints its seed:
 * `WETINK_FUZZ_SEED=7 WETINK_FUZZ_RUNS=1 npx vitest run --project fuzz packages/sync/src/tabs.fuzz`.
 */
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Environment } from './environment.ts';
import { startBrowser, type Browser, type Tab } from './fixtures/browser.ts';
import { faultyStorage, type StorageFault } from './fixtures/faulty-storage.ts';
import { randomOf, type Random } from './fixtures/random.ts';
import { createStubbornStore, startRelay, type TestRelay } from './fixtures/relay.ts';
import { closeAll, until } from './fixtures/rooms.ts';
import type { RoomStatus } from './status.ts';

const RUNS = Number(process.env['WETINK_FUZZ_RUNS'] ?? 4);
const SEED = Number(process.env['WETINK_FUZZ_SEED'] ?? 1);
const STEPS = 60;
const MAX_TABS = 4;
/** The tabs' clock against the wall's: waits of seconds are hundreds of milliseconds. */
const SPEED = 10;
/** Two of these and the relay refuses the document. */
const LARGE = 'x'.repeat(15_000);
const limits = { maxDocumentBytes: 25_000 };

interface Seen {
  tab: Tab;
  name: string;
  /** Its own edits so far. */
  keys: string[];
  /** Error that its writes end with. */
  fault: StorageFault;
}

class Run {
  readonly log: string[] = [];
  readonly #random: Random;
  readonly #browser: Browser = startBrowser();
  readonly #store = createStubbornStore();
  readonly #promised = new Set<string>();
  readonly #checks: Promise<void>[] = [];
  readonly #faults: string[] = [];
  #relay: TestRelay | null = null;
  #port = 0;
  #tabs: Seen[] = [];
  #count = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  async play(): Promise<void> {
    await this.#startRelay();
    this.#open();
    for (let step = 0; step < STEPS; step++) {
      await this.#step();
      await wait(this.#random.pick([0, 0, 2, 10, 40]));
      if (this.#sockets() > 1) this.#faults.push(`${this.#sockets()} sockets after step ${step}`);
    }
    await this.#comeToRest();
  }

  async end(): Promise<void> {
    this.#store.isHeld = false;
    await closeAll();
    await this.#relay?.close();
  }

  async #step(): Promise<void> {
    const one = this.#random.pick(this.#tabs);
    const does = this.#random.int(100);
    if (does < 45) return this.#edit(one, 1);
    if (does < 50) return this.#edit(one, LARGE);
    if (does < 55) return this.#tabs.length < MAX_TABS ? this.#open() : undefined;
    if (does < 60) return this.#leave(one, 'closes');
    if (does < 66) return this.#leave(one, 'crashes');
    if (does < 72) return this.#say(`${one.name} is hidden`, () => one.tab.hide());
    if (does < 78) return this.#thaw(one);
    // Browsers freeze what is hidden, and thaw what is seen.
    if (does < 86) return this.#freeze(one);
    if (does < 89) return this.#fault(one);
    if (does < 91) return this.#say('the store holds', () => void (this.#store.isHeld = true));
    if (does < 94) return this.#say('the store goes on', () => void (this.#store.isHeld = false));
    if (does < 97) return this.#say('the line is cut', () => this.#relay?.cut());
    if (this.#relay === null) return this.#startRelay();
    this.#say('the relay stops', () => undefined);
    this.#store.isHeld = false;
    await this.#relay.close();
    this.#relay = null;
  }

  #say(what: string, happens: () => void): void {
    this.log.push(what);
    happens();
  }

  #sockets(): number {
    return this.#tabs.reduce((sum, { tab }) => sum + tab.openSockets(), 0);
  }

  #freeze({ tab, name }: Seen): void {
    this.log.push(`${name} freezes`);
    tab.hide();
    tab.deafen(true);
  }

  #thaw({ tab, name }: Seen): void {
    this.log.push(`${name} is seen`);
    tab.deafen(false);
    tab.show();
  }

  #fault(one: Seen): void {
    one.fault = one.fault === null ? this.#random.pick(['QuotaExceededError', 'UnknownError']) : null;
    this.log.push(`storage of ${one.name} ${one.fault === null ? 'works again' : `ends with ${one.fault}`}`);
  }

  async #startRelay(): Promise<void> {
    this.log.push('the relay starts');
    this.#relay = await startRelay({ store: this.#store, port: this.#port, limits });
    this.#port = this.#relay.port;
  }

  #open(): void {
    const environment: Partial<Environment> = {
      elapsed: () => performance.now() * SPEED,
      random: () => this.#random.fraction(),
      schedule: (task, delayMs) => {
        const timer = setTimeout(task, delayMs / SPEED);
        return () => clearTimeout(timer);
      },
    };
    const name = `tab${++this.#count}`;
    this.log.push(`${name} opens`);
    environment.indexedDB = faultyStorage(this.#browser.indexedDB, () => seen.fault);
    const tab = this.#browser.openTab({ url: `ws://127.0.0.1:${this.#port}`, environment });
    const seen: Seen = { tab, name, keys: [], fault: null };
    this.#tabs.push(seen);
    tab.room.onStatus((status) => {
      const now = status.kind === 'refused' ? status.since : status;
      // Whichever tab made the keys: they are on the device, or a relay has them.
      if (now.copy === 'kept' && now.waiting > 0) this.#promise([...tab.room.doc.getMap('m').keys()]);
      if (status.kind === 'saved') this.#mustBeStored(seen);
    });
  }

  #edit({ tab, name, keys }: Seen, value: unknown): void {
    const key = `${name}-${keys.length}${value === LARGE ? '-large' : ''}`;
    this.log.push(`${name} writes ${key}`);
    keys.push(key);
    tab.room.doc.getMap('m').set(key, value);
  }

  /** Notes keys that a status called kept or saved. */
  #promise(keys: readonly string[]): void {
    for (const key of keys) this.#promised.add(key);
  }

  /** Checks that the relay has all that this tab shows, since its status is saved. */
  #mustBeStored({ tab, name, keys }: Seen): void {
    this.#promise(keys);
    const shown = [...tab.room.doc.getMap('m').keys()];
    this.#checks.push(
      this.#stored().then((stored) => {
        const missing = shown.filter((key) => !stored.has(key));
        if (missing.length > 0) this.#faults.push(`${name} called ${missing.join(', ')} saved`);
      }),
    );
  }

  async #stored(): Promise<Set<string>> {
    const { checkpoint, updates } = await this.#store.load('test');
    return keysOf(checkpoint === null ? updates : [checkpoint, ...updates]);
  }

  async #leave(one: Seen, how: 'closes' | 'crashes'): Promise<void> {
    this.log.push(`${one.name} ${how}`);
    this.#tabs = this.#tabs.filter((other) => other !== one);
    if (how === 'crashes') {
      one.tab.crash();
    } else {
      await one.tab.room.whenLoaded;
      if (one.tab.room.device.kind === 'persistent' && one.fault === null) this.#promise(one.keys); // Closing writes.
      await one.tab.room.close();
    }
    if (this.#tabs.length === 0) this.#open();
  }

  async #comeToRest(): Promise<void> {
    this.log.push('all comes to rest');
    this.#store.isHeld = false;
    if (this.#relay === null) await this.#startRelay();
    for (const one of this.#tabs) {
      one.fault = null;
      this.#thaw(one);
    }
    for (const one of this.#tabs) await one.tab.room.whenLoaded;
    const views = (): string[][] => this.#tabs.map(({ tab }) => [...tab.room.doc.getMap('m').keys()].sort());
    const isAtRest = (): boolean =>
      new Set(views().map(String)).size === 1 && this.#tabs.every(({ tab: { room } }) => room.isSynced && isSettled(room.status));
    await until(
      () => isAtRest() && this.#sockets() === 1,
      () => [this.#sockets(), views(), this.#tabs.map(({ tab }) => tab.room.status)],
      20_000,
    );
    for (const one of this.#tabs) this.#promise(one.keys);
    await Promise.all(this.#tabs.map(({ tab }) => tab.room.close()));
    this.#tabs = [];
    // What a tab wrote down in its last moment is on the device, and goes up in the next life.
    this.#open();
    await until(isAtRest, () => [views(), this.#tabs.map(({ tab }) => tab.room.status)], 20_000);
    await Promise.all(this.#checks);
    const [shown = []] = views();
    const copies = await Promise.all(
      this.#tabs.map(async ({ tab }) => Promise.all((await tab.room.keptCopies()).map((copy) => copy.load()))),
    );
    let stored = await this.#stored();
    // "Refused" hides "sending", so this is polled.
    for (let tries = 0; tries < 100 && shown.some((key) => !stored.has(key)); tries++) {
      await wait(20);
      stored = await this.#stored();
    }
    const found = new Set([...stored, ...keysOf(copies.flat())]);
    expect([...this.#promised].filter((key) => !found.has(key))).toEqual([]);
    expect(shown.filter((key) => !stored.has(key))).toEqual([]);
    expect(this.#faults).toEqual([]);
  }
}

/** What was refused is on the device: a storage that failed is tried again after some seconds. */
const isSettled = (status: RoomStatus): boolean => status.kind === 'saved' || (status.kind === 'refused' && status.where === 'kept');

function keysOf(updates: readonly Uint8Array[]): Set<string> {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return new Set(doc.getMap('m').keys());
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

let run: Run | null = null;
afterEach(() => run?.end());

it.each(Array.from({ length: RUNS }, (_, i) => SEED + i))(
  '[B3] tabs that come, go, freeze and take over lose nothing that was called kept or saved (seed %i)',
  async (seed) => {
    run = new Run(seed);
    await run.play().catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${run?.log.join('; ')}`, { cause: error });
    });
  },
);
