/** The relay's metrics in Prometheus' text format, and the observer that counts them. */

import type { RelayObserver } from '@wetink/relay';
import { createFrameCounts } from './frame-counts.ts';
import { createMetricSet } from './metric-set.ts';
import { createMetricsObserver } from './metrics-observer.ts';
import { showReadings, type Readings } from './readings.ts';

export interface Prometheus {
  /** Called by the relay. */
  observer: RelayObserver;
  contentType: string;
  /** The sweep removed pictures and files that boards no longer need. */
  unusedBlobs(count: number, bytes: number): void;
  /** Deliveries to webhooks ended, or are tried again. */
  webhookDeliveries(outcome: string, count: number): void;
  /** The metrics in the text format. */
  text(): Promise<string>;
}

export function createPrometheus(
  info: { version: string; store: string; bus: string },
  read: () => Promise<Readings>,
  alsoTell: Partial<Pick<RelayObserver, 'connectionOpened' | 'connectionEnded' | 'refused'>> = {},
): Prometheus {
  const set = createMetricSet();
  const frames = createFrameCounts();
  set.gauge('wetink_build_info').set(info, 1);
  return {
    observer: createMetricsObserver(set, frames, alsoTell),
    contentType: set.registry.contentType,
    unusedBlobs(count, bytes) {
      set.counter('wetink_unused_blobs_total').inc(count);
      set.counter('wetink_unused_blob_bytes_total').inc(bytes);
    },
    webhookDeliveries: (outcome, count) => set.counter('wetink_webhook_deliveries_total').inc({ outcome }, count),
    async text() {
      showReadings(set, await read());
      frames.showIn(set);
      return set.registry.metrics();
    },
  };
}
