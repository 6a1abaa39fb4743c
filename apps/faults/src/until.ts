/** Waiting for something to become true. The limit is for a machine that is very busy, never a measurement. */

const POLL_MS = 25;
const PATIENCE_MS = 120_000;

/** @returns How long it took, ms. @throws {Error} a stall: with `what` and the state. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
  state: () => unknown = () => '',
  patienceMs = PATIENCE_MS,
): Promise<number> {
  const startMs = Date.now();
  while (!(await isTrue())) {
    if (Date.now() - startMs > patienceMs) throw new Error(`stall: waited ${patienceMs} ms for ${what}: ${JSON.stringify(state())}`);
    await pause(POLL_MS);
  }
  return Date.now() - startMs;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
