/**
 * One run of tabs without a network, a function of its seed. At each moment, an edit that any tab reports as kept is on the
 * device. At the end, with all faults over, every tab reports all its edits as kept, and a browser that was killed and
 * restarted has them.
 */

import * as Y from 'yjs';
import { VirtualClock } from './clock.ts';
import { Device } from './device.ts';
import { randomOf, type Random } from './random.ts';
import { SimTabs, type SimTab } from './sim-tabs.ts';
import { Turns } from './turns.ts';
import { Violation, type Rule } from './violation.ts';
import { ROOM } from './world.ts';

export interface TabsResult {
  seed: number;
  violation: Violation | null;
  edits: number;
  /** Number of times that a tab reported edits as kept. */
  claims: number;
  lines: readonly string[];
}

const MAX_TABS = 3;
/** Longest time until a tab notices that the device was cleared: it checks every 2 s. */
const NOTICE_MS = 3_000;
/** Longest time until a visible tab takes over the lock of a frozen one. */
const TAKEOVER_MS = 2_000;
/** The longest retry delay of a failed storage, plus a write. */
const REST_MS = 70_000;

/** @param options.isLying A deliberate fault: storage reports a write as complete before it is. */
export async function simulateTabs(seed: number, operations: number, { isLying } = { isLying: false }): Promise<TabsResult> {
  const run = new TabsRun(seed, { isLying });
  await run.play(operations);
  return run.result();
}

class TabsRun {
  readonly #seed: number;
  readonly #random: Random;
  readonly #clock = new VirtualClock();
  readonly #turns = new Turns();
  readonly #device = new Device();
  readonly #browser: SimTabs;
  readonly #lines: string[] = [];
  #tabs: SimTab[] = [];
  /** Edits reported as kept, and not cleared since. */
  #promised = new Set<string>();
  #clearedAtMs = -Infinity;
  #frozenAtMs: number | null = null;
  #edits = 0;
  #claims = 0;
  #violation: Violation | null = null;

