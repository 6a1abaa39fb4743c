import { describe, expect, it } from 'vitest';
import type { Measurement } from '../runner.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Server } from '../servers/server.ts';
import { chartOf } from './chart.ts';
import { markdownOf, type Run } from './markdown.ts';
import { tablesOf } from './table.ts';

const start = (): never => {
  throw new Error('not started here');
};
const servers: Server[] = [
  { name: 'wetink', title: 'Wetink 1', protocol: 'y-websocket', start },
  { name: 'hocuspocus', title: 'Hocuspocus <4>', protocol: 'hocuspocus', start },
];
const scenarios: Scenario[] = [
  { name: 'writers-50', title: '50 writers', columns: [{ key: 'cpu', label: 'CPU s', digits: 1 }], run: start },
  { name: 'acks-500', title: 'acks', servers: ['wetink'], columns: [{ key: 'p50', label: 'p50 ms', digits: 1 }], run: start },
];
const run: Run = {
  date: '2026-11-29T10:00:00.000Z',
  rounds: 2,
  machine: { cpu: 'a CPU', cores: 2, memoryGb: 8, system: 'Linux 6', node: 'v20', isPinned: true, flushMs: 0.1, loadBefore: 0 },
};
const calm = { cpuShare: 0.2, lateP99Ms: 1, serverWaited: 0 };

function measured(server: Measurement['server'], round: number, cpu: number, more: Partial<Measurement> = {}): Measurement {
  return { scenario: 'writers-50', server, round, figures: { cpu }, problems: [], conditions: calm, ...more };
}

const measurements = [
  measured('wetink', 1, 2),
  measured('hocuspocus', 1, 12, { conditions: { ...calm, cpuShare: 0.95 } }),
  measured('hocuspocus', 2, Number.NaN, { figures: {}, problems: ['the server ended'], conditions: null }),
  measured('wetink', 2, 3),
];

describe('the table', () => {
  it('has the median and the spread of the rounds, and says what was wrong or doubtful', () => {
    const markdown = markdownOf(run, servers, tablesOf(scenarios, servers, measurements));
    expect(markdown).toContain('| Wetink 1 | 2.5 (2.0 to 3.0) |  |');
    expect(markdown).toContain('| Hocuspocus <4> | 12.0 | the server ended; the load was the limit |');
    expect(markdown).toContain('2026-11-29, 2 rounds, medians (least to most). Node v20, Linux 6, 2 cores (a CPU)');
  });

  it('names a condition once, as it was in the worst round', () => {
    const waited = [0.12, 0.34, Number.NaN].map((serverWaited, i) =>
      measured('wetink', i + 1, 2, { conditions: { ...calm, serverWaited } }),
    );
    const [row] = tablesOf(scenarios, servers, waited)[0]?.rows ?? [];
    expect(row?.doubts).toEqual(['the server waited for its core 34 % of the time']);
  });

  it('says when nothing was pinned', () => {
    expect(markdownOf({ ...run, machine: { ...run.machine, isPinned: false } }, servers, [])).toContain('Nothing was pinned');
  });

  it('has no row for a server that cannot do the scenario', () => {
    const [, acks] = tablesOf(scenarios, servers, [measured('wetink', 1, 0, { scenario: 'acks-500', figures: { p50: 1 } })]);
    expect(acks?.rows.map(({ server }) => server)).toEqual(['wetink']);
  });
});

describe('the chart', () => {
  it('has a bar for each server with a figure, the longest as long as there is space', () => {
    const svg = chartOf(run, servers, tablesOf(scenarios, servers, measurements));
    expect([...svg.matchAll(/<rect class="bar[^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width))).toEqual([43.3, 208]);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toContain('NaN');
  });

  it('says that there is no figure where a server failed', () => {
    const failed = [measured('wetink', 1, 2), measured('hocuspocus', 1, 0, { figures: {}, problems: ['failed'], conditions: null })];
    const svg = chartOf(run, servers, tablesOf(scenarios, servers, failed));
    expect(svg).toContain('no figure');
    expect(svg).not.toContain('NaN');
  });
});
