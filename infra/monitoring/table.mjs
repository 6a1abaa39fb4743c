// Reads the metric table of the relay from its source (apps/relay/src/monitoring/metrics.ts), so that no build is needed.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const source = new URL('../../apps/relay/src/monitoring/metrics.ts', import.meta.url);

/**
 * @typedef {{name: string, type: 'counter' | 'gauge' | 'histogram', help: string, labels: readonly string[],
 *   alert?: {name: string, expr: string, forSeconds: number, severity: string, summary: string}}} Metric
 * @returns {Promise<{metrics: readonly Metric[], processMetrics: readonly string[]}>}
 */
export async function readMetricTable() {
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const { metrics, processMetrics } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return { metrics, processMetrics };
}
