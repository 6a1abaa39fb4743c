/**
 * An error as fields of a log line. What a store says of itself is a sentence with the way out in it, and a stack adds
 * nothing; anything else may be a bug or damage, so it has one.
 */

import { StoreError } from '@wetink/storage';

export function errorFields(error: unknown): object {
  return error instanceof StoreError ? { code: error.code, error: error.message } : { err: error };
}

export function isErasedError(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'ERASED';
}
