/** What a copy on the device is told, tells, and asks of the room it belongs to. */
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
   * What is on the device, possibly late: rows of the document in `epoch`. May take its time.
   *
   * @returns Those that can't be read, by index.
   */
  onRows(updates: readonly Uint8Array[], epoch: Epoch): Promise<readonly number[]>;
  /** Rows that another tab wrote and this one did not hear of. @returns As `onRows`. */
  absorb(updates: readonly Uint8Array[]): Promise<readonly number[]>;
  /** Another tab has given the document up, and this one did not hear of it. */
  onNewer(epoch: Epoch): void;
  /** These changes of each tab, and all before them, are in completed transactions. */
  onWritten(covers: Counters): void;
  /** Nothing of the copy is left. */
  onErased(): void;
  onState(): void;
}
