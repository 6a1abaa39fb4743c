import { expect, it } from 'vitest';
import { createHealth, type HealthOptions } from './health.ts';

const lag = (p99Ms: number): { p50Ms: number; p99Ms: number; maxMs: number } => ({ p50Ms: 0, p99Ms, maxMs: p99Ms });

function healthOf(options: Partial<HealthOptions>): ReturnType<ReturnType<typeof createHealth>> {
  return createHealth({
    isDraining: () => false,
    probe: () => Promise.resolve(),
    isBusUp: () => null,
    loopLag: () => lag(0),
    now: () => 0,
    ...options,
  })();
}

it('a healthy single node is ready', async () => {
  expect(await healthOf({})).toEqual({ isReady: true, reason: null, store: 'up', bus: 'none', loopLagMs: 0, degraded: [] });
});

it('not ready while draining, while the store cannot save, and while the event loop is over 1 s late', async () => {
  expect(await healthOf({ isDraining: () => true })).toMatchObject({ isReady: false, reason: 'draining', store: 'up' });
  expect(await healthOf({ probe: () => Promise.reject(new Error('No space left')) })).toMatchObject({
    isReady: false,
    reason: 'No space left',
    store: 'down',
  });
  expect(await healthOf({ loopLag: () => lag(1_500.4) })).toMatchObject({ isReady: false, reason: 'the event loop is 1500 ms late' });
});

it('degraded but ready while the bus is down or the event loop is a little late', async () => {
  expect(await healthOf({ isBusUp: () => false, loopLag: () => lag(300) })).toMatchObject({
    isReady: true,
    reason: null,
    bus: 'down',
    degraded: ['bus', 'loop'],
  });
  expect(await healthOf({ isBusUp: () => true })).toMatchObject({ isReady: true, bus: 'up', degraded: [] });
});

it('health requests within a second share one durable write', async () => {
  let probes = 0;
  let nowMs = 0;
  const health = createHealth({
    isDraining: () => false,
    probe: async () => void (probes += 1),
    isBusUp: () => null,
    loopLag: () => lag(0),
    now: () => nowMs,
  });
  await Promise.all(Array.from({ length: 50 }, () => health()));
  nowMs = 999;
  await health();
  expect(probes).toBe(1);
  nowMs = 1_000;
  await health();
  expect(probes).toBe(2);
});
