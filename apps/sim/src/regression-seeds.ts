/** Runs that once failed. They always run; a seed is never removed, because its fault may come back. */

export interface RegressionSeed {
  seed: number;
  operations: number;
  relays?: number;
  /** The fault that it found. */
  found: string;
}

export const regressionSeeds: readonly RegressionSeed[] = [
  { seed: 52, operations: 150, relays: 2, found: 'a minute until two relays agree, when the bus goes deaf while one of them is idle' },
  {
    seed: 68,
    operations: 150,
    relays: 3,
    found: 'a reader that receives nothing more when its socket can hold more than the relay writes to it',
  },
  { seed: 311, operations: 300, found: 'pending changes were not passed on to the client whose change completed them' },
];
