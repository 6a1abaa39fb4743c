/**
 * Limits API calls and guesses. Calls are counted by address. Refused tokens and boards not found are counted by
 * address and by user; past that limit every call waits, so that a right guess among wrong ones gets no answer either.
 * Bounded: a wait is forgotten when it is over.
 */

import type { KeyWindow } from '../limits/key-window.ts';
import type { ApiLimit } from '../ports/paced-limit.ts';
import { ApiFailure } from './failures.ts';

export interface ApiRatesOptions {
  calls: KeyWindow;
  misses: KeyWindow;
  boards: KeyWindow;
  boardsOfAddress: KeyWindow;
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
  /** @throws {ApiFailure} `rate_limited`: this user has guessed too often. */
  mayGuess(userId: string): void;
  /** Counts a guess. @throws {ApiFailure} `rate_limited`, from the first guess past the limit. */
  missed(address: string | null, userId: string | null): Promise<void>;
  /** @throws {ApiFailure} `rate_limited`. */
  boardMade(address: string | null, userId: string): Promise<void>;
}

const MAX_WAITING = 100_000;

export function createApiRates(options: ApiRatesOptions): ApiRates {
  const { now, onLimited } = options;
  const waitsUntilMs = new Map<string, number>();
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
    const untilMs = waitsUntilMs.get(key) ?? 0;
    if (untilMs > now()) throw limited('api_misses', untilMs - now());
    waitsUntilMs.delete(key);
  };
  const mustWait = (key: string, waitMs: number): void => {
    if (waitsUntilMs.size >= MAX_WAITING) for (const [other, untilMs] of waitsUntilMs) if (untilMs <= now()) waitsUntilMs.delete(other);
    if (waitsUntilMs.size < MAX_WAITING) waitsUntilMs.set(key, now() + waitMs);
  };

  return {
    async call(address) {
      if (address === null) return;
      checkWait(`a ${address}`);
      const waitMs = await take(options.calls, address);
      if (waitMs > 0) throw limited('api_calls', waitMs);
    },
    mayGuess: (userId) => checkWait(`u ${userId}`),
    async missed(address, userId) {
      const keys = [...(address === null ? [] : [`a ${address}`]), ...(userId === null ? [] : [`u ${userId}`])];
      let longestMs = 0;
      for (const key of keys) {
        const waitMs = await take(options.misses, key);
        if (waitMs > 0) mustWait(key, waitMs);
        longestMs = Math.max(longestMs, waitMs);
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
  };
}
