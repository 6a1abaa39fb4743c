/** People who open a large board: what one of them costs, and what 200 at once cost. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../clients/client.ts';
import { until } from '../schedule.ts';
import { documentOf, strokesOf } from '../strokes.ts';
import type { Bed, Outcome, Scenario } from './scenario.ts';
import { eachMark } from '../marks.ts';

const STROKES = 10_000;
const ROOM = 'large-board';
/** Strokes that are sent before the room is waited for: all at once would fill the buffers of slow servers. */
const BATCH = 500;
const SETTLE_MS = 3_000;
/** One client in this many keeps its document for the check: copies of all would cost the load more than the server. */
const WITH_DOCUMENT = 20;

export const joiner: Scenario = {
  name: 'joiner',
  title: 'one client opens a board of 10,000 strokes',
  columns: [
    { key: 'cpu', label: 'CPU ms', digits: 0 },
    { key: 'ms', label: 'ms', digits: 0 },
  ],
  run: (bed) => join(bed, 1, 1_000),
};

export const joiners: Scenario = {
  name: 'joiners-200',
  title: '200 clients open a board of 10,000 strokes at once',
  columns: [
    { key: 'cpu', label: 'CPU s', digits: 2 },
    { key: 'ms', label: 'ms until all have it', digits: 0 },
  ],
  run: (bed) => join(bed, bed.isQuick ? 5 : 200, 1),
};

/** @param cpuScale Unit of the CPU figure: 1 for seconds, 1,000 for milliseconds. */
async function join(bed: Bed, count: number, cpuScale: number): Promise<Outcome> {
  const updates = strokesOf(bed.isQuick ? STROKES / 20 : STROKES, 1);
  const keepers = await drawBoard(bed, updates);
  await pause(bed.isQuick ? 0 : SETTLE_MS);
  // CPU time is counted in steps of 10 ms, so that a single joiner is repeated.
  const repeats = count === 1 && !bed.isQuick ? 10 : 1;
  const received: Uint8Array[][] = [];
  const cpuFrom = bed.cpuSeconds();
  const startedAt = performance.now();
  await bed.watch(async () => {
    for (let i = 0; i < repeats; i++) await joinOnce(bed, count, received);
  });
  const ms = (performance.now() - startedAt) / repeats;
  const cpu = ((bed.cpuSeconds() - cpuFrom) / repeats) * cpuScale;
  const expected = documentOf(updates);
  const wrong = received.filter((own) => !documentOf(own).equals(expected)).length;
  for (const client of keepers) client.close();
  return { figures: { cpu, ms }, problems: wrong === 0 ? [] : [`${wrong} of ${received.length} clients got another document`] };
}

async function joinOnce(bed: Bed, count: number, received: Uint8Array[][]): Promise<void> {
  const clients = Array.from({ length: count }, (_, i) => {
    if (i % WITH_DOCUMENT !== 0) return bed.open(ROOM);
    const own: Uint8Array[] = [];
    received.push(own);
    return bed.open(ROOM, { onUpdate: (update) => own.push(update) });
  });
  await Promise.all(clients.map(({ joined }) => joined));
  for (const client of clients) client.close();
}

/** One client draws, another one sees it all; both stay, so that the room stays loaded everywhere. */
async function drawBoard(bed: Bed, updates: readonly Uint8Array[]): Promise<Client[]> {
  let seen = 0;
  const writer = bed.open(ROOM);
  const reader = bed.open(ROOM, { onFrame: (frame) => eachMark(frame, () => (seen += 1)) });
  await Promise.all([writer.joined, reader.joined]);
  for (let i = 0; i < updates.length; i += BATCH) {
    const batch = updates.slice(i, i + BATCH);
    for (const update of batch) writer.sendUpdate(update);
    if (!(await until(() => seen >= i + batch.length, 60_000)))
      throw new Error(`the server passed on ${seen} of ${i + batch.length} strokes`);
  }
  return [writer, reader];
}
