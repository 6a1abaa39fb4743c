/** Strokes on a schedule, and how long after its moment each is acknowledged. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import { joinerProblems, strokesOf } from '../strokes.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

/** Rooms with one writer and one reader each, so that fan-out is part of the work. */
const ROOMS = 50;
const SECONDS = 10;
const WARM_UP = 2;
const TIMEOUT_MS = 60_000;
/** The relay publishes the longest stall of each 5 s when they are over. */
const STALL_READ_MS = 2_500;

export const acks: Scenario[] = [500, 2_000].map((perSecond) => ({
  name: `acks-${perSecond}`,
  title: `${perSecond.toLocaleString('en-US')} updates a second in ${ROOMS} rooms, acknowledged (Wetink: on disk; Hocuspocus: applied in memory)`,
  servers: ['wetink', 'hocuspocus'],
  columns: [
    { key: 'p50', label: 'p50 ms', digits: 1 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'stall', label: "event loop's longest stall, ms", digits: 0 },
    { key: 'cpu', label: 'CPU s', digits: 1 },
  ],
  run: (bed) => acknowledge(bed, bed.isQuick ? perSecond / 10 : perSecond, bed.isQuick ? 5 : ROOMS),
}));

class Writer {
  readonly client: Client;
  acked = 0;
  /** Acknowledgements before the first update: Hocuspocus acknowledges the answer to its sync request too. */
  #before = Infinity;

  constructor(bed: Bed, room: string, onAck: (number: number) => void) {
    this.client = bed.openAcked(room, {
      onAck: (count) => {
        while (this.acked < count) {
          if (this.acked >= this.#before) onAck(this.acked - this.#before);
          this.acked += 1;
        }
      },
    });
  }

  begin(): void {
    this.#before = this.acked;
  }
}

async function acknowledge(bed: Bed, perSecond: number, rooms: number): Promise<Outcome> {
  const warmUp = bed.isQuick ? 0 : WARM_UP;
  const count = perSecond * (warmUp + (bed.isQuick ? 2 : SECONDS));
  const updates = strokesOf(count, rooms);
  const latencies = new Histogram();
  let acked = 0;
  let schedule = scheduleOf(0, perSecond);
  const writers = Array.from({ length: rooms }, (_, room) => {
    const onAck = (number: number): void => {
      acked += 1;
      const i = number * rooms + room;
      if (i >= warmUp * perSecond) latencies.add(performance.now() - schedule.dueAt(i));
    };
    return new Writer(bed, nameOf(room), onAck);
  });
  const readers = writers.map((_, room) => bed.open(nameOf(room)));
  await Promise.all([...writers.map(({ client }) => client.joined), ...readers.map(({ joined }) => joined)]);
  await pause(500);
  for (const writer of writers) writer.begin();
  const stalls = watchStalls(bed);
  const cpuFrom = bed.cpuSeconds();
  const cpu = await bed.watch(async () => {
    schedule = scheduleOf(count, perSecond);
    await onSchedule(schedule, (i) => writers[i % rooms]?.client.sendUpdate(updates[i] as Uint8Array));
    return bed.cpuSeconds() - cpuFrom;
  });
  const isDone = await until(() => acked === count, bed.isQuick ? 10_000 : TIMEOUT_MS);
  const stall = await stalls.stop();
  const problems = isDone ? [] : [`${count - acked} of ${count} updates were never acknowledged`];
  for (const room of [0, rooms - 1]) {
    const own = updates.filter((_, i) => i % rooms === room);
    problems.push(...(await joinerProblems(bed, nameOf(room), own)));
  }
  for (const client of [...writers.map((writer) => writer.client), ...readers]) client.close();
  return { figures: { p50: latencies.quantile(0.5), p99: latencies.quantile(0.99), stall, cpu }, problems };
}

function nameOf(room: number): string {
  return `acks-${room}`;
}

/** Reads the relay's longest stalls from its metrics while the load runs. `stop` gives the longest in ms; NaN: not known. */
function watchStalls(bed: Bed): { stop(): Promise<number> } {
  let longest = Number.NaN;
  const read = async (): Promise<void> => {
    const found = /^wetink_event_loop_lag_seconds\{quantile="1"\} (\S+)/m.exec(await bed.metrics())?.[1];
    if (found !== undefined) longest = Math.max(Number.isNaN(longest) ? 0 : longest, Number(found) * 1_000);
  };
  const reads: Promise<void>[] = [];
  const timer = setInterval(() => reads.push(read()), STALL_READ_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all([...reads, read()]);
      return longest;
    },
  };
}
