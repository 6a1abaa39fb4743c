/**
 * One run: a function of its seed. Things happen, with checks after each; then everything is healed, and within a
 * bounded virtual time everyone must hold the same, with all that was written.
 */

import { createLocalBus, type RelayLimits } from '@wetink/relay';
import { createMemoryDisk } from '@wetink/storage';
import { digestOf } from './digest.ts';
import { chooseMenu, draw, heal, type Stage } from './operations.ts';
import { randomOf, type Random } from './random.ts';
import { SimClient } from './sim-client.ts';
import { SimNode } from './sim-node.ts';
import { Verdict } from './verdict.ts';
import type { Violation } from './violation.ts';
import { World, type Mutation } from './world.ts';

export interface SimOptions {
  seed: number;
  operations: number;
  /** Default: 1 to 3, from the seed. */
  relays?: number;
  mutation?: Mutation;
  /** Operations that are drawn and not done, by name. */
  without?: ReadonlySet<string>;
}

export interface SimResult {
  seed: number;
  /** Of everything that happened. */
  hash: string;
  violation: Violation | null;
  events: number;
  edits: number;
  acked: number;
  virtualMs: number;
  /** From healing until all agreed. */
  healingMs: number;
  /** Of it: from when every client was told "saved" until all agreed. */
  agreeingMs: number;
  relays: number;
  /** What happened last, in words. */
  lines: readonly string[];
}

/** After healing: the longest backoff of a client, a load that failed until then, a store that was away. */
const QUIESCE_MS = 120_000;
const LOOK_EVERY_MS = 250;

export async function simulate(options: SimOptions): Promise<SimResult> {
  const { seed, operations, without } = options;
  const world = new World(seed, options.mutation ?? null);
  const setUp = randomOf(seed, 'set-up');
  const stage = build(world, setUp, options.relays ?? setUp.pick([1, 1, 2, 2, 3]));
  const { verdict, clients, probes, nodes, random, hub } = stage;
  const isBusDeaf = setUp.chance(0.2);
  const erasedAt = setUp.chance(0.06) ? setUp.int(operations) : null;
  const eraser = nodes[setUp.int(nodes.length)];
  const menu = chooseMenu(setUp, hub !== null);
  let healedAtMs = 0;
  let agreeingMs = 0;
  try {
    clients.forEach((client) => world.clock.schedule(() => client.open(), setUp.int(300)));
    for (let done = 0; done < operations && world.violation === null; done++) {
      const { name, run } = draw(random, menu);
      if (without?.has(name) !== true) run(stage);
      if (done === erasedAt && without?.has('erase') !== true) eraser?.erase();
      await world.advance(pauseMs(random));
      await check(stage);
    }
    heal(stage, isBusDeaf);
    world.trace.note(`everything is healed${isBusDeaf && hub !== null ? ', except for the bus' : ''}`);
    healedAtMs = world.clock.now();
    agreeingMs = await quiesce(stage);
  } finally {
    for (const client of [...clients, ...probes]) client.end();
    for (const node of nodes) node.crash();
    verdict.destroy();
  }
  return {
    seed,
    hash: world.trace.hash,
    violation: world.violation,
    events: world.trace.events,
    edits: verdict.tokens,
    acked: verdict.ackedEdits,
    virtualMs: world.clock.now(),
    healingMs: world.clock.now() - healedAtMs,
    agreeingMs,
    relays: nodes.length,
    lines: world.trace.lines(60),
  };
}

interface Run extends Stage {
  /** One for each relay: opened when all agree, with nothing on their devices, they see what it has. */
  probes: readonly SimClient[];
  verdict: Verdict;
}

function build(world: World, random: Random, relays: number): Run {
  const disk = createMemoryDisk();
  const people = 2 + random.int(3);
  const verdict = new Verdict(world, disk, people + relays);
  const hub = relays === 1 ? null : createLocalBus({ schedule: (run, delayMs) => world.clock.schedule(run, delayMs) });
  const limits = limitsOf(random);
  const nodes = Array.from({ length: relays }, (_, index) => new SimNode(index, { world, disk, verdict, hub, limits }));
  const common = { world, verdict, nodes, token: '' };
  const clients = Array.from({ length: people }, (_, index) => new SimClient(index, random.int(relays), common));
  const probes = nodes.map(({ index }) => new SimClient(people + index, index, common));
  return { world, clients, probes, nodes, hub, verdict, random: randomOf(world.seed, 'operations') };
}

/** Small ones, so that in a short run checkpoints, unloading and sockets behind their budget happen often. */
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

async function check({ world, clients, verdict }: Run): Promise<void> {
  for (const client of clients) if (client.isSaved) verdict.saidSaved(client.index);
  await verdict.check();
  await world.turns.settle();
}

/** @returns How long it took from when every client was told "saved". */
async function quiesce(run: Run): Promise<number> {
  const { world } = run;
  const untilMs = world.clock.now() + QUIESCE_MS;
  let savedAtMs: number | null = null;
  let agreeingMs: number | null = null;
  while (world.violation === null) {
    await world.advance(LOOK_EVERY_MS);
    await check(run);
    if (run.verdict.isErased && run.clients.every((client) => client.isToldErased)) return 0;
    const watched = agreeingMs === null ? run.clients : [...run.clients, ...run.probes];
    const reason = unsettled(run, watched) ?? (await disagreement(run, watched));
    if (reason === null && agreeingMs !== null) return agreeingMs;
    if (reason === null) {
      agreeingMs = world.clock.now() - (savedAtMs ?? world.clock.now());
      for (const probe of run.probes) probe.open();
      continue;
    }
    if (run.clients.every((client) => client.isSaved)) savedAtMs ??= world.clock.now();
    if (world.clock.now() < untilMs) continue;
    const rule = unsettled(run, watched) === null ? 'converges' : 'no-stall';
    world.fail(rule, `${QUIESCE_MS / 1_000} s after everything was healed: ${reason}`);
  }
  return 0;
}

/** Why it can't be over yet: somebody still works. */
function unsettled({ nodes }: Run, clients: readonly SimClient[]): string | null {
  for (const node of nodes) if (!node.isUp) return `relay ${node.name} is not up`;
  for (const node of nodes) if (node.unsavedBytes > 0) return `relay ${node.name} holds unsaved bytes`;
  for (const client of clients) if (!client.isSaved) return `client ${client.index} is not saved: ${client.status}`;
  return null;
}

/** What differs, or null when everyone holds the same and all that must be there is. */
async function disagreement({ nodes, verdict }: Run, clients: readonly SimClient[]): Promise<string | null> {
  const stored = await verdict.stored();
  try {
    const digest = digestOf(stored);
    for (const { doc, index, home } of clients) {
      if (doc === null || digestOf(doc) !== digest) return `client ${index} at relay ${nodes[home]?.name ?? '?'} differs from the store`;
    }
    return verdict.lacks(stored);
  } finally {
    stored.destroy();
  }
}
