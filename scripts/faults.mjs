// `pnpm test:faults`: the fault suite of `npm test`. With --long: 1,000 kills, 1,000 people, absences of minutes, a soak; some hours.
// Names of files or folders choose: `pnpm test:faults --long apps/faults/src/soak`.
import { ensureServers } from './servers.mjs';
import { bin, build, run } from './tools.mjs';

const args = process.argv.slice(2).filter((arg) => arg !== '--long' && arg !== '--');
const isLong = process.argv.includes('--long');
const long = isLong ? { WETINK_LONG: '1', WETINK_KILLS: process.env.WETINK_KILLS ?? '1000' } : {};

const servers = ensureServers();
await build('@wetink/relay-app', '@wetink/web');
process.exit(await run(bin('vitest'), ['run', '--project', 'faults', ...args], { env: { ...process.env, ...servers, ...long } }));
