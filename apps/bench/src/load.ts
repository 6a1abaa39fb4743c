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
  const pids = server.nodes.map(({ pid }) => pid);
  const watch = new LoadWatch(() => waitSeconds(pids[0] as number));
  const address: Address = { url: server.nodes[0]?.url ?? '', token: server.token };
  const openAcked = clients[protocol === 'y-websocket' && server.name === 'wetink' ? 'wetink' : protocol];
  const guests = server.secret === '' ? null : createGuests({ secret: server.secret });
  const bed: Bed = {
    server: server.name,
    isQuick,
    open: (room, listener) => clients[protocol](address, room, listener),
    openAt: (node, room, listener) => clients[protocol]({ ...address, url: server.nodes[node]?.url ?? '' }, room, listener),
    openAcked: (room, listener, token) => openAcked(token === undefined ? address : { ...address, token }, room, listener),
    async mintToken() {
      if (guests === null) throw new Error(`${server.name} has no guests`);
      return (await guests.mint('Load')).token;
    },
    cpuSeconds: () => sum(pids.map(cpuSeconds)),
    residentBytes: () => sum(pids.map(residentBytes)),
    metrics: async () => (server.metricsUrl === '' ? '' : (await fetch(server.metricsUrl)).text()),
    watch: (work) => watch.watch(work),
  };
  try {
    return { ...(await found.run(bed)), conditions: watch.conditions() };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
