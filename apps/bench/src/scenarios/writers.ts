/** People who draw together: each sends 20 strokes a second, and all others must get each. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { eachMark } from '../marks.ts';
import { onSchedule, scheduleOf, until, type Schedule } from '../schedule.ts';
import { documentOf, joinerProblems, strokesOf } from '../strokes.ts';
import type { Bed, Column, Outcome, Scenario } from './scenario.ts';

const PER_SECOND = 20;
const SETTLE_MS = 3_000;
/** Clients in each room whose documents are built at the end; the others only count marks, which costs less. */
const WITH_DOCUMENTS = 2;

const columns: Column[] = [
  { key: 'cpu', label: 'CPU s', digits: 1 },
  { key: 'delivered', label: 'delivered a second', digits: 0 },
  { key: 'offered', label: 'of', digits: 0 },
  { key: 'frames', label: 'frames a second', digits: 0 },
  { key: 'p50', label: 'p50 ms', digits: 1 },
  { key: 'p99', label: 'p99 ms', digits: 1 },
];

export interface Gathering {
  rooms: number;
  /** Members of each room, all of whom read. */
  people: number;
  /** The members that write: the first ones of each room. */
  writing: number;
  /** Strokes of each writer, and how many of them a second. */
  strokes: number;
  perSecond: number;
  /** Servers that fell behind have this long to deliver the rest. */
  drainMs: number;
  /** Begins the names of its rooms; `writers` by default. */
  name?: string;
  /** Before memory is read, so that timers which free what is no longer needed have run. */
  settleMs: number;
}

const timesOf = ({ isQuick }: Bed): Pick<Gathering, 'strokes' | 'perSecond' | 'drainMs' | 'settleMs'> => ({
  strokes: PER_SECOND * (isQuick ? 2 : 15),
  perSecond: PER_SECOND,
  drainMs: isQuick ? 10_000 : 60_000,
  settleMs: isQuick ? 0 : SETTLE_MS,
});

export const oneRoom: Scenario[] = [20, 50, 100].map((people) => ({
  name: `writers-${people}`,
  title: `${people} writers at ${PER_SECOND} Hz in one room`,
  columns: [...columns, { key: 'megabytes', label: 'MB held after them', digits: 0 }],
  run(bed) {
    const count = bed.isQuick ? people / 10 : people;
    return write(bed, { rooms: 1, people: count, writing: count, ...timesOf(bed) });
  },
}));

export const loneWriter: Scenario = {
  name: 'lone-writer',
  title: `one writer at ${PER_SECOND} Hz and one reader in a quiet room`,
  columns,
  run: (bed) => write(bed, { rooms: 1, people: 2, writing: 1, ...timesOf(bed) }),
};

export const manyRooms: Scenario = {
  name: 'rooms',
  title: `100 rooms of 5 writers at ${PER_SECOND} Hz`,
  columns,
  run: (bed) => write(bed, { rooms: bed.isQuick ? 4 : 100, people: 5, writing: 5, ...timesOf(bed) }),
};

/** Deliveries a second of the first step, and from each step to the next. */
const FIRST_RATE = 8_000;
const RATE_FACTOR = 2 ** (1 / 3);
const MAX_STEPS = 18;
const STEP_SECONDS = 4;
/** A change that takes longer no longer feels live. */
const MAX_P99_MS = 100;

export const rateOfRooms: Scenario = {
  name: 'rooms-rate',
  title: `100 rooms of 5 writers: the highest rate with a p99 below ${MAX_P99_MS} ms, in steps of a quarter`,
  columns: [
    { key: 'delivered', label: 'delivered a second', digits: 0 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'nextP99', label: 'p99 ms of the next step', digits: 1 },
  ],
  run: climb,
};

/** Raises the rate, with new rooms for each step, until changes are late. A step that failed is tried a second time. */
async function climb(bed: Bed): Promise<Outcome> {
  const [rooms, people] = bed.isQuick ? [4, 5] : [100, 5];
  const seconds = bed.isQuick ? 1 : STEP_SECONDS;
  const best = { delivered: 0, p99: Number.NaN, nextP99: Number.NaN };
  const attempt = async (rate: number, name: string): Promise<Outcome> => {
    const perSecond = rate / (rooms * people * (people - 1));
    const strokes = Math.max(1, Math.round(perSecond * seconds));
    return write(bed, { rooms, people, writing: people, strokes, perSecond, drainMs: 60_000, settleMs: 0, name });
  };
  for (let step = 0; step < (bed.isQuick ? 2 : MAX_STEPS); step++) {
    const rate = FIRST_RATE * RATE_FACTOR ** step;
    let outcome = await attempt(rate, `step-${step}`);
    if (isLate(outcome)) outcome = await attempt(rate, `again-${step}`);
    if (outcome.problems.length > 0) return { figures: best, problems: outcome.problems };
    const p99 = outcome.figures['p99'] as number;
    if (isLate(outcome)) return { figures: { ...best, nextP99: p99 }, problems: [] };
    best.delivered = rate;
    best.p99 = p99;
  }
  return { figures: best, problems: [] };
}

function isLate({ figures, problems }: Outcome): boolean {
  return problems.length === 0 && (figures['p99'] as number) > MAX_P99_MS;
}

/** So fast that all are due in the same moment. */
const AT_ONCE = 1e9;

