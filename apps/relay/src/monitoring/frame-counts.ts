/**
 * Counts frames in plain numbers, and hands the sums over when the metrics are scraped: a label lookup per frame would cost
 * more than the frame.
 */

import type { MetricSet } from './metric-set.ts';

export interface FrameCounts {
  add(direction: string, type: string, count: number, bytes: number): void;
  /** Replaces the values of the counters. */
  showIn(set: MetricSet): void;
}

export function createFrameCounts(): FrameCounts {
  const sums = new Map<string, { direction: string; type: string; count: number; bytes: number }>();
  return {
    add(direction, type, count, bytes) {
      const key = `${direction} ${type}`;
      let sum = sums.get(key);
      if (sum === undefined) sums.set(key, (sum = { direction, type, count: 0, bytes: 0 }));
      sum.count += count;
      sum.bytes += bytes;
    },
    showIn(set) {
      const [framesTotal, frameBytes] = [set.counter('wetink_frames_total'), set.counter('wetink_frame_bytes_total')];
      framesTotal.reset();
      frameBytes.reset();
      for (const { direction, type, count, bytes } of sums.values()) {
        framesTotal.inc({ direction, type }, count);
        frameBytes.inc({ direction, type }, bytes);
      }
    },
  };
}
