import { expect, it } from 'vitest';
import { stop, type StoppingPorts } from './stopping.ts';

/** Ports over a clock that moves only while the code waits. */
function fakes(overrides: Partial<StoppingPorts> = {}): { ports: StoppingPorts; steps: string[]; pass(ms: number): void } {
  const steps: string[] = [];
  let nowMs = 0;
  const ports: StoppingPorts = {
    failReadiness: () => void steps.push('not ready'),
    wait: (ms) => {
      steps.push(`wait ${ms}`);
      nowMs += ms;
      return Promise.resolve();
    },
    drain: (deadlineMs) => {
      steps.push(`drain ${deadlineMs}`);
      return Promise.resolve({ unsavedBytes: 0 });
    },
    closers: ['bus', 'http', 'store'].map((name) => ({
      name,
      close: () => {
        steps.push(name);
        return Promise.resolve();
      },
    })),
    now: () => nowMs,
    schedule: (fn, delayMs) => {
      const timer = setTimeout(fn, delayMs / 1_000);
      return () => clearTimeout(timer);
    },
    ...overrides,
  };
  return { ports, steps, pass: (ms) => (nowMs += ms) };
}

it('readiness fails first, the wait counts against the deadline, and the store closes last', async () => {
  const { ports, steps } = fakes();
  expect(await stop(ports, { waitMs: 5_000, deadlineMs: 25_000 })).toEqual({ exitCode: 0, complaints: [] });
  expect(steps).toEqual(['not ready', 'wait 5000', 'drain 20000', 'bus', 'http', 'store']);
});

it('a single node does not wait', async () => {
  const { ports, steps } = fakes();
  await stop(ports, { waitMs: 0, deadlineMs: 25_000 });
  expect(steps.slice(0, 2)).toEqual(['not ready', 'drain 25000']);
});

it('unsaved changes are reported, and the outcome is a failure', async () => {
  const { ports } = fakes({ drain: () => Promise.resolve({ unsavedBytes: 42 }) });
  expect(await stop(ports, { waitMs: 0, deadlineMs: 1_000 })).toEqual({
    exitCode: 1,
    complaints: ['42 bytes of changes could not be saved in time. They were not acknowledged, so clients still have them.'],
  });
});

it('a closer that hangs or fails does not keep the others from closing', async () => {
  const closed: string[] = [];
  const { ports } = fakes({
    closers: [
      { name: 'the bus', close: () => new Promise(() => undefined) },
      { name: 'the http server', close: () => Promise.reject(new Error('odd')) },
      { name: 'the store', close: async () => void closed.push('store') },
    ],
  });
  const outcome = await stop(ports, { waitMs: 0, deadlineMs: 2_000 });
  expect(closed).toEqual(['store']);
  expect(outcome).toEqual({
    exitCode: 1,
    complaints: ['the bus could not be closed: no answer in 2 s', 'the http server could not be closed: odd'],
  });
});
