/** The operations of a run, how often they happen, and how the world is healed at the end. */

import type { LocalBus } from '@wetink/relay';
import type { Random } from './random.ts';
import type { SimClient } from './sim-client.ts';
import type { SimNode } from './sim-node.ts';
import { intrude } from './stranger.ts';
import { calmBus, calmStore, type World } from './world.ts';

export interface Stage {
  world: World;
  clients: readonly SimClient[];
  nodes: readonly SimNode[];
  /** Null: there is one relay. */
  hub: LocalBus | null;
  /** The random stream of the operations. */
  random: Random;
}

type Operation = (stage: Stage) => void;

const edit: Operation = ({ clients, random }) => {
  const client = random.pick(clients);
  for (let left = random.chance(0.1) ? 3 : 1; left > 0; left--) client.edit(random);
};

const offline: Operation = ({ world, clients, random }) => {
  const client = random.pick(clients);
  if (!client.isOnline) return;
  world.trace.note(`client ${client.index} goes offline`);
  client.goOffline();
  world.clock.schedule(() => client.goOnline(), 20 + random.int(random.pick([200, 5_000])));
};

const cutLine: Operation = ({ world, clients, random }) => {
  const client = random.pick(clients);
  world.trace.note(`client ${client.index} is cut off`);
  client.cut();
};

const reload: Operation = ({ clients, random }) => random.pick(clients).reload({ isTidy: random.chance(0.5), awayMs: random.int(400) });

const move: Operation = ({ world, clients, nodes, random }) => {
  const client = random.pick(clients);
  const node = random.pick(nodes);
  world.trace.note(`client ${client.index} moves to relay ${node.name}`);
  client.moveTo(node.index);
};

/** All clients reconnect at once, so that relays load the room at the same time. */
const stampede: Operation = ({ world, clients, nodes, random }) => {
  world.trace.note('all clients are cut off and reconnect to some relay');
  for (const client of clients) client.moveTo(random.pick(nodes).index);
};

/** No client is connected until the relays have unloaded the room. */
const empty: Operation = ({ world, clients, random }) => {
  world.trace.note('all clients are away for a while');
  for (const client of clients) if (client.isOnline) client.goOffline();
  world.clock.schedule(() => clients.forEach((client) => client.goOnline()), 500 + random.int(3_000));
};

const crash: Operation = ({ world, nodes, random }) => {
  const node = random.pick(nodes);
  node.crash();
  world.clock.schedule(() => node.start(), 20 + random.int(1_500));
};

const drain: Operation = ({ nodes, random }) => random.pick(nodes).drain();

const stall: Operation = ({ world, clients, random }) => {
  const client = random.pick(clients);
  world.trace.note(`client ${client.index} reads nothing for a while`);
  client.stall(true);
  world.clock.schedule(() => client.stall(false), 100 + random.int(3_000));
};

const deviceFull: Operation = ({ world, clients, random }) => {
  const client = random.pick(clients);
  world.trace.note(`the device of client ${client.index} is full for a while`);
  client.device.isFull = true;
  world.clock.schedule(() => (client.device.isFull = false), 100 + random.int(2_000));
};

const storeWeather: Operation = ({ world, random }) => {
  const { store } = world;
  const worse = random.pick([
    { failChance: random.pick([0.1, 0.5, 1]) },
    { failChance: 0.3, tornChance: random.pick([0.5, 1]) },
    { slowMs: random.pick([40, 400, 1_500]) },
  ]);
  Object.assign(store, calmStore, worse);
  world.trace.note(`store: ${JSON.stringify(worse)}`);
  world.clock.schedule(() => Object.assign(store, calmStore), 50 + random.int(2_500));
};

