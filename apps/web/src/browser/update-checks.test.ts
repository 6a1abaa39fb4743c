import { expect, it } from 'vitest';
import { watchForUpdates } from './update-checks.ts';

function setup() {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible', defaultView: new EventTarget() });
  let nowMs = 0;
  let timer: { run: () => void; atMs: number } | null = null;
  let asked = 0;
  const stop = watchForUpdates(
    { update: () => ((asked += 1), asked === 2 ? Promise.reject(new TypeError('no network')) : (Promise.resolve() as never)) },
    {
      page: page as unknown as Document,
      now: () => nowMs,
      schedule(run, delayMs) {
        const mine = (timer = { run, atMs: nowMs + delayMs });
        return () => void (timer = timer === mine ? null : timer);
      },
    },
  );
  const wait = (ms: number): void => {
    const endMs = nowMs + ms;
    while (timer !== null && timer.atMs <= endMs) {
      const { run, atMs } = timer;
      [timer, nowMs] = [null, atMs];
      run();
    }
    nowMs = endMs;
  };
  const show = (state: 'visible' | 'hidden'): void => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { page, wait, show, stop, asked: () => asked };
}
const MINUTE_MS = 60_000;

it('M10: a page that stays open checks for a new version every hour, also after a check without a network', () => {
  const { wait, asked, stop } = setup();
  wait(59 * MINUTE_MS);
  expect(asked()).toBe(0);
  wait(5 * 60 * MINUTE_MS);
  expect(asked()).toBe(5);
  stop();
  wait(5 * 60 * MINUTE_MS);
  expect(asked()).toBe(5);
});

it('M10: a hidden page checks when it is visible again, but not at every change of tabs', () => {
  const { wait, show, asked } = setup();
  show('hidden');
  wait(26 * 60 * MINUTE_MS);
  expect(asked()).toBe(0);
  show('visible');
  expect(asked()).toBe(1);
  for (let turn = 0; turn < 5; turn++) {
    wait(MINUTE_MS);
    show('hidden');
    show('visible');
  }
  expect(asked()).toBe(1);
});

it('M10: a page that was without a network checks when the network is back', () => {
  const { page, wait, asked } = setup();
  wait(20 * MINUTE_MS);
  page.defaultView.dispatchEvent(new Event('online'));
  expect(asked()).toBe(1);
});
