/**
 * Tickets for clients that can only send a query parameter, such as a stock y-websocket provider. A URL ends up in logs
 * and histories, so a secret in it must be worthless a moment later: a ticket is for one room, one use and 30 s.
 *
 * `createTickets` keeps them in memory: only the relay that issued a ticket can redeem it. With `createRedisTickets`
 * (`@wetink/relay/redis`) any relay of a cluster can.
 */

import { randomBytes } from 'node:crypto';
import { refused, type Identified, type IdentityAnswer } from './answer.ts';

export interface TicketsOptions {
  /** ms since 1970: when tokens end, and the end that a ticket reports. */
  now?: () => number;
  /** ms of a clock that never goes back, for the age of tickets. Default: the process's, or `now` if that is given. */
  elapsedMs?: () => number;
  ttlMs?: number;
  /** Limit of open tickets; above it the oldest is forgotten. */
  maxOpen?: number;
  /** Unguessable bytes. */
  randomBytes?: (count: number) => Uint8Array;
}

export interface Ticket {
  ticket: string;
  /** ms since 1970. */
  expiresAtMs: number;
}

/** Issues and redeems tickets, for one relay or for a cluster. */
export interface TicketOffice {
  /** @param who The verified user; a ticket does not outlive the user's token. */
  issue(room: string, who: Identified): Ticket | Promise<Ticket>;
  /** Uses the ticket up, also for the wrong room. @throws {IdentityUnavailableError} The ticket cannot be looked up now. */
  redeem(ticket: string, room: string): IdentityAnswer | Promise<IdentityAnswer>;
}

export interface Tickets extends TicketOffice {
  issue(room: string, who: Identified): Ticket;
  redeem(ticket: string, room: string): IdentityAnswer;
  /** Whether the ticket was issued here and is neither used nor forgotten. */
  has(ticket: string): boolean;
  /** Tickets issued and not used, perhaps expired. */
  readonly openCount: number;
}

/** Has no dot, so it is never taken for a JWT. */
const PATTERN = /^ticket-[A-Za-z0-9_-]{43}$/;
export const TICKET_TTL_MS = 30_000;
/** 10,000 people who join within half a minute; about 4 MB. */
const MAX_OPEN = 10_000;

export function isTicket(text: string): boolean {
  return PATTERN.test(text);
}

export function mintTicket(random: (count: number) => Uint8Array): string {
  return `ticket-${Buffer.from(random(32)).toString('base64url')}`;
}

export function createTickets(options: TicketsOptions = {}): Tickets {
  const { now = Date.now, ttlMs = TICKET_TTL_MS, maxOpen = MAX_OPEN, randomBytes: random = randomBytes } = options;
  const elapsedMs = options.elapsedMs ?? options.now ?? (() => performance.now());
  /** In the order of issue. */
  const open = new Map<string, { room: string; who: Identified; issuedAtMs: number }>();
  return {
    issue(room, who) {
      const issuedAtMs = elapsedMs();
      for (const [old, { issuedAtMs: before }] of open) {
        // Kept a while longer, so that a late client learns that its ticket expired.
        if (open.size < maxOpen && issuedAtMs - before < 2 * ttlMs) break;
        open.delete(old);
      }
      const ticket = mintTicket(random);
      open.set(ticket, { room, who, issuedAtMs });
      return { ticket, expiresAtMs: Math.min(now() + ttlMs, who.expiresAtMs) };
    },
    redeem(ticket, room) {
      if (ticket === '') return refused('token_missing');
      if (!isTicket(ticket)) return refused('token_malformed');
      const found = open.get(ticket);
      if (found === undefined) return refused('not_allowed');
      open.delete(ticket);
      if (elapsedMs() - found.issuedAtMs >= ttlMs || now() >= found.who.expiresAtMs) return refused('token_expired');
      return found.room === room ? found.who : refused('not_allowed');
    },
    has: (ticket) => open.has(ticket),
    get openCount() {
      return open.size;
    },
  };
}
