import type { Reader } from './readers.ts';
import type { ServiceTarget } from './service-target.ts';
import type { Target } from './target.ts';

/** One attack of the matrix in README.md. */
export interface Row {
  id: string;
  title: string;
  /** Starts a new relay first, because peak memory is measured. */
  isFresh?: boolean;
  /**
   * Attacks, then checks from outside: what other clients see, what the relay holds, whether it lives.
   * @returns The harm in words; null: none.
   */
  attack(target: Target): Promise<string | null>;
}

/** One attack outside the wire protocol: on HTTP, identity, addresses or logs. */
export interface ServiceRow {
  id: string;
  title: string;
  /** Settings of our relay; the default of `WETINK_AUTH` is guests. The reference gets the same and uses few of them. */
  env?: Readonly<Record<string, string>>;
  /** @returns The harm in words; null: none. */
  attack(service: ServiceTarget): Promise<string | null>;
}

/** One attack on the reader of a board. */
export interface ContentRow {
  id: string;
  title: string;
  /** @returns The harm in words; null: none. An error thrown by the reader is harm too. */
  attack(reader: Reader): string | null;
}

export const MIB = 1024 * 1024;

export const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MB`;
