/** The process of the load: runs one scenario against one server, and sends the outcome to the process that started it. */

import { createGuests } from '@wetink/relay/identity';
import type { Address, Open, Protocol } from './clients/client.ts';
import { openHocuspocus } from './clients/hocuspocus.ts';
import { openSocketIo } from './clients/socket-io.ts';
import { openWetink } from './clients/wetink.ts';
import { openYWebsocket } from './clients/y-websocket.ts';
import { LoadWatch, type Conditions } from './load-watch.ts';
import { scenarios } from './scenarios/index.ts';
import type { Bed, Outcome } from './scenarios/scenario.ts';
import { cpuSeconds, residentBytes, waitSeconds } from './servers/process.ts';
import type { RunningServer } from './servers/server.ts';

export interface LoadSettings {
  scenario: string;
  isQuick: boolean;
  protocol: Protocol;
  server: RunningServer;
}
export type LoadReport = (Outcome & { conditions: Conditions }) | { failure: string };

const clients: Record<Protocol, Open> = {
  'y-websocket': openYWebsocket,
  wetink: openWetink,
  hocuspocus: openHocuspocus,
  'socket.io': openSocketIo,
};

const given = process.env['WETINK_BENCH_LOAD'];
if (given === undefined) throw new Error('this program is started by main.ts');
const settings = JSON.parse(given) as LoadSettings;
process.send?.(await report(settings), () => process.exit());

async function report({ scenario, isQuick, protocol, server }: LoadSettings): Promise<LoadReport> {
  const found = scenarios.find(({ name }) => name === scenario);
  if (found === undefined) throw new Error(`no scenario ${scenario}`);
  const watch = new LoadWatch(() => waitSeconds(server.pid));
  const address: Address = { url: server.url, token: server.token };
  const openAcked = clients[protocol === 'y-websocket' && server.name === 'wetink' ? 'wetink' : protocol];
  const guests = server.secret === '' ? null : createGuests({ secret: server.secret });
  const bed: Bed = {
    server: server.name,
    isQuick,
    open: (room, listener) => clients[protocol](address, room, listener),
    openAcked: (room, listener, token) => openAcked(token === undefined ? address : { ...address, token }, room, listener),
    async mintToken() {
      if (guests === null) throw new Error(`${server.name} has no guests`);
      return (await guests.mint('Load')).token;
    },
    cpuSeconds: () => cpuSeconds(server.pid),
    residentBytes: () => residentBytes(server.pid),
    metrics: async () => (server.metricsUrl === '' ? '' : (await fetch(server.metricsUrl)).text()),
    watch: (work) => watch.watch(work),
  };
  try {
    return { ...(await found.run(bed)), conditions: watch.conditions() };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
