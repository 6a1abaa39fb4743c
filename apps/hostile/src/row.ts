import type { Target } from './target.ts';

/** One attack of the matrix in README.md. */
export interface Row {
  id: string;
  title: string;
  /** The relay is started anew before it: what a process had at most counts. */
  isFresh?: boolean;
  /**
   * Attacks, then looks from outside: what others see, what the relay holds, whether it lives.
   * @returns the harm done, in words; null for none.
   */
  attack(target: Target): Promise<string | null>;
}

export const MIB = 1024 * 1024;

export const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MB`;
