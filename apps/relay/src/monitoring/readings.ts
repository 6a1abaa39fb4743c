/** Values that are read when the metrics are scraped, and the gauges and counters that show them. */

import type { MetricName } from './metrics.ts';
import type { MetricSet } from './metric-set.ts';

export interface Readings {
  connections: number;
  rooms: number;
  unsavedBytes: number;
  heldBytes: number;
  isStoreUp: boolean;
  /** Null on a single node. */
  bus: { isUp: boolean; reconnects: number; droppedPublishes: number; outboxBytes: number } | null;
  userCache: { hits: number; misses: number };
  /** Null on a single node. */
  newest: { hits: number; misses: number } | null;
  isReady: boolean;
  isDraining: boolean;
  loopLag: { p50Ms: number; p99Ms: number; maxMs: number };
}

export function showReadings(set: MetricSet, now: Readings): void {
  const { gauge } = set;
  gauge('wetink_ws_connections').set(now.connections);
  gauge('wetink_rooms_open').set(now.rooms);
  gauge('wetink_unsaved_bytes').set(now.unsavedBytes);
  gauge('wetink_send_buffer_bytes').set(now.heldBytes);
  gauge('wetink_store_up').set(Number(now.isStoreUp));
  showBus(set, now.bus);
  showCache(set, 'wetink_user_cache_total', now.userCache);
  showCache(set, 'wetink_newest_messages_total', now.newest);
  gauge('wetink_ready').set(Number(now.isReady));
  gauge('wetink_draining').set(Number(now.isDraining));
  const lag = gauge('wetink_event_loop_lag_seconds');
  lag.set({ quantile: '0.5' }, now.loopLag.p50Ms / 1_000);
  lag.set({ quantile: '0.99' }, now.loopLag.p99Ms / 1_000);
  lag.set({ quantile: '1' }, now.loopLag.maxMs / 1_000);
}

function showCache({ counter }: MetricSet, name: MetricName, counts: Readings['newest']): void {
  const cache = counter(name);
  cache.reset();
  if (counts === null) return;
  cache.inc({ result: 'hit' }, counts.hits);
  cache.inc({ result: 'miss' }, counts.misses);
}

/** On a single node the metrics of the bus have no values. */
function showBus({ counter, gauge }: MetricSet, bus: Readings['bus']): void {
  const [isUp, outbox] = [gauge('wetink_redis_up'), gauge('wetink_redis_outbox_bytes')];
  const totals = [counter('wetink_redis_reconnects_total'), counter('wetink_redis_dropped_publishes_total')] as const;
  for (const metric of [isUp, outbox, ...totals]) metric.remove();
  if (bus === null) return;
  isUp.set(Number(bus.isUp));
  outbox.set(bus.outboxBytes);
  totals[0].inc(bus.reconnects);
  totals[1].inc(bus.droppedPublishes);
}
