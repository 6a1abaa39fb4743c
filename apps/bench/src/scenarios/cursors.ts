/** People who only move the pointer: how old is the newest cursor of another person that each of them has? */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { eachMark, markOf } from '../marks.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const PER_SECOND = 20;
const SECONDS = 12;
/** Seconds at the start that do not count. */
const WARM_UP = 2;
/** How often ages are read; not a divisor of the 50 ms between cursors, so that all phases are met. */
const READ_MS = 37;
/** Clients that look into every frame. The others only receive, or looking would cost the load more than the server has to do. */
const WATCHING = 20;
/** A server that fell behind has this long to come to rest. */
const REST_MS = 60_000;
const QUIET_MS = 1_000;

export const cursors: Scenario[] = [200, 500].map((people) => ({
  name: `cursors-${people}`,
  title: `${people} cursors at ${PER_SECOND} Hz in one room`,
  columns: [
    { key: 'p50', label: "newest cursor's age, p50 ms", digits: 0 },
    { key: 'p99', label: 'p99 ms', digits: 0 },
    { key: 'cpu', label: 'CPU s in 10 s', digits: 1 },
  ],
  run: (bed) => move(bed, bed.isQuick ? people / 20 : people),
}));

/** The newest cursors that each client knows, by client and writer; -1: none yet. */
class Crowd {
  readonly clients: Client[] = [];
  readonly newest: Int32Array[] = [];
  isEveryoneWatching = false;
  lastFrameAt = 0;
  readonly #watching: number;

  constructor(bed: Bed, people: number) {
    this.#watching = Math.min(people, WATCHING);
    for (let i = 0; i < people; i++) {
      const newest = new Int32Array(people).fill(-1);
      this.newest.push(newest);
      const see = (writer: number, number: number): void => {
        if (number > (newest[writer] as number)) newest[writer] = number;
      };
      this.clients.push(
        bed.open('cursors', {
          onFrame: (frame) => {
            if (i >= this.#watching && !this.isEveryoneWatching) return;
            this.lastFrameAt = performance.now();
            eachMark(frame, see);
          },
        }),
      );
    }
  }

  send(writer: number, number: number): void {
    const cursor = {
      user: { name: `Person ${writer}`, color: '#30bced' },
      cursor: { x: number * 3, y: writer },
      mark: markOf(writer, number),
    };
    this.clients[writer]?.sendCursor(number + 1, JSON.stringify(cursor));
  }

  /** Calls back with the newest cursor of each writer that each watching client knows, but not its own. */
  eachWatched(visit: (writer: number, number: number) => void): void {
    for (let i = 0; i < this.#watching; i++) this.newest[i]?.forEach((number, writer) => writer !== i && visit(writer, number));
  }
}

async function move(bed: Bed, people: number): Promise<Outcome> {
  const crowd = new Crowd(bed, people);
  await Promise.all(crowd.clients.map(({ joined }) => joined));
  const seconds = bed.isQuick ? 2 : SECONDS;
  const warmUp = bed.isQuick ? 1 : WARM_UP;
  const ages = new Histogram();
  const cpu = await bed.watch(async () => {
    const schedule = scheduleOf(people * PER_SECOND * seconds, people * PER_SECOND);
    const countsFrom = schedule.dueAt(people * PER_SECOND * warmUp);
    let cpuFrom = Number.NaN;
    const timer = setInterval(() => {
      const now = performance.now();
      if (now < countsFrom) return;
      if (Number.isNaN(cpuFrom)) cpuFrom = bed.cpuSeconds();
      // A cursor that never came is as old as the run.
      crowd.eachWatched((writer, number) => ages.add(now - schedule.dueAt(Math.max(0, number) * people + writer)));
    }, READ_MS);
    await onSchedule(schedule, (i) => crowd.send(i % people, Math.floor(i / people)));
    clearInterval(timer);
    return bed.cpuSeconds() - cpuFrom;
  });
  const problems = await restProblems(bed, crowd, people, seconds * PER_SECOND);
  for (const client of crowd.clients) client.close();
  return { figures: { p50: ages.quantile(0.5), p99: ages.quantile(0.99), cpu }, problems };
}

/** When all is quiet, each person moves once more, slowly: everyone must see everyone where they are. */
async function restProblems(bed: Bed, crowd: Crowd, people: number, last: number): Promise<string[]> {
  const isQuiet = (): boolean => performance.now() - crowd.lastFrameAt > QUIET_MS;
  if (!(await until(isQuiet, bed.isQuick ? 10_000 : REST_MS))) return [`still sent old cursors ${REST_MS / 1_000} s later`];
  crowd.isEveryoneWatching = true;
  for (let writer = 0; writer < people; writer++) {
    crowd.send(writer, last);
    await pause(5);
  }
  const missing = (): number => {
    let count = 0;
    crowd.newest.forEach((newest, i) => newest.forEach((number, writer) => (count += writer !== i && number !== last ? 1 : 0)));
    return count;
  };
  return (await until(() => missing() === 0, bed.isQuick ? 10_000 : REST_MS))
    ? []
    : [`${missing()} of ${people * (people - 1)} last cursors were not seen`];
}
