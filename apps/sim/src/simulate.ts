/**
 * One run, a function of its seed. Operations happen, with checks after each; then all faults end, and within a bounded
 * virtual time all clients must have the same document with every written change.
 */

import { createLocalBus, type RelayLimits } from '@wetink/relay';
import { createMemoryDisk } from '@wetink/storage';
import { digestOf } from './digest.ts';
import { chooseMenu, draw, heal, type Stage } from './operations.ts';
import { randomOf, type Random } from './random.ts';
import { SimClient } from './sim-client.ts';
import { SimNode } from './sim-node.ts';
import { Checker } from './checker.ts';
import type { Violation } from './violation.ts';
import { World, type Mutation } from './world.ts';

export interface SimOptions {
  seed: number;
  operations: number;
  /** Default: 1 to 3, from the seed. */
  relays?: number;
  mutation?: Mutation;
  /** Names of operations that are drawn but skipped. */
  without?: ReadonlySet<string>;
}

export interface SimResult {
  seed: number;
  /** Hash of the whole trace. */
  hash: string;
  violation: Violation | null;
  events: number;
  edits: number;
  acked: number;
  /** Edits of relays themselves that they called durable. */
  relayEdits: number;
  virtualMs: number;
  /** Time from the end of faults until all agreed. */
  healingMs: number;
  /** The part of it after every client showed "saved". */
  agreeingMs: number;
  relays: number;
  /** The last lines of the trace. */
  lines: readonly string[];
}

/** Limit after the end of faults: the longest backoff of a client, a failed load, a store that was down. */
const QUIESCE_MS = 120_000;
/** Limit after all clients show "saved": a deaf bus is noticed within 10 s, and then the store is read. */
const AGREE_MS = 15_000;
/** Limit while a relay is cut off of which others may not know: relays read the store once a minute in any case. */
const AGREE_UNHEARD_MS = 75_000;
const LOOK_EVERY_MS = 250;
/** Time until relays know each other's rooms. */
const ACQUAINTED_MS = 6_000;
/** After this long, other relays consider a relay that is cut off dead. */
const LONG_CUT_MS = 30_000;
/** A room that has been open this long reads the store only once a minute. */
const SETTLED_MS = 120_000;
/**
 * Time from noticing that a link is deaf (after 8 s) until others consider its relay dead. The registry of Redis is
 * faster.
 */
const GONE_AFTER_MS = 1_000;

export async function simulate(options: SimOptions): Promise<SimResult> {
  const { seed, operations, without } = options;
  const world = new World(seed, options.mutation ?? null);
  const setUp = randomOf(seed, 'set-up');
  const stage = build(world, setUp, options.relays ?? setUp.pick([1, 1, 2, 2, 3]));
  const { checker, clients, probes, nodes, random, hub } = stage;
  const isBusDeaf = setUp.chance(0.2);
  const erasedAt = setUp.chance(0.06) ? setUp.int(operations) : null;
  const eraser = nodes[setUp.int(nodes.length)];
  // A stream of its own, so that runs without such edits stay as they are.
  const relayEdits = randomOf(seed, 'relay edits');
  const relayEditChance = relayEdits.pick([0, 0, 0.03, 0.3]);
  const menu = chooseMenu(setUp, { hasBus: hub !== null });
  let healedAtMs = 0;
  let agreeingMs = 0;
  try {
    clients.forEach((client) => world.clock.schedule(() => client.open(), setUp.int(300)));
    for (let done = 0; done < operations && world.violation === null; done++) {
      const { name, run } = draw(random, menu);
      if (without?.has(name) !== true) run(stage);
      if (done === erasedAt && without?.has('erase') !== true) eraser?.erase();
      if (relayEdits.chance(relayEditChance) && without?.has('relayEdit') !== true) relayEdits.pick(nodes).edit(`relay-${done}`);
      await world.advance(pauseMs(random));
      await check(stage);
    }
    heal(stage, { isBusDeaf });
    world.trace.note(`all faults end${isBusDeaf && hub !== null ? ', except on the bus' : ''}`);
    healedAtMs = world.clock.now();
    agreeingMs = await quiesce(stage);
  } finally {
    for (const client of [...clients, ...probes]) client.end();
    for (const node of nodes) node.crash();
    checker.destroy();
  }
  return {
    seed,
    hash: world.trace.hash,
    violation: world.violation,
    events: world.trace.events,
    edits: checker.tokens,
    acked: checker.ackedEdits,
    relayEdits: checker.durableRelayEdits,
    virtualMs: world.clock.now(),
    healingMs: world.clock.now() - healedAtMs,
    agreeingMs,
    relays: nodes.length,
    lines: world.trace.lines(60),
  };
}

interface Run extends Stage {
  /** One client per relay with an empty device, opened when all agree, to see what the relay has. */
  probes: readonly SimClient[];
  checker: Checker;
}

function build(world: World, random: Random, relays: number): Run {
  const disk = createMemoryDisk();
  const people = 2 + random.int(3);
  const checker = new Checker(world, disk, people + relays);
  const hub =
    relays === 1 ? null : createLocalBus({ schedule: (run, delayMs) => world.clock.schedule(run, delayMs), goneAfterMs: GONE_AFTER_MS });
  const limits = limitsOf(random);
  const nodes = Array.from({ length: relays }, (_, index) => new SimNode(index, { world, disk, checker, hub, limits }));
  const common = { world, checker, nodes, token: '' };
  const clients = Array.from({ length: people }, (_, index) => new SimClient(index, random.int(relays), common));
  const probes = nodes.map(({ index }) => new SimClient(people + index, index, common));
  return { world, clients, probes, nodes, hub, checker, random: randomOf(world.seed, 'operations') };
}

