/** MongoDB is unreachable, slow or electing, or everything is killed at once, while a cluster serves clients. */

import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import type { Crowd } from './crowd.ts';
import { figure } from './figures.ts';
import type { Proxy } from './proxy.ts';
import { metric, readiness } from './relay-facts.ts';
import { pause, until } from './until.ts';

const MINUTE_MS = 60_000;
const ABSENCES_MS = isLong ? [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS] : [7_000];
const COLLAPSES = isLong ? 20 : 2;
/** Speed of the clients' clocks, so that they find a relay that is back sooner. */
const SPEED = isLong ? 1 : 4;

describe.skipIf(whyNoBed !== null)(`MongoDB ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ relays: 2 });
  });
  afterEach(() => bed.leave());
  afterAll(() => bed.stop());

  async function busyCrowd(room: string, everyMs = 100): Promise<Crowd> {
    const crowd = bed.crowd(room, [0, 0, 1, 1], { speed: SPEED });
    await crowd.ready();
    crowd.drive(everyMs);
    await until(() => crowd.writers.every(({ acked }) => acked.size > 2), 'everyone to have written');
    return crowd;
  }
  const linksAre = (faults: Parameters<Bed['mongoLinks'][number]['set']>[0]): void => {
    for (const link of bed.mongoLinks) link.set(faults);
  };

  for (const absenceMs of ABSENCES_MS)
    it(
      `[F7] for ${absenceMs / 1_000} s MongoDB swallows everything from one relay and resets the other: nothing is acknowledged meanwhile, everything afterwards`,
      { timeout: absenceMs + 300_000 },
      async () => {
        const crowd = await busyCrowd(`f7-${absenceMs}`, Math.max(100, absenceMs / 500));
        const [swallowing, resetting] = bed.mongoLinks as [Proxy, Proxy];
        swallowing.set({ isBlackhole: true });
        resetting.set({ isRefusing: true });
        resetting.reset();
        await pause(1_000); // for an answer already on its way
        const before = crowd.acked.size;
        // A board that no relay has in memory cannot be loaded now, and must not look empty and saved.
        const fresh = bed.crowd(`f7-new-${absenceMs}`, [0, 1], { speed: SPEED });
        for (const writer of fresh.writers) writer.write();
        await pause(absenceMs);
        expect(crowd.acked.size).toBe(before);
        for (const one of [crowd, fresh]) expect(one.writers.map(({ isSaved }) => isSaved)).not.toContain(true);
        // Clients of one relay still see each other's changes; relays exchange only saved changes.
        for (const [from, to] of [
          [0, 1],
          [2, 3],
        ] as const) {
          const token = crowd.writers[from]!.write();
          await until(() => crowd.writers[to]!.doc.getMap('tokens').has(token), 'a neighbour to see a change');
        }
        await until(
          async () => (await Promise.all(bed.cluster.relays.map(readiness))).every(({ ready }) => !ready),
          'readiness to fail',
          () => Promise.all(bed.cluster.relays.map(readiness)),
        );
        for (const one of [crowd, fresh]) expect(one.writers.map(({ isSaved }) => isSaved)).not.toContain(true);
        const backMs = Date.now();
        linksAre({});
        await fresh.converged();
        const savedMs = await crowd.converged().then(() => Date.now() - backMs);
        expect((await Promise.all([crowd, fresh].map((one) => bed.problems(one)))).flat()).toEqual([]);
        figure('F7', { absenceMs, allSavedAfterMs: savedMs, acked: crowd.acked.size });
      },
    );

  it('[F8] answers of MongoDB take two seconds: saving is slower, without extra writes', async () => {
    const crowd = await busyCrowd('f8');
    linksAre({ latencyMs: 1_000, jitterMs: 100 });
    const appends = async (): Promise<number> => {
      const counts = await Promise.all(bed.cluster.relays.map((relay) => metric(relay, 'wetink_journal_append_seconds_count')));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    const [before, writtenBefore, startMs] = [await appends(), crowd.written.size, Date.now()];
    await pause(5_000);
    const turns = Math.ceil((Date.now() - startMs) / 2_000) + 1;
    const [made, written] = [(await appends()) - before, crowd.written.size - writtenBefore];
    // A relay has one write per room in progress; changes that arrive meanwhile go together in the next.
    expect(made).toBeLessThanOrEqual(bed.cluster.relays.length * turns * 2);
    expect(written).toBeGreaterThan(made);
    linksAre({});
    expect(await bed.problems(crowd)).toEqual([]);
    figure('F8', { journalWrites: made, changes: written });
  });

  it('[F9] MongoDB steps down and a majority is late under load: writes are retried, and each change is stored once', async () => {
    const crowd = await busyCrowd('f9');
    const client = new MongoClient(bed.cluster.mongo!.uri, { directConnection: true });
    try {
      for (const data of [
        { failCommands: ['insert'], errorCode: 10107 },
        { failCommands: ['insert'], errorCode: 189, closeConnection: false },
        { failCommands: ['insert'], closeConnection: true },
        { failCommands: ['insert'], writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
      ]) {
        await client.db('admin').command({ configureFailPoint: 'failCommand', mode: { times: 4 }, data });
        await pause(1_000);
      }
    } finally {
      await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
      await client.close();
    }
    expect(await bed.problems(crowd)).toEqual([]);
  });

  it(
    `[F3] ${COLLAPSES} times all relays, Redis and MongoDB are killed at once: nothing acknowledged is lost`,
    { timeout: 120_000 + COLLAPSES * 120_000 },
    async () => {
      const crowd = await busyCrowd('f3');
      const { relays, redis, mongo } = bed.cluster;
      // Some clients are alone on a board and vanish too, so that only the store has their acknowledged changes.
      const vanished: Crowd[] = [];
      let collapsedMs = 0;
      for (let collapse = 0; collapse < COLLAPSES; collapse += 1) {
        const alone = relays.map((_, index) => bed.crowd(`f3-alone-${collapse}-${index}`, [index]));
        await Promise.all(alone.map((one) => one.ready()));
        for (const one of alone) one.drive(5);
        const before = crowd.acked.size;
        await until(() => crowd.acked.size > before + 10, 'changes to be saved');
        await pause(collapse * 170);
        await Promise.all([...relays.map((relay) => relay.kill()), redis!.kill(), mongo!.kill()]);
        collapsedMs = Date.now();
        await Promise.all(alone.map((one) => one.vanish()));
        vanished.push(...alone);
        await Promise.all([mongo!.restart(), redis!.restart()]);
        await Promise.all(relays.map((relay) => relay.restart()));
      }
      const upMs = Date.now() - collapsedMs;
      await crowd.converged();
      const agreedMs = Date.now() - collapsedMs - upMs;
      expect(await bed.problems(crowd)).toEqual([]);
      expect((await Promise.all(vanished.map((alone) => bed.problemsWithoutThem(alone)))).flat()).toEqual([]);
      figure('F3', { collapses: COLLAPSES, acked: crowd.acked.size, ackedLost: 0, serversUpAfterMs: upMs, thenAgreedAfterMs: agreedMs });
    },
  );
});
