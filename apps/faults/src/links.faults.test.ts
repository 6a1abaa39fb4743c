/**
 * Failing links of clients, boards that two relays create at once, and boards that clients leave and join while the store
 * is slow. All with clocks a day apart: one relay is a day ahead of the clients, the other a day behind.
 */

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { before, isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import type { Crowd } from './crowd.ts';
import { figure } from './figures.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { readiness } from './relay-facts.ts';
import { pause, until } from './until.ts';
import { TOKENS } from './judge.ts';
import { Writer } from './writer.ts';

const NEW_BOARDS = isLong ? 1_000 : 60;
const NEW_BOARDS_AT_ONCE = 10;
const DAY_MS = 86_400_000;
/** Speed of the clients' clocks, so that 45 s of silence take less time. */
const SPEED = isLong ? 1 : 8;
/** Shorter times of the relays. The defaults: ping every 20 s, wait 10 s for the answer, keep an empty board for 5 s. */
const LIMITS = isLong ? {} : { pingMs: 3_000, pongMs: 3_000, unloadDelayMs: 1_000 };
const UNLOAD_MS = isLong ? 5_000 : 1_000;

/** Node's argument that shifts its clock. */
function clockMovedBy(ms: number): string {
  return before(`const Real = Date; const now = () => Real.now() + ${ms};
    globalThis.Date = class Date extends Real { constructor(...args) { args.length === 0 ? super(now()) : super(...args); } static now() { return now(); } };`);
}

/** @returns Days by which each line of a relay's log is ahead of this process. */
function daysOfLog(file: string): number[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { time: number | string }).time)
    .map((time) => Math.round((new Date(time).getTime() - Date.now()) / DAY_MS));
}

