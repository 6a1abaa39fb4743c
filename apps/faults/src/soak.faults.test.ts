/**
 * People come, write and go for a long time, while links and Redis hiccup: what relays hold on to stays flat. Read from
 * /metrics. Listeners are not counted there; one that is left behind keeps its connection or room, which shows in
 * sockets, rooms and heap.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import { figure } from './figures.ts';
import { metric } from './relay-facts.ts';
import { pause, until } from './until.ts';

const ROUNDS = isLong ? 600 : 6;
const BOARDS = 10;
const MIB = 2 ** 20;
/** Two windows of rounds are compared; a leak of a round's boards is far larger over a long run. */
const HEAP_SLACK_MIB = 24;
const SETTLED = { wetink_ws_connections: 0, wetink_rooms_open: 0, wetink_unsaved_bytes: 0, wetink_send_buffer_bytes: 0 };

interface Reading {
  heapBytes: number;
  resources: number;
}

describe.skipIf(whyNoBed !== null)(`a soak ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ relays: 2 });
  });
  afterAll(() => bed.stop());

  async function settled(): Promise<Reading> {
    const { relays } = bed.cluster;
    for (const [name, value] of Object.entries(SETTLED))
      await until(
        async () => (await Promise.all(relays.map((relay) => metric(relay, name)))).every((now) => now === value),
        `${name} to be ${value}`,
      );
    const total = async (name: string): Promise<number> =>
      (await Promise.all(relays.map((relay) => metric(relay, name)))).reduce((sum, value) => sum + value, 0);
    return { heapBytes: await total('nodejs_heap_size_used_bytes'), resources: await total('nodejs_active_resources_total') };
  }

  it(
    `${ROUNDS} rounds of ${BOARDS} boards: sockets, rooms and resources go back to what they were, the heap stays flat`,
    { timeout: 120_000 + ROUNDS * 60_000 },
    async () => {
      const readings: Reading[] = [];
      let acked = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const crowds = Array.from({ length: BOARDS }, (_, board) => bed.crowd(`soak-${round}-${board}`, 3));
        await Promise.all(crowds.map((crowd) => crowd.ready()));
        for (const crowd of crowds) crowd.drive(isLong ? 50 : 150);
        await pause(isLong ? 5_000 : 800);
        if (round % 3 === 1) for (const link of bed.redisLinks) link.reset();
        if (round % 3 === 2) for (const link of bed.mongoLinks) link.reset();
        await pause(300);
        for (const crowd of crowds) await crowd.converged();
        expect(await bed.verdict(crowds[round % BOARDS]!)).toEqual([]);
        acked += crowds.reduce((sum, crowd) => sum + crowd.acked.size, 0);
        await bed.leave();
        // Boards unload 5 s after the last one left; a short run waits for that at its end alone.
        if (isLong || round < 1 || round === ROUNDS - 1) readings.push(await settled());
      }
      const [first, last] = [readings[Math.min(9, readings.length - 2)]!, readings.at(-1)!];
      // Connections of the pools come and go: some more are no leak.
      expect(last.resources).toBeLessThan(first.resources + 40);
      const lowest = (some: readonly Reading[]): number => Math.min(...some.map(({ heapBytes }) => heapBytes));
      const half = Math.ceil(readings.length / 2);
      const growthMiB = (lowest(readings.slice(half)) - lowest(readings.slice(0, half))) / MIB;
      // Over a short run the heap says when it was last collected, no more.
      if (isLong) expect(growthMiB).toBeLessThan(HEAP_SLACK_MIB);
      figure('soak', {
        rounds: ROUNDS,
        acked,
        heapMiB: last.heapBytes / MIB,
        growthMiB,
        resources: last.resources,
        resourcesBefore: first.resources,
      });
    },
  );
});
