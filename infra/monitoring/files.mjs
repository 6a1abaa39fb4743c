// The files made from the metric table, with their contents. The test compares them, generate.mjs writes them.
import { format } from 'prettier';
import { alertRules } from './alerts.mjs';
import { dashboard } from './dashboard.mjs';
import { readMetricTable } from './table.mjs';

/** The style of .prettierrc.json without its plugins, because committed files are formatted. */
const style = { printWidth: 140, singleQuote: true };

/** @returns {Promise<Record<string, string>>} contents by path, relative to this folder */
export async function monitoringFiles() {
  const { metrics, processMetrics } = await readMetricTable();
  return {
    'grafana/wetink.json': await format(JSON.stringify(dashboard(metrics, processMetrics)), { ...style, parser: 'json' }),
    'prometheus/alerts.yaml': await format(alertRules(metrics), { ...style, parser: 'yaml' }),
  };
}
