/** Several relays that share a Redis: when does a client of another relay see a change? */

import { setTimeout as pause } from 'node:timers/promises';
import { Histogram } from '../figures.ts';
import { eachMark } from '../marks.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import { documentOf, strokesOf } from '../strokes.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const PER_SECOND = 200;
const SECONDS = 10;
/** Seconds at the start that do not count. */
const WARM_UP = 1;
const ROOM = 'nodes';

export const nodes: Scenario[] = [2, 3, 5].map((count) => ({
  name: `nodes-${count}`,
  title: `a change seen through another relay over Redis, ${count} relays, ${PER_SECOND} updates a second (all relays and their stores on one core)`,
  servers: ['wetink'],
  nodes: count,
  columns: [
    { key: 'p50', label: 'p50 ms', digits: 1 },
    { key: 'p95', label: 'p95 ms', digits: 1 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'cpu', label: 'CPU s', digits: 1 },
  ],
  run: (bed) => spread(bed, count),
}));

async function spread(bed: Bed, count: number): Promise<Outcome> {
  const perSecond = bed.isQuick ? 20 : PER_SECOND;
  const warmUp = bed.isQuick ? 0 : WARM_UP;
  const updates = strokesOf(perSecond * (warmUp + (bed.isQuick ? 1 : SECONDS)), 1);
  const latencies = new Histogram();
  const seen = Array.from({ length: count }, () => 0);
  let schedule = scheduleOf(0, perSecond);
  const writer = bed.openAt(0, ROOM);
  const received: Uint8Array[][] = [];
  const readers = seen.map((_, node) => {
    const own: Uint8Array[] = [];
    received.push(own);
    return bed.openAt(node, ROOM, {
      onUpdate: (update) => own.push(update),
      onFrame: (frame) =>
        eachMark(frame, (_writer, number) => {
          (seen[node] as number) += 1;
          if (node > 0 && number >= warmUp * perSecond) latencies.add(performance.now() - schedule.dueAt(number));
        }),
    });
  });
  await Promise.all([writer, ...readers].map(({ joined }) => joined));
  // Until the relays know of each other.
  await pause(bed.isQuick ? 500 : 2_000);
  const cpuFrom = bed.cpuSeconds();
  const cpu = await bed.watch(async () => {
    schedule = scheduleOf(updates.length, perSecond);
    await onSchedule(schedule, (i) => writer.sendUpdate(updates[i] as Uint8Array));
    return bed.cpuSeconds() - cpuFrom;
  });
  await until(() => seen.every((n) => n >= updates.length), 30_000);
  const expected = documentOf(updates);
  const wrong = received.filter((own) => !documentOf(own).equals(expected)).length;
  for (const client of [writer, ...readers]) client.close();
  return {
    figures: { p50: latencies.quantile(0.5), p95: latencies.quantile(0.95), p99: latencies.quantile(0.99), cpu },
    problems: wrong === 0 ? [] : [`the clients of ${wrong} relays have another document`],
  };
}
