/** The three nodes that a test of the bus contract works on, what each hears, and waiting for it. */

import type { Bus, BusListener, BusRoom, Departure } from '../bus/bus.ts';

export interface BusContractSetup {
  /** Three nodes on one bus, linked to each other. */
  nodes: readonly [Bus, Bus, Bus];
  /** Cuts node `i` off from the others; they may notice it some time later. */
  breakLink?(i: number): Promise<void> | void;
  healLink?(i: number): Promise<void> | void;
  /** Stops node `i` without a goodbye, its heartbeat included. Its `close` is not called afterwards. */
  killNode?(i: number): Promise<void> | void;
  /** Called after each test, when every node that was not killed is closed. */
  cleanup(): Promise<void>;
}

export interface BusContractOptions {
  /** Longest time for anything, including the detection of a dead node. */
  timeoutMs?: number;
  /** Time within which a message arrives; used to show that none came. */
  quietMs?: number;
}

export interface Heard extends BusListener {
  received: { from: string; text: string }[];
  raw: Uint8Array[];
  restores: number;
  gones: string[];
  departures: Departure[];
  isInJoin: boolean;
}

export type Entered = { heard: Heard; room: BusRoom };

/** One for a whole contract: each test begins and ends it. */
export class BusTrial {
  readonly timeoutMs: number;
  readonly quietMs: number;
  readonly #setup: () => Promise<BusContractSetup>;
  /** Indexes of nodes that this test has killed. */
  readonly killed = new Set<number>();
  #made: BusContractSetup | null = null;

  constructor(setup: () => Promise<BusContractSetup>, { timeoutMs = 15_000, quietMs = 100 }: BusContractOptions) {
    this.#setup = setup;
    this.timeoutMs = timeoutMs;
    this.quietMs = quietMs;
  }

  get made(): BusContractSetup {
    if (this.#made === null) throw new RangeError('no test has begun');
    return this.#made;
  }

  get nodes(): readonly [Bus, Bus, Bus] {
    return this.made.nodes;
  }

  async begin(): Promise<void> {
    this.killed.clear();
    this.#made = await this.#setup();
  }

  async end(): Promise<void> {
    for (const [i, node] of this.nodes.entries()) if (!this.killed.has(i)) await node.close();
    await this.made.cleanup();
  }

  async until(condition: () => boolean | Promise<boolean>, event: string): Promise<void> {
    const deadline = Date.now() + this.timeoutMs;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`waited ${this.timeoutMs} ms for ${event}`);
      await pause(5);
    }
  }

  enter(node: Bus, room: string): Entered {
    const heard = listener();
    heard.isInJoin = true;
    const joined = node.join(room, heard);
    heard.isInJoin = false;
    return { heard, room: joined };
  }

  /** Names of the other nodes that `room` lists; null while the link is down. */
  peersOf(room: BusRoom): Promise<string[] | null> {
    return room.peers().then(
      (names) => names.sort(),
      () => null,
    );
  }

  seesExactly(room: BusRoom, others: readonly Bus[]): Promise<void> {
    const expected = others.map(({ node }) => node).sort();
    return this.until(async () => JSON.stringify(await this.peersOf(room)) === JSON.stringify(expected), `peers ${expected.join(', ')}`);
  }

  /** All of these nodes in one room, each listed for the others, so that they hear each other. */
  async together(members: readonly Bus[], room = 'r'): Promise<Entered[]> {
    const entered = members.map((node) => this.enter(node, room));
    for (const [i, { room: joined }] of entered.entries())
      await this.seesExactly(
        joined,
        members.filter((_, j) => j !== i),
      );
    return entered;
  }

  async three(): Promise<[Entered, Entered, Entered]> {
    return (await this.together(this.nodes)) as [Entered, Entered, Entered];
  }
}

export function listener(): Heard {
  const heard: Heard = {
    received: [],
    raw: [],
    restores: 0,
    gones: [],
    departures: [],
    isInJoin: false,
    receive(from, bytes) {
      if (heard.isInJoin) throw new Error('called during join');
      heard.received.push({ from, text: new TextDecoder().decode(bytes) });
      heard.raw.push(bytes);
    },
    restored() {
      if (heard.isInJoin) throw new Error('called during join');
      heard.restores += 1;
    },
    gone(node, how) {
      if (heard.isInJoin) throw new Error('called during join');
      heard.gones.push(node);
      heard.departures.push(how);
    },
  };
  return heard;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
