/** A network comes back: all clients connect in the same moment, and each wants to know what it missed. */

import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Client } from '../clients/client.ts';
import { documentOf, strokesOf } from '../strokes.ts';
import type { Bed, Scenario } from './scenario.ts';

const PER_ROOM = 20;
const STROKES_PER_ROOM = 100;
/** Strokes that were drawn while the clients were away. */
const MISSED = 10;

export const reconnect: Scenario = {
  name: 'reconnect',
  title: '2,000 clients in 100 rooms reconnect at once',
  columns: [
    { key: 'ms', label: 'ms until all are synced', digits: 0 },
    { key: 'cpu', label: 'CPU s', digits: 2 },
  ],
  async run(bed) {
    const rooms = bed.isQuick ? 3 : 100;
    const updates = strokesOf(STROKES_PER_ROOM, 1);
    const keepers = await Promise.all(Array.from({ length: rooms }, (_, room) => fill(bed, room, updates)));
    await pause(bed.isQuick ? 100 : 2_000);
    const known = updates.slice(0, STROKES_PER_ROOM - MISSED);
    const stateVector = Y.encodeStateVectorFromUpdate(Y.mergeUpdates(known));
    const expected = documentOf(updates);
    const cpuFrom = bed.cpuSeconds();
    const startedAt = performance.now();
    const received: Uint8Array[][] = [];
    const clients: Client[] = [];
    await bed.watch(async () => {
      for (let i = 0; i < rooms * PER_ROOM; i++) {
        const own: Uint8Array[] = [];
        received.push(own);
        clients.push(bed.open(nameOf(i % rooms), { stateVector, onUpdate: (update) => own.push(update) }));
      }
      await Promise.all(clients.map(({ joined }) => joined));
    });
    const ms = performance.now() - startedAt;
    const cpu = bed.cpuSeconds() - cpuFrom;
    const wrong = received.filter((own) => !documentOf([...known, ...own]).equals(expected)).length;
    for (const client of [...keepers, ...clients]) client.close();
    return { figures: { ms, cpu }, problems: wrong === 0 ? [] : [`${wrong} of ${clients.length} clients have another document`] };
  },
};

/** Draws in a room, and stays: some servers forget a room that the last client leaves. */
async function fill(bed: Bed, room: number, updates: readonly Uint8Array[]): Promise<Client> {
  const keeper = bed.open(nameOf(room));
  await keeper.joined;
  for (const update of updates) keeper.sendUpdate(update);
  return keeper;
}

function nameOf(room: number): string {
  return `reconnect-${room}`;
}
