/** A prom-client registry with the metrics of the table in metrics.ts, and those of the process. */

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metrics, type MetricName, type MetricRow } from './metrics.ts';

export interface MetricSet {
  registry: Registry;
  /** @throws {RangeError} The table has another type for this name; so do the two below. */
  counter(name: MetricName): Counter;
  gauge(name: MetricName): Gauge;
  histogram(name: MetricName): Histogram;
}

export function createMetricSet(): MetricSet {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const table: readonly MetricRow[] = metrics;
  const byName = new Map(table.map((row) => [row.name, make(row, registry)]));
  return {
    registry,
    counter: (name) => expectKind(byName.get(name), Counter),
    gauge: (name) => expectKind(byName.get(name), Gauge),
    histogram: (name) => expectKind(byName.get(name), Histogram),
  };
}

function make(row: MetricRow, registry: Registry): Counter | Gauge | Histogram {
  const common = { name: row.name, help: row.help, labelNames: [...row.labels], registers: [registry] };
  if (row.type === 'counter') return new Counter(common);
  if (row.type === 'gauge') return new Gauge(common);
  return new Histogram({ ...common, ...(row.buckets === undefined ? {} : { buckets: [...row.buckets] }) });
}

function expectKind<T>(metric: unknown, kind: abstract new (...args: never[]) => T): T {
  if (metric instanceof kind) return metric;
  throw new RangeError('the table of metrics has another type for this name');
}
