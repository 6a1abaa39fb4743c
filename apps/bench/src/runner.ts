/**
 * Runs scenarios in rounds: server A, B, C, then again in the other direction, so that no server always has the warmer
 * machine. Each measurement has a new server on its core and a new load on the other.
 */

import { fileURLToPath } from 'node:url';
import type { Conditions } from './load-watch.ts';
import type { LoadReport, LoadSettings } from './load.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { firstMessage, killed, LOAD_CORE, SERVER_CORE, startProgram } from './servers/process.ts';
import type { Server, ServerName } from './servers/server.ts';
import type { Options } from './options.ts';

/** One scenario with one server in one round. */
export interface Measurement {
  scenario: string;
  server: ServerName;
  round: number;
  /** Empty when the scenario failed. */
  figures: Record<string, number>;
  problems: string[];
  /** Null when the scenario failed. */
  conditions: Conditions | null;
}

const load = fileURLToPath(new URL('load.ts', import.meta.url));
/** Longer than any scenario takes; a hanging one must not keep the others from running. */
const TIMEOUT_MS = 300_000;

/** Measurements of a quick run at once: its times do not count, and starting processes is most of its work. */
const QUICK_LANES = 4;

export async function runRounds(options: Options, onMeasurement: (measurement: Measurement) => void): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const waiting = measurementsOf(options);
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !isStopped; next = waiting.shift()) {
      const { scenario, server, round } = next;
      const measurement = { scenario: scenario.name, server: server.name, round, ...(await measure(scenario, server, options.isQuick)) };
      measurements.push(measurement);
      onMeasurement(measurement);
    }
  };
  await Promise.all(Array.from({ length: options.isQuick ? QUICK_LANES : 1 }, lane));
  return measurements;
}

function measurementsOf({ rounds, scenarios, servers }: Options): { scenario: Scenario; server: Server; round: number }[] {
  return Array.from({ length: rounds }, (_, i) => i + 1).flatMap((round) => {
    const inOrder = round % 2 === 1 ? servers : servers.toReversed();
    return scenarios.flatMap((scenario) =>
      inOrder.filter(({ name }) => scenario.servers?.includes(name) ?? true).map((server) => ({ scenario, server, round })),
    );
  });
}

/** Ends of the servers and loads that run now. */
const stops = new Set<() => Promise<void>>();
let isStopped = false;

/** Ends every process of the run, for one that is interrupted. */
export async function stopAll(): Promise<void> {
  isStopped = true;
  await Promise.all([...stops].map((stop) => stop()));
}

type Measured = Omit<Measurement, 'scenario' | 'server' | 'round'>;

async function measure(scenario: Scenario, server: Server, isQuick: boolean): Promise<Measured> {
  const core = isQuick ? null : SERVER_CORE;
  const starting = scenario.nodes === undefined ? server.start(core) : server.startCluster?.(core, scenario.nodes);
  if (starting === undefined) return failed(`${server.name} cannot run as several nodes`);
  const { server: running, stop } = await starting;
  stops.add(stop);
  try {
    const report = await runLoad({ scenario: scenario.name, isQuick, protocol: server.protocol, server: running });
    if ('failure' in report) return failed(report.failure);
    return report;
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    await stop();
    stops.delete(stop);
  }
}

function failed(problem: string): Measured {
  return { figures: {}, problems: [problem], conditions: null };
}

async function runLoad(settings: LoadSettings): Promise<LoadReport> {
  const child = startProgram(load, {
    core: settings.isQuick ? null : LOAD_CORE,
    env: { WETINK_BENCH_LOAD: JSON.stringify(settings) },
  });
  const stop = (): Promise<void> => killed(child);
  stops.add(stop);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${TIMEOUT_MS / 1_000} s`)), TIMEOUT_MS);
  });
  try {
    return (await Promise.race([firstMessage(child, 'the load'), timeout])) as LoadReport;
  } finally {
    clearTimeout(timer);
    await stop();
    stops.delete(stop);
  }
}
