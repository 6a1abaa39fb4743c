/** Turns an error of the driver into a StoreError that says what to do, and decides which errors are worth another try. */

import {
  MongoAPIError,
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoParseError,
  MongoServerSelectionError,
} from 'mongodb';
import { StoreError } from '../errors.ts';

/** Elections, shutdowns, and writes not confirmed by a majority in time: it is not known yet whether they happened. */
const TRANSIENT_CODES = new Set([6, 7, 64, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
const REFUSED_CODES = new Set([13, 18, 8000]);
const FULL_CODES = new Set([14031, 12501]);

export function isTransient(thrown: unknown): boolean {
  const error = originOf(thrown);
  if (!(error instanceof MongoError)) return false;
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError || error instanceof MongoOperationTimeoutError)
    return true;
  if (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('RetryableError')) return true;
  return TRANSIENT_CODES.has(codeOf(error));
}

/** @param hosts Named in the message. Never the URI, which contains the password. */
export function toStoreError(error: unknown, hosts: string): StoreError {
  if (error instanceof StoreError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (REFUSED_CODES.has(code)) {
    return new StoreError(
      'NOT_WRITABLE',
      `MongoDB at ${hosts} refused the user (${text}). Check user name, password and authSource in MONGODB_URI, and that the user may readWrite the database.`,
      { cause: error },
    );
  }
  if (FULL_CODES.has(code)) {
    return new StoreError(
      'FULL',
      `MongoDB at ${hosts} has no space left (${text}). Grow its disk: writes then work again by themselves. Nothing that was saved is affected.`,
      { cause: error },
    );
  }
  if (isTransient(error)) {
    return new StoreError(
      'UNREACHABLE',
      `MongoDB at ${hosts} does not answer (${text}). Check that it runs, that MONGODB_URI names its address, and the network between. Nothing that was saved is affected.`,
      { cause: error },
    );
  }
  return new StoreError('NOT_WRITABLE', `MongoDB at ${hosts} refused a command (${text}). Nothing that was saved is affected.`, {
    cause: error,
  });
}

/** Error for a bad URI. */
export function uriError(error: unknown): StoreError {
  const text =
    error instanceof MongoParseError || error instanceof MongoAPIError || error instanceof TypeError ? error.message : String(error);
  return new StoreError(
    'INVALID',
    `MONGODB_URI is not a MongoDB address (${text}). It looks like mongodb://user:password@host:27017/database?replicaSet=name, with special characters of the password percent-encoded.`,
    { cause: error },
  );
}

/** insertMany wraps network errors in an error of its own, which has neither their type nor their labels. */
function originOf(error: unknown): unknown {
  return error instanceof MongoBulkWriteError && error.errorResponse instanceof Error ? error.errorResponse : error;
}

function codeOf(thrown: unknown): number {
  const error = originOf(thrown);
  if (!(error instanceof MongoError)) return 0;
  return typeof error.code === 'number' ? error.code : 0;
}
