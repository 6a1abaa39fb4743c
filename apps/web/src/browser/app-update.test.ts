import { describe, expect, it } from 'vitest';
import { updateSentence, type Hold } from '../core/update-sentence.ts';
import { AppUpdate } from './app-update.ts';

/** A page whose time passes by `wait`, with a waiting version unless another tab took it. */
function setup() {
  const page = { holds: [] as Hold[], idleMs: 60_000, isWaiting: true, activated: 0, reloads: 0 };
  let nowMs = 0;
  let timers: { run: () => void; atMs: number }[] = [];
  const update = new AppUpdate({
    activate() {
      if (page.isWaiting) page.activated += 1;
      return page.isWaiting;
    },
    reload: () => void (page.reloads += 1),
    holds: () => new Set(page.holds),
    idleMs: () => page.idleMs,
    schedule(run, delayMs) {
      const timer = { run, atMs: nowMs + delayMs };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    onChange: () => undefined,
  });
  const wait = (ms: number): void => {
    const endMs = nowMs + ms;
    for (;;) {
      const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      timers = timers.filter((timer) => timer !== next);
      nowMs = next.atMs;
      next.run();
    }
    nowMs = endMs;
  };
  const said = (): string | undefined => updateSentence(update.step, update.hold)?.text;
  return { page, update, wait, said };
}

describe('asked for here', () => {
  it('a waiting version is started first, and the page reloads once it runs', () => {
    const { page, update } = setup();
    update.found();
    update.ask();
    expect([page.activated, page.reloads]).toEqual([1, 0]);
    page.isWaiting = false;
    update.tookOver();
    expect(page.reloads).toBe(1);
  });

  it('K6: the page reloads into a version that another tab has started', () => {
    const { page, update } = setup();
    update.found();
    page.isWaiting = false;
    page.holds = ['unsaved'];
    update.tookOver();
    page.holds = [];
    update.ask();
    expect([page.activated, page.reloads]).toEqual([0, 1]);
  });

  it('K6: the page reloads into a version that was started without an event', () => {
    const { page, update } = setup();
    update.found();
    page.isWaiting = false;
    update.ask();
    expect(page.reloads).toBe(1);
  });

  it('K6: the page reloads after 5 s even if the new version has not taken over', () => {
    const { page, update, wait } = setup();
    update.found();
    update.ask();
    wait(5_000);
    expect(page.reloads).toBe(1);
  });

  it.each([
    ['unsaved', 'Wetink reloads as soon as your changes are saved.'],
    ['gesture', 'Wetink reloads when you have finished drawing.'],
    ['draft', 'Wetink reloads when you have sent or cleared what you are writing.'],
  ] as const)('waits for what would be lost, says so, and reloads afterwards: %s', (hold, sentence) => {
    const { page, update, wait, said } = setup();
    update.found();
    page.holds = [hold];
    update.ask();
    expect(said()).toBe(sentence);
    wait(60_000);
    expect([page.activated, page.reloads]).toEqual([0, 0]);
    page.holds = [];
    wait(1_000);
    expect(page.activated).toBe(1);
  });

  it('an open text or dialog with nothing to lose does not delay a person who asks for the reload', () => {
    const { page, update } = setup();
    update.found();
    page.holds = ['typing', 'dialog'];
    update.ask();
    expect(page.activated).toBe(1);
  });

  it('the reload waits for a stroke begun while the new version takes over', () => {
    const { page, update, wait } = setup();
    update.found();
    update.ask();
    page.isWaiting = false;
    page.holds = ['gesture'];
    update.tookOver();
    wait(60_000);
    expect(page.reloads).toBe(0);
    page.holds = [];
    wait(1_000);
    expect(page.reloads).toBe(1);
  });
});

describe('started in another tab', () => {
  it.each([
    ['unsaved', 'as soon as your changes are saved'],
    ['gesture', 'when you have finished drawing'],
    ['draft', 'when you have sent or cleared what you are writing'],
    ['typing', 'when you have finished typing'],
    ['dialog', 'when the open dialog is closed'],
  ] as const)('K7: waits for the end of it, says so, then reloads: %s', (hold, until) => {
    const { page, update, wait, said } = setup();
    update.found();
    page.holds = [hold];
    page.idleMs = 0;
    page.isWaiting = false;
    update.tookOver();
    expect(said()).toBe(`A new version of Wetink has started. This page reloads ${until}.`);
    wait(60_000);
    expect(page.reloads).toBe(0);
    page.holds = [];
    wait(10_000);
    // The pause between two strokes still counts as use.
    expect(page.reloads).toBe(0);
    expect(said()).toContain('when you pause');
    page.idleMs = 2_000;
    wait(1_000);
    expect(page.reloads).toBe(1);
  });

  it('a page that nobody touches or sees reloads at once, and only once', () => {
    const { page, update, wait } = setup();
    page.idleMs = Infinity;
    update.tookOver();
    update.tookOver();
    update.ask();
    wait(60_000);
    expect(page.reloads).toBe(1);
  });
});
