// Makes the Grafana dashboard from the metric table: key numbers first, then one panel per metric, in sections. Pure.
// A metric that fits no section gets its panel under "More", so a new one is never missing.

const WIDTH = 24;
const PANEL_HEIGHT = 8;
const HEAD_HEIGHT = 4;
const datasource = { type: 'prometheus', uid: '${datasource}' };
/** Narrows every expression to the variables at the top of the dashboard. */
const selector = 'job="$job", instance=~"$instance"';

/** A metric goes to the first section whose pattern matches. */
const sections = [
  { title: 'People and sockets', pattern: /^wetink_(ws_|refused|limit_|user_|send_buffer|slow_consumer)/ },
  { title: 'Saving', pattern: /^wetink_(ack_|unsaved_|journal_|checkpoint|store_|quarantined_|unused_blob)/ },
  { title: 'Rooms and messages', pattern: /^wetink_(room|frame|webhook|newest)/ },
  { title: 'Between nodes', pattern: /^wetink_(bus_|redis_|repair|digest_)/ },
  { title: 'More', pattern: /^wetink_/ },
];

/** The top row: shows at a glance whether users are served and saved. */
const head = [
  { title: 'Relays ready', metric: 'wetink_ready', expr: (m) => `sum(${m})`, unit: 'none', badBelow: 1 },
  { title: 'Open WebSockets', metric: 'wetink_ws_connections', expr: (m) => `sum(${m})`, unit: 'none' },
  { title: 'Rooms in memory', metric: 'wetink_rooms_open', expr: (m) => `sum(${m})`, unit: 'none' },
  {
    title: 'Saved within (99 %)',
    metric: 'wetink_ack_latency_seconds',
    expr: (m) => `histogram_quantile(0.99, sum by (le) (rate(${m.replace('{', '_bucket{')}[$__rate_interval])))`,
    unit: 's',
    badAbove: 1,
  },
  { title: 'Not yet saved', metric: 'wetink_unsaved_bytes', expr: (m) => `sum(${m})`, unit: 'bytes', badAbove: 16e6 },
  {
    title: 'Writes that failed',
    metric: 'wetink_journal_failures_total',
    expr: (m) => `sum(increase(${m}[1h]))`,
    unit: 'none',
    badAbove: 1,
  },
];

/**
 * @param {readonly import('./table.mjs').Metric[]} metrics
 * @param {readonly string[]} processMetrics names from prom-client
 */
export function dashboard(metrics, processMetrics) {
  const panels = [];
  let y = 0;
  const add = (panel, place) => panels.push({ id: panels.length + 1, ...panel, gridPos: place });

  const headWidth = WIDTH / head.length;
  for (const [index, item] of head.entries()) add(headPanel(item), { x: index * headWidth, y, w: headWidth, h: HEAD_HEIGHT });
  y += HEAD_HEIGHT;

  const left = new Set(metrics);
  for (const { title, pattern } of sections) {
    const own = [...left].filter(({ name }) => pattern.test(name));
    for (const metric of own) left.delete(metric);
    y = addSection(add, title, own.map(metricPanel), y);
  }
  addSection(add, 'Process', processMetrics.map(processPanel), y);

  return {
    title: 'Wetink relays',
    uid: 'wetink-relays',
    description: 'Made from apps/relay/src/monitoring/metrics.ts: change it there.',
    tags: ['wetink'],
    timezone: '',
    editable: true,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        variable('job', 'Job', 'label_values(wetink_build_info, job)', false),
        variable('instance', 'Relay', 'label_values(wetink_build_info{job="$job"}, instance)', true),
      ],
    },
    annotations: { list: [] },
    panels,
  };
}

function addSection(add, title, sectionPanels, fromY) {
  if (sectionPanels.length === 0) return fromY;
  let y = fromY;
  add({ type: 'row', title, collapsed: false, panels: [] }, { x: 0, y, w: WIDTH, h: 1 });
  y += 1;
  const perRow = 3;
  for (const [index, panel] of sectionPanels.entries())
    add(panel, {
      x: (index % perRow) * (WIDTH / perRow),
      y: y + Math.floor(index / perRow) * PANEL_HEIGHT,
      w: WIDTH / perRow,
      h: PANEL_HEIGHT,
    });
  return y + Math.ceil(sectionPanels.length / perRow) * PANEL_HEIGHT;
}

function headPanel({ title, metric, expr, unit, badAbove, badBelow }) {
  const steps =
    badBelow === undefined
      ? [{ color: 'green', value: null }, ...(badAbove === undefined ? [] : [{ color: 'red', value: badAbove }])]
      : [
          { color: 'red', value: null },
          { color: 'green', value: badBelow },
        ];
  return {
    type: 'stat',
    title,
    datasource,
    targets: [target(expr(`${metric}{${selector}}`), '', 'A')],
    fieldConfig: { defaults: { unit, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    options: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' },
  };
}

function metricPanel(metric) {
  const { name, type, labels, help } = metric;
  const legend = ['{{instance}}', ...labels.map((label) => `{{${label}}}`)].join(' ');
  const by = ['instance', ...labels].join(', ');
  const series = `${name}{${selector}}`;
  const targets =
    type === 'histogram'
      ? [0.5, 0.99].map((quantile, index) =>
          target(
            `histogram_quantile(${quantile}, sum by (le, ${by}) (rate(${name}_bucket{${selector}}[$__rate_interval])))`,
            `${legend} ${quantile * 100} %`,
            'AB'[index],
          ),
        )
      : [target(type === 'counter' ? `sum by (${by}) (rate(${series}[$__rate_interval]))` : series, legend, 'A')];
  return timeseries(titleOf(name), help, unitOf(metric), targets);
}

function processPanel(name) {
  const series = `${name}{${selector}}`;
  if (name === 'process_start_time_seconds')
    return timeseries('Up for', 'Since the process started.', 's', [target(`time() - ${series}`, '{{instance}}', 'A')]);
  if (name === 'nodejs_gc_duration_seconds')
    return timeseries('Garbage collection', 'Share of time spent collecting.', 'percentunit', [
      target(`sum by (instance) (rate(${name}_sum{${selector}}[$__rate_interval]))`, '{{instance}}', 'A'),
    ]);
  if (name === 'process_cpu_seconds_total')
    return timeseries('CPU', 'Share of one core.', 'percentunit', [target(`rate(${series}[$__rate_interval])`, '{{instance}}', 'A')]);
  return timeseries(titleOf(name), '', unitOf({ name, type: 'gauge' }), [target(series, '{{instance}}', 'A')]);
}

function timeseries(title, description, unit, targets) {
  return {
    type: 'timeseries',
    title,
    description,
    datasource,
    targets,
    fieldConfig: { defaults: { unit, custom: { fillOpacity: 8, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

function target(expr, legendFormat, refId) {
  return { refId, expr, legendFormat, datasource };
}

function variable(name, label, query, isMulti) {
  return {
    name,
    label,
    type: 'query',
    datasource,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: isMulti,
    includeAll: isMulti,
    ...(isMulti ? { allValue: '.*', current: { text: 'All', value: '$__all' } } : {}),
  };
}

/** `wetink_journal_append_seconds` -> `Journal append` */
function titleOf(name) {
  const words = name
    .replace(/^(wetink|process|nodejs)_/, '')
    .replace(/_total$|_seconds$/g, '')
    .replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function unitOf({ name, type }) {
  if (name.endsWith('_bytes_total')) return 'Bps';
  if (name.endsWith('_bytes')) return 'bytes';
  if (name.endsWith('_seconds')) return 's';
  return type === 'counter' ? 'ops' : 'none';
}
