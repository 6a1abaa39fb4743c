/** Rows of the report: for each scenario and server the median of the rounds, with the least and the greatest. */

import { spreadOf, type Spread } from '../figures.ts';
import { doubtsOf, type Conditions } from '../load-watch.ts';
import type { Measurement } from '../runner.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Server, ServerName } from '../servers/server.ts';

export interface Row {
  server: ServerName;
  figures: Record<string, Spread>;
  /** Problems of all rounds. */
  problems: string[];
  /** Conditions that make the figures doubtful, as they were in the worst round. */
  doubts: string[];
}

export interface Table {
  scenario: string;
  title: string;
  columns: Scenario['columns'];
  rows: Row[];
}

export function tablesOf(scenarios: readonly Scenario[], servers: readonly Server[], measurements: readonly Measurement[]): Table[] {
  return scenarios.map(({ name, title, columns }) => ({
    scenario: name,
    title,
    columns,
    rows: servers.flatMap(({ name: server }) => {
      const own = measurements.filter((one) => one.scenario === name && one.server === server);
      return own.length === 0 ? [] : [rowOf(server, columns, own)];
    }),
  }));
}

function rowOf(server: ServerName, columns: Scenario['columns'], own: readonly Measurement[]): Row {
  return {
    server,
    figures: Object.fromEntries(columns.map(({ key }) => [key, spreadOf(own.map(({ figures }) => figures[key] ?? Number.NaN))])),
    problems: [...new Set(own.flatMap(({ problems }) => problems))],
    doubts: doubtsOf(worst(own.flatMap(({ conditions }) => (conditions === null ? [] : [conditions])))),
  };
}

function worst(conditions: readonly Conditions[]): Conditions {
  const most = (key: keyof Conditions): number => Math.max(0, ...conditions.map((one) => one[key]).filter(Number.isFinite));
  return { cpuShare: most('cpuShare'), lateP99Ms: most('lateP99Ms'), serverWaited: most('serverWaited') };
}

/** @returns `12 (11 to 14)`; without the spread when all rounds show the same. */
export function shown({ median, min, max }: Spread, digits: number): string {
  if (Number.isNaN(median)) return '';
  const [middle, least, most] = [median, min, max].map((value) => format(value, digits));
  return least === most ? (middle as string) : `${middle} (${least} to ${most})`;
}

export function format(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: Math.abs(value) >= 1_000 ? 0 : digits });
}

/** Words behind the figures: every problem, and the conditions that make the figures doubtful. */
export function remarkOf({ problems, doubts }: Row): string {
  return [...problems, ...doubts].join('; ');
}
