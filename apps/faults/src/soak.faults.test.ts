/**
 * Clients join, write and leave for a long time while links and Redis have short failures: what relays hold must not grow.
 * Sockets, rooms and resources are read from /metrics, heap and listeners after a garbage collection.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import { figure } from './figures.ts';
import { countHoldings, holdingsOf, type Holdings } from './holdings.ts';
import { metric } from './relay-facts.ts';
import { pause, until } from './until.ts';

const ROUNDS = isLong ? Number(process.env['WETINK_ROUNDS'] ?? 600) : 4;
const BOARDS = 10;
const PEOPLE_PER_BOARD = 3;
const MIB = 2 ** 20;
/** For compiled code, pools and caches; leaking a round's boards would be far more over a long run. */
const HEAP_SLACK_MIB = 24;
/** Boards unload 5 s after the last one left; a short run shortens that. */
const LIMITS = isLong ? {} : { unloadDelayMs: 500 };
const SETTLED = { wetink_ws_connections: 0, wetink_rooms_open: 0, wetink_unsaved_bytes: 0, wetink_send_buffer_bytes: 0 };

/** Sums over all relays. */
interface Reading extends Holdings {
  resources: number;
}

describe.skipIf(whyNoBed !== null)(`a soak ${whyNoBed ?? ''}`.trim(), () => {
  const folder = mkdtempSync(join(tmpdir(), 'wetink-soak-'));
  const fileOf = (index: number): string => join(folder, `relay-${index}.json`);
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ relays: 2, limits: LIMITS, relayEnv: (index, env) => ({ ...env, NODE_OPTIONS: countHoldings(fileOf(index)) }) });
  });
  afterAll(async () => {
    await bed.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function settled(): Promise<Reading> {
    const { relays } = bed.cluster;
    for (const [name, value] of Object.entries(SETTLED))
      await until(
        async () => (await Promise.all(relays.map((relay) => metric(relay, name)))).every((now) => now === value),
        `${name} to be ${value}`,
      );
    const held = await Promise.all(relays.map((relay, index) => holdingsOf(relay, fileOf(index))));
    const total = (of: (one: Holdings) => number): number => held.reduce((sum, one) => sum + of(one), 0);
    const resources = await Promise.all(relays.map((relay) => metric(relay, 'nodejs_active_resources_total')));
    return {
      heapBytes: total(({ heapBytes }) => heapBytes),
      emitters: total(({ emitters }) => emitters),
      listenersGained: total(({ listenersGained }) => listenersGained),
      resources: resources.reduce((sum, value) => sum + value, 0),
    };
  }

  it(
    `${ROUNDS} rounds of ${BOARDS} boards: sockets, rooms, listeners and resources return to their start, and the heap does not grow`,
    { timeout: 120_000 + ROUNDS * 60_000 },
    async () => {
      const readings: Reading[] = [];
      let acked = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const crowds = Array.from({ length: BOARDS }, (_, board) => bed.crowd(`soak-${round}-${board}`, PEOPLE_PER_BOARD));
        await Promise.all(crowds.map((crowd) => crowd.ready()));
        for (const crowd of crowds) crowd.drive(isLong ? 50 : 150);
        await pause(isLong ? 5_000 : 800);
        if (round % 3 === 1) for (const link of bed.redisLinks) link.reset();
        if (round % 3 === 2) for (const link of bed.mongoLinks) link.reset();
        await pause(300);
        await Promise.all(crowds.map((crowd) => crowd.converged()));
        expect(await bed.problems(crowds[round % BOARDS]!)).toEqual([]);
        acked += crowds.reduce((sum, crowd) => sum + crowd.acked.size, 0);
        await bed.leave();
        readings.push(await settled());
      }
      // The first rounds fill pools and compile code.
      const from = Math.min(9, Math.floor(ROUNDS / 3));
      const [first, last] = [readings[from]!, readings.at(-1)!];
      const growthMiB = (last.heapBytes - first.heapBytes) / MIB;
      figure('soak', {
        rounds: ROUNDS,
        acked,
        heapMiB: `${Math.round(first.heapBytes / MIB)} to ${Math.round(last.heapBytes / MIB)}`,
        listenersGained: last.listenersGained,
        emitters: `${first.emitters} to ${last.emitters}`,
        resources: `${first.resources} to ${last.resources}`,
      });
      // Connections of the pools come and go, so a few more are not a leak.
      expect(last.resources).toBeLessThan(first.resources + 40);
      const visits = (ROUNDS - 1 - from) * BOARDS * PEOPLE_PER_BOARD;
      expect(last.listenersGained).toBeLessThan(visits / 4);
      expect(last.emitters - first.emitters).toBeLessThan(visits);
      expect(growthMiB).toBeLessThan(HEAP_SLACK_MIB);
    },
  );
});
