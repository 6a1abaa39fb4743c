/**
 * Limits API calls and guesses. Calls are counted by address, and those that get a picture or file apart from the others.
 * Refused tokens and boards not found are counted by address and by user; past that limit every call waits, so that a right
 * guess among wrong ones gets no answer either (guess-limit.ts).
 */

import type { KeyWindow } from '../limits/key-window.ts';
import type { ApiLimit } from '../ports/paced-limit.ts';
import { ApiFailure } from './failures.ts';
import { createGuessLimit } from './guess-limit.ts';

/** Content that a user adds to a board by HTTP. */
export type PostKind = 'messages' | 'elements';

export interface ApiRatesOptions {
  calls: KeyWindow;
  blobReads: KeyWindow;
  misses: KeyWindow;
  boards: KeyWindow;
  boardsOfAddress: KeyWindow;
  posts: Readonly<Record<PostKind, KeyWindow>>;
  /** Milliseconds, only compared with each other. */
  now(): number;
  /** Counts a request that exceeded this limit. */
  onLimited(limit: ApiLimit): void;
  /** A window could not be read; the request is let through. */
  onFailed(error: unknown): void;
}

export interface ApiRates {
  /** @param address The address under which limits count; null: not limited. @throws {ApiFailure} `rate_limited`. */
  call(address: string | null): Promise<void>;
  /** As `call`, for getting a picture or file. */
  blobRead(address: string | null): Promise<void>;
  /** @throws {ApiFailure} `rate_limited`: this user has guessed too often. */
  mayGuess(userId: string): void;
  /** Counts a guess. @throws {ApiFailure} `rate_limited`, from the first guess past the limit. */
  missed(address: string | null, userId: string | null): Promise<void>;
  /** @throws {ApiFailure} `rate_limited`. */
  boardMade(address: string | null, userId: string): Promise<void>;
  /** @throws {ApiFailure} `rate_limited`. */
  posted(kind: PostKind, userId: string): Promise<void>;
}

export function createApiRates(options: ApiRatesOptions): ApiRates {
  const { now, onLimited } = options;
  const guesses = createGuessLimit({ misses: options.misses, now, onFailed: (error) => options.onFailed(error) });
  const take = async (window: KeyWindow, key: string): Promise<number> => {
    try {
      return await window.take(key);
    } catch (error) {
      options.onFailed(error);
      return 0;
    }
  };
  const limited = (limit: ApiLimit, waitMs: number): ApiFailure => {
    onLimited(limit);
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    return new ApiFailure(429, 'rate_limited', `too many requests: try again in ${seconds} s`, { 'Retry-After': String(seconds) });
  };
  const checkWait = (key: string): void => {
    const waitMs = guesses.waitMs(key);
    if (waitMs > 0) throw limited('api_misses', waitMs);
  };
  const count = async (address: string | null, window: KeyWindow, limit: ApiLimit): Promise<void> => {
    if (address === null) return;
    checkWait(`a ${address}`);
    const waitMs = await take(window, address);
    if (waitMs > 0) throw limited(limit, waitMs);
  };

  return {
    call: (address) => count(address, options.calls, 'api_calls'),
    blobRead: (address) => count(address, options.blobReads, 'blob_reads'),
    mayGuess: (userId) => checkWait(`u ${userId}`),
    async missed(address, userId) {
      const keys = [...(address === null ? [] : [`a ${address}`]), ...(userId === null ? [] : [`u ${userId}`])];
      let longestMs = 0;
      for (const key of keys) {
        longestMs = Math.max(longestMs, await guesses.missed(key));
      }
      if (longestMs > 0) throw limited('api_misses', longestMs);
    },
    async boardMade(address, userId) {
      // The user first: a board refused for its user must not count for everyone at the address.
      const waitMs = await take(options.boards, userId);
      if (waitMs > 0) throw limited('user_boards', waitMs);
      const ofAddressMs = address === null ? 0 : await take(options.boardsOfAddress, address);
      if (ofAddressMs > 0) throw limited('address_boards', ofAddressMs);
    },
    async posted(kind, userId) {
      const waitMs = await take(options.posts[kind], userId);
      if (waitMs > 0) throw limited('user_posts', waitMs);
    },
  };
}
