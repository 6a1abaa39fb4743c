// The committed dashboard and alert rules match the metric table, and use only series that a relay has.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metrics, processMetrics } from '../../apps/relay/src/monitoring/metrics.ts';
import { dashboard, type Panel } from './dashboard.mjs';
import { monitoringFiles } from './files.mjs';

interface Rules {
  groups: { rules: { alert: string; expr: string; for: string; labels: { severity: string }; annotations: { summary: string } }[] }[];
}

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
const board = JSON.parse(read('grafana/wetink.json')) as { panels: Panel[]; templating: { list: { query: unknown }[] } };
const rules = (parse(read('prometheus/alerts.yaml')) as Rules).groups.flatMap((group) => group.rules);
const boardExpressions = board.panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => expr));

/** Series of a relay: a histogram has three. `up` is Prometheus's own. */
const series = new Set([
  'up',
  ...metrics.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])),
  ...processMetrics.flatMap((name) => [name, `${name}_sum`]),
]);

function seriesIn(expr: string): string[] {
  return [...expr.matchAll(/\b([a-z_]+)(?=\{|\[)|\b((?:wetink|process|nodejs)_[a-z_]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

describe('dashboard and alert rules', () => {
  it('dashboard and alert rules match the metric table: after a change run `pnpm --filter @wetink/infra generate`', async () => {
    for (const [name, text] of Object.entries(await monitoringFiles())) expect(read(name) === text, name).toBe(true);
  });

  it('dashboard and alert rules use only series that a relay has', () => {
    const asked = [...boardExpressions, ...rules.map(({ expr }) => expr), JSON.stringify(board.templating)].flatMap(seriesIn);
    expect(asked.length).toBeGreaterThan(metrics.length);
    expect(asked.filter((name) => !series.has(name))).toEqual([]);
  });

  it('the dashboard shows every metric of the table', () => {
    const shown = new Set(boardExpressions.flatMap(seriesIn).map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect([...metrics.map(({ name }) => name), ...processMetrics].filter((name) => !shown.has(name))).toEqual([]);
  });

  it('the alert rules have every alert of the table, each with a unique name, a severity and a summary', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining(metrics.flatMap((row) => ('alert' in row ? [row.alert.name] : []))),
    );
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations, for: held } of rules) {
      expect(alert).toMatch(/^Wetink[A-Z]\w+$/);
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary.length).toBeGreaterThan(20);
      expect(held).toMatch(/^\d+s$/);
    }
  });

  it('a new metric gets a panel without a change of the dashboard', () => {
    const { panels } = dashboard([{ name: 'wetink_new_total', type: 'counter', help: 'New.', labels: ['kind'] }], []);
    expect(panels.at(-1)?.targets?.[0]?.expr).toBe(
      'sum by (instance, kind) (rate(wetink_new_total{job="$job", instance=~"$instance"}[$__rate_interval]))',
    );
  });

  it('panels of the dashboard do not overlap', () => {
    const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(board.panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true);
  });
});
