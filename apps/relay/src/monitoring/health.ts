/**
 * Decides whether a load balancer should send new clients here. Not ready: the relay drains, cannot save (also when only
 * larger changes fail), or is so late that a new socket would time out. Degraded but ready: the bus is down (the relay
 * serves its own clients and catches up through the store), or the event loop is late. Each state ends with its cause.
 */

import type { LoopLag } from './loop-lag.ts';

export interface HealthOptions {
  isDraining(): boolean;
  /** Resolves when the store can save changes. */
  probe(): Promise<void>;
  /** Null on a single node. */
  isBusUp(): boolean | null;
  loopLag(): LoopLag;
  /** Milliseconds, only compared with each other. */
  now(): number;
}

export interface Health {
  isReady: boolean;
  /** Why not; null when ready. */
  reason: string | null;
  store: 'up' | 'down';
  bus: 'up' | 'down' | 'none';
  loopLagMs: number;
  degraded: ('bus' | 'loop')[];
}

/** A probe is a durable write, so all requests within a second share one. */
const PROBE_REUSE_MS = 1_000;
const PROBE_TIMEOUT_MS = 2_000;
/** From here on people notice. */
const LATE_MS = 250;
/** From here on load balancers time out. */
const TOO_LATE_MS = 1_000;

export function createHealth(options: HealthOptions): () => Promise<Health> {
  const probe = shareProbe(options);
  return async () => {
    const trouble = await probe();
    const isBusUp = options.isBusUp();
    const lagMs = options.loopLag().p99Ms;
    const reason = options.isDraining()
      ? 'draining'
      : (trouble ?? (lagMs > TOO_LATE_MS ? `the event loop is ${Math.round(lagMs)} ms late` : null));
    return {
      isReady: reason === null,
      reason,
      store: trouble === null ? 'up' : 'down',
      bus: isBusUp === null ? 'none' : isBusUp ? 'up' : 'down',
      loopLagMs: Math.round(lagMs),
      degraded: [...(isBusUp === false ? (['bus'] as const) : []), ...(lagMs > LATE_MS ? (['loop'] as const) : [])],
    };
  };
}

/** @returns null, or why the store cannot be written. */
function shareProbe(options: HealthOptions): () => Promise<string | null> {
  let last: { startedAtMs: number; answer: Promise<string | null> } | null = null;
  return () => {
    if (last !== null && options.now() - last.startedAtMs < PROBE_REUSE_MS) return last.answer;
    const answer = new Promise<string | null>((resolve) => {
      const timer = setTimeout(() => resolve('the store does not answer'), PROBE_TIMEOUT_MS);
      options
        .probe()
        .then(
          () => resolve(null),
          (error: unknown) => resolve(error instanceof Error ? error.message : 'the store cannot be written'),
        )
        .finally(() => clearTimeout(timer));
    });
    last = { startedAtMs: options.now(), answer };
    return answer;
  };
}
