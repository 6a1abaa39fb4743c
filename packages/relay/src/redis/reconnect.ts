/** When to try again. */

const FIRST_MS = 100;
/** Also the longest pause between two attempts. */
const LONGEST_MS = 2_000;

/** Doubles from 100 ms to 2 s; half of it is random, so that the relays of a cluster do not come back in step. */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return ceiling / 2 + (random * ceiling) / 2;
}
