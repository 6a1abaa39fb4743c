/** The figures of README.md for a few seconds: what must hold is asserted, never how fast it is. */

import { afterAll, afterEach, expect, it } from 'vitest';
import { closeAll } from './clients.ts';
import { overload, overloadEnv } from './overload.ts';
import { revoke } from './revoke.ts';
import { MIB } from './row.ts';
import { closeSockets } from './service-clients.ts';
import { ServiceTarget } from './service-target.ts';
import { besiege } from './siege.ts';

/** Fewer than the attacker makes in the seconds of this test. */
const CONNECTS = 20;

const service = new ServiceTarget('ours');

afterEach(() => {
  closeAll();
  closeSockets();
});
afterAll(() => service.stop());

it('among the hostile and the stalled no change is lost, and memory stays bounded', { timeout: 120_000 }, async () => {
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
  expect(ended, 'somebody hostile was ended, or nothing was hostile').toBeGreaterThan(0);
  expect(peak.rssBytes - entered.rssBytes).toBeLessThan(256 * MIB);
});

it('under ten times as much as it takes everybody else is served', { timeout: 120_000 }, async () => {
  await service.start({ ...overloadEnv, WETINK_LIMIT_ADDRESS_CONNECTS: String(CONNECTS), WETINK_LOG_LEVEL: 'silent' });
  const { visits, succeeded, attempts, refused, withRetryAfter } = await overload(service, 4);
  expect(visits).toBeGreaterThan(0);
  expect(succeeded).toBe(visits);
  expect(refused).toBeGreaterThan(0);
  expect(withRetryAfter).toBe(refused);
  expect(attempts - refused).toBeLessThanOrEqual(CONNECTS);
});

it('who is sent away writes nothing more', { timeout: 60_000 }, async () => {
  await service.start({ WETINK_AUTH: 'guests', WETINK_LOG_LEVEL: 'silent' });
  const { isOut, writtenBefore, writtenAfterOut } = await revoke(service);
  expect(isOut).toBe(true);
  expect(writtenBefore).toBeGreaterThan(0);
  expect(writtenAfterOut).toBe(0);
});
