/** Many clients that are only there: how fast a server takes them, and what it keeps for each while nothing happens. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../clients/client.ts';
import type { Bed, Scenario } from './scenario.ts';

const CONNECTIONS = 10_000;
const QUICK_CONNECTIONS = 100;
/** The part before the first reading: memory that a server takes once does not count for the others. */
const WARM_UP = 2_000;
const PER_ROOM = 10;
/** Handshakes that are in progress at once: below the listen queue of every server here. */
const AT_ONCE = 400;
const SETTLE_MS = 4_000;
/** So that servers that ping every 30 s do it once. */
const IDLE_MS = 30_000;

export const accept: Scenario = {
  name: 'accept',
  title: '10,000 clients connect, 10 in each room',
  columns: [
    { key: 'synced', label: 'synced a second', digits: 0 },
    { key: 'cpu', label: 'CPU ms each', digits: 2 },
  ],
  async run(bed) {
    const count = bed.isQuick ? QUICK_CONNECTIONS : CONNECTIONS;
    const clients: Client[] = [];
    const cpuFrom = bed.cpuSeconds();
    const startedAt = performance.now();
    await bed.watch(() => connect(bed, count, clients));
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpu = ((bed.cpuSeconds() - cpuFrom) * 1_000) / count;
    for (const client of clients) client.close();
    return { figures: { synced: count / seconds, cpu }, problems: [] };
  },
};

export const idle: Scenario = {
  name: 'idle',
  title: '10,000 connections that do nothing, 10 in each room',
  columns: [
    { key: 'kilobytes', label: 'kB each', digits: 1 },
    { key: 'cpu', label: 'CPU %', digits: 1 },
  ],
  async run(bed) {
    const settle = (): Promise<void> => pause(bed.isQuick ? 0 : SETTLE_MS);
    const count = bed.isQuick ? QUICK_CONNECTIONS : CONNECTIONS;
    const warmUp = bed.isQuick ? 0 : WARM_UP;
    const lost: string[] = [];
    const clients: Client[] = [];
    const onClose = (code: number, reason: string): void => void lost.push(`an idle client was disconnected: ${code} ${reason}`);
    await connect(bed, warmUp, clients, onClose);
    await settle();
    const bytesBefore = bed.residentBytes();
    await connect(bed, count - warmUp, clients, onClose);
    await settle();
    const bytes = bed.residentBytes() - bytesBefore;
    const cpuFrom = bed.cpuSeconds();
    const idleMs = bed.isQuick ? 500 : IDLE_MS;
    await bed.watch(() => pause(idleMs));
    const cpu = ((bed.cpuSeconds() - cpuFrom) / (idleMs / 1_000)) * 100;
    for (const client of clients) client.close();
    return { figures: { kilobytes: bytes / 1_000 / (count - warmUp), cpu }, problems: [...new Set(lost)] };
  },
};

/** Adds clients that have their document, a limited number of handshakes at once. */
async function connect(bed: Bed, count: number, clients: Client[], onClose?: (code: number, reason: string) => void): Promise<void> {
  const from = clients.length;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const client = bed.open(`room-${Math.floor((from + next) / PER_ROOM)}`, { ...(onClose && { onClose }) });
      next += 1;
      clients.push(client);
      await client.joined;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
