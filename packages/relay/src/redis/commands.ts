/**
 * A bus's command connection, for what relays share beside it: caches, tickets, windows. Nobody waits long for any of
 * that: an answer that is late is none, and while one is late nobody else asks, so a Redis that stalls costs each
 * caller `answerMs` at most once and no memory.
 */

import type { Command } from './registry.ts';

export interface RedisCommands {
  /** In the hash slot of everything else of this bus: one connection serves it on a Redis Cluster too. */
  key(kind: string, name: string): string;
  /**
   * One transaction: all of them in order, nobody else's in between. Replies in that order.
   * @throws {BusDownError} The link is down, or does not answer now. Whether they ran, nobody knows.
   * @throws {RedisLinkError} Redis refused.
   */
  transact(commands: readonly Command[]): Promise<unknown[]>;
}

export interface RedisCommandsOptions {
  keyPrefix: string;
  answerMs: number;
  /** @throws {BusDownError} While the link is down. */
  transact(commands: readonly Command[]): Promise<unknown[]>;
  /** For what is refused here. */
  late(): Error;
  schedule(fn: () => void, delayMs: number): () => void;
}

export function createRedisCommands({ keyPrefix, answerMs, transact, late, schedule }: RedisCommandsOptions): RedisCommands {
  let lateAnswers = 0;
  return {
    key: (kind, name) => `{${keyPrefix}}:${kind}:${name}`,
    async transact(commands) {
      if (lateAnswers > 0) throw late();
      const answer = transact(commands);
      let isLate = false;
      let cancel = (): void => undefined;
      const timeout = new Promise<never>((_resolve, reject) => {
        cancel = schedule(() => {
          isLate = true;
          lateAnswers += 1;
          reject(late());
        }, answerMs);
      });
      const settled = (): void => {
        cancel();
        if (isLate) lateAnswers -= 1;
      };
      answer.then(settled, settled);
      return Promise.race([answer, timeout]);
    },
  };
}
