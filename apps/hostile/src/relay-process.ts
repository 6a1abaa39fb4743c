/**
 * One relay in a process of its own, so that an attack may kill it: `ours` or `reference`, as the first argument says.
 *
 *     parent -> 'facts'         child -> { port } once, then { facts } for each question
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createRelay, type AuthorizeAnswer } from '@wetink/relay';
import { createMemoryStore } from '@wetink/storage';
import { attachReferenceRelay } from './reference-relay.ts';

export interface RelayFacts {
  /** Made for sockets that have not taken it. */
  heldBytes: number;
  /** The most that the process ever had. */
  peakBytes: number;
  /** CPU time of the thread of the event loop, in steps of 10 ms; outside Linux that of the process. */
  loopCpuMs: number;
}

const VIEWER = 'viewer:';

/** The token is who somebody is; with `viewer:` in front they may only look. */
function authorize({ token }: { token: string }): Promise<AuthorizeAnswer> {
  return Promise.resolve({ ok: true, role: token.startsWith(VIEWER) ? 'viewer' : 'editor', userId: token });
}

const server = createServer((_request, response) => response.end());
const sockets = new Set<Socket>();
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});

let heldByRelay = (): number => 0;
if (process.argv[2] === 'ours') {
  const relay = createRelay({ store: createMemoryStore(), authorize });
  relay.attach(server);
  heldByRelay = () => relay.stats().heldBytes;
} else {
  attachReferenceRelay(server);
}

process.on('message', () => {
  const facts: RelayFacts = {
    heldBytes: heldByRelay() + [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
    peakBytes: process.resourceUsage().maxRSS * 1024,
    loopCpuMs: loopCpuMs(),
  };
  process.send?.({ facts });
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

/** utime and stime are the 14th and 15th field of stat, in ticks of 10 ms; the second may have spaces in it. */
function loopCpuMs(): number {
  if (process.platform !== 'linux') return process.cpuUsage().user / 1_000;
  const fields = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
