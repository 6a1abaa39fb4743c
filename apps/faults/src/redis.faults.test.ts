/** Redis dies, loses its data, disconnects, stalls or is unreachable, while a cluster serves clients. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import type { Crowd } from './crowd.ts';
import { figure } from './figures.ts';
import { metric, readiness } from './relay-facts.ts';
import { pause, until } from './until.ts';

const ABSENCE_MS = isLong ? 30_000 : 3_000;
/** Pause between two reads of MongoDB's tail while other relays are unreachable. Default: 5 s. */
const LIMITS = isLong ? {} : { tailPauseMs: 1_000 };

describe.skipIf(whyNoBed !== null)(`Redis ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ relays: 2, limits: LIMITS });
  });
  afterEach(() => bed.leave());
  afterAll(() => bed.stop());

  /** Two writing clients on each relay. */
  async function busyCrowd(room: string): Promise<Crowd> {
    const crowd = bed.crowd(room, [0, 0, 1, 1]);
    await crowd.ready();
    crowd.drive(100);
    await until(() => crowd.writers.every(({ acked }) => acked.size > 2), 'everyone to have written');
    return crowd;
  }

  const busIs = (state: 'up' | 'down'): Promise<number> =>
    until(
      async () => (await Promise.all(bed.cluster.relays.map(readiness))).every(({ bus }) => bus === state),
      `the bus to be ${state}`,
      () => Promise.all(bed.cluster.relays.map(readiness)),
    );
  /** @returns Milliseconds until a client on each side sees a new change of the other side. */
  async function seenAcross(crowd: Crowd): Promise<number> {
    const [a, b] = [crowd.writers[0]!, crowd.writers.at(-1)!];
    const tokens = [a.write(), b.write()];
    return until(() => [a, b].every(({ doc }) => tokens.every((token) => doc.getMap('tokens').has(token))), 'each side to see the other');
  }
  const seesPresence = (crowd: Crowd): Promise<number> => {
    for (const [index, { room }] of crowd.writers.entries()) room.awareness.setLocalStateField('person', index);
    return until(
      () => crowd.writers.every(({ room }) => room.awareness.getStates().size === crowd.writers.length),
      'everyone to see everyone',
      () => crowd.writers.map(({ room }) => room.awareness.getStates().size),
    );
  };

  it(`[F10] Redis is killed, down for ${ABSENCE_MS / 1_000} s and back empty: each relay keeps working, and both agree again, presence included`, async () => {
    const crowd = await busyCrowd('f10-kill');
    await seesPresence(crowd);
    await bed.cluster.redis!.kill();
    await busIs('down');
    // Each relay saves the changes of its own clients.
    const ackedBefore = crowd.writers.map(({ acked }) => acked.size);
    await pause(ABSENCE_MS);
    for (const [index, { acked }] of crowd.writers.entries()) expect(acked.size).toBeGreaterThan(ackedBefore[index]!);
    await crowd.rest();
    await bed.cluster.redis!.restart();
    const backMs = Date.now();
    await busIs('up');
    const upMs = Date.now() - backMs;
    await crowd.converged();
    const agreedMs = Date.now() - backMs;
    await seenAcross(crowd);
    await seesPresence(crowd);
    expect(await bed.problems(crowd)).toEqual([]);
    figure('F10', { absenceMs: ABSENCE_MS, busUpAfterMs: upMs, agreedAfterMs: agreedMs, acked: crowd.acked.size });
  });

  it('[F10] FLUSHALL and SHUTDOWN NOSAVE under load lose nothing', async () => {
    const crowd = await busyCrowd('f10-flush');
    for (let times = 0; times < 2; times += 1) {
      await bed.redis.flushall();
      await seenAcross(crowd);
    }
    // Redis closes the connection instead of answering.
    await bed.redis.shutdown('NOSAVE').catch(() => undefined);
    await busIs('down');
    await bed.cluster.redis!.restart();
    await busIs('up');
    expect(await bed.problems(crowd)).toEqual([]);
    await seenAcross(crowd);
  });

  it('[F11] after CLIENT KILL or an output buffer overflow disconnects subscribers, the gap is repaired', async () => {
    const crowd = await busyCrowd('f11');
    for (let cut = 0; cut < 5; cut += 1) {
      await bed.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await pause(300);
    }
    await busIs('up');
    await crowd.converged();
    await bed.redis.config('SET', 'client-output-buffer-limit', 'pubsub 32kb 8kb 1');
    try {
      // One side writes more at once than the output buffer holds.
      for (const { doc } of crowd.writers.slice(0, 2)) doc.getText('scratch').insert(0, 'x'.repeat(200_000));
      crowd.drive(50);
      await pause(1_500);
      await crowd.rest();
    } finally {
      await bed.redis.config('SET', 'client-output-buffer-limit', 'pubsub 32mb 8mb 60');
    }
    expect(await bed.problems(crowd)).toEqual([]);
    await seenAcross(crowd);
  });

  it('[F12] during CLIENT PAUSE and SIGSTOP clients of one relay are not delayed and nothing piles up; both relays agree afterwards', async () => {
    const crowd = await busyCrowd('f12');
    const heap = (): Promise<number[]> => Promise.all(bed.cluster.relays.map((relay) => metric(relay, 'nodejs_heap_size_used_bytes')));
    const before = await heap();
    await bed.redis.call('CLIENT', 'PAUSE', '5000');
    const token = crowd.writers[0]!.write();
    const localMs = await until(() => crowd.writers[1]!.doc.getMap('tokens').has(token), 'the other client of the same relay to see it');
    await bed.cluster.redis!.kill('SIGSTOP');
    try {
      await pause(ABSENCE_MS);
      const next = crowd.writers[3]!.write();
      await until(
        () => crowd.writers[2]!.doc.getMap('tokens').has(next) && crowd.writers[3]!.acked.has(next),
        'a change while Redis is frozen',
      );
      // Messages that wait for Redis are bounded, as a test of the bus shows; the queue of the store must not grow either.
      for (const relay of bed.cluster.relays)
        await until(async () => (await metric(relay, 'wetink_unsaved_bytes')) === 0, 'everything to be saved while Redis is frozen');
    } finally {
      await bed.cluster.redis!.kill('SIGCONT');
    }
    const during = await heap();
    await busIs('up');
    expect(await bed.problems(crowd)).toEqual([]);
    figure('F12', { localMs, heapGrowthMiB: Math.max(...during.map((bytes, index) => (bytes - before[index]!) / 2 ** 20)) });
  });

  it('[F13] while one relay is cut off from Redis only, both save, see each other through MongoDB and agree, also after the cut', async () => {
    const crowd = await busyCrowd('f13');
    bed.redisLinks[0]!.set({ isBlackhole: true });
    await until(async () => (await readiness(bed.cluster.relays[0]!)).bus === 'down', 'relay 1 to notice');
    const [cut, whole] = [crowd.writers[0]!, crowd.writers[3]!];
    const ackedBefore = crowd.writers.map(({ acked }) => acked.size);
    const token = whole.write();
    const throughMongoMs = await until(
      () => cut.doc.getMap('tokens').has(token),
      'the client of the relay that is cut off to see a change of the others',
    );
    expect((await readiness(bed.cluster.relays[0]!)).bus).toBe('down');
    await until(() => crowd.writers.every(({ acked }, index) => acked.size > ackedBefore[index]!), 'everyone to be saved meanwhile');
    await crowd.rest();
    const restedMs = Date.now();
    await crowd.converged();
    const agreedWhileCutMs = Date.now() - restedMs;
    expect((await readiness(bed.cluster.relays[0]!)).bus).toBe('down');
    const healedMs = Date.now();
    bed.redisLinks[0]!.set({});
    await crowd.converged();
    const agreedMs = Date.now() - healedMs;
    expect(await bed.problems(crowd)).toEqual([]);
    figure('F13', {
      seenThroughMongoAfterMs: throughMongoMs,
      agreedWhileCutMs,
      agreedAfterHealMs: agreedMs,
      acrossAfterwardsMs: await seenAcross(crowd),
    });
  });

  it('[F14] clients of a relay cut off from everything get no acknowledgement, and all agree once the cut is over', async () => {
    const crowd = await busyCrowd('f14');
    for (const link of [bed.redisLinks[0]!, bed.mongoLinks[0]!]) link.set({ isBlackhole: true });
    await pause(1_000); // what was acknowledged by MongoDB before the cut has been passed on
    const [cut, whole] = [crowd.writers[0]!, crowd.writers[3]!];
    const before = [cut.acked.size, whole.acked.size];
    await pause(3_000);
    expect(cut.acked.size).toBe(before[0]);
    expect(cut.room.status.kind).not.toBe('saved');
    expect(whole.acked.size).toBeGreaterThan(before[1]!);
    await crowd.rest();
    const healedMs = Date.now();
    for (const link of [bed.redisLinks[0]!, bed.mongoLinks[0]!]) link.set({});
    await crowd.converged();
    const agreedMs = Date.now() - healedMs;
    expect(await bed.problems(crowd)).toEqual([]);
    figure('F14', { agreedAfterHealMs: agreedMs });
  });

  it('[F16] every publish repeated twice and out of order duplicates nothing and undoes nothing', async () => {
    const crowd = await busyCrowd('f16');
    const tap = bed.redis.duplicate();
    tap.on('error', () => undefined); // If the tap fails, `replayed` is 0.
    const seen: [Buffer, Buffer][] = [];
    let own = 0;
    const mirror = new Set<string>();
    tap.on('pmessageBuffer', (_pattern: string, channel: Buffer, message: Buffer) => {
      const key = `${channel.toString('latin1')} ${message.toString('latin1')}`;
      if (mirror.delete(key)) return; // published by this test
      seen.push([channel, message]);
    });
    await tap.psubscribe('wetink*');
    for (let turn = 0; turn < 20; turn += 1) {
      await pause(100);
      const batch = seen.splice(0).slice(-40).reverse();
      for (const [channel, message] of [...batch, ...batch]) {
        own += 1;
        mirror.add(`${channel.toString('latin1')} ${message.toString('latin1')}`);
        await bed.redis.publish(channel as never, message);
      }
    }
    tap.disconnect();
    expect(own).toBeGreaterThan(20);
    expect(await bed.problems(crowd)).toEqual([]);
    const texts = crowd.writers.map(({ doc }) => doc.getText('scratch').length);
    expect(new Set(texts).size).toBe(1);
    figure('F16', { replayed: own });
  });
});
