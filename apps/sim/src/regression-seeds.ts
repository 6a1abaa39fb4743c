/** Runs that once failed. They always run; a seed is never taken away, since what it found may come back. */

export interface RegressionSeed {
  seed: number;
  operations: number;
  relays?: number;
  /** What it found. */
  found: string;
}

export const regressionSeeds: readonly RegressionSeed[] = [
  { seed: 52, operations: 150, relays: 2, found: 'a minute until two relays agree, when the bus goes deaf while one of them is idle' },
  {
    seed: 68,
    operations: 150,
    relays: 3,
    found: 'a reader that hears nothing more when its socket may hold more than the relay puts into it',
  },
  { seed: 311, operations: 300, found: 'what had waited for a change was not passed on to whoever sent that change' },
];