  constructor(seed: number, { isLying }: { isLying: boolean }) {
    this.#seed = seed;
    this.#random = randomOf(seed, 'tabs');
    this.#device.isLying = isLying;
    this.#browser = new SimTabs({
      clock: this.#clock,
      device: this.#device,
      random: randomOf(seed, 'browser'),
      onBug: (message) => this.#fail('no-bug', message),
    });
  }

  result(): TabsResult {
    return { seed: this.#seed, violation: this.#violation, edits: this.#edits, claims: this.#claims, lines: this.#lines.slice(-60) };
  }

  async play(operations: number): Promise<void> {
    this.#open();
    this.#open();
    await this.#advance(500);
    for (let done = 0; done < operations && this.#violation === null; done++) {
      this.#step();
      await this.#advance(this.#random.pick([0, 1, 3, 8, 20, 60, 300, 1_500]));
      this.#checkLeader();
    }
    await this.#comeToRest();
    for (const tab of this.#tabs) tab.kill();
  }

  #step(): void {
    const tab = this.#random.pick(this.#tabs);
    const does = this.#random.int(100);
    if (does < 50) return this.#edit(tab);
    if (does < 58) return this.#tabs.length < MAX_TABS ? this.#open() : undefined;
    if (does < 66) return this.#end(tab, 'is closed', () => tab.leave());
    if (does < 74) return this.#end(tab, 'crashes', () => tab.kill());
    if (does < 78) return this.#drawAndDie(tab);
    if (does < 82) return this.#killBrowser();
    if (does < 88) return this.#freezeOrThaw(tab);
    if (does < 95) {
      tab.fault = tab.fault === null ? this.#random.pick(['QuotaExceededError', 'UnknownError']) : null;
      return this.#say(`storage of ${tab.name}: ${tab.fault ?? 'works'}`);
    }
    this.#clear();
  }

  #open(): void {
    const tab = this.#browser.open();
    this.#say(`${tab.name} opens`);
    this.#tabs.push(tab);
    tab.room.onStatus((status) => {
      if (!('copy' in status) || status.copy !== 'kept' || status.waiting === 0) return;
      this.#claim(tab);
    });
  }

  #edit(tab: SimTab): void {
    if (tab.isFrozen) return;
    const token = `${tab.name}: ${++this.#edits}`;
    this.#say(`edit ${token}`);
    tab.room.doc.getMap('m').set(token, 1);
  }

  #drawAndDie(tab: SimTab): void {
    this.#edit(tab);
    const isTidy = this.#random.chance(0.5);
    this.#end(tab, 'dies right after', () => (isTidy ? tab.leave() : tab.kill()));
  }

  #end(tab: SimTab, how: string, end: () => void): void {
    this.#say(`${tab.name} ${how}`);
    this.#tabs = this.#tabs.filter((other) => other !== tab);
    end();
    if (this.#tabs.length === 0) this.#open();
  }

  /** Kills all processes of the browser; unwritten data is lost. */
  #killBrowser(): void {
    this.#say('the browser is killed');
    for (const tab of this.#tabs) tab.kill();
    this.#device.lives += 1;
    this.#tabs = [];
    this.#open();
  }

  #freezeOrThaw(tab: SimTab): void {
    if (tab.isFrozen) this.#thaw(tab);
    else tab.freeze();
    this.#say(`${tab.name} is ${tab.isFrozen ? 'frozen' : 'thawed'}`);
  }

  /** A thawed tab may not have noticed that the device was cleared. */
  #thaw(tab: SimTab): void {
    tab.thaw();
    if (this.#clearedAtMs > -Infinity) this.#clearedAtMs = this.#clock.now();
  }

  #clear(): void {
    const isEmptied = this.#random.chance(0.4);
    this.#say(isEmptied ? 'the stores are emptied' : 'site data is cleared');
    if (isEmptied) this.#device.empty();
    else this.#device.clear();
    this.#clearedAtMs = this.#clock.now();
    this.#promised = new Set();
  }

  #claim(tab: SimTab): void {
    if (this.#clock.now() - this.#clearedAtMs < NOTICE_MS) return;
    this.#claims += 1;
    const there = this.#tokensOnDevice();
    for (const token of tab.room.doc.getMap('m').keys()) {
      if (!there.has(token)) this.#fail('never-forget', `${tab.name} reported ${token} as kept, but it is not on the device`);
      this.#promised.add(token);
    }
  }

  #tokensOnDevice(): Set<string> {
    const doc = new Y.Doc();
    doc.transact(() => this.#device.rows(ROOM).forEach((row) => Y.applyUpdate(doc, row)));
    const tokens = new Set(doc.getMap('m').keys());
    doc.destroy();
    return tokens;
  }

  /** Checks that a frozen tab does not keep the lock from a visible one. */
  #checkLeader(): void {
    const isStuck = this.#tabs.some((tab) => tab.isLeader && tab.isFrozen) && this.#tabs.some((tab) => !tab.isFrozen && isReady(tab));
    if (!isStuck) this.#frozenAtMs = null;
    else this.#frozenAtMs ??= this.#clock.now();
    if (this.#frozenAtMs !== null && this.#clock.now() - this.#frozenAtMs > TAKEOVER_MS)
      this.#fail('no-stall', 'a frozen tab holds the lock, and a visible one does not take it');
  }

  async #comeToRest(): Promise<void> {
    this.#say('all faults end');
    for (const tab of this.#tabs) {
      tab.fault = null;
      if (tab.isFrozen) this.#thaw(tab);
    }
    await this.#advance(REST_MS);
    if (this.#violation !== null) return;
    const there = this.#tokensOnDevice();
    for (const { name, room } of this.#tabs) {
      const { status } = room;
      if ('copy' in status && status.waiting > 0 && status.copy !== 'kept')
        this.#fail('no-stall', `${name} never wrote all: ${JSON.stringify(status)}`);
      for (const token of room.doc.getMap('m').keys())
        if (!there.has(token)) this.#fail('never-forget', `${name} shows ${token}, but it is not on the device`);
    }
    this.#killBrowser();
    await this.#advance(1_000);
    const shown = this.#tabs[0]?.room.doc.getMap('m');
    for (const token of this.#promised)
      if (shown?.has(token) !== true) this.#fail('never-forget', `${token} was reported as kept, but is gone after the restart`);
  }

  #say(line: string): void {
    this.#lines.push(`${this.#clock.now()} ms: ${line}`);
  }

  #fail(rule: Rule, message: string): void {
    this.#violation ??= new Violation(rule, message);
  }

  async #advance(ms: number): Promise<void> {
    const untilMs = this.#clock.now() + ms;
    await this.#turns.settle();
    while (this.#violation === null && this.#clock.runNext(untilMs)) await this.#turns.settle();
  }
}

function isReady({ room: { status } }: SimTab): boolean {
  return status.kind !== 'loading';
}
