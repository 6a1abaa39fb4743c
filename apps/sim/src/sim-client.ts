/** One person's browser: the real client over a simulated socket, with a device that survives the page. */

import { openRoom, type Environment, type Room, type SocketLike } from '@wetink/sync';
import * as Y from 'yjs';
import { Device } from './device.ts';
import { Life } from './life.ts';
import { Line, type LineTarget } from './line.ts';
import { randomOf, type Random } from './random.ts';
import type { SimNode } from './sim-node.ts';
import type { Checker } from './checker.ts';
import { ROOM, type World } from './world.ts';

export interface SimClientOptions {
  world: World;
  checker: Checker;
  nodes: readonly SimNode[];
  /** '' for an editor. */
  token: string;
}

interface Page {
  life: Life;
  room: Room;
  hide: Set<() => void>;
  online: Set<() => void>;
}

const NOBODY: LineTarget = { upgrade: () => false };

export class SimClient {
  readonly index: number;
  readonly device = new Device();
  /** Index of the relay for new connections. */
  home: number;
  isOnline = true;
  readonly #options: SimClientOptions;
  readonly #random: Random;
  #page: Page | null = null;
  #line: Line | null = null;

  constructor(index: number, home: number, options: SimClientOptions) {
    this.index = index;
    this.home = home;
    this.#options = options;
    this.#random = randomOf(options.world.seed, `client ${index}`);
  }

  /** Null while no page is open, or before the page has read its copy on the device. */
  get doc(): Y.Doc | null {
    return this.#page?.room.doc ?? null;
  }

  get isSaved(): boolean {
    return this.#page?.room.status.kind === 'saved';
  }

  /** Whether the relay has told the client that the room was erased. */
  get isToldErased(): boolean {
    const status = this.#page?.room.status;
    return status?.kind === 'error' && status.code === 'ROOM_ERASED';
  }

  get status(): string {
    return this.#page === null ? 'no page' : JSON.stringify(this.#page.room.status);
  }

