/**
 * A prom-client registry made from the table in metrics.ts, and the observer that feeds it. Frames are counted in plain
 * numbers and handed over when the registry is read: a label lookup per frame would cost more than the frame.
 */

import type { ConnectionSummary, RelayObserver } from '@wetink/relay';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metrics, type MetricName, type MetricRow } from './metrics.ts';

/** Values that are read only when the metrics are scraped. */
export interface Readings {
  connections: number;
  rooms: number;
  unsavedBytes: number;
  heldBytes: number;
  isStoreUp: boolean;
  /** Null on a single node. */
  bus: { isUp: boolean; reconnects: number; droppedPublishes: number; outboxBytes: number } | null;
  userCache: { hits: number; misses: number };
  isReady: boolean;
  isDraining: boolean;
  loopLag: { p50Ms: number; p99Ms: number; maxMs: number };
}

export interface Prometheus {
  /** Called by the relay. */
  observer: RelayObserver;
  contentType: string;
  /** The metrics in the text format. */
  text(): Promise<string>;
}

/** A client can choose among thousands of close codes; only these become values of a label. */
const CLIENT_CODES = [1000, 1001, 1005, 1006];

export function createPrometheus(
  info: { version: string; store: string; bus: string },
  read: () => Promise<Readings>,
  alsoTell: Partial<RelayObserver> = {},
): Prometheus {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const table: readonly MetricRow[] = metrics;
  const byName = new Map(table.map((row) => [row.name, make(row, registry)]));
  const counter = (name: MetricName): Counter => expectKind(byName.get(name), Counter);
  const gauge = (name: MetricName): Gauge => expectKind(byName.get(name), Gauge);
  const histogram = (name: MetricName): Histogram => expectKind(byName.get(name), Histogram);

  const frames = new Map<string, { direction: string; type: string; count: number; bytes: number }>();
  const framesTotal = counter('wetink_frames_total');
  const frameBytes = counter('wetink_frame_bytes_total');
  const ackLatency = histogram('wetink_ack_latency_seconds');
  gauge('wetink_build_info').set(info, 1);

  const observer: RelayObserver = {
    connectionOpened(opening) {
      counter('wetink_ws_handshakes_total').inc();
      alsoTell.connectionOpened?.(opening);
    },
    connectionEnded(summary) {
      counter('wetink_ws_closes_total').inc({ code: codeLabel(summary), reason: summary.reason });
      alsoTell.connectionEnded?.(summary);
    },
    frames(direction, type, count, bytes) {
      const key = `${direction} ${type}`;
      let sum = frames.get(key);
      if (sum === undefined) frames.set(key, (sum = { direction, type, count: 0, bytes: 0 }));
      sum.count += count;
      sum.bytes += bytes;
    },
    refused(failure) {
      counter('wetink_refused_total').inc({ code: failure.code });
      alsoTell.refused?.(failure);
    },
    limited: (limit) => counter('wetink_limit_hits_total').inc({ limit }),
    acked: (latencyMs) => ackLatency.observe(latencyMs / 1_000),
    journalWritten(rows, bytes, durationMs) {
      histogram('wetink_journal_append_seconds').observe(durationMs / 1_000);
      counter('wetink_journal_rows_total').inc(rows);
      counter('wetink_journal_bytes_total').inc(bytes);
    },
    journalFailed: () => counter('wetink_journal_failures_total').inc(),
    checkpoint(outcome, bytes, durationMs) {
      counter('wetink_checkpoints_total').inc({ outcome });
      histogram('wetink_checkpoint_seconds').observe(durationMs / 1_000);
      if (outcome === 'written') counter('wetink_checkpoint_bytes_total').inc(bytes);
    },
    quarantined: (rows) => counter('wetink_quarantined_records_total').inc(rows),
    roomLoaded(bytes, durationMs) {
      histogram('wetink_room_load_seconds').observe(durationMs / 1_000);
      counter('wetink_room_load_bytes_total').inc(bytes);
    },
    slowReader: (what) => counter('wetink_slow_consumer_events_total').inc({ what }),
    busPublished(bytes) {
      counter('wetink_bus_published_total').inc();
      counter('wetink_bus_published_bytes_total').inc(bytes);
    },
    busReceived(bytes) {
      counter('wetink_bus_received_total').inc();
      counter('wetink_bus_received_bytes_total').inc(bytes);
    },
    busGap: () => counter('wetink_bus_gaps_total').inc(),
    repaired(from, durationMs) {
      counter('wetink_repairs_total').inc({ from });
      histogram('wetink_repair_seconds').observe({ from }, durationMs / 1_000);
    },
    digestMismatch: () => counter('wetink_digest_mismatch_total').inc(),
  };

  const refreshBus = (bus: Readings['bus']): void => {
    const [isUp, outbox] = [gauge('wetink_redis_up'), gauge('wetink_redis_outbox_bytes')];
    const totals = [counter('wetink_redis_reconnects_total'), counter('wetink_redis_dropped_publishes_total')] as const;
    for (const metric of [isUp, outbox, ...totals]) metric.remove();
    if (bus === null) return;
    isUp.set(Number(bus.isUp));
    outbox.set(bus.outboxBytes);
    totals[0].inc(bus.reconnects);
    totals[1].inc(bus.droppedPublishes);
  };

  const refresh = async (): Promise<void> => {
    const now = await read();
    gauge('wetink_ws_connections').set(now.connections);
    gauge('wetink_rooms_open').set(now.rooms);
    gauge('wetink_unsaved_bytes').set(now.unsavedBytes);
    gauge('wetink_send_buffer_bytes').set(now.heldBytes);
    gauge('wetink_store_up').set(Number(now.isStoreUp));
    refreshBus(now.bus);
    const userCache = counter('wetink_user_cache_total');
    userCache.reset();
    userCache.inc({ result: 'hit' }, now.userCache.hits);
    userCache.inc({ result: 'miss' }, now.userCache.misses);
    gauge('wetink_ready').set(Number(now.isReady));
    gauge('wetink_draining').set(Number(now.isDraining));
    const lag = gauge('wetink_event_loop_lag_seconds');
    lag.set({ quantile: '0.5' }, now.loopLag.p50Ms / 1_000);
    lag.set({ quantile: '0.99' }, now.loopLag.p99Ms / 1_000);
    lag.set({ quantile: '1' }, now.loopLag.maxMs / 1_000);
    framesTotal.reset();
    frameBytes.reset();
    for (const { direction, type, count, bytes } of frames.values()) {
      framesTotal.inc({ direction, type }, count);
      frameBytes.inc({ direction, type }, bytes);
    }
  };

  return {
    observer,
    contentType: registry.contentType,
    async text() {
      await refresh();
      return registry.metrics();
    },
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

function codeLabel({ reason, closeCode }: ConnectionSummary): string {
  const isOurs = reason !== 'left' && reason !== 'lost';
  return isOurs || CLIENT_CODES.includes(closeCode) ? String(closeCode) : 'other';
}
