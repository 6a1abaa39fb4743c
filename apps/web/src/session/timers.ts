/** Runs something later; returns how to call it off. */
export function scheduleTimeout(run: () => void, delayMs: number): () => void {
  const id = setTimeout(run, delayMs);
  return () => clearTimeout(id);
}
