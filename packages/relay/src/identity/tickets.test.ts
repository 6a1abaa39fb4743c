import { expect, it } from 'vitest';
import type { Identified } from './answer.ts';
import { createTickets, isTicket } from './tickets.ts';

const startMs = Date.UTC(2026, 0, 1);
const ana: Identified = { ok: true, user: { id: 'ana', name: 'Ana' }, expiresAtMs: startMs + 3_600_000 };

it('[ID6] a ticket opens its room once', () => {
  const tickets = createTickets({ now: () => startMs });
  const { ticket, expiresAtMs } = tickets.issue('board', ana);
  expect([isTicket(ticket), expiresAtMs]).toEqual([true, startMs + 30_000]);
  expect(tickets.redeem(ticket, 'board')).toEqual(ana);
  expect(tickets.redeem(ticket, 'board')).toEqual({ ok: false, reason: 'not_allowed' });
  expect(tickets.openCount).toBe(0);
});

it('[ID6] a ticket redeemed for another room is refused and used up', () => {
  const tickets = createTickets({ now: () => startMs });
  const { ticket } = tickets.issue('board', ana);
  expect(tickets.redeem(ticket, 'Board')).toEqual({ ok: false, reason: 'not_allowed' });
  expect(tickets.redeem(ticket, 'board')).toEqual({ ok: false, reason: 'not_allowed' });
});

it('[ID6] a ticket is good for 30 s, and no longer than the token it was issued for', () => {
  let nowMs = startMs;
  const tickets = createTickets({ now: () => nowMs });
  const inTime = tickets.issue('board', ana).ticket;
  const late = tickets.issue('board', ana).ticket;
  const ending = tickets.issue('board', { ...ana, expiresAtMs: startMs + 10_000 });
  expect(ending.expiresAtMs).toBe(startMs + 10_000);
  nowMs += 10_000;
  expect(tickets.redeem(ending.ticket, 'board')).toEqual({ ok: false, reason: 'token_expired' });
  nowMs = startMs + 29_999;
  expect(tickets.redeem(inTime, 'board')).toEqual(ana);
  nowMs += 1;
  expect(tickets.redeem(late, 'board')).toEqual({ ok: false, reason: 'token_expired' });
});

it('[ID6] a ticket never issued and a malformed one get different reasons, and memory is bounded', () => {
  let nowMs = startMs;
  const tickets = createTickets({ now: () => nowMs, maxOpen: 3 });
  expect(tickets.redeem('', 'board')).toEqual({ ok: false, reason: 'token_missing' });
  for (const odd of ['__proto__', 'ticket-', 'a.b.c', ` ticket-${'A'.repeat(43)}`])
    expect(tickets.redeem(odd, 'board'), odd).toEqual({ ok: false, reason: 'token_malformed' });
  expect(tickets.redeem(`ticket-${'A'.repeat(43)}`, 'board')).toEqual({ ok: false, reason: 'not_allowed' });
  const [first, second] = [1, 2, 3, 4].map(() => tickets.issue('board', ana).ticket);
  expect(tickets.openCount).toBe(3);
  expect(tickets.redeem(first ?? '', 'board')).toEqual({ ok: false, reason: 'not_allowed' });
  expect(tickets.redeem(second ?? '', 'board')).toEqual(ana);
  nowMs += 60_000;
  tickets.issue('board', ana);
  expect(tickets.openCount).toBe(1);
});
