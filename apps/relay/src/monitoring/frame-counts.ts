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

interface Sum {
  count: number;
  bytes: number;
}

export function createFrameCounts(): FrameCounts {
  const sumsByDirection = new Map<string, Map<string, Sum>>();
  return {
    add(direction, type, count, bytes) {
      let sums = sumsByDirection.get(direction);
      if (sums === undefined) sumsByDirection.set(direction, (sums = new Map<string, Sum>()));
      let sum = sums.get(type);
      if (sum === undefined) sums.set(type, (sum = { count: 0, bytes: 0 }));
      sum.count += count;
      sum.bytes += bytes;
    },
    showIn(set) {
      const [framesTotal, frameBytes] = [set.counter('wetink_frames_total'), set.counter('wetink_frame_bytes_total')];
      framesTotal.reset();
      frameBytes.reset();
      for (const [direction, sums] of sumsByDirection)
        for (const [type, { count, bytes }] of sums) {
          framesTotal.inc({ direction, type }, count);
          frameBytes.inc({ direction, type }, bytes);
        }
    },
  };
}
