/** The store that a test of a contract works on, and bytes to put in it. */

import { createHash } from 'node:crypto';
import type { Store } from '../port.ts';

export interface StoreOfTest {
  /** Returns the store of this test. */
  open(): Store;
  /** Returns the data as a new process would find it, if the store can do that. */
  again(): Promise<Store>;
}

export function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

export function hashOf(blob: Uint8Array): string {
  return createHash('sha256').update(blob).digest('hex');
}
