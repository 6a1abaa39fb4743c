// `npm run bench`: builds the relay and measures it beside other servers (apps/bench). `npm run bench boards`: builds the app, too,
// and measures it beside other boards in a browser. `--help` after either lists the options.
import { bin, build, pnpm, root, run } from './tools.mjs';

bin('tsc'); // Says how to install when nothing is.
const given = process.argv.slice(2).filter((arg) => arg !== '--');
const isOfBoards = given[0] === 'boards';
await build('@wetink/relay-app', ...(isOfBoards ? ['@wetink/web'] : []));
const script = isOfBoards ? 'bench:boards' : 'table';
const [command, ...args] = pnpm();
process.exit(
  await run(command, [...args, '--silent', '--dir', `${root}/apps/bench`, 'run', script, ...(isOfBoards ? given.slice(1) : given)]),
);
