/** A place where relays run, one after the other: real ones, on the virtual clock, killed, drained and restarted. */

import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createRelay, type LocalBus, type Logger, type Relay, type RelayLimits } from '@wetink/relay';
import type { MemoryDisk } from '@wetink/storage';
import { Life } from './life.ts';
import type { Line } from './line.ts';
import { randomOf } from './random.ts';
import { createSimBus } from './sim-bus.ts';
import { createSimStore } from './sim-store.ts';
import type { Checker } from './checker.ts';
import { ROOM, type World } from './world.ts';

export interface SimNodeOptions {
  world: World;
  disk: MemoryDisk;
  checker: Checker;
  /** Null: there is one relay. */
  hub: LocalBus | null;
  limits: Partial<RelayLimits>;
}

/** Time from the end of a drained process to the start of its successor. */
const RESTART_MS = 300;

const ERASE_AGAIN_MS = 500;

/** Token of viewers; any other token is an editor's. */
export const VIEWER_TOKEN = 'viewer';

export class SimNode {
  readonly index: number;
  readonly #options: SimNodeOptions;
  #life: Life | null = null;
  #relay: Relay | null = null;
  #server: EventEmitter = new EventEmitter();
  #lines = new Set<Line>();
  #generation = 0;
  #isDraining = false;

  constructor(index: number, options: SimNodeOptions) {
    this.index = index;
    this.#options = options;
    this.start();
  }

  get isUp(): boolean {
    return this.#relay !== null && !this.#isDraining;
  }

  get unsavedBytes(): number {
    return this.#relay?.stats().unsavedBytes ?? 0;
  }

  /** Name of this process on the bus and in the journal. */
  get name(): string {
    return `${'abcdefgh'[this.index] ?? 'z'}${this.#generation}`;
  }

  start(): void {
    if (this.#relay !== null) return;
    const { world, disk, checker, hub, limits } = this.#options;
    this.#generation += 1;
    this.#isDraining = false;
    const life = new Life(world.clock);
    const random = randomOf(world.seed, this.name);
    const server = new EventEmitter();
    this.#life = life;
    this.#server = server;
    this.#lines = new Set();
    this.#relay = createRelay({
      store: createSimStore({ world, disk, checker, life, writer: this.name }),
      ...(hub === null ? {} : { bus: createSimBus(world, hub, this.name, life) }),
      limits,
      logger: this.#logger(life),
      now: () => world.clock.now(),
      wallClock: () => world.clock.now(),
      random: () => random.fraction(),
      schedule: (run, delayMs) => life.schedule(run, delayMs),
      addressOf: () => 'sim',
      authorize: ({ token }) => Promise.resolve({ ok: true, role: token === VIEWER_TOKEN ? 'viewer' : 'editor', userId: '' }),
    });
    this.#relay.attach(server as Server);
    world.trace.note(`relay ${this.name} starts`);
  }

  upgrade(path: string, end: Duplex, line: Line): boolean {
    if (this.#relay === null) return false;
    this.#lines.add(line);
    const headers = {
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-version': '13',
    };
    const request = { method: 'GET', url: path, headers, socket: end };
    this.#server.emit('upgrade', request as unknown as IncomingMessage, end, Buffer.alloc(0));
    return true;
  }

  /** Kills the process. Data already handed to the disk, the bus or the wire may or may not arrive. */
  crash(): void {
    if (this.#relay === null || this.#life === null) return;
    this.#options.world.trace.note(`relay ${this.name} is killed`);
    this.#life.isAlive = false;
    this.#options.hub?.kill(this.name);
    this.#relay = null;
    this.#isDraining = false;
    for (const line of this.#lines) line.serverDied();
    this.#lines.clear();
  }

  /** Stops the relay in an orderly way. */
  drain(): void {
    const relay = this.#relay;
    const { world, hub } = this.#options;
    if (relay === null || this.#isDraining) return;
    this.#isDraining = true;
    world.trace.note(`relay ${this.name} drains`);
    void relay.drain({ deadlineMs: 10_000 }).then(({ unsavedBytes }) => {
      if (this.#relay !== relay) return;
      world.trace.note(`relay ${this.name} has drained, ${unsavedBytes} bytes unsaved`);
      if (this.#life !== null) this.#life.isAlive = false;
      hub?.kill(this.name);
      this.#relay = null;
      this.#isDraining = false;
      world.clock.schedule(() => this.start(), RESTART_MS);
    });
  }

  /** The relay writes a token itself, unless it is down. */
  edit(token: string): void {
    const { world, checker } = this.#options;
    const relay = this.#relay;
    const { name } = this;
    let resolved: (() => void) | null = null;
    relay
      ?.edit(ROOM, (doc) => {
        resolved ??= checker.wrote(token);
        doc.getMap('tokens').set(token, 1);
      })
      .then(
        () => this.#relay === relay && resolved?.(),
        (error: unknown) => world.trace.note(`relay ${name} could not write ${token} (${error instanceof Error ? error.message : ''})`),
      );
  }

  /** Erases the room; retries until the store has done it. */
  erase(): void {
    const { world, checker } = this.#options;
    if (checker.isErased) return;
    const again = (): void => void world.clock.schedule(() => this.erase(), ERASE_AGAIN_MS);
    world.trace.note(`relay ${this.name} erases the room`);
    if (this.#relay === null) again();
    else this.#relay.erase(ROOM).catch(again);
  }

  #logger(life: Life): Logger {
    const { world } = this.#options;
    const { name } = this;
    const say = (fields: object, message: string): void => {
      if (life.isAlive) world.trace.note(`relay ${name}: ${message}${reasonOf(fields)}`);
    };
    return {
      debug: () => undefined,
      info: () => undefined,
      warn: say,
      error: (fields, message) => {
        say(fields, message);
        if (message.startsWith('bug') && life.isAlive) world.fail('no-bug', `relay ${name}: ${message}${reasonOf(fields)}`);
      },
    };
  }
}

function reasonOf(fields: object): string {
  return 'err' in fields && fields.err instanceof Error ? ` (${fields.err.message})` : '';
}
