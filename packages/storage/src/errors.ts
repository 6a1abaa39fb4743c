/**
 * The only error type that a store throws. `code` says what went wrong, `message` says what to do about it, `cause` has
 * the error of the operating system, of LMDB or of the driver. Before throwing one, a store deletes and rewrites
 * nothing.
 */

export type StoreErrorCode =
  /** Another process has this folder open. */
  | 'LOCKED'
  /** The folder cannot be written, or a write failed in a way that makes later writes unsafe. */
  | 'NOT_WRITABLE'
  /** No space left. Reads go on; writes work again once there is space. */
  | 'FULL'
  /** The room was erased. Its name is never used again. */
  | 'ERASED'
  /** Stored bytes do not match their checksum, or are no store. */
  | 'CORRUPT'
  /** Written by a newer version of this package. */
  | 'NEWER'
  /** Over a limit in `storageLimits`. */
  | 'TOO_LARGE'
  /** The database does not answer. Acknowledged data is kept; the same call can succeed later. */
  | 'UNREACHABLE'
  /** The store has been closed. */
  | 'CLOSED'
  /** The caller passed something no store could keep: an empty room name, half a surrogate pair, a malformed hash. */
  | 'INVALID';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
