/** The figures of README.md, measured for a few seconds: asserts what must hold, but no speed. */

import { afterAll, afterEach, expect, it } from 'vitest';
import { closeAll } from './clients.ts';
import { overload, overloadEnv } from './overload.ts';
import { revoke } from './revoke.ts';
import { MIB } from './row.ts';
import { closeSockets } from './service-clients.ts';
import { ServiceTarget } from './service-target.ts';
import { besiege } from './siege.ts';

/** Fewer than the attacker's connects during this test. */
const CONNECTS = 20;

const service = new ServiceTarget('ours');

afterEach(() => {
  closeAll();
  closeSockets();
});
afterAll(() => service.stop());

it('with hostile and stalled connections no change is lost, and memory stays bounded', { timeout: 120_000 }, async () => {
  await service.start({ WETINK_AUTH: 'open', WETINK_LOG_LEVEL: 'silent' });
  const { changes, lost, ended, entered, peak, hostile } = await besiege(service, {
    connections: 200,
    seconds: 4,
    writeEveryMs: 500,
    settleMs: 0,
  });
  expect(service.isAlive).toBe(true);
  expect(changes).toBeGreaterThanOrEqual(hostile);
  expect(lost).toBe(0);
  expect(ended, 'no hostile connection was ended, so none was hostile').toBeGreaterThan(0);
  expect(peak.rssBytes - entered.rssBytes).toBeLessThan(256 * MIB);
});

it('at ten times the limits all other clients are served', { timeout: 120_000 }, async () => {
  await service.start({ ...overloadEnv, WETINK_LIMIT_ADDRESS_CONNECTS: String(CONNECTS), WETINK_LOG_LEVEL: 'silent' });
  const { visits, succeeded, attempts, refused, withRetryAfter } = await overload(service, 4);
  expect(visits).toBeGreaterThan(0);
  expect(succeeded).toBe(visits);
  expect(refused).toBeGreaterThan(0);
  expect(withRetryAfter).toBe(refused);
  expect(attempts - refused).toBeLessThanOrEqual(CONNECTS);
});

it('a removed user can no longer write', { timeout: 60_000 }, async () => {
  await service.start({ WETINK_AUTH: 'guests', WETINK_LOG_LEVEL: 'silent' });
  const { isOut, writtenBefore, writtenAfterOut } = await revoke(service);
  expect(isOut).toBe(true);
  expect(writtenBefore).toBeGreaterThan(0);
  expect(writtenAfterOut).toBe(0);
});