/** Small limits, so that checkpoints, unloading and slow sockets are frequent in a short run. */
function limitsOf(random: Random): Partial<RelayLimits> {
  return {
    checkpointRows: random.pick([3, 10, 40, 1_000]),
    checkpointPauseMs: random.pick([0, 200, 5_000]),
    unloadDelayMs: random.pick([20, 500, 5_000]),
    softSendBytes: random.pick([2_048, 256 * 1024]),
    socketBytes: random.pick([512, 64 * 1024]),
    maxBatchRows: random.pick([2, 1_000]),
    drainSpreadMs: 500,
  };
}

function pauseMs(random: Random): number {
  const kind = random.int(40);
  if (kind === 0) return 500 + random.int(4_000);
  return kind < 12 ? 0 : random.int(80);
}

async function check({ world, clients, checker }: Run): Promise<void> {
  for (const client of clients) if (client.isSaved) checker.saidSaved(client.index);
  await checker.check();
  await world.turns.settle();
}

/** @returns Milliseconds from when every client showed "saved". */
async function quiesce(run: Run): Promise<number> {
  const { clients, probes, world, nodes, hub } = run;
  const agreeingMs = await agree(run, clients, 'all faults ended');
  for (const probe of probes) probe.open();
  const everyone = [...clients, ...probes];
  await agree(run, everyone, 'a newcomer came to each relay');
  const cutOff = run.random.pick(nodes);
  if (hub === null || world.violation !== null || run.checker.isErased) return agreeingMs;
  await world.advance(ACQUAINTED_MS);
  const wasCut = isAnyCut(run);
  const { name } = cutOff;
  world.trace.note(`relay ${name} is cut off from the bus only, for good`);
  world.deafNodes.add(name);
  const editAndAgree = async (when: string, withinMs: number, authors: readonly SimClient[] = clients): Promise<void> => {
    for (const client of authors) client.edit(run.random);
    await agree(run, everyone, `edits with relay ${name} cut off from the bus ${when}`, withinMs);
  };
  await editAndAgree('just', wasCut ? AGREE_UNHEARD_MS : AGREE_MS);
  await world.advance(LONG_CUT_MS);
  await editAndAgree('long ago', wasCut ? AGREE_UNHEARD_MS : AGREE_MS);
  const successor = run.random.pick(nodes.filter((node) => node !== cutOff));
  successor.crash();
  successor.start();
  await agree(run, everyone, `relay ${successor.name} started, which never heard relay ${name}`, AGREE_UNHEARD_MS);
  await world.advance(run.random.int(SETTLED_MS));
  // Only its own clients: a checkpoint of changes by others would reveal them too.
  const there = everyone.filter(({ home }) => home === cutOff.index);
  await editAndAgree(`before relay ${successor.name} started`, AGREE_UNHEARD_MS, there);
  return agreeingMs;
}

function isAnyCut({ world, nodes }: Run): boolean {
  return nodes.some(({ name }) => world.deafNodes.has(name) || world.cutNodes.has(name));
}

/**
 * Fails the run when these clients do not agree in time.
 * @param withinMs Default: depends on whether a relay is cut off now.
 * @returns Milliseconds from when everything was settled.
 */
async function agree(
  run: Run,
  watched: readonly SimClient[],
  since: string,
  withinMs = isAnyCut(run) ? AGREE_UNHEARD_MS : AGREE_MS,
): Promise<number> {
  const { world, checker, clients } = run;
  const startedAtMs = world.clock.now();
  let settledAtMs: number | null = null;
  while (world.violation === null) {
    await world.advance(LOOK_EVERY_MS);
    await check(run);
    if (checker.isErased && clients.every((client) => client.isToldErased)) return 0;
    const nowMs = world.clock.now();
    const unsettledBy = unsettled(run, watched);
    if (unsettledBy !== null) {
      if (nowMs - startedAtMs > QUIESCE_MS) world.fail('no-stall', `${QUIESCE_MS / 1_000} s after ${since}: ${unsettledBy}`);
      continue;
    }
    settledAtMs ??= nowMs;
    const reason = await disagreement(run, watched);
    if (reason === null) return nowMs - settledAtMs;
    if (nowMs - settledAtMs > withinMs) world.fail('converges', `${withinMs / 1_000} s after ${since} and everything was saved: ${reason}`);
  }
  return 0;
}

/** @returns Why the run is not settled yet, or null. */
function unsettled({ nodes }: Run, clients: readonly SimClient[]): string | null {
  for (const node of nodes) if (!node.isUp) return `relay ${node.name} is not up`;
  for (const node of nodes) if (node.unsavedBytes > 0) return `relay ${node.name} holds unsaved bytes`;
  for (const client of clients) if (!client.isSaved) return `client ${client.index} is not saved: ${client.status}`;
  return null;
}

/** @returns What differs or is missing, or null when all clients and the store agree. */
async function disagreement({ nodes, checker }: Run, clients: readonly SimClient[]): Promise<string | null> {
  const stored = await checker.stored();
  try {
    const digest = digestOf(stored);
    for (const { doc, index, home } of clients) {
      if (doc === null || digestOf(doc) !== digest) return `client ${index} at relay ${nodes[home]?.name ?? '?'} differs from the store`;
    }
    return checker.lacks(stored);
  } finally {
    stored.destroy();
  }
}
