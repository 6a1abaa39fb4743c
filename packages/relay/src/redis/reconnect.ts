/** When to try again. */

const FIRST_MS = 100;
/** Also the longest pause between two attempts. */
const LONGEST_MS = 2_000;

/**
 * Doubles from 100 ms to 2 s; the half of it is random, so that the relays of a cluster don't come back in step.
 *
 * @param failures Attempts that failed in a row, 0 after a link that held.
 * @param random In [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return ceiling / 2 + (random * ceiling) / 2;
}
