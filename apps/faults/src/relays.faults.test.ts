/** Relays that are killed, frozen and restarted under load, behind nginx. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import { figure } from './figures.ts';
import { pause } from './until.ts';

const KILLS = isLong ? 1_000 : 12;

describe.skipIf(whyNoBed !== null)(`relays that go ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ relays: 2, balance: 'round_robin' });
  });
  afterEach(() => bed.leave());
  afterAll(() => bed.stop());

  it(`[F1] ${KILLS} times a relay is killed under load: nothing acknowledged is lost`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
    const crowds = ['f1-a', 'f1-b', 'f1-c'].map((room) => bed.crowd(room, 4));
    await Promise.all(crowds.map((crowd) => crowd.ready()));
    const startMs = Date.now();
    for (const crowd of crowds) crowd.drive(100);
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Over a run this falls into every phase: joining, journaling, checkpointing, idle.
      await pause(200 + ((kill * 137) % 700));
      const relay = bed.cluster.relays[kill % 2]!;
      await relay.kill();
      await pause((kill * 53) % 300);
      await relay.restart();
    }
    const loadMs = Date.now() - startMs;
    const settleMs = await Promise.all(crowds.map((crowd) => crowd.converged()));
    for (const crowd of crowds) expect(await bed.verdict(crowd)).toEqual([]);
    const acked = crowds.reduce((sum, crowd) => sum + crowd.acked.size, 0);
    expect(acked).toBeGreaterThan(KILLS);
    figure('F1', {
      kills: KILLS,
      acked,
      ackedLost: 0,
      changesPerSecond: Math.round((acked / loadMs) * 1_000),
      reconnects: crowds.flatMap((crowd) => crowd.writers).reduce((sum, { reconnects }) => sum + reconnects, 0),
      longestGapMs: Math.max(...crowds.flatMap((crowd) => crowd.writers.map(({ longestGapMs }) => longestGapMs))),
      settleMs: Math.max(...settleMs),
    });
  });
});
