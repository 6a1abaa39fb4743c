/** Failures of `relay.edit` as answers of the API. */

import { SyncError, type ErrorName } from '@wetink/protocol';
import { ApiFailure } from './failures.ts';

const LATER_SECONDS = 5;

const refusals: Partial<Record<ErrorName, readonly [status: number, code: string, message: string]>> = {
  ROOM_ERASED: [410, 'board_erased', 'this board was erased'],
  DOCUMENT_TOO_LARGE: [409, 'board_full', 'this board is full'],
  TOO_LARGE: [413, 'body_too_large', 'this is too large to add at once'],
};

/** @returns The error itself when it is not one of `relay.edit`. */
export function editFailure(error: unknown): unknown {
  if (error instanceof DOMException && error.name === 'TimeoutError') return later('this takes too long: try again', LATER_SECONDS);
  if (!(error instanceof SyncError)) return error;
  const refusal = refusals[error.code];
  if (refusal !== undefined) return new ApiFailure(...refusal);
  if (error.retry !== 'backoff') return error;
  return later('this board cannot be read or written at the moment', Math.ceil((error.retryAfterMs ?? 0) / 1_000) || LATER_SECONDS);
}

function later(message: string, seconds: number): ApiFailure {
  return new ApiFailure(503, 'unavailable', message, { 'Retry-After': String(seconds) });
}
