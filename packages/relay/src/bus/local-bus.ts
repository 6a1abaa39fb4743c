/**
 * A bus between relays of one process: for tests, simulations, and several relays behind one http server.
 *
 * It keeps the contract of every bus (`busContract`), broken links and dead nodes included, so that code which works
 * over it also works over a network. Messages take one turn of the event loop.
 */

import type { Bus } from './bus.ts';
import { LocalNode, type LocalNetwork } from './local-node.ts';
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

const NODE_NAME = /^[A-Za-z0-9]{1,32}$/;
/** Three heartbeats of two seconds. */
const GONE_AFTER_MS = 6_000;

export function createLocalBus(options: LocalBusOptions = {}): LocalBus {
  const schedule = options.schedule ?? systemEnvironment.schedule;
  const goneAfterMs = options.goneAfterMs ?? GONE_AFTER_MS;
  const nodesByName = new Map<string, LocalNode>();
  const network: LocalNetwork = { schedule, nodesByName, later: createQueue(schedule) };
  const find = (name: string): LocalNode => {
    const node = nodesByName.get(name);
    if (node === undefined) throw new RangeError(`no node is called ${name}`);
    return node;
  };

  return {
    node(name = `n${nodesByName.size + 1}`) {
      if (!NODE_NAME.test(name) || nodesByName.has(name)) throw new RangeError(`a node cannot have the name ${name}`);
      const node = new LocalNode(name, network);
      nodesByName.set(name, node);
      return node;
    },
    breakLink: (name) => find(name).breakLink(goneAfterMs),
    healLink: (name) => find(name).healLink(),
    kill: (name) => find(name).kill(),
  };
}

/** All messages go through one queue, so the order of each sender is kept. */
function createQueue(schedule: Environment['schedule']): LocalNetwork['later'] {
  let queue: (() => void)[] = [];
  return (deliver) => {
    queue.push(deliver);
    if (queue.length > 1) return;
    schedule(() => {
      const due = queue;
      queue = [];
      for (const run of due) run();
    }, 0);
  };
}
