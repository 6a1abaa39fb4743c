/** A node as it is on a working day: 5,000 people on 500 boards, few of whom do something in any second. */

import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { eachMark, markOf } from '../marks.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import { joinerProblems, strokesOf } from '../strokes.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const ROOMS = 500;
const PER_ROOM = 10;
/** Each second room has one writer (5 %), each room two people who move the pointer (20 %). */
const ROOMS_PER_WRITER = 2;
const MOVERS_PER_ROOM = 2;
const STROKES_PER_SECOND = 2;
const CURSORS_PER_SECOND = 10;
const SECONDS = 15;
const DRAIN_MS = 30_000;
/** Handshakes in progress at once. */
const AT_ONCE = 400;
/** Marks of cursors are numbered from here, those of strokes below. */
const FIRST_MOVER = 5_000;

export const workingNode: Scenario = {
  name: 'working-node',
  title: `5,000 connections in ${ROOMS} rooms: 5 % draw ${STROKES_PER_SECOND} strokes a second, 20 % move the pointer at ${CURSORS_PER_SECOND} Hz`,
  columns: [
    { key: 'cpu', label: 'CPU %', digits: 0 },
    { key: 'strokes50', label: 'strokes p50 ms', digits: 1 },
    { key: 'strokes99', label: 'p99 ms', digits: 1 },
    { key: 'cursors50', label: 'cursors p50 ms', digits: 1 },
    { key: 'cursors99', label: 'p99 ms', digits: 1 },
    { key: 'megabytes', label: 'MB', digits: 0 },
  ],
  run: work,
};

async function work(bed: Bed): Promise<Outcome> {
  const rooms = bed.isQuick ? 10 : ROOMS;
  const seconds = bed.isQuick ? 2 : SECONDS;
  const writers = rooms / ROOMS_PER_WRITER;
  const movers = rooms * MOVERS_PER_ROOM;
  const updates = strokesOf(writers * STROKES_PER_SECOND * seconds, writers);
  const strokes = new Histogram();
  const cursors = new Histogram();
  let strokeDue: (i: number) => number = () => Number.NaN;
  let cursorDue = strokeDue;
  // A server may send a stroke and a cursor back to its author: those do not count.
  const reader = (room: number, member: number): ((frame: Buffer) => void) => {
    const own = member === 0 ? room / ROOMS_PER_WRITER : FIRST_MOVER + room + (member - 1) * rooms;
    return (frame) =>
      eachMark(frame, (source, number) => {
        if (source === own) return;
        if (source < FIRST_MOVER) strokes.add(performance.now() - strokeDue(number * writers + source));
        else cursors.add(performance.now() - cursorDue(number * movers + source - FIRST_MOVER));
      });
  };
  const clients = await connect(bed, rooms, reader);
  const cpuFrom = bed.cpuSeconds();
  const cpu = await bed.watch(async () => {
    const strokeSchedule = scheduleOf(updates.length, writers * STROKES_PER_SECOND);
    const cursorSchedule = scheduleOf(movers * CURSORS_PER_SECOND * seconds, movers * CURSORS_PER_SECOND);
    strokeDue = strokeSchedule.dueAt;
    cursorDue = cursorSchedule.dueAt;
    await Promise.all([
      onSchedule(strokeSchedule, (i) => clients[(i % writers) * ROOMS_PER_WRITER]?.[0]?.sendUpdate(updates[i] as Uint8Array)),
      onSchedule(cursorSchedule, (i) => {
        const mover = i % movers;
        const number = Math.floor(i / movers);
        const state = { name: `Person ${mover}`, cursor: { x: number, y: mover }, mark: markOf(FIRST_MOVER + mover, number) };
        clients[mover % rooms]?.[1 + Math.floor(mover / rooms)]?.sendCursor(number + 1, JSON.stringify(state));
      }),
    ]);
    return ((bed.cpuSeconds() - cpuFrom) / seconds) * 100;
  });
  const problems = await problemsOf(bed, strokes, updates, writers);
  const figures = {
    cpu,
    strokes50: strokes.quantile(0.5),
    strokes99: strokes.quantile(0.99),
    cursors50: cursors.quantile(0.5),
    cursors99: cursors.quantile(0.99),
    megabytes: bed.residentBytes() / 1e6,
  };
  for (const client of clients.flat()) client.close();
  return { figures, problems };
}

async function problemsOf(bed: Bed, strokes: Histogram, updates: readonly Uint8Array[], writers: number): Promise<string[]> {
  const all = updates.length * (PER_ROOM - 1);
  await until(() => strokes.count >= all, bed.isQuick ? 10_000 : DRAIN_MS);
  if (strokes.count !== all) return [`${strokes.count} instead of ${all} strokes came`];
  const ofFirst = updates.filter((_, i) => i % writers === 0);
  return joinerProblems(bed, nameOf(0), ofFirst);
}

/** @returns The clients of each room. */
async function connect(bed: Bed, rooms: number, reader: (room: number, member: number) => (frame: Buffer) => void): Promise<Client[][]> {
  const clients: Client[][] = Array.from({ length: rooms }, () => []);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < rooms * PER_ROOM) {
      const room = next % rooms;
      const onFrame = reader(room, Math.floor(next / rooms));
      next += 1;
      const client = bed.open(nameOf(room), { onFrame });
      clients[room]?.push(client);
      await client.joined;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return clients;
}

function nameOf(room: number): string {
  return `working-${room}`;
}
