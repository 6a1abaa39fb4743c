/** How late the event loop runs, measured over the last complete window of five seconds. */

import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopLag {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface LoopLagMonitor {
  /** Zeros before the first window is complete. */
  read(): LoopLag;
  stop(): void;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 5_000;

export function monitorLoopLag(windowMs = WINDOW_MS): LoopLagMonitor {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last: LoopLag = { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  // The histogram measures the time between two timer ticks, so a loop that is never late reads as the resolution.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const timer = setInterval(() => {
    if (histogram.count > 0)
      last = { p50Ms: late(histogram.percentile(50)), p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) };
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    read: () => last,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
