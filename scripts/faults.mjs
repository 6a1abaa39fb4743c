// `pnpm test:faults`: the fault suite of `npm test`. With --long: 1,000 kills, 1,000 people, absences of minutes, a soak; some hours.
// --kills N and --rounds N make kills and soak shorter or longer. Names of files or folders, and what else vitest takes, choose:
// `pnpm test:faults --long --rounds 60 apps/faults/src/soak`.
import { ensureServers } from './servers.mjs';
import { bin, build, run } from './tools.mjs';

const KILLS = 1_000;
const ROUNDS = 600;
const args = process.argv.slice(2).filter((arg) => arg !== '--');
const isLong = take('--long') !== null;
const kills = count('--kills', process.env.WETINK_KILLS);
const rounds = count('--rounds', process.env.WETINK_ROUNDS);
if (!isLong && rounds !== null) stop('--rounds is for the soak of --long');
const chosen = {
  WETINK_KILLS: kills ?? (isLong ? KILLS : null),
  WETINK_ROUNDS: rounds ?? (isLong ? ROUNDS : null),
  WETINK_LONG: isLong ? 1 : null,
};
const env = Object.fromEntries(Object.entries(chosen).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])));

const servers = ensureServers();
await build('@wetink/relay-app', '@wetink/web');
process.exit(await run(bin('vitest'), ['run', '--project', 'faults', ...args], { env: { ...process.env, ...servers, ...env } }));

/** Takes a flag, and what follows it when `length` is 2, out of the arguments. Null when it is not there. */
function take(flag, length = 1) {
  const at = args.indexOf(flag);
  return at === -1 ? null : args.splice(at, length);
}

function count(flag, byEnvironment) {
  const taken = take(flag, 2);
  const text = taken === null ? byEnvironment : taken[1];
  if (taken === null && (text === undefined || text === '')) return null;
  // Two relays take turns being killed, and the soak compares its first rounds with its last one.
  if (!/^\d{1,6}$/.test(text ?? '') || Number(text) < 2)
    stop(`${flag} is ${JSON.stringify(text ?? '')}: it must be a whole number from 2 on`);
  return Number(text);
}

function stop(why) {
  console.error(why);
  process.exit(2);
}
