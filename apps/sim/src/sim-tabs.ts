/**
 * Several tabs of one browser without a network: the real client on the simulated storage of one device, with channels
 * and locks between the tabs. Tabs die within milliseconds of an edit, freeze, lose their storage, or see it cleared.
 */

import { openRoom, type ChannelLike, type Environment, type Room, type SocketConstructor } from '@wetink/sync';
import * as Y from 'yjs';
import type { VirtualClock } from './clock.ts';
import type { Device } from './device.ts';
import { Life } from './life.ts';
import type { Random } from './random.ts';
import { SimLocks } from './sim-locks.ts';
import { ROOM } from './world.ts';

/** Life of a page that can be frozen: its tasks then wait until it is thawed. */
class PageLife extends Life {
  #waiting: (() => void)[] = [];
  #isFrozen = false;

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  override schedule(run: () => void, delayMs: number): () => void {
    let isCancelled = false;
    const task = (): void => void (isCancelled || run());
    const cancel = super.schedule(() => (this.#isFrozen ? void this.#waiting.push(task) : task()), delayMs);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const task of this.#waiting.splice(0)) this.schedule(task, 0);
  }
}

export interface SimTab {
  readonly name: string;
  readonly room: Room;
  readonly isFrozen: boolean;
  /** Whether this tab would hold the socket if there were a network. */
  readonly isLeader: boolean;
  /** The error with which its writes fail; null: none. */
  fault: string | null;
  freeze(): void;
  thaw(): void;
  /** The page gets a page-hide event and dies right after it. */
  leave(): void;
  /** The page dies without an event. */
  kill(): void;
}

export interface SimTabsOptions {
  clock: VirtualClock;
  device: Device;
  random: Random;
  onBug(message: string): void;
}

export class SimTabs {
  readonly #options: SimTabsOptions;
  readonly #channels = new Set<SimChannel>();
  readonly #locks = new SimLocks();
  #count = 0;

  constructor(options: SimTabsOptions) {
    this.#options = options;
  }

  open(): SimTab {
    const { clock, device, random, onBug } = this.#options;
    const name = `tab ${++this.#count}`;
    const life = new PageLife(clock);
    const hide = new Set<() => void>();
    const locks = this.#locks;
    const channels = this.#channels;
    class Channel extends SimChannel {
      constructor(channel: string) {
        super(channel, channels, life, random);
      }
    }
    const environment: Partial<Environment> = {
      now: () => 1_700_000_000_000 + clock.now(),
      elapsed: () => clock.now(),
      random: () => random.fraction(),
      schedule: (task, delayMs) => life.schedule(task, delayMs),
      nextTask: () => new Promise((resolve) => life.schedule(resolve, 0)),
      WebSocket: noNetwork(life),
      indexedDB: device.factory(life, random, () => tab.fault),
      BroadcastChannel: Channel,
      locks: locks.of(life),
      persist: () => undefined,
      onOnline: () => () => undefined,
      onOffline: () => () => undefined,
      page: {
        isVisible: () => true,
        onVisibility: () => () => undefined,
        onHide: (listener) => {
          hide.add(listener);
          return () => hide.delete(listener);
        },
        onShow: () => () => undefined,
      },
      report: (error) => onBug(`${name}: ${String(error)}`),
    };
    const createDoc = (): Y.Doc => {
      const doc = new Y.Doc();
      doc.clientID = 1 + random.int(0x7fff_fffe);
      return doc;
    };
    const room = openRoom({ url: 'ws://sim', room: ROOM, offline: {}, tabs: true, createDoc, environment });
    const kill = (): void => {
      life.isAlive = false;
      locks.died(life);
    };
    const tab: SimTab = {
      name,
      room,
      fault: null,
      get isFrozen() {
        return life.isFrozen;
      },
      get isLeader() {
        return locks.holder === life;
      },
      freeze: () => life.freeze(),
      thaw: () => life.thaw(),
      leave: () => {
        for (const listener of hide) listener();
        kill();
      },
      kill,
    };
    return tab;
  }
}

class SimChannel implements ChannelLike {
  onmessage: ((event: never) => void) | null = null;
  readonly #name: string;
  readonly #all: Set<SimChannel>;
  readonly #life: Life;
  readonly #random: Random;
  #arrivesAtMs = 0;

  constructor(name: string, all: Set<SimChannel>, life: Life, random: Random) {
    this.#name = name;
    this.#all = all;
    this.#life = life;
    this.#random = random;
    all.add(this);
  }

  postMessage(message: unknown): void {
    if (!this.#life.isAlive) return;
    for (const other of this.#all) if (other !== this && other.#name === this.#name) other.#take(structuredClone(message));
  }

  close(): void {
    this.#all.delete(this);
  }

  /** Delivers messages in the order of posting. */
  #take(data: unknown): void {
    const nowMs = this.#life.nowMs();
    this.#arrivesAtMs = Math.max(this.#arrivesAtMs, nowMs + this.#random.int(4));
    this.#life.schedule(() => (this.onmessage as ((event: { data: unknown }) => void) | null)?.({ data }), this.#arrivesAtMs - nowMs);
  }
}

/** A socket class whose connections all fail. */
function noNetwork(life: Life): SocketConstructor {
  return class {
    binaryType = '';
    readonly bufferedAmount = 0;
    onopen = null;
    onmessage = null;
    onclose: ((event: never) => void) | null = null;
    onerror = null;
    constructor() {
      life.schedule(() => (this.onclose as ((event: { code: number; reason: string }) => void) | null)?.({ code: 1006, reason: '' }), 5);
    }
    send(): void {
      // There is no connection to send on.
    }
    close(): void {
      this.onclose = null;
    }
  };
}
