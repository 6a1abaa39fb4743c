/**
 * A bus's command connection, for what relays share beside messages: caches, tickets, windows. Callers wait at most
 * `answerMs`: a later answer is dropped, and until it arrives further commands fail at once. So a Redis that stalls
 * delays each caller once at most, and costs no memory.
 */

import type { Command } from './registry.ts';

export interface RedisCommands {
  /** Key in the hash slot of this bus, so that one connection serves it on a Redis Cluster too. */
  key(kind: string, name: string): string;
  /**
   * Runs one transaction: all commands in order, none of another client in between. Replies in that order.
   * @throws {BusDownError} The link is down or does not answer in time. The commands may or may not have run.
   * @throws {RedisLinkError} Redis refused.
   */
  transact(commands: readonly Command[]): Promise<unknown[]>;
}

export interface RedisCommandsOptions {
  keyPrefix: string;
  answerMs: number;
  /** @throws {BusDownError} While the link is down. */
  transact(commands: readonly Command[]): Promise<unknown[]>;
  /** Error for commands that are refused here. */
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
