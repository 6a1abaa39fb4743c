/** Clients that authenticate: one after the other, and 12,000 in 90 s or at once, as on the morning after an outage. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../clients/client.ts';
import { quantile } from '../figures.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import { joinerProblems, strokesOf } from '../strokes.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const STROKES = 50;
const JOINS = 200;
const LOGINS = 12_000;
const QUICK_LOGINS = 200;
const SPREAD_SECONDS = 90;
const PER_ROOM = 10;
/** As our client does: a client that was refused for now tries again. */
const RETRIES = 10;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 120_000;

export const authenticatedJoin: Scenario = {
  name: 'join',
  title: `one client after the other joins a room of ${STROKES} strokes with a token`,
  servers: ['wetink', 'hocuspocus'],
  columns: [
    { key: 'p50', label: 'p50 ms', digits: 1 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
  ],
  async run(bed) {
    const room = 'authenticated-join';
    const updates = strokesOf(STROKES, 1);
    const keeper = bed.openAcked(room);
    await keeper.joined;
    for (const update of updates) keeper.sendUpdate(update);
    await pause(bed.isQuick ? 200 : 1_000);
    const times: number[] = [];
    await bed.watch(async () => {
      for (let i = 0; i < (bed.isQuick ? 10 : JOINS); i++) {
        const startedAt = performance.now();
        const client = bed.openAcked(room);
        await client.joined;
        times.push(performance.now() - startedAt);
        client.close();
      }
    });
    const problems = await joinerProblems(bed, room, updates);
    keeper.close();
    return { figures: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }, problems };
  },
};

const columns: Scenario['columns'] = [
  { key: 'lost', label: 'lost', digits: 0 },
  { key: 'retries', label: 'retries', digits: 0 },
  { key: 'p50', label: 'p50 ms', digits: 0 },
  { key: 'p99', label: 'p99 ms', digits: 0 },
  { key: 'seconds', label: 's until all are in', digits: 1 },
  { key: 'cpu', label: 'CPU s', digits: 1 },
];

export const logins: Scenario[] = [
  {
    name: 'logins-90s',
    title: `${LOGINS.toLocaleString('en-US')} people sign in within ${SPREAD_SECONDS} s, each with a token of their own`,
    servers: ['wetink'],
    columns,
    run: (bed) => storm(bed, bed.isQuick ? 2 : SPREAD_SECONDS),
  },
  {
    name: 'logins-at-once',
    title: `${LOGINS.toLocaleString('en-US')} people sign in at once, each with a token of their own`,
    servers: ['wetink'],
    columns,
    run: (bed) => storm(bed, 0.001),
  },
];

async function storm(bed: Bed, seconds: number): Promise<Outcome> {
  const count = bed.isQuick ? QUICK_LOGINS : LOGINS;
  const tokens: string[] = [];
  for (let i = 0; i < count; i++) tokens.push(await bed.mintToken());
  const clients: Client[] = [];
  const times: number[] = [];
  const refusals = new Map<string, number>();
  let retries = 0;
  let lost = 0;
  const enter = async (i: number, startedAt: number): Promise<void> => {
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      const client = bed.openAcked(`logins-${Math.floor(i / PER_ROOM)}`, {}, tokens[i]);
      try {
        await client.joined;
        clients.push(client);
        times.push(performance.now() - startedAt);
        return;
      } catch (error) {
        const why = (error instanceof Error ? error.message : String(error)).replace(/^\S+ /, '');
        refusals.set(why, (refusals.get(why) ?? 0) + 1);
        retries += 1;
        await pause(RETRY_MS * (1 + Math.random()));
      }
    }
    lost += 1;
  };
  const cpuFrom = bed.cpuSeconds();
  const schedule = scheduleOf(count, count / seconds);
  await bed.watch(async () => {
    await onSchedule(schedule, (i) => void enter(i, schedule.dueAt(i)));
    await until(() => times.length + lost === count, TIMEOUT_MS);
  });
  const missing = count - times.length;
  const reasons = [...refusals].map(([why, times]) => `${times} times ${why}`).join(', ');
  const figures = {
    lost: missing,
    retries,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    seconds: (performance.now() - schedule.dueAt(0)) / 1_000,
    cpu: bed.cpuSeconds() - cpuFrom,
  };
  for (const client of clients) client.close();
  return { figures, problems: missing === 0 ? [] : [`${missing} never got in (${reasons})`] };
}
