/** The tables as Markdown, with everything a reader needs to compare them with another run. */

import type { Server } from '../servers/server.ts';
import type { Machine } from './machine.ts';
import { remarkOf, shown, type Table } from './table.ts';

export interface Run {
  /** ISO 8601, UTC. */
  date: string;
  rounds: number;
  machine: Machine;
}

export function markdownOf(run: Run, servers: readonly Server[], tables: readonly Table[]): string {
  const titles = new Map(servers.map(({ name, title }) => [name, title]));
  return [
    `${run.date.slice(0, 10)}, ${run.rounds} ${run.rounds === 1 ? 'round' : 'rounds'}${run.rounds === 1 ? '' : ', medians (least to most)'}. ${machineLine(run.machine)}`,
    ...tables.map(({ title, columns, rows }) => {
      const head = ['', ...columns.map(({ label }) => label), ''];
      const lines = rows.map((row) => [
        titles.get(row.server) ?? row.server,
        ...columns.map(({ key, digits }) => shown(row.figures[key] as Table['rows'][number]['figures'][string], digits)),
        remarkOf(row),
      ]);
      return [
        `**${title}**`,
        '',
        ...[head, head.map((_, i) => (i === 0 || i === head.length - 1 ? '---' : '---:')), ...lines].map(line),
      ].join('\n');
    }),
  ].join('\n\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function machineLine({ cpu, cores, node, system, isPinned, flushMs }: Machine): string {
  const pinned = isPinned ? 'The server had core 0, the load core 1.' : 'Nothing was pinned to a core: figures vary more.';
  return `Node ${node}, ${system}, ${cores} cores (${cpu}); one flush of the disk takes ${flushMs} ms. ${pinned}`;
}
