/**
 * The error that this stack expects to happen: bad bytes, a refusal, a server that is away. Anything else that is
 * thrown is a bug. `code` decides what to do (see the table in errors.ts), `message` is for logs, `sentence` for people.
 */

import type { ErrorName, Retry } from './error-codes.ts';
import { errors } from './errors.ts';

export interface SyncErrorOptions {
  /** Milliseconds to wait at least before trying again. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: ErrorName;
  readonly retryAfterMs: number | undefined;

  /**
   * @param code Which failure.
   * @param detail What exactly, for logs: sizes and rule names, never content or tokens.
   */
  constructor(code: ErrorName, detail?: string, options: SyncErrorOptions = {}) {
    super(detail === undefined ? code : `${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retry(): Retry {
    return errors[this.code].retry;
  }

  /** WebSocket close code. */
  get closeCode(): number {
    return errors[this.code].close;
  }

  /** For people, and short enough to be a close reason. */
  get sentence(): string {
    return errors[this.code].sentence;
  }
}
