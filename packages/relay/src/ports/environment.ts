/** Clock, randomness and timers of a relay, so that tests can replace them. */

export interface Environment {
  /** Milliseconds, compared only with each other. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs `fn` once after `delayMs` (0: after the present input was read) and returns a function that cancels it. */
  schedule(fn: () => void, delayMs: number): () => void;
}

/** The process's own clock and timers. Timers do not keep the process alive: the http server does that. */
export const systemEnvironment: Environment = {
  now: () => performance.now(),
  random: Math.random,
  schedule(fn, delayMs) {
    if (delayMs <= 0) {
      const immediate = setImmediate(fn);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(fn, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
