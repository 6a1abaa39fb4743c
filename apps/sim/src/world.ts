/** The state shared by one run: clock, random numbers, trace, first violation, and the faults of network and disk. */

import { VirtualClock } from './clock.ts';
import { randomOf, type Random } from './random.ts';
import { Trace } from './trace.ts';
import { Turns } from './turns.ts';
import { Violation, type Rule } from './violation.ts';

/** A deliberate fault, to check that the simulation finds it. */
export type Mutation =
  /** The store reports rows as durable before they are. */
  | 'ack-before-durable'
  /** Other relays get a row before it is durable; clients do not get acknowledgements too early. */
  | 'publish-before-durable'
  /** The last published rows are not read from the journal. */
  | 'skip-tail'
  /** A reload finds an empty device. */
  | 'drop-outbox'
  /** A checkpoint replaces one that covers more. */
  | 'blind-checkpoint'
  /** The store swallows errors, so failed writes are never retried. */
  | 'forget-failed';

export interface BusWeather {
  /** Probability that a message is lost on arrival, 0 to 1. */
  dropChance: number;
  duplicateChance: number;
  /** Longest delay, ms. */
  delayMs: number;
  /** Whether delays may change the order. */
  isReordering: boolean;
}

export interface StoreWeather {
  failChance: number;
  /** Share of failures in which a prefix of the batch, or all of it, is on disk anyway. */
  tornChance: number;
  /** Longest time of a call in each direction, ms. */
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
  /** Names of relays that are cut off from the bus only, without noticing: their messages are lost. */
  readonly deafNodes = new Set<string>();
  /** Names of relays that are cut off from the bus only, and know it. */
  readonly cutNodes = new Set<string>();
  readonly store: StoreWeather = { ...calmStore };
  /** Longest latency of a line, ms; a tenth of all packets take up to ten times as long. */
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

  /** Records a violation. Only the first one counts, because it may cause later ones. */
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
