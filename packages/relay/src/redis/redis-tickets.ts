/**
 * Tickets that any relay of a cluster can redeem once. Redis stores a hash of the ticket, never the ticket itself, with
 * its room and user; reading and deleting it is one transaction, so of two relays that redeem it at once one finds it.
 *
 *     {wetink}:ticket:<SHA-256 of the ticket>    { room, who }
 *
 * Redis measures a ticket's age, so the clocks of relays need not agree. Redis keeps it for twice its lifetime, so that
 * a late client learns that it expired. While Redis is away a relay issues tickets that it alone redeems.
 */

import { createHash, randomBytes } from 'node:crypto';
import { IdentityUnavailableError, refused, type Identified, type IdentityAnswer } from '../identity/answer.ts';
import { createTickets, isTicket, mintTicket, TICKET_TTL_MS, type TicketOffice } from '../identity/tickets.ts';
import type { RedisCommands } from './commands.ts';

export interface RedisTicketsOptions {
  /** ms since 1970. */
  now?: () => number;
  ttlMs?: number;
  /** Unguessable bytes. */
  randomBytes?: (count: number) => Uint8Array;
}

export function createRedisTickets(redis: RedisCommands, options: RedisTicketsOptions = {}): TicketOffice {
  const { now = Date.now, ttlMs = TICKET_TTL_MS, randomBytes: random = randomBytes } = options;
  const own = createTickets({ ...options, ttlMs, randomBytes: random });
  const keyOf = (ticket: string): string => redis.key('ticket', createHash('sha256').update(ticket).digest('base64url'));
  return {
    async issue(room, who) {
      const ticket = mintTicket(random);
      try {
        await redis.transact([['set', keyOf(ticket), JSON.stringify({ room, who }), 'PX', 2 * ttlMs]]);
      } catch {
        return own.issue(room, who); // the bus logs that Redis is away; the ticket above was never handed out
      }
      return { ticket, expiresAtMs: Math.min(now() + ttlMs, who.expiresAtMs) };
    },

    async redeem(ticket, room) {
      if (!isTicket(ticket) || own.has(ticket)) return own.redeem(ticket, room);
      const key = keyOf(ticket);
      let replies: unknown[];
      try {
        replies = await redis.transact([
          ['pttl', key],
          ['get', key],
          ['del', key],
        ]);
      } catch (error) {
        throw new IdentityUnavailableError('tickets of other relays cannot be looked up', { cause: error });
      }
      const [msLeft, text] = replies;
      const found = typeof text === 'string' ? decode(text) : null;
      if (found === null) return refused('not_allowed');
      // More time left than it was given means that the clock of Redis was set back: its age is unknown.
      const isFresh = typeof msLeft === 'number' && msLeft > ttlMs && msLeft <= 2 * ttlMs;
      if (!isFresh || now() >= found.who.expiresAtMs) return refused('token_expired');
      return found.room === room ? found.who : refused('not_allowed');
    },
  };
}

/** @returns Null for a text that no relay of this version wrote. */
function decode(text: string): { room: string; who: Identified } | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null; // not a ticket: refused
  }
  if (typeof fields !== 'object' || fields === null || !('room' in fields) || !('who' in fields)) return null;
  const { room, who } = fields as { room: unknown; who: Partial<Identified> | null };
  const isWhole = typeof room === 'string' && who?.ok === true && typeof who.user?.id === 'string' && typeof who.expiresAtMs === 'number';
  return isWhole ? { room, who: who as Identified & IdentityAnswer } : null;
}
