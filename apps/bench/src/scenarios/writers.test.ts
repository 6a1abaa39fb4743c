/** A scenario must see what a server does wrong. */

import { expect, it } from 'vitest';
import type { Client, Listener } from '../clients/client.ts';
import { STEP_2, syncMessage } from '../clients/y-websocket.ts';
import type { Bed } from './scenario.ts';
import { write } from './writers.ts';

interface Fault {
  /** Drops a change on its way to a client. */
  isLost?(update: number, client: number): boolean;
  /** Keeps a change out of the document that later clients get. */
  isForgotten?(update: number): boolean;
}

/** A server in memory that passes on each change at once. */
function bedWith({ isLost = () => false, isForgotten = () => false }: Fault): Bed {
  const listeners: Listener[] = [];
  const kept: Uint8Array[] = [];
  let updates = 0;
  const open = (_room: string, listener: Listener = {}): Client => {
    for (const update of kept) listener.onUpdate?.(update);
    listeners.push(listener);
    return {
      joined: Promise.resolve(),
      sendUpdate(update) {
        const number = updates;
        updates += 1;
        if (!isForgotten(number)) kept.push(update);
        const frame = Buffer.from(syncMessage(STEP_2, update));
        for (const [client, other] of listeners.entries()) {
          if (other === listener || isLost(number, client)) continue;
          other.onUpdate?.(update);
          other.onFrame?.(frame);
        }
      },
      sendCursor: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      close: () => undefined,
    };
  };
  return {
    server: 'wetink',
    isQuick: true,
    open,
    openAt: (_node, room, listener) => open(room, listener),
    openAcked: open,
    mintToken: () => Promise.resolve(''),
    cpuSeconds: () => 0,
    residentBytes: () => 0,
    metrics: () => Promise.resolve(''),
    watch: (work) => work(),
  };
}

const gathering = { rooms: 1, people: 4, writing: 4, strokes: 5, perSecond: 1e9, drainMs: 50, settleMs: 0 };

it('a server that delivers everything has no problems', async () => {
  const { figures, problems } = await write(bedWith({}), gathering);
  expect(problems).toEqual([]);
  expect(figures['framesEach']).toBe(15);
});

it('a change that one client never gets is a problem', async () => {
  const { problems } = await write(bedWith({ isLost: (update, client) => update === 7 && client === 0 }), gathering);
  // The three later changes of the same writer come, but before the one that is missing.
  expect(problems).toEqual([
    '4 of 60 deliveries had not come 0.05 s later',
    'writers-0: 3 changes came before an earlier one of their writer',
  ]);
});

it('a document without a change that all clients got is a problem', async () => {
  const { problems } = await write(bedWith({ isForgotten: (update) => update === 19 }), gathering);
  expect(problems).toEqual(['a new client of writers-0 gets another document']);
});
