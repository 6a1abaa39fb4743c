/** Commands for what relays share beside messages. Each reason for which Redis refuses them is logged once. */

import type { Environment } from '../ports/environment.ts';
import type { Logger } from '../ports/logger.ts';
import { BusDownError } from './bus-down-error.ts';
import { createRedisCommands, type RedisCommands } from './commands.ts';
import { explain } from './explain.ts';
import type { Link } from './link.ts';
import type { Command } from './registry.ts';

/** Limit of the reasons logged; a handful of commands can be refused, each for a few reasons. */
const MAX_REASONS = 20;
/** Milliseconds to wait for an answer; a client that connects waits meanwhile. */
const ANSWER_MS = 500;

export interface SharedCommandsPort {
  readonly keyPrefix: string;
  readonly logger: Logger;
  readonly schedule: Environment['schedule'];
  /** @throws {BusDownError} While the bus is down. */
  heldLink(): Link;
  /** Whether the bus still uses this link. */
  holds(link: Link): boolean;
}

export function createSharedCommands({ keyPrefix, logger, schedule, heldLink, holds }: SharedCommandsPort): RedisCommands {
  const reasons = new Set<string>();
  const refused = (reason: string): void => {
    if (reasons.has(reason) || reasons.size >= MAX_REASONS) return;
    reasons.add(reason);
    logger.warn({ reason }, 'Redis refuses what relays share beside messages; each relay uses its own');
  };
  const transact = async (commands: readonly Command[]): Promise<unknown[]> => {
    const link = heldLink();
    try {
      return await link.transact(commands, commands.length);
    } catch (error) {
      // A broken link is logged elsewhere, and the caller goes on without an answer.
      if (holds(link)) refused(explain(error as Error));
      throw error;
    }
  };
  return createRedisCommands({ keyPrefix, answerMs: ANSWER_MS, transact, late: () => new BusDownError('Redis is late.'), schedule });
}
