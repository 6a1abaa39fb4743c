/** One room in which everybody moves the pointer and draws now and then: how alive does each see the others, and at what cost? */

import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { eachMark, markOf } from '../marks.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import { joinerProblems, strokesOf } from '../strokes.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const CURSORS_PER_SECOND = 20;
/** Cursors of a person from one stroke to the next: a stroke every two seconds. */
const CURSORS_PER_STROKE = 40;
const SECONDS = 8;
/** Seconds at the start that do not count. */
const WARM_UP = 2;
/** Not a divisor of the 50 ms between cursors, so that all phases are met. */
const READ_MS = 37;
/** Clients that look into every frame and count them. The others only receive, or looking would be most of the load's work. */
const WATCHING = 10;
const DRAIN_MS = 30_000;
/** Marks of cursors are numbered from here, those of strokes below. */
const FIRST_CURSOR = 5_000;

export const crowd: Scenario[] = [25, 50, 100, 200, 500].map((people) => ({
  name: `crowd-${people}`,
  title: `${people} people in one room, all moving at ${CURSORS_PER_SECOND} Hz, each with a stroke every ${CURSORS_PER_STROKE / CURSORS_PER_SECOND} s`,
  servers: ['wetink', 'y-websocket', 'socket.io'],
  columns: [
    { key: 'p50', label: "newest cursor's age, p50 ms", digits: 0 },
    { key: 'p99', label: 'p99 ms', digits: 0 },
    { key: 'strokes99', label: 'strokes p99 ms', digits: 0 },
    { key: 'frames', label: 'frames a client and second', digits: 0 },
    { key: 'kilobytes', label: 'kB a client and second', digits: 1 },
    { key: 'cpu', label: 'CPU %', digits: 0 },
  ],
  run: (bed) => gather(bed, bed.isQuick ? Math.ceil(people / 25) + 1 : people),
}));

/** The cursors and strokes that the watching clients got. */
class Watch {
  /** Newest cursor of each person, by watching client; -1: none yet. */
  readonly newest: Int32Array[];
  readonly strokes = new Histogram();
  /** Strokes that a watching client got of the others. */
  strokeCount = 0;
  frames = 0;
  bytes = 0;
  strokeDue: (writer: number, number: number) => number = () => Number.NaN;

  constructor(watching: number, people: number) {
    this.newest = Array.from({ length: watching }, () => new Int32Array(people).fill(-1));
  }

  read(member: number, frame: Buffer): void {
    const newest = this.newest[member] as Int32Array;
    this.frames += 1;
    this.bytes += frame.length;
    eachMark(frame, (source, number) => {
      if (source < FIRST_CURSOR) {
        // A server may send a stroke back to its author.
        if (source === member) return;
        this.strokeCount += 1;
        this.strokes.add(performance.now() - this.strokeDue(source, number));
      } else if (number > (newest[source - FIRST_CURSOR] as number)) newest[source - FIRST_CURSOR] = number;
    });
  }
}

async function gather(bed: Bed, people: number): Promise<Outcome> {
  const seconds = bed.isQuick ? 3 : SECONDS;
  const warmUp = bed.isQuick ? 1 : WARM_UP;
  const watching = Math.min(people, WATCHING);
  const watch = new Watch(watching, people);
  const clients = Array.from({ length: people }, (_, member): Client =>
    bed.open('crowd', member < watching ? { onFrame: (frame) => watch.read(member, frame) } : {}),
  );
  await Promise.all(clients.map(({ joined }) => joined));
  const total = people * CURSORS_PER_SECOND * seconds;
  const strokes = strokesOf(Math.floor(total / CURSORS_PER_STROKE / people) * people, people);
  const ages = new Histogram();
  const schedule = scheduleOf(total, people * CURSORS_PER_SECOND);
  // Person `writer` draws with their cursors `writer % 40`, `writer % 40 + 40` and so on: never all at once.
  const cursorOf = (writer: number, stroke: number): number => stroke * CURSORS_PER_STROKE + (writer % CURSORS_PER_STROKE);
  watch.strokeDue = (writer, number) => schedule.dueAt(cursorOf(writer, number) * people + writer);
  const figures = await bed.watch(async () => {
    const countsFrom = schedule.dueAt(people * CURSORS_PER_SECOND * warmUp);
    let from: { at: number; cpu: number; frames: number; bytes: number } | null = null;
    const timer = setInterval(() => {
      const now = performance.now();
      if (now < countsFrom) return;
      from ??= { at: now, cpu: bed.cpuSeconds(), frames: watch.frames, bytes: watch.bytes };
      // A cursor that never came is as old as the run.
      watch.newest.forEach((newest, member) =>
        newest.forEach((number, writer) => {
          if (writer !== member) ages.add(now - schedule.dueAt(Math.max(0, number) * people + writer));
        }),
      );
    }, READ_MS);
    await onSchedule(schedule, (i) => {
      const [writer, number] = [i % people, Math.floor(i / people)];
      const cursor = { user: { name: `Person ${writer}`, color: '#30bced' }, cursor: { x: number * 3, y: writer } };
      clients[writer]?.sendCursor(number + 1, JSON.stringify({ ...cursor, mark: markOf(FIRST_CURSOR + writer, number) }));
      const stroke = Math.floor(number / CURSORS_PER_STROKE);
      const update = number === cursorOf(writer, stroke) ? strokes[stroke * people + writer] : undefined;
      if (update !== undefined) clients[writer]?.sendUpdate(update);
    });
    clearInterval(timer);
    if (from === null) throw new RangeError('the run ended before it counted');
    const { at, cpu, frames, bytes } = from;
    const each = (count: number): number => count / watching / ((performance.now() - at) / 1_000);
    return {
      frames: each(watch.frames - frames),
      kilobytes: each(watch.bytes - bytes) / 1_000,
      cpu: ((bed.cpuSeconds() - cpu) * 100_000) / (performance.now() - at),
    };
  });
  const problems = await lostProblems(bed, watch, { people, watching, strokes });
  for (const client of clients) client.close();
  return { figures: { ...figures, p50: ages.quantile(0.5), p99: ages.quantile(0.99), strokes99: watch.strokes.quantile(0.99) }, problems };
}

async function lostProblems(
  bed: Bed,
  watch: Watch,
  { people, watching, strokes }: { people: number; watching: number; strokes: readonly Uint8Array[] },
): Promise<string[]> {
  const each = strokes.length / people;
  const due = watching * (people - 1) * each;
  const isHere = await until(() => watch.strokeCount >= due, bed.isQuick ? 10_000 : DRAIN_MS);
  return [
    ...(isHere ? [] : [`${due - watch.strokeCount} of ${due} strokes were not seen`]),
    ...(await joinerProblems(bed, 'crowd', strokes)),
  ];
}
