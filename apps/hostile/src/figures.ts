/**
 * Prints figures of a relay under attack, one JSON line each. Bounded, and only on this machine.
 *
 *     pnpm --filter @wetink/hostile figures [siege SECONDS] [overload SECONDS]
 */

import { overload, overloadEnv } from './overload.ts';
import { revoke, type RevokeFigures } from './revoke.ts';
import { ServiceTarget } from './service-target.ts';
import { besiege } from './siege.ts';

const LONGEST_SECONDS = 3_600;
const REVOCATIONS = 20;

const seconds = (name: string, byDefault: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? byDefault : Math.min(LONGEST_SECONDS, Number(process.argv[at + 1] ?? byDefault));
};

const service = new ServiceTarget('ours');
try {
  const siegeSeconds = seconds('siege', 300);
  if (siegeSeconds > 0) {
    await service.start({ WETINK_AUTH: 'open', WETINK_LOG_LEVEL: 'silent' });
    const siege = await besiege(service, { connections: 1_000, seconds: siegeSeconds, writeEveryMs: 2_000 });
    console.log(JSON.stringify({ figure: 'siege', ...siege }));
  }
  await service.start({ WETINK_AUTH: 'guests', WETINK_LOG_LEVEL: 'silent' });
  const revoked: RevokeFigures[] = [];
  for (let i = 0; i < REVOCATIONS; i++) revoked.push(await revoke(service));
  const worst = (key: 'lastWriteMs' | 'outMs'): number => Math.max(...revoked.map((each) => each[key]));
  const median = revoked.map(({ lastWriteMs }) => lastWriteMs).sort((a, b) => a - b)[REVOCATIONS >> 1];
  console.log(
    JSON.stringify({ figure: 'revoke', times: REVOCATIONS, lastWriteMs: { median, worst: worst('lastWriteMs') }, outMs: worst('outMs') }),
  );
  await service.start({ ...overloadEnv, WETINK_LOG_LEVEL: 'silent' });
  console.log(JSON.stringify({ figure: 'overload', ...(await overload(service, seconds('overload', 60))) }));
} finally {
  await service.stop();
}
process.exit();
