// Makes the Prometheus alert rules from the metric table. Pure.
import { stringify } from 'yaml';

/** Not in the table, because a relay cannot report that Prometheus does not reach it. */
const relayIsGone = {
  name: 'WetinkRelayIsGone',
  expr: 'up{job="wetink"} == 0',
  forSeconds: 60,
  severity: 'page',
  summary: 'Prometheus does not reach a relay. Its clients move to other relays; without one, they keep their changes on their devices.',
};

/** @param {readonly import('./table.mjs').Metric[]} metrics @returns {string} YAML, for `rule_files` */
export function alertRules(metrics) {
  const alerts = [relayIsGone, ...metrics.flatMap(({ alert }) => (alert === undefined ? [] : [alert]))];
  const rules = alerts.map(({ name, expr, forSeconds, severity, summary }) => ({
    alert: name,
    expr,
    for: `${forSeconds}s`,
    labels: { severity },
    annotations: { summary, relay: '{{ $labels.instance }}' },
  }));
  return `# Made from apps/relay/src/monitoring/metrics.ts by \`pnpm --filter @wetink/infra generate\`: change it there.\n${stringify(
    { groups: [{ name: 'wetink', rules }] },
    { lineWidth: 0 },
  )}`;
}
