import type { Reader } from './readers.ts';
import type { ServiceTarget } from './service-target.ts';
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

/** One attack on what stands around the wire: HTTP, identity, addresses, logs. */
export interface ServiceRow {
  id: string;
  title: string;
  /** Settings of our relay; `WETINK_AUTH` is guests unless told. The reference takes the same, and believes less. */
  env?: Readonly<Record<string, string>>;
  /** @returns the harm done, in words; null for none. */
  attack(service: ServiceTarget): Promise<string | null>;
}

/** One attack on whoever reads a board. */
export interface ContentRow {
  id: string;
  title: string;
  /** @returns the harm done, in words; null for none. What a reader throws is harm too. */
  attack(reader: Reader): string | null;
}

export const MIB = 1024 * 1024;

export const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MB`;
