/** Waits for a condition. The limit is generous, for a very busy machine; it measures nothing. */

const POLL_MS = 25;
const PATIENCE_MS = 120_000;

/** @returns How long it took, ms. @throws {Error} A stall; the message has `what` and the state. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
  state: () => unknown = () => '',
  patienceMs = PATIENCE_MS,
): Promise<number> {
  const startMs = Date.now();
  for (;;) {
    const askedMs = Date.now();
    if (await isTrue()) return Date.now() - startMs;
    if (Date.now() - startMs > patienceMs) throw new Error(`stall: waited ${patienceMs} ms for ${what}: ${JSON.stringify(state())}`);
    // A slow condition is checked less often, because the awaited work may run on the same thread.
    await pause(Math.max(POLL_MS, Date.now() - askedMs));
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