const busWeather: Operation = ({ world, random }) => {
  const { bus } = world;
  const worse = random.pick([
    { dropChance: random.pick([0.05, 0.3, 1]) },
    { duplicateChance: 0.3 },
    { isReordering: true, delayMs: 200 },
    { delayMs: random.pick([50, 1_000]) },
    { dropChance: 0.2, duplicateChance: 0.2, isReordering: true, delayMs: 100 },
  ]);
  Object.assign(bus, calmBus, worse);
  world.trace.note(`bus: ${JSON.stringify(worse)}`);
  world.clock.schedule(() => Object.assign(bus, calmBus), 100 + random.int(8_000));
};

const partition: Operation = ({ world, nodes, hub, random }) => {
  if (hub === null) return;
  const { name } = random.pick(nodes);
  world.trace.note(`relay ${name} is cut off from the bus`);
  hub.breakLink(name);
  world.cutNodes.add(name);
  const mend = (): void => {
    hub.healLink(name);
    world.cutNodes.delete(name);
  };
  world.clock.schedule(mend, 200 + random.int(random.pick([9_000, 40_000])));
};

/** As above, but neither that relay nor the others notice. */
const deafness: Operation = ({ world, nodes, random }) => {
  const { name } = random.pick(nodes);
  world.trace.note(`relay ${name} is cut off from the bus without noticing`);
  world.deafNodes.add(name);
  world.clock.schedule(() => world.deafNodes.delete(name), 200 + random.int(random.pick([9_000, 40_000])));
};

const intruder: Operation = ({ world, nodes, random }) => intrude(world, random.pick(nodes), random);

interface Choice {
  weight: number;
  run: Operation;
  needsBus?: true;
}

const menu: Readonly<Record<string, Choice>> = {
  edit: { weight: 100, run: edit },
  offline: { weight: 3, run: offline },
  cut: { weight: 3, run: cutLine },
  reload: { weight: 3, run: reload },
  move: { weight: 3, run: move },
  stampede: { weight: 1, run: stampede },
  empty: { weight: 1, run: empty },
  crash: { weight: 2, run: crash },
  drain: { weight: 1, run: drain },
  stall: { weight: 2, run: stall },
  deviceFull: { weight: 1, run: deviceFull },
  storeWeather: { weight: 3, run: storeWeather },
  busWeather: { weight: 5, run: busWeather, needsBus: true },
  partition: { weight: 2, run: partition, needsBus: true },
  deafness: { weight: 2, run: deafness, needsBus: true },
  intruder: { weight: 2, run: intruder },
};

/** Names of all operations that a run can leave out. */
export const operationNames: readonly string[] = [...Object.keys(menu), 'erase', 'relayEdit'];

/**
 * Chooses the operations of a run besides edits: each kind of fault only in some runs, often or rarely. A run in which
 * everything always breaks never reaches the interesting states.
 */
export function chooseMenu(random: Random, { hasBus }: { hasBus: boolean }): readonly (Choice & { name: string })[] {
  return Object.entries(menu).flatMap(([name, choice]) => {
    const factor = random.pick([0, 0, 0.3, 1]);
    if (name === 'edit') return { ...choice, name };
    return factor === 0 || (choice.needsBus === true && !hasBus) ? [] : { ...choice, name, weight: choice.weight * factor };
  });
}

export function draw(random: Random, choices: readonly (Choice & { name: string })[]): { name: string; run: Operation } {
  let at = random.fraction() * choices.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = choices.find(({ weight }) => (at -= weight) < 0) ?? choices[0];
  if (drawn === undefined) throw new RangeError('the menu is empty');
  return drawn;
}

/**
 * Ends all faults, except that relays cut off from the bus stay cut off for their planned time.
 * @param options.isBusDeaf The whole bus stays deaf: the store alone must be enough.
 */
export function heal({ world, clients, nodes }: Stage, { isBusDeaf }: { isBusDeaf: boolean }): void {
  Object.assign(world.store, calmStore);
  Object.assign(world.bus, calmBus, isBusDeaf ? { dropChance: 1 } : {});
  for (const node of nodes) node.start();
  for (const client of clients) {
    client.device.isFull = false;
    client.stall(false);
    client.goOnline();
  }
}
