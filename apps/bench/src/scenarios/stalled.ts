/**
 * Readers stop reading, as phones in a pocket do: what the server keeps for each, and what others notice.
 *
 * Each room has one of them, as a server may share one copy of a message among all receivers of a room.
 */

import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { eachMark, markOf } from '../marks.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const ROOMS = 10;
const PER_SECOND = 10;
const SECONDS = 15;
/** So that the buffers of the system, some megabytes for each socket, are full after a few seconds. */
const PAYLOAD_BYTES = 100_000;
const QUICK_BYTES = 1_000;
const SETTLE_MS = 2_000;

export const stalled: Scenario = {
  name: 'stalled',
  title: `${ROOMS} rooms, in each a writer of 1 MB a second, a reader, and a client that does not read for ${SECONDS} s`,
  columns: [
    { key: 'megabytes', label: 'MB held for each that does not read', digits: 1 },
    { key: 'p50', label: "readers' p50 ms", digits: 1 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'cpu', label: 'CPU s', digits: 1 },
  ],
  run: stall,
};

/** A client, and the number of the newest update that it knows; -1: none. */
class Reader {
  readonly client: Client;
  newest = -1;
  isClosed = false;

  constructor(bed: Bed, room: number, onUpdate: (room: number, number: number) => void = () => undefined) {
    this.client = bed.open(`stalled-${room}`, {
      onFrame: (frame) =>
        eachMark(frame, (_writer, number) => {
          this.newest = Math.max(this.newest, number);
          onUpdate(room, number);
        }),
      onClose: () => (this.isClosed = true),
    });
  }
}

async function stall(bed: Bed): Promise<Outcome> {
  const perPart = ROOMS * PER_SECOND * (bed.isQuick ? 1 : SECONDS);
  const updates = replacementsOf(perPart * 2, bed.isQuick ? QUICK_BYTES : PAYLOAD_BYTES);
  const latencies = new Histogram();
  let dueAt: ((i: number) => number) | null = null;
  const see = (room: number, number: number): void => {
    if (dueAt !== null) latencies.add(performance.now() - dueAt(number * ROOMS + room));
  };
  const all = Array.from({ length: ROOMS }, (_, room) => room);
  const writers = all.map((room) => new Reader(bed, room));
  const readers = all.map((room) => new Reader(bed, room, see));
  const sleepers = all.map((room) => new Reader(bed, room));
  await Promise.all([...writers, ...readers, ...sleepers].map(({ client }) => client.joined));
  const send = async (from: number): Promise<void> => {
    const schedule = scheduleOf(perPart, ROOMS * PER_SECOND);
    dueAt = from === 0 ? null : (i) => schedule.dueAt(i - from);
    await onSchedule(schedule, (i) => writers[i % ROOMS]?.client.sendUpdate(updates[from + i] as Uint8Array));
  };
  // First while all read: memory that the rooms themselves take does not count.
  await send(0);
  await pause(bed.isQuick ? 200 : SETTLE_MS);
  const bytesBefore = bed.residentBytes();
  const cpuFrom = bed.cpuSeconds();
  for (const { client } of sleepers) client.pause();
  await bed.watch(() => send(perPart));
  const cpu = bed.cpuSeconds() - cpuFrom;
  const megabytes = (bed.residentBytes() - bytesBefore) / 1e6 / ROOMS;
  const problems = await problemsAfter(bed, readers, sleepers, (perPart * 2) / ROOMS - 1);
  for (const { client } of [...writers, ...readers, ...sleepers]) client.close();
  return { figures: { megabytes, p50: latencies.quantile(0.5), p99: latencies.quantile(0.99), cpu }, problems };
}

/** Readers must have the last update; so must clients that read again, if the server did not disconnect them. */
async function problemsAfter(bed: Bed, readers: readonly Reader[], sleepers: readonly Reader[], last: number): Promise<string[]> {
  for (const { client } of sleepers) client.resume();
  const behind = (some: readonly Reader[]): number => some.filter(({ newest, isClosed }) => newest !== last && !isClosed).length;
  await until(() => behind(readers) + behind(sleepers) === 0, bed.isQuick ? 10_000 : 60_000);
  const without = readers.filter(({ newest }) => newest !== last).length;
  return [
    ...(without > 0 ? [`${without} clients that always read do not have the last change`] : []),
    ...(behind(sleepers) > 0 ? [`${behind(sleepers)} clients that read again do not have the last change`] : []),
  ];
}

/** @returns Updates that each replace the one value of their room, so that documents do not grow. */
function replacementsOf(count: number, bytes: number): Uint8Array[] {
  const docs = Array.from({ length: ROOMS }, () => new Y.Doc());
  const updates: Uint8Array[] = [];
  for (const doc of docs) doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < count; i++) {
    const payload = Buffer.alloc(bytes, i);
    payload.write(markOf(i % ROOMS, Math.floor(i / ROOMS)), 'latin1');
    docs[i % ROOMS]?.getMap('values').set('value', new Uint8Array(payload));
  }
  return updates;
}
