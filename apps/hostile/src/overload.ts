/**
 * Sends a relay ten times its limits while honest clients join, draw and leave. A visit succeeds when the client gets
 * in and another client sees its change; no visit is retried.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Person, reaches } from './clients.ts';
import { awarenessFrame } from './crafted.ts';
import { upgrade } from './service-clients.ts';
import type { ServiceTarget } from './service-target.ts';

/** Limits of the relay under attack: low, so that the attacker can send ten times as much. */
export const overloadEnv = {
  WETINK_AUTH: 'open',
  WETINK_TRUSTED_PROXIES: '127.0.0.1',
  WETINK_LIMIT_ADDRESS_CONNECTS: '120',
  WETINK_LIMIT_MESSAGES: '1000',
} as const;

const TIMES = 10;
const FLOODERS = 10;
const TICK_MS = 50;
/** Messages of one flooder per tick: ten times `WETINK_LIMIT_MESSAGES` in 10 s. */
const MESSAGES_PER_TICK = (TIMES * Number(overloadEnv.WETINK_LIMIT_MESSAGES) * TICK_MS) / 10_000;
const CONNECTS_PER_SECOND = (TIMES * Number(overloadEnv.WETINK_LIMIT_ADDRESS_CONNECTS)) / 60;
const VISIT_EVERY_MS = 250;
const ATTACKER = '203.0.113.9';

export interface OverloadFigures {
  seconds: number;
  visits: number;
  succeeded: number;
  /** Connects from the attacker's address. */
  attempts: number;
  refused: number;
  /** Refusals that say when to come back. */
  withRetryAfter: number;
  /** Messages sent by the flooders. */
  sent: number;
}

export async function overload(service: ServiceTarget, seconds: number): Promise<OverloadFigures> {
  const figures: OverloadFigures = { seconds, visits: 0, succeeded: 0, attempts: 0, refused: 0, withRetryAfter: 0, sent: 0 };
  const hidden = { 'x-forwarded-for': ATTACKER };
  const flooders = await Promise.all(
    Array.from({ length: FLOODERS }, (_, i) =>
      upgrade(service, `/flood-${i % 3}`, { 'x-forwarded-for': `198.51.100.${i}` }, { isKept: true }),
    ),
  );
  let turn = 0;
  const flooding = setInterval(() => {
    turn += 1;
    for (const [i, { ws }] of flooders.entries())
      for (let k = 0; k < MESSAGES_PER_TICK && ws.readyState === WebSocket.OPEN && ws.bufferedAmount < 1_000_000; k++) {
        ws.send(awarenessFrame({ clientId: i + 1, clock: turn * 1_000 + k, state: { turn, k } }));
        figures.sent += 1;
      }
  }, TICK_MS);
  const knocks: Promise<unknown>[] = [];
  const knocking = setInterval(() => {
    for (let i = 0; i < CONNECTS_PER_SECOND / 4; i++) {
      figures.attempts += 1;
      const knock = upgrade(service, `/knock-${figures.attempts % 20}`, hidden).then(({ status, retryAfter }) => {
        if (status === 101) return;
        figures.refused += 1;
        if (status === 429 && Number(retryAfter) > 0) figures.withRetryAfter += 1;
      });
      knocks.push(knock);
    }
  }, 250);

  const visit = async (number: number): Promise<void> => {
    const headers = { 'x-forwarded-for': `192.0.2.${number % 250}` };
    const room = service.room();
    const [ana, ben] = [new Person(service, room, 'ana', undefined, headers), new Person(service, room, 'ben', undefined, headers)];
    const areIn = (await ana.synced()) && (await ben.synced());
    if (areIn && (await reaches(ana, ben))) figures.succeeded += 1;
    ana.close();
    ben.close();
  };
  const visits: Promise<void>[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  while (performance.now() < endsAt) {
    figures.visits += 1;
    visits.push(visit(figures.visits));
    await pause(VISIT_EVERY_MS);
  }
  await Promise.all(visits);
  clearInterval(flooding);
  clearInterval(knocking);
  await Promise.all(knocks);
  for (const { ws } of flooders) ws.terminate();
  return figures;
}
