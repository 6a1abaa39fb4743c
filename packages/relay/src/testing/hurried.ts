/** Timers for a relay whose work of every second would make a test wait. For tests only. */

/** `schedule` of an environment: ten times as fast. The clock is not: give limits in real milliseconds. */
export function hurried(fn: () => void, delayMs: number): () => void {
  const timer = setTimeout(fn, delayMs / 10);
  return () => clearTimeout(timer);
}
