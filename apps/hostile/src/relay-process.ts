/**
 * Runs one relay, `ours` or `reference` by the first argument, in its own process, so that an attack may kill it.
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
  /** Bytes that wait for slow sockets. */
  heldBytes: number;
  /** Peak memory of the process. */
  peakBytes: number;
  /** CPU time of the thread of the event loop, in steps of 10 ms; outside Linux that of the process. */
  loopCpuMs: number;
}

const VIEWER = 'viewer:';

/** The token is the user id; with the prefix `viewer:` the user is a viewer. */
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

/** utime and stime are fields 14 and 15 of stat, in ticks of 10 ms; field 2 may contain spaces. */
function loopCpuMs(): number {
  if (process.platform !== 'linux') return process.cpuUsage().user / 1_000;
  const fields = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
