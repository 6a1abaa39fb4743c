/**
 * Every metric of the relay, as data: what it counts, and when it alerts an operator. The registry (metric-set.ts), the
 * tables in README files, the dashboard and the alert rules are made from this table or checked against it.
 *
 * Imports nothing, so that a generator can read it without the relay. No room, person or address is ever a label.
 */

export type MetricType = 'counter' | 'gauge' | 'histogram';

export interface MetricAlert {
  /** CamelCase, as is usual in Prometheus. */
  name: string;
  /** PromQL that is true while something is wrong. */
  expr: string;
  /** How long it must be true before the alert fires. */
  forSeconds: number;
  /** `page`: look now, also at night. `ticket`: look on the next working day. */
  severity: 'page' | 'ticket';
  /** The meaning for users, and the remedy. */
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
    help: 'WebSockets opened since the start, including those closed at once.',
    labels: [],
  },
  {
    name: 'wetink_ws_closes_total',
    type: 'counter',
    help: 'WebSockets ended, by close code (other: a code that only a client can choose) and reason: a code of the error table, left, or lost.',
    labels: ['code', 'reason'],
  },
  {
    name: 'wetink_frames_total',
    type: 'counter',
    help: 'WebSocket frames with messages, by direction (in, out) and type of their first message.',
    labels: ['direction', 'type'],
  },
  {
    name: 'wetink_frame_bytes_total',
    type: 'counter',
    help: 'Bytes of frames with messages, by direction and type.',
    labels: ['direction', 'type'],
  },
  {
    name: 'wetink_refused_total',
    type: 'counter',
    help: 'Frames, messages and connections refused, by code of the error table.',
    labels: ['code'],
    alert: {
      name: 'WetinkRefusesMany',
      expr: 'sum by (instance, code) (rate(wetink_refused_total{code!~"READ_ONLY|ROOM_ERASED|UNAUTHENTICATED|FORBIDDEN"}[5m])) > 5',
      forSeconds: 300,
      severity: 'ticket',
      summary:
        'More than five refusals a second: a broken client, an attack, or a limit that is too low. The log has the user and the message type.',
    },
  },
  {
    name: 'wetink_limit_hits_total',
    type: 'counter',
    help: 'Requests or messages beyond a rate limit, delayed or refused; SECURITY.md lists the limits.',
    labels: ['limit'],
  },
  {
    name: 'wetink_ack_latency_seconds',
    type: 'histogram',
    help: 'Time from receiving a change to acknowledging it as saved.',
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
    help: 'Bytes of changes applied and passed on, but not yet durable and not acknowledged.',
    labels: [],
    alert: {
      name: 'WetinkUnsavedGrows',
      expr: 'wetink_unsaved_bytes > 16e6',
      forSeconds: 60,
      severity: 'page',
      summary: 'Changes arrive faster than the store saves them: clients will be refused soon. Look at the store.',
    },
  },
  {
    name: 'wetink_journal_append_seconds',
    type: 'histogram',
    help: 'Time of one durable write of a room, however many changes it contains.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  { name: 'wetink_journal_rows_total', type: 'counter', help: 'Changes made durable.', labels: [] },
  { name: 'wetink_journal_bytes_total', type: 'counter', help: 'Bytes of changes made durable.', labels: [] },
  {
    name: 'wetink_journal_failures_total',
    type: 'counter',
    help: 'Durable writes that failed and are retried.',
    labels: [],
    alert: {
      name: 'WetinkCannotSave',
      expr: 'rate(wetink_journal_failures_total[5m]) > 0.1',
      forSeconds: 60,
      severity: 'page',
      summary: 'Writes to the store fail. Nothing acknowledged is lost; users see that their changes are not saved. /readyz says why.',
    },
  },
  {
    name: 'wetink_checkpoints_total',
    type: 'counter',
    help: 'Checkpoints (whole documents), by outcome: written, covered, behind or failed.',
    labels: ['outcome'],
    alert: {
      name: 'WetinkCheckpointsFail',
      expr: 'rate(wetink_checkpoints_total{outcome="failed"}[15m]) > 0.01',
      forSeconds: 900,
      severity: 'ticket',
      summary: 'Checkpoints fail. Nothing is lost, but rooms load ever more slowly. The log says why.',
    },
  },
  {
    name: 'wetink_checkpoint_seconds',
    type: 'histogram',
    help: 'Time to encode, write and read back one checkpoint.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  { name: 'wetink_checkpoint_bytes_total', type: 'counter', help: 'Bytes of checkpoints written.', labels: [] },
  {
    name: 'wetink_quarantined_records_total',
    type: 'counter',
    help: 'Stored records set aside because they could not be read or applied while loading a room.',
    labels: [],
    alert: {
      name: 'WetinkDamagedRecords',
      expr: 'increase(wetink_quarantined_records_total[1h]) > 0',
      forSeconds: 0,
      severity: 'page',
      summary:
        'The store has damaged records. Their rooms are served without them and nothing is deleted; check the disk, and keep the last backup.',
    },
  },
  {
    name: 'wetink_room_load_seconds',
    type: 'histogram',
    help: 'Time to read and rebuild one room.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  { name: 'wetink_room_load_bytes_total', type: 'counter', help: 'Bytes read to load rooms.', labels: [] },
  { name: 'wetink_rooms_open', type: 'gauge', help: 'Rooms in memory.', labels: [] },
  {
    name: 'wetink_send_buffer_bytes',
    type: 'gauge',
    help: 'Bytes in memory that wait for slow sockets.',
    labels: [],
    alert: {
      name: 'WetinkReadersAreSlow',
      expr: 'wetink_send_buffer_bytes > 256e6',
      forSeconds: 300,
      severity: 'ticket',
      summary: '256 MB wait for slow clients: the network, or a proxy in front, is slower than the boards change.',
    },
  },
  {
    name: 'wetink_slow_consumer_events_total',
    type: 'counter',
    help: 'Slow sockets, by what happened: cursors dropped, changes replaced by one later difference (behind), or closed.',
    labels: ['what'],
  },
  { name: 'wetink_bus_published_total', type: 'counter', help: 'Messages to other nodes.', labels: [] },
  { name: 'wetink_bus_published_bytes_total', type: 'counter', help: 'Bytes of messages to other nodes.', labels: [] },
  { name: 'wetink_bus_received_total', type: 'counter', help: 'Messages from other nodes.', labels: [] },
  { name: 'wetink_bus_received_bytes_total', type: 'counter', help: 'Bytes of messages from other nodes.', labels: [] },
  {
    name: 'wetink_bus_gaps_total',
    type: 'counter',
    help: 'Gaps in the messages of another node; each is repaired.',
    labels: [],
    alert: {
      name: 'WetinkBusLosesMessages',
      expr: 'rate(wetink_bus_gaps_total[5m]) > 1',
      forSeconds: 600,
      severity: 'ticket',
      summary: 'Redis keeps losing messages: each is repaired, at a cost. Look at its memory, output buffer limits and network.',
    },
  },
  {
    name: 'wetink_repairs_total',
    type: 'counter',
    help: 'Repairs of gaps, by source of the missing changes: a node or the store.',
    labels: ['from'],
  },
  {
    name: 'wetink_repair_seconds',
    type: 'histogram',
    help: 'Time from noticing a gap to having the missing changes.',
    labels: ['from'],
    buckets: DURATION_BUCKETS,
  },
  {
    name: 'wetink_digest_mismatch_total',
    type: 'counter',
    help: 'Times that two nodes at the same position had different documents.',
    labels: [],
    alert: {
      name: 'WetinkNodesDiffer',
      expr: 'increase(wetink_digest_mismatch_total[1h]) > 0',
      forSeconds: 0,
      severity: 'page',
      summary: 'Two relays held different documents for one room. They repair it themselves, but it should not happen: please report it.',
    },
  },
  {
    name: 'wetink_store_up',
    type: 'gauge',
    help: '1 while the store can save, otherwise 0. Each read tests it, at most once a second, with a durable write at least as large as the largest change that found no space.',
    labels: [],
    alert: {
      name: 'WetinkStoreIsDown',
      expr: 'wetink_store_up == 0',
      forSeconds: 30,
      severity: 'page',
      summary:
        'The relay cannot save, or cannot save large changes: the disk may be nearly full. Clients keep their changes on their devices. /readyz says why.',
    },
  },
  {
    name: 'wetink_redis_up',
    type: 'gauge',
    help: '1 while the bus to other nodes is connected, otherwise 0. Absent on a single node.',
    labels: [],
    alert: {
      name: 'WetinkBusIsDown',
      expr: 'wetink_redis_up == 0',
      forSeconds: 60,
      severity: 'page',
      summary:
        'Redis is down: nodes serve their own clients and catch up through the store. People on different nodes see each other late.',
    },
  },
  {
    name: 'wetink_redis_reconnects_total',
    type: 'counter',
    help: 'Reconnections to Redis. Absent on a single node.',
    labels: [],
    alert: {
      name: 'WetinkBusReconnectsOften',
      expr: 'increase(wetink_redis_reconnects_total[15m]) > 3',
      forSeconds: 0,
      severity: 'ticket',
      summary: 'The connection to Redis breaks repeatedly; after each break, relays read missed changes from the store. The log says why.',
    },
  },
  {
    name: 'wetink_redis_dropped_publishes_total',
    type: 'counter',
    help: 'Messages to other nodes not sent because the connection was down or too many were waiting; their changes are repaired. Absent on a single node.',
    labels: [],
    alert: {
      name: 'WetinkBusIsTooSlow',
      expr: 'rate(wetink_redis_dropped_publishes_total[5m]) > 0 and on (instance) min_over_time(wetink_redis_up[10m]) == 1',
      forSeconds: 300,
      severity: 'ticket',
      summary:
        'Redis is up but accepts messages more slowly than this relay sends them: people on other relays see changes late. Look at its CPU and network.',
    },
  },
  {
    name: 'wetink_redis_outbox_bytes',
    type: 'gauge',
    help: 'Bytes of messages in memory that wait for Redis. Absent on a single node.',
    labels: [],
  },
  {
    name: 'wetink_user_cache_total',
    type: 'counter',
    help: 'Lookups of names and pictures of users in the cache, by result: hit or miss. The cache is in Redis if configured.',
    labels: ['result'],
  },
  {
    name: 'wetink_newest_messages_total',
    type: 'counter',
    help: 'Lists of the newest messages of a board, by result: hit (Redis had them) or miss (the document was read). Absent on a single node.',
    labels: ['result'],
  },
  {
    name: 'wetink_unused_blobs_total',
    type: 'counter',
    help: 'Pictures and files removed because their board had not needed them for WETINK_BLOB_UNUSED_DAYS.',
    labels: [],
  },
  {
    name: 'wetink_unused_blob_bytes_total',
    type: 'counter',
    help: 'Bytes of those pictures and files; another board may still have them.',
    labels: [],
  },
  {
    name: 'wetink_webhook_deliveries_total',
    type: 'counter',
    help: 'Deliveries to webhooks, by outcome: delivered, retried (it failed, and is tried again), given_up, or dropped (too many waited, or the webhook is off).',
    labels: ['outcome'],
  },
  {
    name: 'wetink_ready',
    type: 'gauge',
    help: '1 while /readyz answers 200, 0 while it answers 503.',
    labels: [],
  },
  { name: 'wetink_draining', type: 'gauge', help: '1 from SIGTERM to exit, otherwise 0.', labels: [] },
  {
    name: 'wetink_event_loop_lag_seconds',
    type: 'gauge',
    help: 'How late the event loop ran in the last complete 5 seconds: median, 99th percentile and maximum.',
    labels: ['quantile'],
    alert: {
      name: 'WetinkIsOverloaded',
      expr: 'wetink_event_loop_lag_seconds{quantile="0.99"} > 0.25',
      forSeconds: 120,
      severity: 'ticket',
      summary: 'The relay is out of CPU: cursors and saves are late for everyone on it. Add a node, or find the overloaded room.',
    },
  },
] as const satisfies readonly MetricRow[];

/** Metrics of prom-client about the process: useful on a dashboard, under their usual names. */
export const processMetrics = [
  'process_resident_memory_bytes',
  'process_cpu_seconds_total',
  'process_open_fds',
  'process_start_time_seconds',
  'nodejs_heap_size_used_bytes',
  'nodejs_gc_duration_seconds',
] as const;

export type MetricName = (typeof metrics)[number]['name'];
