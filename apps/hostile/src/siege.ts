/**
 * Measures a relay with many connections, some hostile and some that never read, while honest clients draw: its memory, and
 * how long a change takes to reach another client. Every honest change is checked; lost ones are counted.
 *
 *     a room of 20    1 writer, 1 reader, 15 bystanders, 2 that never read, 1 hostile
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { closeAll, comesTrue, Person } from './clients.ts';
import { fromHex, step1Frame } from './crafted.ts';
import type { ServiceTarget } from './service-target.ts';

export interface SiegeOptions {
  connections: number;
  seconds: number;
  /** Pause between two changes of one writer, ms. */
  writeEveryMs: number;
  /** Time from the last leave to the final memory measurement. */
  settleMs?: number;
}

export interface Memory {
  rssBytes: number;
  heapBytes: number;
}

export interface SiegeFigures {
  connections: number;
  hostile: number;
  stalled: number;
  before: Memory;
  /** Memory with all connections open, before the attack. */
  entered: Memory;
  peak: Memory;
  /** Memory `settleMs` after all have left. */
  after: Memory;
  changes: number;
  /** Changes that the reader of the room never received. */
  lost: number;
  p50Ms: number;
  p99Ms: number;
  /** Number of times that a hostile connection was ended. */
  ended: number;
}

const ROOM_SIZE = 20;
const STALLED_PER_ROOM = 2;
const SAMPLE_MS = 1_000;
const ENTER_AT_ONCE = 100;
const SETTLE_MS = 10_000;
const ANSWER_MS = 2_000;

/** A connection that joins, reads everything and ignores it. */
function bystander(address: string): Promise<WebSocket> {
  const ws = new WebSocket(address, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    ws.on('error', reject);
    ws.once('message', () => {
      ws.removeListener('error', reject);
      ws.on('error', () => undefined); // The relay may close it, which does not matter here.
      ws.on('message', () => undefined);
      ws.send(step1Frame(fromHex('00')));
      resolve(ws);
    });
  });
}

export async function besiege(
  service: ServiceTarget,
  { connections, seconds, writeEveryMs, settleMs = SETTLE_MS }: SiegeOptions,
): Promise<SiegeFigures> {
  const rooms = Array.from({ length: Math.max(1, Math.round(connections / ROOM_SIZE)) }, () => service.room());
  const before = await memoryOf(service);
  const pairs = rooms.map((room) => ({ writer: new Person(service, room, 'writer'), reader: new Person(service, room, 'reader') }));
  await Promise.all(pairs.flatMap(({ writer, reader }) => [writer.synced(), reader.synced()]));
  const others: WebSocket[] = [];
  const seats = rooms.flatMap((room) => Array.from({ length: ROOM_SIZE - 3 }, () => room));
  for (let i = 0; i < seats.length; i += ENTER_AT_ONCE)
    others.push(...(await Promise.all(seats.slice(i, i + ENTER_AT_ONCE).map((room) => bystander(`${service.url}/${room}`)))));
  const entered = await memoryOf(service);
  const stalled = others.filter((_, i) => i % (ROOM_SIZE - 3) < STALLED_PER_ROOM);
  for (const ws of stalled) ws.pause();
  const besiegers = startBesiegers(rooms.map((room) => `${service.url}/${room}`));

  const peak: Memory = { ...entered };
  const latencies: number[] = [];
  const sentAt = new Map<string, number>();
  for (const { reader } of pairs)
    reader.doc.getMap('m').observe((event) => {
      for (const key of event.keysChanged) {
        const at = sentAt.get(`${key}`);
        if (at !== undefined) latencies.push(performance.now() - at);
      }
    });
  const endsAt = performance.now() + seconds * 1_000;
  let sampledAt = 0;
  let changes = 0;
  for (let round = 0; performance.now() < endsAt; round++) {
    const roundAt = performance.now();
    for (const [i, { writer }] of pairs.entries()) {
      // Spread over the round, so that writers do not wait for each other.
      await pause(Math.max(0, roundAt + (i * writeEveryMs) / pairs.length - performance.now()));
      const key = `change-${round}-${i}`;
      sentAt.set(key, performance.now());
      writer.set(key, 'x'.repeat(200));
      changes += 1;
    }
    await pause(Math.max(0, roundAt + writeEveryMs - performance.now()));
    if (performance.now() - sampledAt < SAMPLE_MS) continue;
    sampledAt = performance.now();
    const now = await memoryOf(service);
    peak.rssBytes = Math.max(peak.rssBytes, now.rssBytes);
    peak.heapBytes = Math.max(peak.heapBytes, now.heapBytes);
  }
  const missing = (): number => [...sentAt.keys()].filter((key) => !(pairs[Number(key.split('-')[2])]?.reader.has(key) ?? false)).length;
  await comesTrue(() => missing() === 0, 30_000);
  const lost = missing();
  const ended = await besiegers.stop();
  for (const ws of others) ws.terminate();
  closeAll();
  await pause(settleMs);
  const after = await memoryOf(service);
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
  return {
    connections: rooms.length * ROOM_SIZE,
    hostile: rooms.length,
    stalled: stalled.length,
    ...{ before, entered, peak, after, changes, lost, ended },
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

/** Runs in its own process, so that its work does not delay the clients that are timed. */
function startBesiegers(addresses: readonly string[]): { stop(): Promise<number> } {
  const node = ['--conditions=@wetink/source', '--import', createRequire(import.meta.url).resolve('tsx')];
  const child = fork(join(import.meta.dirname, 'besiegers.ts'), [...addresses], { execArgv: node });
  return {
    async stop() {
      const told = once(child, 'message') as Promise<[number]>;
      child.send('stop');
      const [ended] = await told;
      return ended;
    },
  };
}

/** Memory of the process, and its heap from /metrics, unless the relay answers too late. */
async function memoryOf(service: ServiceTarget): Promise<Memory> {
  const asked = await Promise.race([service.ask('GET', '/metrics').catch(() => null), pause(ANSWER_MS, null)]);
  const heap = Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(asked?.text ?? '')?.[1] ?? 0);
  const status = process.platform === 'linux' ? readFileSync(`/proc/${service.pid}/status`, 'utf8') : '';
  return { rssBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024, heapBytes: heap };
}
