/** Later: after a while, or when the page has nothing else to do. Both return how to call it off. */

export function scheduleTimeout(run: () => void, delayMs: number): () => void {
  const id = setTimeout(run, delayMs);
  return () => clearTimeout(id);
}

/** At the latest 5 s from now, however busy the page is. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') return scheduleTimeout(run, 200); // Safari.
  const id = requestIdleCallback(run, { timeout: 5_000 });
  return () => cancelIdleCallback(id);
}
