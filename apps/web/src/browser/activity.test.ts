import { expect, it } from 'vitest';
import { IDLE_AFTER_MS, watchActivity } from './activity.ts';

function setup() {
  const view = new EventTarget();
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible', defaultView: view });
  const told: (string | null)[] = [];
  let now = 0;
  let timer: { run: () => void; at: number } | null = null;
  const stop = watchActivity({
    page: page as unknown as Document,
    onRest: (rest) => void told.push(rest),
    now: () => now,
    schedule(run, delayMs) {
      timer = { run, at: now + delayMs };
      return () => (timer = null);
    },
  });
  return {
    told,
    stop,
    input: () => view.dispatchEvent(new Event('pointermove')),
    pass(ms: number) {
      now += ms;
      const due = timer;
      if (due !== null && due.at <= now) {
        timer = null;
        due.run();
      }
    },
    see(visibilityState: string) {
      page.visibilityState = visibilityState;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

it('a person without input for three minutes is idle, and active again with the first move', () => {
  const { told, input, pass } = setup();
  pass(IDLE_AFTER_MS - 1);
  input();
  pass(1);
  expect(told).toEqual([]);
  pass(IDLE_AFTER_MS);
  expect(told).toEqual(['idle']);
  input();
  input();
  expect(told).toEqual(['idle', null]);
  pass(IDLE_AFTER_MS);
  expect(told).toEqual(['idle', null, 'idle']);
});

it('a hidden page is away at once, and its person is there when it is seen again', () => {
  const { told, see, pass, input, stop } = setup();
  see('hidden');
  pass(IDLE_AFTER_MS * 2);
  input();
  expect(told).toEqual(['away']);
  see('visible');
  expect(told).toEqual(['away', null]);
  stop();
  see('hidden');
  expect(told).toHaveLength(2);
});
