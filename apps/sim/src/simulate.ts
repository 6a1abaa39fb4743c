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
/** After everyone was told "saved": a deaf bus is noticed within 10 s, and then the store is read. */
const AGREE_MS = 15_000;
/** While a relay is cut off that others may never have heard: the store is read once a minute, whatever the bus says. */
const AGREE_UNHEARD_MS = 75_000;
const LOOK_EVERY_MS = 250;
/** Relays know of each other's rooms. */
const ACQUAINTED_MS = 6_000;
/** Others have long taken a relay that is cut off for so long to be dead. */
const LONG_CUT_MS = 30_000;
/** A room that was opened so long ago reads the store once a minute. */
const SETTLED_MS = 120_000;
/** From a link's being noticed to be deaf, 8 s after it is, until the others take its relay to be dead. The registry of Redis is quicker. */
const GONE_AFTER_MS = 1_000;

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
  const hub =
    relays === 1 ? null : createLocalBus({ schedule: (run, delayMs) => world.clock.schedule(run, delayMs), goneAfterMs: GONE_AFTER_MS });
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
  const { clients, probes, world, nodes, hub } = run;
  const agreeingMs = await agree(run, clients, 'everything was healed');
  for (const probe of probes) probe.open();
  const everyone = [...clients, ...probes];
  await agree(run, everyone, 'a newcomer came to each relay');
  const cutOff = run.random.pick(nodes);
  if (hub === null || world.violation !== null || run.verdict.isErased) return agreeingMs;
  await world.advance(ACQUAINTED_MS);
  const wasCut = isAnyCut(run);
  const { name } = cutOff;
  world.trace.note(`relay ${name} is cut off from the bus alone, for good`);
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
  // Nobody else: a checkpoint of what others write would find them too.
  const there = everyone.filter(({ home }) => home === cutOff.index);
  await editAndAgree(`before relay ${successor.name} started`, AGREE_UNHEARD_MS, there);
  return agreeingMs;
}

function isAnyCut({ world, nodes }: Run): boolean {
  return nodes.some(({ name }) => world.deafNodes.has(name) || world.cutNodes.has(name));
}

/**
 * Fails the run when these do not come to agree in time.
 * @param withinMs Default: by whether a relay is cut off now.
 * @returns How long it took from when everything was settled, ms.
 */
async function agree(
  run: Run,
  watched: readonly SimClient[],
  since: string,
  withinMs = isAnyCut(run) ? AGREE_UNHEARD_MS : AGREE_MS,
): Promise<number> {
  const { world, verdict, clients } = run;
  const startedAtMs = world.clock.now();
  let settledAtMs: number | null = null;
  while (world.violation === null) {
    await world.advance(LOOK_EVERY_MS);
    await check(run);
    if (verdict.isErased && clients.every((client) => client.isToldErased)) return 0;
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
