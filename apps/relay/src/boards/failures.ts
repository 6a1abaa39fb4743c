/** Failures of calls about what a board holds. */

import { BoardError } from '@wetink/board';
import { ApiFailure, bodyInvalid } from '@wetink/relay/http';

/** Runs work on a board's document. @throws {ApiFailure} In place of a `BoardError`. */
export function boardMistake<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    if (error.code === 'TOO_NEW') throw new ApiFailure(409, 'board_too_new', 'this board was written by a newer version of Wetink');
    throw bodyInvalid('the board does not take this');
  }
}

export function keyReused(): ApiFailure {
  return new ApiFailure(409, 'key_reused', 'something else was added with this Idempotency-Key');
}
