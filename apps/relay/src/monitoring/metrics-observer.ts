/** Counts in metrics what the relay reports. */

import type { ConnectionSummary, RelayObserver } from '@wetink/relay';
import type { FrameCounts } from './frame-counts.ts';
import type { MetricSet } from './metric-set.ts';

/** A client can choose among thousands of close codes; only these become values of a label. */
const CLIENT_CODES = [1000, 1001, 1005, 1006];

/** @param alsoTell Gets the same reports. */
export function createMetricsObserver(
  { counter, histogram }: MetricSet,
  frames: FrameCounts,
  alsoTell: Partial<Pick<RelayObserver, 'connectionOpened' | 'connectionEnded' | 'refused'>>,
): RelayObserver {
  // Looked up once: an ack comes with every few strokes.
  const ackLatency = histogram('wetink_ack_latency_seconds');
  return {
    connectionOpened(opening) {
      counter('wetink_ws_handshakes_total').inc();
      alsoTell.connectionOpened?.(opening);
    },
    connectionEnded(summary) {
      counter('wetink_ws_closes_total').inc({ code: codeLabel(summary), reason: summary.reason });
      alsoTell.connectionEnded?.(summary);
    },
    frames: (direction, type, count, bytes) => frames.add(direction, type, count, bytes),
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
}

function codeLabel({ reason, closeCode }: ConnectionSummary): string {
  const isOurs = reason !== 'left' && reason !== 'lost';
  return isOurs || CLIENT_CODES.includes(closeCode) ? String(closeCode) : 'other';
}
