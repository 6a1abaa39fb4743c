/** A relay that was stopped, or busy for seconds, reads what came meanwhile before it takes any client for silent. */

import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { RecheckAnswer } from '../ports/authorize.ts';
import { systemEnvironment } from '../ports/environment.ts';
import type { RelayOptions } from '../relay-options.ts';
import { Alarms } from './alarms.ts';
import { Authorization } from './authorization.ts';
import { Bare, change, joined, pause, startRelay, stock, until, type TestRelay } from '../testing/harness.ts';
import { virtualTime } from '../testing/virtual-time.ts';

const HOUSEKEEPING_MS = 1_000;
const BUSY_MS = 2_500;
let relay: TestRelay;
const clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await relay.close();
});

/** A relay whose process can be kept busy right after its housekeeping, when pings are sent and no answer is read yet. */
async function start(options: Partial<RelayOptions>): Promise<{ beBusy(): Promise<void> }> {
  let onTick: (() => void) | null = null;
  relay = await startRelay({
    ...options,
    schedule(fn, delayMs) {
      const work = (): void => {
        fn();
        if (delayMs !== HOUSEKEEPING_MS) return;
        onTick?.();
        onTick = null;
      };
      return systemEnvironment.schedule(work, delayMs);
    },
  });
  return {
    beBusy: () =>
      new Promise((resolve) => {
        onTick = () => {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
          resolve();
        };
      }),
  };
}

it('[RL57] clients that answer pings stay, even when the relay could not read their answers in time', async () => {
  const { beBusy } = await start({ limits: { pingMs: 10, pongMs: 1_500 } });
  const ana = await joined(relay.url, 'board', 1);
  const ben = stock(relay.url, 'board');
  clients.push(ana, ben);
  await until(() => ben.provider.synced, 'sync');
  await beBusy();
  await pause(2_200);
  expect([ana.closed, ben.closes]).toEqual([null, []]);
  ana.send({ type: 'update', update: change(new Y.Doc(), (doc) => doc.getMap('m').set('k', 1)) });
  await until(() => ana.of('ack').length === 1 && ben.doc.getMap('m').has('k'), 'the change');
});

it('[RL52] a client whose message is read late, because the relay was busy, is let in', async () => {
  const { beBusy } = await start({ limits: { authTimeoutMs: 2_000 } });
  const late = new Bare(relay.url, 'board', { isExtension: true });
  clients.push(late);
  await until(() => late.of('hello').length > 0, 'hello');
  await beBusy();
  late.send({ type: 'authenticate', clientId: 1, token: '' });
  await until(() => late.of('welcome').length > 0 || late.closed !== null, 'welcome');
  expect(late.closed).toBeNull();
});

it('[RL57] a client that is gone is closed even by a busy relay, at its next housekeeping', async () => {
  let laterMs = 0;
  relay = await startRelay({ now: () => performance.now() + laterMs, limits: { pingMs: 10, pongMs: 1_000 } });
  const gone = await joined(relay.url, 'board', 1);
  clients.push(gone);
  // It reads nothing, so it answers no ping.
  gone.ws.pause();
  const timer = setInterval(() => (laterMs += 3_000), 500);
  await until(() => relay.relay.stats().connections === 0 || relay.relay.stats().closed['timeout'] === 1, 'the close');
  clearInterval(timer);
  expect(relay.relay.stats().closed).toEqual({ timeout: 1 });
});

it('[RI4] an answer that came while the process was busy counts, even if its deadline has passed', async () => {
  const time = virtualTime();
  let laterMs = 0;
  const environment = { ...time, now: () => time.now() + laterMs };
  let answer: (given: RecheckAnswer) => void = () => undefined;
  const told: string[] = [];
  const note = (what: string) => (): void => void told.push(what);
  const authorization = new Authorization(
    {
      clocks: { environment, alarms: new Alarms(environment), wallClock: () => 0 },
      authorize: () =>
        Promise.resolve({ ok: true, role: 'editor', userId: 'ana', recheck: () => new Promise((resolve) => (answer = resolve)) }),
    },
    {
      granted: note('granted'),
      confirmed: note('confirmed'),
      refused: note('refused'),
      expiring: note('expiring'),
      failed: note('failed'),
      unanswered: note('unanswered'),
    },
  );
  authorization.authenticate('t');
  await time.advance(0);
  authorization.changed();
  await time.advance(14_000);
  // Busy past the deadline: the timer fires while the answer waits to be read.
  laterMs = 20_000;
  await time.advance(1_500);
  answer({ ok: true, role: 'editor' });
  await time.advance(1_500);
  expect(told).toEqual(['granted', 'confirmed']);
  // An answer that never comes is given up as before, a second later.
  authorization.changed();
  await time.advance(15_000);
  expect(told).toEqual(['granted', 'confirmed', 'refused']);
  relay = await startRelay();
});
