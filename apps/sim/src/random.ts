/** Seeded random numbers: the same seed gives the same numbers on every machine (mulberry32). */

export interface Random {
  /** 0 <= value < 1. */
  fraction(): number;
  /** A whole number, 0 up to, not including, `below`. */
  int(below: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** @throws {RangeError} The list is empty. */
  pick<T>(from: readonly T[]): T;
}

/**
 * Makes one stream of random numbers for a seed. Streams with different names are independent, so that leaving out
 * operations does not change the faults of the network.
 */
export function randomOf(seed: number, stream: string): Random {
  let state = seed >>> 0;
  for (let at = 0; at < stream.length; at++) state = Math.imul(state ^ stream.charCodeAt(at), 0x01000193) >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(fraction() * below);
  return {
    fraction,
    int,
    chance: (probability) => fraction() < probability,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new RangeError('nothing to pick from');
      return from[int(from.length)] as T;
    },
  };
}
