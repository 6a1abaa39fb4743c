/**
 * An error as fields of a log line. A store's own error is a sentence that says what to do, and its stack adds nothing;
 * any other error may be a bug or damage and keeps its stack.
 */

import { SyncError, type ErrorName } from '@wetink/protocol';
import { StoreError } from '@wetink/storage';

export function errorFields(error: unknown): object {
  return error instanceof StoreError ? { code: error.code, error: error.message } : { err: error };
}

/** The code with which the relay refused an edit; null for any other error. */
export function refusalCode(error: unknown): ErrorName | null {
  return error instanceof SyncError ? error.code : null;
}

export function isErasedError(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'ERASED';
}
