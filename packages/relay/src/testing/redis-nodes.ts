/** Listeners that keep what they hear, and helpers for tests of a Redis bus. */

import { spawnSync } from 'node:child_process';
import type { Redis } from 'ioredis';
import { describe } from 'vitest';
import type { Bus, BusListener, BusRoom, Departure } from '../bus/bus.ts';
import type { Logger } from '../ports/logger.ts';

export interface Recorder extends BusListener {
  texts: string[];
  restores: number;
  gones: string[];
  departures: Departure[];
}

export function recorder(): Recorder {
  const made: Recorder = {
    texts: [],
    restores: 0,
    gones: [],
    departures: [],
    receive: (_from, bytes) => void made.texts.push(new TextDecoder().decode(bytes)),
    restored: () => void (made.restores += 1),
    gone(node, how) {
      made.gones.push(node);
      made.departures.push(how);
    },
  };
  return made;
}

export interface Entered {
  heard: Recorder;
  room: BusRoom;
  say(text: string): void;
}

export function enter(bus: Bus, name: string): Entered {
  const heard = recorder();
  const room = bus.join(name, heard);
  return { heard, room, say: (text) => room.publish(new TextEncoder().encode(text)) };
}

/** Names of the other nodes in a room, sorted; null while the link is down. */
export function peersOf(room: BusRoom): Promise<string[] | null> {
  return room.peers().then(
    (names) => names.sort(),
    () => null,
  );
}

/** Like `until`, for a condition that is a promise. */
export async function eventually(condition: () => Promise<boolean>, what: string, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Resolves when all of these nodes hear each other. */
export async function settled(buses: readonly Bus[], entered: readonly Entered[]): Promise<void> {
  for (const [i, { room }] of entered.entries()) {
    const others = buses
      .filter((_, j) => j !== i)
      .map(({ node }) => node)
      .sort()
      .join();
    await eventually(async () => (await peersOf(room))?.join() === others, 'all nodes to be listed');
  }
}

/** Every key with its time to live in ms; -1: none. */
export async function ttls(client: Redis): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'COUNT', 1_000);
    cursor = next;
    for (const key of keys) found.set(key, await client.pttl(key));
  } while (cursor !== '0');
  return found;
}

/** Number of calls of a command, by `INFO commandstats`. */
export async function calls(client: Redis, command: string): Promise<number> {
  const info = await client.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
}

export function recordingLogger(): Logger & { lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { lines, debug: () => undefined, info: at('info'), warn: at('warn'), error: at('error') };
}

const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

/** A suite that needs redis-server; without it its tests are reported as not run. */
export function describeWithRedis(name: string, suite: () => void): void {
  if (hasRedisServer) describe(name, suite);
  else describe.skip(`${name} (not run: redis-server is not on PATH)`, suite);
}
