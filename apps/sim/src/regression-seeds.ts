/** Runs that once failed. They always run; a seed is never taken away, since what it found may come back. */

export interface RegressionSeed {
  seed: number;
  operations: number;
  relays?: number;
  /** What it found. */
  found: string;
}

export const regressionSeeds: readonly RegressionSeed[] = [];
