/** Runs later: after a while, when the page is idle, or when it is about to go. All return how to cancel. */

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

/** When the page may never run again. Returns how to stop listening. */
export function whenHidden(run: () => void): () => void {
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') run();
  };
  document.addEventListener('visibilitychange', onVisibility);
  return () => document.removeEventListener('visibilitychange', onVisibility);
}
