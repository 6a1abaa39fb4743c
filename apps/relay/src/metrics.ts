/**
 * Every metric of the relay, as data: what is counted, and when somebody should look. The registry (prometheus.ts), the
 * operator's page, the dashboard and the alert rules are made from this table or checked against it.
 *
 * Imports nothing, so that a generator can read it without the relay. No room, person or address is ever a label.
 */

export type MetricType = 'counter' | 'gauge' | 'histogram';

export interface MetricAlert {
  /** CamelCase, as Prometheus has them. */
  name: string;
  /** PromQL that is true while something is wrong. */
  expr: string;
  /** How long it must be true before anybody is told. */
  forSeconds: number;
  /** `page`: now, at night too. `ticket`: on a working day. */
  severity: 'page' | 'ticket';
  /** One sentence: what it means for people, and what to do. */
  summary: string;
}

export interface MetricRow {
  name: string;
  type: MetricType;
  help: string;
  labels: readonly string[];
  /** Upper bounds of a histogram. */
  buckets?: readonly number[];
  alert?: MetricAlert;
}

/** From a write in memory to one that waits for a disk or another machine. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export const metrics = [
  {
    name: 'wetink_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: ['version', 'store', 'bus'],
  },
  { name: 'wetink_ws_connections', type: 'gauge', help: 'Open WebSockets.', labels: [] },
  {
    name: 'wetink_ws_handshakes_total',
    type: 'counter',
    help: 'WebSockets opened since the start, those included that were closed at once.',
    labels: [],
  },
  {
    name: 'wetink_ws_closes_total',
    type: 'counter',
    help: 'WebSockets ended, by close code (other for codes that only a client can choose) and reason: a failure of the error table, left, or lost.',
    labels: ['code', 'reason'],
  },
  {
    name: 'wetink_frames_total',
    type: 'counter',
    help: 'WebSocket frames of messages, by direction (in, out) and the name of their first message.',
    labels: ['direction', 'type'],
  },
  { name: 'wetink_frame_bytes_total', type: 'counter', help: 'Bytes of those frames.', labels: ['direction', 'type'] },
  {
    name: 'wetink_refused_total',
    type: 'counter',
    help: 'Frames, messages and connections refused, by the failure of the error table.',
    labels: ['code'],
    alert: {
      name: 'WetinkRefusesMany',
      expr: 'sum by (instance, code) (rate(wetink_refused_total{code!~"READ_ONLY|ROOM_ERASED|UNAUTHENTICATED|FORBIDDEN"}[5m])) > 5',
      forSeconds: 300,
      severity: 'ticket',
      summary:
        'More than five refusals a second: a broken client, an attack, or a limit that is too low. The log has user and message type.',
    },
  },
  {
    name: 'wetink_limit_hits_total',
    type: 'counter',
    help: 'Somebody went beyond a limit that passes, and waits or comes back later; SECURITY.md has the limits.',
    labels: ['limit'],
  },
  {
    name: 'wetink_ack_latency_seconds',
    type: 'histogram',
    help: 'From receiving a change to telling its author that it is saved.',
    labels: [],
    buckets: DURATION_BUCKETS,
    alert: {
      name: 'WetinkSavesSlowly',
      expr: 'histogram_quantile(0.99, sum by (instance, le) (rate(wetink_ack_latency_seconds_bucket[5m]))) > 1',
      forSeconds: 300,
      severity: 'ticket',
      summary: 'One change in a hundred waits longer than a second to be saved: look at the journal durations and at the disk or MongoDB.',
    },
  },
  {
    name: 'wetink_unsaved_bytes',
    type: 'gauge',
    help: 'Changes applied and passed on, not yet durable. Nobody was told that they are saved.',
    labels: [],
    alert: {
      name: 'WetinkUnsavedGrows',
      expr: 'wetink_unsaved_bytes > 16e6',
      forSeconds: 60,
      severity: 'page',
      summary: 'Changes wait to be saved faster than the store takes them: people will be refused soon. Look at the store.',
    },
  },
  {
    name: 'wetink_journal_append_seconds',
    type: 'histogram',
    help: 'One durable write of a room, however many changes it carries.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  { name: 'wetink_journal_rows_total', type: 'counter', help: 'Changes made durable.', labels: [] },
  { name: 'wetink_journal_bytes_total', type: 'counter', help: 'Bytes of changes made durable.', labels: [] },
  {
    name: 'wetink_journal_failures_total',
    type: 'counter',
    help: 'Durable writes that failed and are tried again.',
    labels: [],
    alert: {
      name: 'WetinkCannotSave',
      expr: 'rate(wetink_journal_failures_total[5m]) > 0.1',
      forSeconds: 60,
      severity: 'page',
      summary: 'Writes to the store fail. Nothing acknowledged is lost; people see that their changes are not saved. /readyz says why.',
    },
  },
  {
    name: 'wetink_checkpoints_total',
    type: 'counter',
    help: 'Whole documents written, by outcome: written, covered, behind or failed.',
    labels: ['outcome'],
    alert: {
      name: 'WetinkCheckpointsFail',
      expr: 'rate(wetink_checkpoints_total{outcome="failed"}[15m]) > 0.01',
      forSeconds: 900,
      severity: 'ticket',
      summary: 'Checkpoints fail. Nothing is lost, but rooms load more and more slowly. The log says why.',
    },
  },
  {
    name: 'wetink_checkpoint_seconds',
    type: 'histogram',
    help: 'One checkpoint, encoded, written and read back.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  { name: 'wetink_checkpoint_bytes_total', type: 'counter', help: 'Bytes of checkpoints written.', labels: [] },
  {
    name: 'wetink_quarantined_records_total',
    type: 'counter',
    help: 'Stored records that could not be read or applied when a room was loaded, and were set aside.',
    labels: [],
    alert: {
      name: 'WetinkDamagedRecords',
      expr: 'increase(wetink_quarantined_records_total[1h]) > 0',
      forSeconds: 0,
      severity: 'page',
      summary:
        'The store has damaged records. The rest of those rooms is served and nothing is deleted; check the disk, and keep the last backup.',
    },
  },
  {
    name: 'wetink_room_load_seconds',
    type: 'histogram',
    help: 'Reading and rebuilding one room.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  { name: 'wetink_room_load_bytes_total', type: 'counter', help: 'Bytes read to load rooms.', labels: [] },
  { name: 'wetink_rooms_open', type: 'gauge', help: 'Rooms in memory.', labels: [] },
  {
    name: 'wetink_send_buffer_bytes',
    type: 'gauge',
    help: 'Kept in memory for sockets that have not taken it yet.',
    labels: [],
    alert: {
      name: 'WetinkReadersAreSlow',
      expr: 'wetink_send_buffer_bytes > 256e6',
      forSeconds: 300,
      severity: 'ticket',
      summary: 'A quarter of a gigabyte waits for readers: the network, or a proxy in front, is slower than the boards.',
    },
  },
  {
    name: 'wetink_slow_consumer_events_total',
    type: 'counter',
    help: 'A socket was too slow: cursors dropped, changes replaced by one later difference (behind), or closed.',
    labels: ['what'],
  },
  { name: 'wetink_bus_published_total', type: 'counter', help: 'Messages to other nodes.', labels: [] },
  { name: 'wetink_bus_published_bytes_total', type: 'counter', help: 'Bytes of those.', labels: [] },
  { name: 'wetink_bus_received_total', type: 'counter', help: 'Messages from other nodes.', labels: [] },
  { name: 'wetink_bus_received_bytes_total', type: 'counter', help: 'Bytes of those.', labels: [] },
  {
    name: 'wetink_bus_gaps_total',
    type: 'counter',
    help: 'Messages of another node were missing; each gap is repaired.',
    labels: [],
    alert: {
      name: 'WetinkBusLosesMessages',
      expr: 'rate(wetink_bus_gaps_total[5m]) > 1',
      forSeconds: 600,
      severity: 'ticket',
      summary: 'Redis loses messages all the time: every one is repaired, at a cost. Look at its memory, output buffer limits and network.',
    },
  },
  { name: 'wetink_repairs_total', type: 'counter', help: 'Missing changes fetched, from a node or the store.', labels: ['from'] },
  {
    name: 'wetink_repair_seconds',
    type: 'histogram',
    help: 'From noticing a gap to having what was missing.',
    labels: ['from'],
    buckets: DURATION_BUCKETS,
  },
  {
    name: 'wetink_digest_mismatch_total',
    type: 'counter',
    help: 'Two nodes at one position had different documents.',
    labels: [],
    alert: {
      name: 'WetinkNodesDiffer',
      expr: 'increase(wetink_digest_mismatch_total[1h]) > 0',
      forSeconds: 0,
      severity: 'page',
      summary:
        'Two relays held different documents for one room. They repair it by themselves, but it should not happen: please report it.',
    },
  },
  {
    name: 'wetink_store_up',
    type: 'gauge',
    help: '1 while the store takes changes, 0 while it does not. Tried at most once a second, when this is read, with a durable write at least as large as the largest change that found no space.',
    labels: [],
    alert: {
      name: 'WetinkStoreIsDown',
      expr: 'wetink_store_up == 0',
      forSeconds: 30,
      severity: 'page',
      summary:
        'The relay cannot save, or not what is as large as a change that it refused: a disk may be nearly full. People keep their changes on their devices. /readyz says why.',
    },
  },
  {
    name: 'wetink_redis_up',
    type: 'gauge',
    help: '1 while the bus to other nodes holds, 0 while it does not. Absent on a single node.',
    labels: [],
    alert: {
      name: 'WetinkBusIsDown',
      expr: 'wetink_redis_up == 0',
      forSeconds: 60,
      severity: 'page',
      summary: 'Redis is away: nodes serve their own people and catch up through the store. People on different nodes see each other late.',
    },
  },
  {
    name: 'wetink_redis_reconnects_total',
    type: 'counter',
    help: 'Links to Redis opened after the first. Absent on a single node.',
    labels: [],
    alert: {
      name: 'WetinkBusReconnectsOften',
      expr: 'increase(wetink_redis_reconnects_total[15m]) > 3',
      forSeconds: 0,
      severity: 'ticket',
      summary:
        'The link to Redis breaks again and again; after each break relays read what they missed from the store. The log says why it broke.',
    },
  },
  {
    name: 'wetink_redis_dropped_publishes_total',
    type: 'counter',
    help: 'Messages to other nodes that were not sent, because the link was down or too much was under way; what was in them is repaired. Absent on a single node.',
    labels: [],
    alert: {
      name: 'WetinkBusIsTooSlow',
      expr: 'rate(wetink_redis_dropped_publishes_total[5m]) > 0 and on (instance) min_over_time(wetink_redis_up[10m]) == 1',
      forSeconds: 300,
      severity: 'ticket',
      summary:
        'Redis is up, and takes messages more slowly than this relay has them: people on other relays see changes late. Look at its CPU and network.',
    },
  },
  {
    name: 'wetink_redis_outbox_bytes',
    type: 'gauge',
    help: 'Messages under way to Redis, kept in memory until it has taken them. Absent on a single node.',
    labels: [],
  },
  {
    name: 'wetink_user_cache_total',
    type: 'counter',
    help: 'Times that what is shown of somebody was looked for in the cache, by result: hit or miss. In Redis when there is one.',
    labels: ['result'],
  },
  {
    name: 'wetink_ready',
    type: 'gauge',
    help: '1 while /readyz answers 200, and 0 while it answers 503.',
    labels: [],
  },
  { name: 'wetink_draining', type: 'gauge', help: '1 from SIGTERM to the end.', labels: [] },
  {
    name: 'wetink_event_loop_lag_seconds',
    type: 'gauge',
    help: 'How late the event loop ran in the last finished 5 seconds: median, 99th percentile and maximum.',
    labels: ['quantile'],
    alert: {
      name: 'WetinkIsOverloaded',
      expr: 'wetink_event_loop_lag_seconds{quantile="0.99"} > 0.25',
      forSeconds: 120,
      severity: 'ticket',
      summary: 'The relay is out of CPU: cursors and saves are late for everyone on it. Add a node, or find the room that is too large.',
    },
  },
] as const satisfies readonly MetricRow[];

/** Of prom-client, about the process: useful on a dashboard, and under their usual names. */
export const processMetrics = [
  'process_resident_memory_bytes',
  'process_cpu_seconds_total',
  'process_open_fds',
  'process_start_time_seconds',
  'nodejs_heap_size_used_bytes',
  'nodejs_gc_duration_seconds',
] as const;

export type MetricName = (typeof metrics)[number]['name'];
