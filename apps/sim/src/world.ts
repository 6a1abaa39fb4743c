/** What everything in one run shares: the clock, chance, the trace, what must hold, and the weather. */

import { VirtualClock } from './clock.ts';
import { randomOf, type Random } from './random.ts';
import { Trace } from './trace.ts';
import { Turns } from './turns.ts';
import { Violation, type Rule } from './violation.ts';

/** A fault that is built in on purpose, to see that it is found. */
export type Mutation =
  /** The store says "durable" before it is. */
  | 'ack-before-durable'
  /** As above, but only other relays are told of the row too early, never people. */
  | 'publish-before-durable'
  /** What was published last is read from no journal. */
  | 'skip-tail'
  /** A reload finds the device empty. */
  | 'drop-outbox'
  /** A checkpoint takes the place of one that covers more. */
  | 'blind-checkpoint'
  /** A store that swallows its errors: what failed is never tried again. */
  | 'forget-failed';

export interface BusWeather {
  /** 0 to 1, of messages as they arrive. */
  dropChance: number;
  duplicateChance: number;
  /** Longest delay. */
  delayMs: number;
  /** Delays may change the order. */
  isReordering: boolean;
}

export interface StoreWeather {
  failChance: number;
  /** Of the failures: a prefix of the batch, or all of it, is on disk all the same. */
  tornChance: number;
  /** Longest time of a call, each way. */
  slowMs: number;
}

export const calmBus: Readonly<BusWeather> = { dropChance: 0, duplicateChance: 0, delayMs: 3, isReordering: false };
export const calmStore: Readonly<StoreWeather> = { failChance: 0, tornChance: 0, slowMs: 4 };

/** The one room of a run. */
export const ROOM = 'sim';

export class World {
  readonly clock = new VirtualClock();
  readonly turns = new Turns();
  readonly trace = new Trace(() => this.clock.now());
  readonly seed: number;
  readonly mutation: Mutation | null;
  readonly netRandom: Random;
  readonly storeRandom: Random;
  readonly busRandom: Random;
  readonly bus: BusWeather = { ...calmBus };
  /** Names of relays cut off from the bus alone: what they say and hear there is lost, without a word. */
  readonly deafNodes = new Set<string>();
  /** The same, and they know it. */
  readonly cutNodes = new Set<string>();
  readonly store: StoreWeather = { ...calmStore };
  /** Longest latency of a line; a tenth of all packets take up to ten times as long. */
  maxLatencyMs = 20;
  violation: Violation | null = null;
  #lastId = 0;

  constructor(seed: number, mutation: Mutation | null) {
    this.seed = seed;
    this.mutation = mutation;
    this.netRandom = randomOf(seed, 'net');
    this.storeRandom = randomOf(seed, 'store');
    this.busRandom = randomOf(seed, 'bus');
  }

  nextId(): number {
    return (this.#lastId += 1);
  }

  latencyMs(): number {
    const ms = 1 + this.netRandom.int(this.maxLatencyMs);
    return this.netRandom.chance(0.05) ? ms * 10 : ms;
  }

  /** The first one counts: what follows follows from it. */
  fail(rule: Rule, message: string): void {
    if (this.violation !== null) return;
    this.violation = new Violation(rule, message);
    this.trace.note(`VIOLATION ${this.violation.message}`);
  }

  /** Runs everything that is due within `ms`, settling all promises after each task. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms;
    await this.turns.settle();
    while (this.violation === null && this.clock.runNext(untilMs)) await this.turns.settle();
  }
}
