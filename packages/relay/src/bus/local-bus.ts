/**
 * A bus between relays of one process: for tests, simulations, and several relays behind one http server.
 *
 * It keeps the contract of every bus (`busContract`), broken links and dead nodes included, so that code which works
 * over it also works over a network. Messages take one turn of the event loop.
 */

import type { Bus, BusListener, BusRoom, Departure, RoomCounts } from './bus.ts';
import { systemEnvironment, type Environment } from '../ports/environment.ts';

export interface LocalBusOptions extends Partial<Pick<Environment, 'schedule'>> {
  /** Milliseconds after which a node with a broken link counts as gone, like a node without a heartbeat. */
  goneAfterMs?: number;
}

export interface LocalBus {
  /** Adds a node and returns its bus. @throws {RangeError} When the name was used before or is not valid. */
  node(name?: string): Bus;
  /** Loses every message between that node and the others, without notice. */
  breakLink(node: string): void;
  healLink(node: string): void;
  /** The node's process has died: it sends and receives nothing more, and its peers get `gone`. */
  kill(node: string): void;
}

interface Joined {
  listener: BusListener;
  counts: RoomCounts;
}

interface Node {
  name: string;
  link: 'up' | 'broken' | 'closed';
  /** Its peers do not count it as gone. */
  isListed: boolean;
  rooms: Map<string, Joined>;
  /** Rooms left while the link was down; their goodbyes are still to be sent. */
  owedGoodbyes: Set<string>;
  cancelGone: (() => void) | null;
}

const NODE_NAME = /^[A-Za-z0-9]{1,32}$/;
/** Three heartbeats of two seconds. */
const GONE_AFTER_MS = 6_000;

export function createLocalBus(options: LocalBusOptions = {}): LocalBus {
  const schedule = options.schedule ?? systemEnvironment.schedule;
  const goneAfterMs = options.goneAfterMs ?? GONE_AFTER_MS;
  const nodesByName = new Map<string, Node>();
  let queue: (() => void)[] = [];

  /** All messages go through one queue, so the order of each sender is kept. */
  const later = (deliver: () => void): void => {
    queue.push(deliver);
    if (queue.length > 1) return;
    schedule(() => {
      const due = queue;
      queue = [];
      for (const run of due) run();
    }, 0);
  };

  const listening = (room: string, except: Node): Node[] =>
    [...nodesByName.values()].filter((node) => node !== except && node.isListed && node.rooms.has(room));

  /** Checks at delivery: a node that left the room or lost its link meanwhile receives nothing. */
  const tell = (to: Node, room: string, joined: Joined | undefined, say: (listener: BusListener) => void): void => {
    if (joined !== undefined && to.link === 'up' && to.rooms.get(room) === joined) say(joined.listener);
  };

  const deliver = (from: Node, to: Node, room: string, bytes: Uint8Array): void => {
    const joined = to.rooms.get(room);
    const copy = bytes.slice();
    later(() => tell(to, room, joined, (listener) => listener.receive(from.name, copy)));
  };

  const sayGone = (node: Node, room: string, how: Departure): void => {
    for (const other of listening(room, node)) {
      const joined = other.rooms.get(room);
      later(() => tell(other, room, joined, (listener) => listener.gone(node.name, how)));
    }
  };

  const delist = (node: Node, how: Departure): void => {
    if (!node.isListed) return;
    node.isListed = false;
    for (const room of node.rooms.keys()) sayGone(node, room, how);
  };

  const end = (node: Node, how: Departure): void => {
    node.cancelGone?.();
    delist(node, how);
    node.link = 'closed';
    node.rooms.clear();
  };

  const find = (name: string): Node => {
    const node = nodesByName.get(name);
    if (node === undefined) throw new RangeError(`no node is called ${name}`);
    return node;
  };

  const checkUp = (node: Node): void => {
    if (node.link !== 'up') throw new Error('the bus is down');
  };

  const join = (node: Node, room: string, listener: BusListener): BusRoom => {
    if (node.link === 'closed') throw new Error('the bus is closed');
    if (node.rooms.has(room)) throw new RangeError('this node has already joined the room');
    const joined: Joined = { listener, counts: { people: 0, connections: 0 } };
    node.rooms.set(room, joined);
    const isHere = (): boolean => node.link === 'up' && node.rooms.get(room) === joined;
    return {
      publish(bytes) {
        if (isHere()) for (const other of listening(room, node)) deliver(node, other, room, bytes);
      },
      send(to, bytes) {
        const other = nodesByName.get(to);
        if (isHere() && other !== undefined && other !== node && other.rooms.has(room)) deliver(node, other, room, bytes);
      },
      report(counts) {
        joined.counts = { ...counts };
      },
      async peers() {
        checkUp(node);
        return listening(room, node).map(({ name }) => name);
      },
      leave() {
        if (node.rooms.get(room) !== joined) return;
        node.rooms.delete(room);
        if (node.link === 'up') sayGone(node, room, 'left');
        else node.owedGoodbyes.add(room);
      },
    };
  };

  return {
    node(name = `n${nodesByName.size + 1}`) {
      if (!NODE_NAME.test(name) || nodesByName.has(name)) throw new RangeError(`a node cannot have the name ${name}`);
      const node: Node = { name, link: 'up', isListed: true, rooms: new Map(), owedGoodbyes: new Set(), cancelGone: null };
      nodesByName.set(name, node);
      return {
        node: name,
        get isUp() {
          return node.link === 'up';
        },
        join: (room, listener) => join(node, room, listener),
        async counts(rooms) {
          checkUp(node);
          return rooms.map((room) =>
            totalOf([...nodesByName.values()].flatMap((other) => (other.isListed ? (other.rooms.get(room) ?? []) : []))),
          );
        },
        async close() {
          end(node, node.link === 'up' ? 'left' : 'lost');
        },
      };
    },
    breakLink(name) {
      const node = find(name);
      if (node.link !== 'up') return;
      node.link = 'broken';
      node.cancelGone = schedule(() => delist(node, 'lost'), goneAfterMs);
    },
    healLink(name) {
      const node = find(name);
      if (node.link !== 'broken') return;
      node.cancelGone?.();
      node.link = 'up';
      node.isListed = true;
      for (const room of node.owedGoodbyes) if (!node.rooms.has(room)) sayGone(node, room, 'left');
      node.owedGoodbyes.clear();
      for (const [room, joined] of node.rooms) later(() => tell(node, room, joined, (listener) => listener.restored()));
    },
    kill: (name) => end(find(name), 'lost'),
  };
}

function totalOf(joined: readonly Joined[]): RoomCounts {
  return joined.reduce((sum, { counts }) => ({ people: sum.people + counts.people, connections: sum.connections + counts.connections }), {
    people: 0,
    connections: 0,
  });
}
