/** Some readers of a busy room stop reading, as phones in a pocket do: what the server keeps for each, and what others notice. */

import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Client } from '../clients/client.ts';
import { Histogram } from '../figures.ts';
import { eachMark, markOf } from '../marks.ts';
import { onSchedule, scheduleOf, until } from '../schedule.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';

const WRITERS = 10;
const READERS = 20;
const STALLED = 20;
const PER_SECOND = 10;
const SECONDS = 15;
/** So that the buffers of the system, some megabytes for each socket, are full after a few seconds. */
const PAYLOAD_BYTES = 20_000;
const ROOM = 'stalled';
const RESUME_MS = 60_000;

export const stalled: Scenario = {
  name: 'stalled',
  title: `${STALLED} readers stop reading while ${WRITERS} writers send 2 MB a second for ${SECONDS} s`,
  columns: [
    { key: 'megabytes', label: 'MB held for each', digits: 2 },
    { key: 'p50', label: "others' p50 ms", digits: 1 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'cpu', label: 'CPU s', digits: 1 },
  ],
  run: stall,
};

/** @returns Updates that each replace the one value of their writer, so that the document does not grow. */
function replacementsOf(count: number, isQuick: boolean): Uint8Array[] {
  const docs = Array.from({ length: WRITERS }, () => new Y.Doc());
  const updates: Uint8Array[] = [];
  for (const doc of docs) doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < count; i++) {
    const payload = Buffer.alloc(isQuick ? PAYLOAD_BYTES / 20 : PAYLOAD_BYTES, i);
    payload.write(markOf(i % WRITERS, Math.floor(i / WRITERS)), 'latin1');
    docs[i % WRITERS]?.getMap('values').set(`writer-${i % WRITERS}`, new Uint8Array(payload));
  }
  return updates;
}

/** A client, and the newest update of each writer that it knows. */
interface Reader {
  client: Client;
  newest: Int32Array;
  isClosed: boolean;
}

async function stall(bed: Bed): Promise<Outcome> {
  const seconds = bed.isQuick ? 1 : SECONDS;
  const perPart = WRITERS * PER_SECOND * seconds;
  const updates = replacementsOf(perPart * 2, bed.isQuick);
  const latencies = new Histogram();
  let isStalled = false;
  let dueAt: (i: number) => number = () => Number.NaN;
  const open = (isCounted: boolean): Reader => {
    const reader: Reader = { client: null as unknown as Client, newest: new Int32Array(WRITERS).fill(-1), isClosed: false };
    const see = (writer: number, number: number): void => {
      reader.newest[writer] = Math.max(reader.newest[writer] as number, number);
      if (isCounted && isStalled) latencies.add(performance.now() - dueAt(number * WRITERS + writer));
    };
    reader.client = bed.open(ROOM, { onFrame: (frame) => eachMark(frame, see), onClose: () => (reader.isClosed = true) });
    return reader;
  };
  const writers = Array.from({ length: WRITERS }, () => open(false));
  const readers = Array.from({ length: READERS }, () => open(true));
  const sleepers = Array.from({ length: STALLED }, () => open(false));
  await Promise.all([...writers, ...readers, ...sleepers].map(({ client }) => client.joined));
  const send = async (from: number): Promise<void> => {
    const schedule = scheduleOf(perPart, WRITERS * PER_SECOND);
    dueAt = (i) => schedule.dueAt(i - from);
    await onSchedule(schedule, (i) => writers[i % WRITERS]?.client.sendUpdate(updates[from + i] as Uint8Array));
  };
  // First without stalled readers: memory that the room itself takes does not count.
  await send(0);
  await pause(bed.isQuick ? 200 : 2_000);
  const bytesBefore = bed.residentBytes();
  const cpuFrom = bed.cpuSeconds();
  for (const { client } of sleepers) client.pause();
  isStalled = true;
  await bed.watch(() => send(perPart));
  const cpu = bed.cpuSeconds() - cpuFrom;
  const megabytes = (bed.residentBytes() - bytesBefore) / 1e6 / STALLED;
  const problems = await problemsAfter(bed, readers, sleepers, (perPart * 2) / WRITERS - 1);
  for (const { client } of [...writers, ...readers, ...sleepers]) client.close();
  return { figures: { megabytes, p50: latencies.quantile(0.5), p99: latencies.quantile(0.99), cpu }, problems };
}

/** Readers must have the last value of each writer; so must those that read again, if the server kept them. */
async function problemsAfter(bed: Bed, readers: readonly Reader[], sleepers: readonly Reader[], last: number): Promise<string[]> {
  const isBehind = ({ newest }: Reader): boolean => newest.some((number) => number !== last);
  for (const { client } of sleepers) client.resume();
  const timeoutMs = bed.isQuick ? 10_000 : RESUME_MS;
  await until(() => !readers.some(isBehind) && !sleepers.some((reader) => !reader.isClosed && isBehind(reader)), timeoutMs);
  const behind = readers.filter(isBehind).length;
  const left = sleepers.filter((reader) => !reader.isClosed && isBehind(reader)).length;
  return [
    ...(behind > 0 ? [`${behind} readers that never stalled do not have the last change`] : []),
    ...(left > 0 ? [`${left} readers that read again do not have the last change`] : []),
  ];
}