describe.skipIf(whyNoBed !== null)(`links and boards, with clocks a day apart ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  let link: Proxy;
  let more: Writer[];

  beforeAll(async () => {
    bed = await startBed({
      relays: 2,
      limits: LIMITS,
      relayEnv: (index, env) => ({ ...env, NODE_OPTIONS: clockMovedBy(index === 0 ? DAY_MS : -DAY_MS) }),
    });
  });
  beforeEach(async () => {
    link = await startProxy({ port: bed.cluster.relays[0]!.port });
    more = [];
  });
  afterEach(async () => {
    await Promise.all(more.map((writer) => writer.close()));
    await bed.leave();
    await link.close();
  });
  afterAll(() => bed.stop());

  /** Two clients behind the link, one at the other relay. */
  async function busyCrowd(room: string): Promise<Crowd> {
    const behind = `ws://127.0.0.1:${link.port}`;
    const crowd = bed.crowd(room, [], { urls: [behind, behind, bed.cluster.relays[1]!.url], speed: SPEED });
    await crowd.ready();
    crowd.drive(100);
    await until(() => crowd.writers.every(({ acked }) => acked.size > 2), 'everyone to have written');
    return crowd;
  }

  it('[F19] with clocks a day apart, each relay saves changes and passes them on', async () => {
    const [old, young] = [bed.crowd('f19', [0, 1], { skewMs: -DAY_MS }), bed.crowd('f19-young', [1, 0], { skewMs: DAY_MS })];
    for (const crowd of [old, young]) {
      await crowd.ready();
      crowd.drive(50);
    }
    await until(() => [old, young].every((crowd) => crowd.acked.size > 60), 'both boards to be drawn on');
    for (const crowd of [old, young]) expect(await bed.problems(crowd)).toEqual([]);
    // The log has a line for each ended connection, and the newcomers of the check have left.
    await until(() => bed.cluster.relays.every((relay) => daysOfLog(relay.logFile).length > 0), 'lines in both logs');
    expect(bed.cluster.relays.map(({ logFile }) => daysOfLog(logFile).at(-1))).toEqual([1, -1]);
  });

  it('[F15] a link that swallows everything is noticed by both ends, and nothing is lost', async () => {
    const crowd = await busyCrowd('f15-blackhole');
    const behind = crowd.writers.slice(0, 2);
    link.set({ isBlackhole: true });
    const cutMs = Date.now();
    const before = behind.map(({ acked }) => acked.size);
    await until(() => behind.every(({ room }) => room.link !== 'open'), 'both people to notice');
    const noticedMs = (Date.now() - cutMs) * SPEED;
    for (const [index, { acked, room }] of behind.entries()) {
      expect(acked.size).toBe(before[index]);
      expect(room.status.kind).toBe('offline');
    }
    await crowd.rest();
    await until(
      async () => (await readiness(bed.cluster.relays[0]!)).connections === 0,
      'the relay to let go of them',
      () => readiness(bed.cluster.relays[0]!),
    );
    const letGoMs = Date.now() - cutMs;
    for (const writer of crowd.writers) writer.write();
    link.set({});
    expect(await bed.problems(crowd)).toEqual([]);
    figure('F15', { deadRelayNoticedAfterMsOfThePersonsClock: noticedMs, deadPersonLetGoAfterMs: letGoMs });
  });

  it('[F15] repeated resets and half-closed connections lose nothing', async () => {
    const crowd = await busyCrowd('f15-reset');
    for (let turn = 0; turn < 8; turn += 1) {
      if (turn % 2 === 0) link.reset();
      else link.halfClose();
      await pause(250 + turn * 30);
    }
    expect(await bed.problems(crowd)).toEqual([]);
    expect(crowd.writers[0]!.reconnects).toBeGreaterThan(2);
  });

  it('[F15] a link that passes one byte at a time and breaks within messages loses nothing', async () => {
    const crowd = await busyCrowd('f15-bytes');
    link.set({ sliceBytes: 1 });
    const before = crowd.writers[0]!.acked.size;
    await until(() => crowd.writers[0]!.acked.size > before + 2, 'changes to be saved through single bytes');
    link.set({ sliceBytes: 1, closeAfterBytes: 3_000 });
    await until(() => crowd.writers[0]!.reconnects > 2, 'three cuts');
    link.set({});
    expect(await bed.problems(crowd)).toEqual([]);
  });

  it('[F15] a link of two kilobytes per second loses nothing', async () => {
    const crowd = await busyCrowd('f15-slow');
    link.set({ bytesPerSecond: 2_000, latencyMs: 100, jitterMs: 100 });
    await pause(1_500); // longer than the link needs to fall behind
    await crowd.rest();
    await crowd.converged();
    // A newcomer over this link gets the whole board, too.
    const late = new Writer({ name: 'late', room: crowd.room, url: `ws://127.0.0.1:${link.port}` });
    more.push(late);
    await until(() => late.isSaved && late.doc.getMap(TOKENS).size === crowd.written.size, 'a newcomer over the slow link');
    link.set({});
    expect(await bed.problems(crowd)).toEqual([]);
  });

  it(
    `[F17] ${NEW_BOARDS} boards that two relays create at once keep the first change of both`,
    { timeout: 120_000 + NEW_BOARDS * 3_000 },
    async () => {
      for (let first = 0; first < NEW_BOARDS; first += NEW_BOARDS_AT_ONCE) {
        const crowds = Array.from({ length: NEW_BOARDS_AT_ONCE }, (_, index) => bed.crowd(`f17-${first + index}`, [0, 1]));
        for (const crowd of crowds) for (const writer of crowd.writers) writer.write();
        const problems = await Promise.all(crowds.map((crowd) => bed.problems(crowd)));
        expect(problems.flat()).toEqual([]);
        for (const crowd of crowds) expect(crowd.acked.size).toBe(2);
        await bed.leave();
      }
    },
  );

  it('[F22] the last client leaves and another joins while the store is slow: the newcomer gets everything at once, on any relay', async () => {
    for (const proxy of bed.mongoLinks) proxy.set({ latencyMs: 100 });
    // Newcomers join before, while and after a relay unloads the board.
    const delaysMs = [-1_000, -400, -100, 0, 100, 200, 400, 700, 1_100, 1_600].map((afterMs) => UNLOAD_MS + afterMs);
    const seen = await Promise.all(
      delaysMs.map(async (delayMs, index) => {
        const room = `f22-${delayMs}`;
        const join = (name: string, relay: number): Writer => {
          const writer = new Writer({ name, room, url: bed.cluster.relays[relay]!.url });
          more.push(writer);
          return writer;
        };
        const first = join('first', 0);
        for (let i = 0; i < 20; i += 1) first.write();
        await until(
          () => first.isSaved,
          'the first one to be saved',
          () => first.room.status,
        );
        await first.close();
        await pause(delayMs);
        const second = join('second', index % 2);
        await second.room.whenSynced;
        return [delayMs, [...first.acked].filter((token) => !second.doc.getMap(TOKENS).has(token)).length];
      }),
    );
    expect(seen).toEqual(delaysMs.map((delayMs) => [delayMs, 0]));
  });
});