  open(promised: readonly string[] = []): void {
    if (this.#page !== null) return;
    const { world, token } = this.#options;
    const life = new Life(world.clock);
    const hide = new Set<() => void>();
    const online = new Set<() => void>();
    const room = openRoom({
      url: 'ws://sim',
      room: ROOM,
      offline: {},
      tabs: false,
      getToken: () => Promise.resolve(token),
      createDoc: () => {
        const doc = new Y.Doc();
        doc.clientID = 1 + this.#random.int(0x7fff_fffe);
        return doc;
      },
      environment: this.#environment(life, hide, online),
    });
    const page = { life, room, hide, online };
    this.#page = page;
    room.onReplaced(({ kept }) => world.fail('never-forget', `client ${this.index} gave its document up: ${kept.code}`));
    void room.whenLoaded.then(() => {
      const tokens = room.doc.getMap('tokens');
      const lost = promised.find((promise) => !tokens.has(promise));
      if (life.isAlive && lost !== undefined)
        world.fail('never-forget', `client ${this.index} had ${lost} on its device; after a reload it is gone`);
    });
  }

  /** Makes one change in one transaction. */
  edit(random: Random): void {
    const { checker } = this.#options;
    const doc = this.#page?.room.doc;
    if (doc === undefined) return;
    const token = `c${this.index}-${checker.made(this.index)}`;
    doc.transact(() => {
      doc.getMap('tokens').set(token, 1);
      checker.edited(this.index, token, change(doc, token, random));
    });
  }

  /** The page dies and is opened again later. @param options.isTidy The page gets a page-hide event first. */
  reload({ isTidy, awayMs }: { isTidy: boolean; awayMs: number }): void {
    const { world } = this.#options;
    const page = this.#page;
    if (page === null) return;
    if (isTidy) for (const listener of page.hide) listener();
    page.life.schedule(() => this.#die(page, awayMs), isTidy ? 40 : 0);
    world.trace.note(`client ${this.index} reloads${isTidy ? '' : ' without a page-hide event'}`);
  }

  goOffline(): void {
    this.isOnline = false;
    this.cut();
  }

  goOnline(): void {
    this.isOnline = true;
    for (const listener of this.#page?.online ?? []) listener();
  }

  cut(): void {
    this.#line?.cut();
    this.#line = null;
  }

  stall(isStalled: boolean): void {
    this.#line?.stall(isStalled);
  }

  moveTo(home: number): void {
    this.home = home;
    this.cut();
  }

  /** Ends the client with the run. */
  end(): void {
    const page = this.#page;
    if (page === null) return;
    this.#page = null;
    page.life.isAlive = false;
    void page.room.close();
    page.room.doc.destroy();
  }

  #die(page: Page, awayMs: number): void {
    const { world, checker } = this.#options;
    const kept = new Y.Doc();
    kept.transact(() => this.device.rows(ROOM).forEach((row) => Y.applyUpdate(kept, row)));
    const { status } = page.room;
    const promised = checker.dying(this.index, kept, { isSaidKept: 'copy' in status && status.copy === 'kept' });
    kept.destroy();
    if (world.mutation === 'drop-outbox') this.device.databases.clear();
    this.#line?.abandon();
    this.#line = null;
    this.end();
    world.clock.schedule(() => this.open(promised), awayMs);
  }

  #environment(life: Life, hide: Set<() => void>, online: Set<() => void>): Partial<Environment> {
    const { world } = this.#options;
    const connect = (url: string, events: Omit<SimSocket, 'send' | 'close'>): Line => this.#connect(url, life, events);
    class SimSocket implements SocketLike {
      binaryType = 'blob';
      readonly bufferedAmount = 0;
      onopen: ((event: never) => void) | null = null;
      onmessage: ((event: never) => void) | null = null;
      onclose: ((event: never) => void) | null = null;
      onerror: ((event: never) => void) | null = null;
      readonly #line: Line;

      constructor(url: string) {
        this.#line = connect(url, this);
      }

      send(data: Uint8Array): void {
        if (life.isAlive) this.#line.send(data);
      }

      close(code = 1000): void {
        if (life.isAlive) this.#line.close(code);
      }
    }
    return {
      now: () => 1_700_000_000_000 + world.clock.now(),
      elapsed: () => world.clock.now(),
      random: () => this.#random.fraction(),
      schedule: (task, delayMs) => life.schedule(task, delayMs),
      nextTask: () => new Promise((resolve) => life.schedule(resolve, 0)),
      WebSocket: SimSocket,
      indexedDB: this.device.factory(life, this.#random),
      BroadcastChannel: undefined,
      locks: undefined,
      onOnline: (listener) => subscribe(online, listener),
      onOffline: () => () => undefined,
      page: {
        isVisible: () => true,
        onVisibility: () => () => undefined,
        onHide: (listener) => subscribe(hide, listener),
        onShow: () => () => undefined,
      },
      report: (error) => world.fail('no-bug', `client ${this.index}: ${String(error)}`),
    };
  }

  #connect(url: string, life: Life, socket: Omit<SocketLike, 'send' | 'close'>): Line {
    const { world, checker, nodes } = this.#options;
    const path = url.slice('ws://sim'.length);
    const target: LineTarget = this.isOnline ? (nodes[this.home] ?? NOBODY) : NOBODY;
    const tell = (listener: ((event: never) => void) | null, event: object): void => {
      if (life.isAlive) (listener as ((event: object) => void) | null)?.(event);
    };
    const line = new Line(
      world,
      path,
      target,
      {
        open: () => tell(socket.onopen, {}),
        message: (data) => tell(socket.onmessage, { data }),
        close: (code) => tell(socket.onclose, { code }),
      },
      { edits: () => checker.made(this.index), acked: (edits) => checker.acked(this.index, edits) },
    );
    this.#line = line;
    return line;
  }
}

function subscribe(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @returns The key that it removed from `bag`, or null. */
function change(doc: Y.Doc, token: string, random: Random): string | null {
  const list = doc.getArray<string>('list');
  const text = doc.getText('text');
  const bag = doc.getMap('bag');
  switch (random.int(8)) {
    case 0:
      doc.getMap('board').set(`k${random.int(6)}`, token);
      return null;
    case 1:
      list.insert(random.int(list.length + 1), [token]);
      return null;
    case 2:
      if (list.length > 0) list.delete(random.int(list.length), 1);
      return null;
    case 3:
    case 4:
      text.insert(random.int(text.length + 1), token);
      return null;
    case 5: {
      const at = random.int(text.length + 1);
      text.delete(at, Math.min(1 + random.int(6), text.length - at));
      return null;
    }
    case 6:
      bag.set(token, 1);
      return null;
    default: {
      const keys = [...bag.keys()];
      if (keys.length === 0) return null;
      const key = random.pick(keys);
      bag.delete(key);
      return key;
    }
  }
}
