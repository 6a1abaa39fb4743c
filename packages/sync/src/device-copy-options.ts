/** The interface between a room and its copy on the device. */
import type * as Y from 'yjs';
import type { Epoch } from './device-layout.ts';
import type { Environment } from './environment.ts';
import type { Counters, Ledger } from './ledger.ts';

export type DeviceState = { kind: 'opening' } | { kind: 'persistent' } | { kind: 'memory-only'; reason: 'blocked' | 'full' | 'failing' };

export interface DeviceCopyOptions {
  name: string;
  environment: Environment;
  /** This tab: its unsaved mark is written with every batch. */
  tab: string;
  /** Marks of other tabs and earlier lives on this device go into it. */
  ledger: Ledger;
  doc(): Y.Doc;
  /**
   * Takes the rows on the device, of the document in `epoch`. They may come late, and applying them may take long.
   *
   * @returns Indexes of the rows that can't be read.
   */
  onRows(updates: readonly Uint8Array[], epoch: Epoch): Promise<readonly number[]>;
  /** Takes rows that another tab wrote and this one did not receive. @returns As `onRows`. */
  absorb(updates: readonly Uint8Array[]): Promise<readonly number[]>;
  /** Another tab gave the document up, and its message did not arrive here. */
  onNewer(epoch: Epoch): void;
  /** These changes of each tab, and all before them, are in completed transactions. */
  onWritten(covers: Counters): void;
  /** Nothing of the copy is left. */
  onErased(): void;
  onState(): void;
}
