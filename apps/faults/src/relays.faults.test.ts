/** Relays that are killed, frozen and restarted under load, behind nginx. */

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import { figure } from './figures.ts';
import type { Crowd } from './crowd.ts';
import { readiness } from './relay-facts.ts';
import { pause, until } from './until.ts';
import type { Writer } from './writer.ts';

const KILLS = Number(process.env['WETINK_KILLS'] ?? (isLong ? 1_000 : 12));
/** People of the rolling restart, ten to a board. */
const PEOPLE = isLong ? 1_000 : 100;
const PEOPLE_PER_BOARD = 10;
const VERDICTS_AT_ONCE = 10;
/** People's clocks, so that 45 s of silence are over sooner, and a relay that is back is found sooner; the relays' are not touched. */
const SPEED = isLong ? 1 : 8;
const RECONNECTING_SPEED = isLong ? 1 : 4;

describe.skipIf(whyNoBed !== null)(`relays that go ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ relays: 2, balance: 'round_robin', hasLinks: false });
  });
  afterEach(() => bed.leave());
  afterAll(() => bed.stop());

  it(`[F1] ${KILLS} times a relay is killed under load: nothing acknowledged is lost`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
    const crowds = ['f1-a', 'f1-b', 'f1-c'].map((room) => bed.crowd(room, 4, { speed: RECONNECTING_SPEED }));
    await Promise.all(crowds.map((crowd) => crowd.ready()));
    const startMs = Date.now();
    for (const crowd of crowds) crowd.drive(100);
    // Someone alone on a board vanishes with the relay: what was called saved is nowhere else then.
    const vanished: Crowd[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Over a run this falls into every phase: joining, journaling, checkpointing, idle.
      const [alone, relay] = [bed.crowd(`f1-alone-${kill}`, [kill % 2]), bed.cluster.relays[kill % 2]!];
      await alone.ready();
      alone.drive(5);
      await pause(200 + ((kill * 137) % 700));
      await relay.kill();
      await alone.vanish();
      vanished.push(alone);
      await pause((kill * 53) % 300);
      await relay.restart();
    }
    const loadMs = Date.now() - startMs;
    const settleMs = await Promise.all(crowds.map((crowd) => crowd.converged()));
    expect(await problemsOf(crowds, (crowd) => bed.verdict(crowd))).toEqual([]);
    expect(await problemsOf(vanished, (alone) => bed.verdictWithoutThem(alone))).toEqual([]);
    const acked = crowds.reduce((sum, crowd) => sum + crowd.acked.size, 0);
    expect(acked).toBeGreaterThan(KILLS);
    figure('F1', {
      kills: KILLS,
      acked,
      ackedOfVanished: vanished.reduce((sum, alone) => sum + alone.acked.size, 0),
      ackedLost: 0,
      changesPerSecond: Math.round((acked / loadMs) * 1_000),
      reconnects: crowds.flatMap((crowd) => crowd.writers).reduce((sum, { reconnects }) => sum + reconnects, 0),
      longestGapMs: Math.max(...crowds.flatMap((crowd) => crowd.writers.map(({ longestGapMs }) => longestGapMs))),
      settleMs: Math.max(...settleMs),
    });
  });

  it('[F18] a relay that stands still: its people go on at the other, and what it does afterwards does no harm', async () => {
    const crowd = bed.crowd('f18', 6, { speed: SPEED });
    await crowd.ready();
    crowd.drive(100);
    await until(() => crowd.writers.every(({ acked }) => acked.size > 2), 'everyone to have written');
    const frozen = bed.cluster.relays[0]!;
    await frozen.kill('SIGSTOP');
    const stoppedMs = Date.now();
    let movedMs: number;
    try {
      await pause(isLong ? 40_000 : 500); // what was acknowledged before has been read
      const before = crowd.writers.map(({ acked }) => acked.size);
      await until(
        () => crowd.writers.every(({ acked }, index) => acked.size > before[index]!),
        'everyone to be saved at the other relay',
        () => crowd.writers.map(({ room }) => [room.link, room.status]),
      );
      movedMs = Date.now() - stoppedMs;
    } finally {
      await frozen.kill('SIGCONT');
    }
    await until(async () => (await readiness(frozen)).connections === 0, 'the relay to notice that its people have left');
    expect(await bed.verdict(crowd)).toEqual([]);
    figure('F18', { everyoneSavedAgainAfterMsOfTheirClock: movedMs * SPEED });
  });

  it(
    `[F21] both relays restarted, one after the other, with ${PEOPLE} people: nothing is lost`,
    { timeout: 300_000 + PEOPLE * 600 },
    async () => {
      const crowds: Crowd[] = [];
      for (let board = 0; board < PEOPLE / PEOPLE_PER_BOARD; board += 1) {
        crowds.push(bed.crowd(`f21-${board}`, PEOPLE_PER_BOARD));
        // Many at once are another test's affair.
        if (board % 5 === 4) await Promise.all(crowds.map((crowd) => crowd.ready()));
      }
      await Promise.all(crowds.map((crowd) => crowd.ready()));
      const people = crowds.flatMap(({ writers }) => writers);
      for (const person of people) person.opened = 1;
      // One process is all of them: a hundred changes a second reach ten people each.
      for (const crowd of crowds) crowd.drive(isLong ? 10_000 : 2_000);
      const refusedBefore = refusedBy(bed.cluster.accessLogFile);
      const codes: (number | string | null)[] = [];
      for (const relay of bed.cluster.relays) {
        codes.push(await relay.kill('SIGTERM'));
        await relay.restart();
        await pause(1_000);
      }
      await Promise.all(crowds.map((crowd) => crowd.converged()));
      const reconnects = people.map((person) => person.reconnects);
      const gaps = people.map(({ longestGapMs }) => longestGapMs).sort((a, b) => a - b);
      figure('F21', {
        people: PEOPLE,
        exitCodes: codes.join(' '),
        refusedByNginx: refusedBy(bed.cluster.accessLogFile) - refusedBefore,
        acked: sum(people.map(({ acked }: Writer) => acked.size)),
        ackedLost: 0,
        reconnectsEach: (sum(reconnects) / PEOPLE).toFixed(2),
        mostReconnects: Math.max(...reconnects),
        medianGapMs: gaps[Math.floor(gaps.length / 2)]!,
        gapP99Ms: gaps[Math.floor(gaps.length * 0.99)]!,
        longestGapMs: gaps.at(-1)!,
      });
      // Everyone was at one of the two, and so has to move, but not again and again.
      expect(sum(reconnects) / PEOPLE).toBeLessThanOrEqual(2);
      // 1: not done within the deadline of its drain, on a machine that is very busy; people keep what was not saved.
      for (const code of codes) expect([0, 1]).toContain(code);
      // One relay was there all the time: nginx has nobody turned away, but for those whose relay ended as they came.
      expect(refusedBy(bed.cluster.accessLogFile) - refusedBefore).toBeLessThan(PEOPLE / 4);
      expect(await problemsOf(crowds, (crowd) => bed.verdict(crowd))).toEqual([]);
    },
  );
});

/** A long run has many, and each has newcomers come. */
async function problemsOf(crowds: readonly Crowd[], verdict: (crowd: Crowd) => Promise<string[]>): Promise<string[]> {
  const problems: string[] = [];
  for (let first = 0; first < crowds.length; first += VERDICTS_AT_ONCE)
    problems.push(...(await Promise.all(crowds.slice(first, first + VERDICTS_AT_ONCE).map(verdict))).flat());
  return problems;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Requests that nginx has answered with 502: it knew of no relay. */
function refusedBy(accessLogFile: string): number {
  return readFileSync(accessLogFile, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"status":502')).length;
}
