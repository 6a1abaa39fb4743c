/**
 * How often somebody may call the API, and how often they may guess. Calls are counted by address; refused tokens and boards
 * that are not found by address and by user, and who had too many waits for everything, so that a right guess among
 * wrong ones is not answered either. Bounded: who waits is forgotten when the wait is over.
 */

import type { ApiLimit, KeyWindow } from '@wetink/relay';
import { ApiFailure } from './failures.ts';

export interface ApiRatesOptions {
  calls: KeyWindow;
  misses: KeyWindow;
  boards: KeyWindow;
  boardsOfAddress: KeyWindow;
  /** Milliseconds, only compared with each other. */
  now(): number;
  /** Which limit somebody met. */
  onLimited(limit: ApiLimit): void;
  /** A window that cannot be asked keeps nobody out. */
  onFailed(error: unknown): void;
}

export interface ApiRates {
  /** @param address As it is counted; null is not limited. @throws {ApiFailure} `rate_limited`. */
  call(address: string | null): Promise<void>;
  /** @throws {ApiFailure} `rate_limited`: this user has guessed too often. */
  mayGuess(userId: string): void;
  /** @throws {ApiFailure} `rate_limited`, from the first that is too many. */
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
    return new ApiFailure(429, 'rate_limited', `too many of these: come back in ${seconds} s`, { 'Retry-After': String(seconds) });
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
      // The user first: what is refused as theirs must not count for everybody at their address.
      const waitMs = await take(options.boards, userId);
      if (waitMs > 0) throw limited('user_boards', waitMs);
      const ofAddressMs = address === null ? 0 : await take(options.boardsOfAddress, address);
      if (ofAddressMs > 0) throw limited('address_boards', ofAddressMs);
    },
  };
}
