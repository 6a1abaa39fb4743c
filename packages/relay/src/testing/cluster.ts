/** Rooms of several relays over one bus and one disk, and clients without sockets, in virtual time. For tests only. */

import { decodeFrame, type Message, type Role } from '@wetink/protocol';
import { createMemoryDisk, createMemoryStore, type MemoryDisk, type Store } from '@wetink/storage';
import * as Y from 'yjs';
import { Acks } from '../member/acks.ts';
import type { DocumentWorker } from '../document/document-worker.ts';
import type { Environment } from '../ports/environment.ts';
import { defaultLimits, type RelayLimits } from '../limits/limits.ts';
import { createLocalBus, type LocalBus } from '../bus/local-bus.ts';
import { silentLogger } from '../ports/logger.ts';
import type { Member } from '../member/member.ts';
import { silentObserver, type RelayObserver } from '../ports/observer.ts';
import { createRepairGate } from '../replication/repair-gate.ts';
import { Room } from '../room/room.ts';
import { joinRows } from '../document/row-parts.ts';
import { payloadsOf } from './fake-member.ts';
import { faultyStore, type FaultyStore } from './faulty-store.ts';
import { lossyBus, type Losses } from './lossy-bus.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

export interface ClusterOptions {
  nodes?: number;
  losses?: Partial<Losses>;
  seed?: number;
  limits?: Partial<RelayLimits>;
  worker?: DocumentWorker;
  /** Puts a store of the test between node `i` and the disk. */
  wrapStore?(inner: Store, i: number): Store;
}

/** Counters for tests. */
export type Counted = Record<
  'gaps' | 'repairedByNode' | 'repairedByStore' | 'mismatches' | 'published' | 'publishedBytes' | 'loads',
  number
>;

export interface TestNode {
  name: string;
  store: FaultyStore;
  counted: Counted;
  checkpoints: string[];
  room(name?: string): Room;
  rooms: Map<string, Room>;
  /** Kills the process: nothing of it runs on, and the others notice only its missing heartbeat. */
  kill(): void;
  isDead: boolean;
}

export interface Cluster {
  time: VirtualTime;
  bus: LocalBus;
  disk: MemoryDisk;
  losses: Losses;
  nodes: TestNode[];
  node(i: number): TestNode;
  enter(i: number, options?: ClientOptions): TestClient;
  /** Runs until the open documents of all clients are equal, or throws. @returns Virtual ms. */
  untilEqual(clients: readonly TestClient[], withinMs: number): Promise<number>;
  stored(room?: string): Promise<Y.Doc>;
}

export interface ClientOptions {
  doc?: Y.Doc;
  room?: string;
  role?: Role;
  userId?: string;
  clientId?: number;
  isExtension?: boolean;
  /** Leaves SyncStep1 unanswered, as behind a broken link. */
  isSilent?: boolean;
}

const ROOM = 'board';
const HOUSEKEEPING_MS = 1_000;

export function createCluster(options: ClusterOptions = {}): Cluster {
  const time = virtualTime();
  const random = seeded(options.seed ?? 1);
  const environment: Environment = { now: time.now, schedule: time.schedule, random };
  const limits: RelayLimits = { ...defaultLimits, ...options.limits };
  const losses: Losses = { drop: 0, duplicate: 0, delayMs: 0, ...options.losses };
  const disk = createMemoryDisk();
  const bus = createLocalBus({ schedule: time.schedule });
  let lastMemberId = 0;

  const makeNode = (i: number): TestNode => {
    const name = `n${i}`;
    let isDead = false;
    const counted: Counted = {
      gaps: 0,
      repairedByNode: 0,
      repairedByStore: 0,
      mismatches: 0,
      published: 0,
      publishedBytes: 0,
      loads: 0,
    };
    const checkpoints: string[] = [];
    const memory = createMemoryStore({ disk, writer: `w${i}`, now: time.now });
    const store = faultyStore(hanging(options.wrapStore?.(memory, i) ?? memory, () => isDead));
    const observer: RelayObserver = {
      ...silentObserver,
      busGap: () => void (counted.gaps += 1),
      repaired: (from) => void (counted[from === 'node' ? 'repairedByNode' : 'repairedByStore'] += 1),
      digestMismatch: () => void (counted.mismatches += 1),
      checkpoint: (outcome) => void checkpoints.push(outcome),
      roomLoaded: () => void (counted.loads += 1),
      busPublished: (bytes) => {
        counted.published += 1;
        counted.publishedBytes += bytes;
      },
    };
    const own: Environment = {
      ...environment,
      schedule: (fn, delayMs) =>
        environment.schedule(() => {
          if (!isDead) fn();
        }, delayMs),
    };
    const rooms = new Map<string, Room>();
    const linked = lossyBus(bus.node(name), losses, own);
    const context = {
      store,
      bus: linked,
      observer,
      logger: silentLogger,
      environment: own,
      limits,
      framing: { fragmentBytes: 2 ** 30, maxChunkBytes: 2 ** 30, nextChunkId: () => 1 },
      gate: createRepairGate(limits.maxTailReads),
      worker: options.worker ?? null,
      onClosed: (room: Room) => {
        if (rooms.get(room.name) === room) rooms.delete(room.name);
      },
    };
    const housekeeping = (): void => {
      for (const room of rooms.values()) room.housekeeping(time.now());
      own.schedule(housekeeping, HOUSEKEEPING_MS);
    };
    own.schedule(housekeeping, (HOUSEKEEPING_MS * i) / 7);
    return {
      name,
      store,
      counted,
      checkpoints,
      rooms,
      get isDead() {
        return isDead;
      },
      room(roomName = ROOM) {
        let room = rooms.get(roomName);
        if (room === undefined) rooms.set(roomName, (room = new Room(roomName, context)));
        return room;
      },
      kill() {
        isDead = true;
        bus.kill(name);
      },
    };
  };

  const nodes = Array.from({ length: options.nodes ?? 2 }, (_, i) => makeNode(i));
  const node = (i: number): TestNode => {
    const found = nodes[i];
    if (found === undefined) throw new RangeError(`no node ${i}`);
    return found;
  };

  return {
    time,
    bus,
    disk,
    losses,
    nodes,
    node,
    enter: (i, clientOptions = {}) => new TestClient((lastMemberId += 1), node(i), clientOptions),
    async untilEqual(clients, withinMs) {
      const startMs = time.now();
      const first = clients[0];
      const isEqual = (): boolean => first !== undefined && clients.every((client) => sameDocument(client.doc, first.doc));
      while (!isEqual()) {
        if (time.now() - startMs >= withinMs) {
          const sizes = clients.map(({ doc }) => Y.encodeStateAsUpdate(doc).length);
          throw new Error(`documents differ after ${withinMs} ms: ${sizes.join(', ')} bytes`);
        }
        await time.advance(50);
      }
      return time.now() - startMs;
    },
    async stored(room = ROOM) {
      const stored = await createMemoryStore({ disk, writer: 'reader' }).load(room);
      const doc = new Y.Doc();
      const rows = joinRows(stored.updates).map(({ update }) => update);
      for (const update of [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...rows]) Y.applyUpdate(doc, update);
      return doc;
    },
  };
}

