/**
 * First look at a Yjs update or state vector (V1) from outside, without Yjs: are its counts possible at all?
 *
 * Yjs allocates an array of the claimed length before it reads a struct (seven bytes became 255 MB), so a relay asks
 * here before it hands bytes on. Whether the content makes sense is for Yjs to say.
 */

import { limits } from './limits.ts';
import { BoundedReader } from './reader.ts';
import { SyncError } from './sync-error.ts';

/** @throws {SyncError} BAD_UPDATE when it cannot be a state vector. */
export function checkStateVector(stateVector: Uint8Array): void {
  asBadUpdate(() => {
    const reader = new BoundedReader(stateVector);
    const count = reader.count('clients', limits.minBytesPerUpdateItem);
    for (let i = 0; i < count; i++) {
      reader.uint('client');
      reader.uint('clock', limits.maxUpdateClock);
    }
    reader.finish('the state vector');
  });
}

/** @throws {SyncError} BAD_UPDATE when its first counts cannot fit in its bytes. */
export function checkUpdate(update: Uint8Array): void {
  asBadUpdate(() => {
    const reader = new BoundedReader(update);
    const clients = reader.count('clients', limits.minBytesPerUpdateItem);
    if (clients > 0) reader.count('structs', limits.minBytesPerUpdateItem);
  });
}

function asBadUpdate(read: () => void): void {
  try {
    read();
  } catch (cause) {
    if (!(cause instanceof SyncError)) throw cause;
    throw new SyncError('BAD_UPDATE', cause.message, { cause });
  }
}