export const burst: Scenario = {
  name: 'burst',
  title: '10 writers send 50 strokes each in the same moment',
  columns: [
    { key: 'framesEach', label: 'frames to each client', digits: 0 },
    { key: 'last', label: 'ms until all have all', digits: 0 },
  ],
  run: (bed) => write(bed, { ...timesOf(bed), rooms: 1, people: 10, writing: 10, strokes: 50, perSecond: AT_ONCE }),
};

/** Counts what the members of one room get. */
class Room {
  readonly clients: Client[] = [];
  readonly documents: Uint8Array[][] = [];
  /** The marks that each client got of each writer: writers send in order, so the next one is the count. */
  readonly #got: Uint32Array[] = [];
  /** Changes that came before an earlier one of the same writer. */
  gaps = 0;
  frames = 0;
  readonly name: string;
  readonly people: number;
  readonly writing: number;
  /** The number of its first writer. */
  readonly first: number;
  readonly #onArrival: (writer: number, number: number) => void;

  constructor(index: number, { people, writing, name = 'writers' }: Gathering, onArrival: (writer: number, number: number) => void) {
    this.name = `${name}-${index}`;
    this.people = people;
    this.writing = writing;
    this.first = index * writing;
    this.#onArrival = onArrival;
  }

  join(bed: Bed): void {
    for (let member = 0; member < this.people; member++) {
      const got = new Uint32Array(this.writing);
      this.#got.push(got);
      const own: Uint8Array[] = [];
      if (member < WITH_DOCUMENTS) this.documents.push(own);
      this.clients.push(
        bed.open(this.name, {
          onFrame: (frame) => {
            this.frames += 1;
            eachMark(frame, (writer, number) => this.#arrive(got, member, writer - this.first, number));
          },
          ...(member < WITH_DOCUMENTS && { onUpdate: (update) => own.push(update) }),
        }),
      );
    }
  }

  #arrive(got: Uint32Array, member: number, writer: number, number: number): void {
    // A server may send a change back to its author.
    if (writer === member) return;
    const next = got[writer] as number;
    if (number > next) this.gaps += 1;
    // Below: sent again, as after a stall. A document takes it as nothing.
    if (number !== next) return;
    got[writer] = next + 1;
    this.#onArrival(writer + this.first, number);
  }
}

/** Puts the load on, and checks that everyone got everything. */
export async function write(bed: Bed, gathering: Gathering): Promise<Outcome> {
  const { rooms: roomCount, people, writing, strokes, perSecond, drainMs, settleMs } = gathering;
  const seconds = strokes / perSecond;
  const writers = roomCount * writing;
  const updates = strokesOf(writers * strokes, writers);
  const latencies = new Histogram();
  let schedule!: Schedule;
  const arrive = (writer: number, number: number): void => latencies.add(performance.now() - schedule.dueAt(number * writers + writer));
  const rooms = Array.from({ length: roomCount }, (_, i) => new Room(i, gathering, arrive));
  for (const room of rooms) {
    room.join(bed);
    await Promise.all(room.clients.map(({ joined }) => joined));
  }
  const clients = rooms.flatMap((room) => room.clients);
  const senders = rooms.flatMap((room) => room.clients.slice(0, writing));
  const offered = updates.length * (people - 1);
  const cpuFrom = bed.cpuSeconds();
  const frames = (): number => rooms.reduce((sum, room) => sum + room.frames, 0);
  const framesFrom = frames();
  const [cpu, delivered, sent] = await bed.watch(async () => {
    schedule = scheduleOf(updates.length, writers * perSecond);
    await onSchedule(schedule, (i) => senders[i % writers]?.sendUpdate(updates[i] as Uint8Array));
    return [bed.cpuSeconds() - cpuFrom, latencies.count, frames() - framesFrom];
  });
  await until(() => latencies.count === offered, drainMs);
  const framesEach = (frames() - framesFrom) / clients.length;
  const problems = [
    ...(latencies.count === offered
      ? []
      : [`${offered - latencies.count} of ${offered} deliveries had not come ${drainMs / 1_000} s later`]),
    ...rooms.filter(({ gaps }) => gaps > 0).map(({ name, gaps }) => `${name}: ${gaps} changes came before an earlier one of their writer`),
  ];
  if (problems.length === 0) problems.push(...(await documentProblems(bed, rooms, updates, writers)));
  await pause(settleMs);
  const megabytes = bed.residentBytes() / 1e6;
  for (const client of clients) client.close();
  return {
    figures: {
      megabytes,
      cpu,
      delivered: delivered / seconds,
      offered: offered / seconds,
      frames: sent / seconds,
      framesEach,
      last: latencies.quantile(1),
      p50: latencies.quantile(0.5),
      p99: latencies.quantile(0.99),
    },
    problems,
  };
}

async function documentProblems(bed: Bed, rooms: readonly Room[], updates: readonly Uint8Array[], writers: number): Promise<string[]> {
  const problems: string[] = [];
  for (const room of rooms) {
    const ofRoom = updates.filter((_, i) => i % writers >= room.first && i % writers < room.first + room.writing);
    const expected = documentOf(ofRoom);
    for (const [member, got] of room.documents.entries()) {
      const own = ofRoom.filter((_, i) => i % room.writing === member);
      if (!documentOf([...got, ...own]).equals(expected)) problems.push(`${room.name}: client ${member} has another document`);
    }
    problems.push(...(await joinerProblems(bed, room.name, ofRoom)));
  }
  return problems;
}