/** A client with a document. It applies the room's messages at once. */
export class TestClient implements Member {
  readonly id: number;
  readonly userId: string;
  readonly ownClientId: number;
  readonly isExtension: boolean;
  readonly role: Role;
  readonly acks = new Acks();
  readonly doc: Y.Doc;
  readonly received: Message[] = [];
  isSilent: boolean;
  isPaused = false;
  ended: string | null = null;
  acked = 0;
  sent = 0;
  readonly #room: Room;

  constructor(id: number, node: TestNode, options: ClientOptions) {
    this.id = id;
    this.userId = options.userId ?? '';
    this.isExtension = options.isExtension ?? true;
    this.role = options.role ?? 'editor';
    this.isSilent = options.isSilent ?? false;
    this.doc = options.doc ?? new Y.Doc();
    this.ownClientId = options.clientId ?? this.doc.clientID;
    this.#room = node.room(options.room);
    this.#room.join(this);
    if (this.ended === null) this.#room.receive(this, { type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
  }

  /** The relay has refused a change. Stock clients do not hear of it this way. */
  get isRefused(): boolean {
    return this.received.some(({ type }) => type === 'refused');
  }

  /** Changes the document and sends the update. */
  edit(change: (doc: Y.Doc) => void): void {
    const updates: Uint8Array[] = [];
    const onUpdate = (update: Uint8Array): void => void updates.push(update);
    this.doc.on('update', onUpdate);
    this.doc.transact(() => change(this.doc));
    this.doc.off('update', onUpdate);
    for (const update of updates) this.sendUpdate(update);
  }

  set(key: string, value: unknown): void {
    this.edit((doc) => doc.getMap('m').set(key, value));
  }

  sendUpdate(update: Uint8Array): void {
    this.sent += 1;
    this.say({ type: 'update', update });
  }

  say(message: Message): void {
    if (this.ended === null) this.#room.receive(this, message);
  }

  keys(): string[] {
    return [...this.doc.getMap('m').keys()].sort();
  }

  leave(): void {
    this.#room.leave(this);
    this.ended ??= 'left';
  }

  introduce(): void {}

  isBehind(): boolean {
    return false;
  }

  isWaiting(): boolean {
    return false;
  }

  send(outgoing: Parameters<Member['send']>[0]): void {
    for (const buffer of outgoing.frames(this)) {
      for (const payload of payloadsOf(buffer))
        for (const message of decodeFrame(payload, { isExtension: this.isExtension })) this.#take(message);
    }
  }

  sendEphemeral(outgoing: Parameters<Member['send']>[0]): void {
    this.send(outgoing);
  }

  sendSync(outgoing: Parameters<Member['send']>[0]): void {
    this.send(outgoing);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  end(code: string): void {
    this.ended = code;
    this.#room.leave(this);
  }

  #take(message: Message): void {
    this.received.push(message);
    if (message.type === 'ack') this.acked = message.count;
    if (message.type === 'update' || message.type === 'sync-step-2') Y.applyUpdate(this.doc, message.update, 'relay');
    if (message.type !== 'sync-step-1' || this.isSilent) return;
    const update = Y.encodeStateAsUpdate(this.doc, message.stateVector);
    // Deferred: this runs within the room's own call.
    queueMicrotask(() => {
      this.sent += 1;
      this.say({ type: 'sync-step-2', update });
    });
  }
}

export function sameDocument(a: Y.Doc, b: Y.Doc): boolean {
  return Buffer.compare(Y.encodeSnapshot(Y.snapshot(a)), Y.encodeSnapshot(Y.snapshot(b))) === 0;
}

/** The store of a dead process: its calls never return, and may or may not have reached the disk. */
function hanging(store: Store, isDead: () => boolean): Store {
  const never = new Promise<never>(() => undefined);
  const alive = <T>(call: () => Promise<T>): Promise<T> => (isDead() ? never : call().then((value) => (isDead() ? never : value)));
  return {
    ...store,
    append: (room, updates) => alive(() => store.append(room, updates)),
    load: (room, since) => alive(() => store.load(room, since)),
    checkpoint: (room, state, covers) => alive(() => store.checkpoint(room, state, covers)),
    remove: (room) => alive(() => store.remove(room)),
  };
}

/** mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
