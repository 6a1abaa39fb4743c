/** One node on a local bus: its link to the others, and the rooms that it has joined. */

import type { Bus, BusListener, BusRoom, Departure, RoomCounts } from './bus.ts';
import type { Environment } from '../ports/environment.ts';

/** The common part of the nodes of one bus. */
export interface LocalNetwork {
  readonly schedule: Environment['schedule'];
  /** Every node that was ever added, by its name. */
  readonly nodesByName: ReadonlyMap<string, LocalNode>;
  /** Runs `deliver` in another turn of the event loop, in the order of the calls. */
  later(deliver: () => void): void;
}

interface JoinedRoom {
  listener: BusListener;
  counts: RoomCounts;
}

export class LocalNode implements Bus {
  readonly node: string;
  readonly #network: LocalNetwork;
  readonly #rooms = new Map<string, JoinedRoom>();
  /** Rooms left while the link was down; their goodbyes are still to be sent. */
  readonly #owedGoodbyes = new Set<string>();
  #link: 'up' | 'broken' | 'closed' = 'up';
  /** Its peers do not count it as gone. */
  #isListed = true;
  #cancelGone: (() => void) | null = null;

  constructor(name: string, network: LocalNetwork) {
    this.node = name;
    this.#network = network;
  }

  get isUp(): boolean {
    return this.#link === 'up';
  }

  join(room: string, listener: BusListener): BusRoom {
    if (this.#link === 'closed') throw new Error('the bus is closed');
    if (this.#rooms.has(room)) throw new RangeError('this node has already joined the room');
    const joined: JoinedRoom = { listener, counts: { people: 0, connections: 0 } };
    this.#rooms.set(room, joined);
    const isHere = (): boolean => this.isUp && this.#rooms.get(room) === joined;
    return {
      publish: (bytes) => {
        if (isHere()) for (const other of this.#peers(room)) other.#receive(room, this.node, bytes);
      },
      send: (to, bytes) => {
        const other = this.#network.nodesByName.get(to);
        if (isHere() && other !== undefined && other !== this) other.#receive(room, this.node, bytes);
      },
      report: (counts) => {
        joined.counts = { ...counts };
      },
      peers: async () => {
        this.#checkUp();
        return this.#peers(room).map(({ node }) => node);
      },
      leave: () => {
        if (this.#rooms.get(room) !== joined) return;
        this.#rooms.delete(room);
        if (this.isUp) this.#sayGone(room, 'left');
        else this.#owedGoodbyes.add(room);
      },
    };
  }

  async counts(rooms: readonly string[]): Promise<RoomCounts[]> {
    this.#checkUp();
    const nodes = [...this.#network.nodesByName.values()].filter((node) => node.#isListed);
    return rooms.map((room) => totalOf(nodes.flatMap((node) => node.#rooms.get(room)?.counts ?? [])));
  }

  async close(): Promise<void> {
    this.#end(this.isUp ? 'left' : 'lost');
  }

  /** Loses every message from and to this node. @param goneAfterMs Then it counts as gone. */
  breakLink(goneAfterMs: number): void {
    if (!this.isUp) return;
    this.#link = 'broken';
    this.#cancelGone = this.#network.schedule(() => this.#delist('lost'), goneAfterMs);
  }

  healLink(): void {
    if (this.#link !== 'broken') return;
    this.#cancelGone?.();
    this.#link = 'up';
    this.#isListed = true;
    for (const room of this.#owedGoodbyes) if (!this.#rooms.has(room)) this.#sayGone(room, 'left');
    this.#owedGoodbyes.clear();
    for (const room of this.#rooms.keys()) this.#tell(room, (listener) => listener.restored());
  }

  /** Ends without a goodbye. */
  kill(): void {
    this.#end('lost');
  }

  #checkUp(): void {
    if (!this.isUp) throw new Error('the bus is down');
  }

  #peers(room: string): LocalNode[] {
    return [...this.#network.nodesByName.values()].filter((node) => node !== this && node.#isListed && node.#rooms.has(room));
  }

  #receive(room: string, from: string, bytes: Uint8Array): void {
    const copy = bytes.slice();
    this.#tell(room, (listener) => listener.receive(from, copy));
  }

  /** Checks at delivery: a node that left the room or lost its link meanwhile receives nothing. */
  #tell(room: string, say: (listener: BusListener) => void): void {
    const joined = this.#rooms.get(room);
    if (joined === undefined) return;
    this.#network.later(() => {
      if (this.isUp && this.#rooms.get(room) === joined) say(joined.listener);
    });
  }

  #sayGone(room: string, how: Departure): void {
    for (const other of this.#peers(room)) other.#tell(room, (listener) => listener.gone(this.node, how));
  }

  #delist(how: Departure): void {
    if (!this.#isListed) return;
    this.#isListed = false;
    for (const room of this.#rooms.keys()) this.#sayGone(room, how);
  }

  #end(how: Departure): void {
    this.#cancelGone?.();
    this.#delist(how);
    this.#link = 'closed';
    this.#rooms.clear();
  }
}

function totalOf(counts: readonly RoomCounts[]): RoomCounts {
  const total = { people: 0, connections: 0 };
  for (const { people, connections } of counts) {
    total.people += people;
    total.connections += connections;
  }
  return total;
}
