// `npm run bench`: builds the relay and measures it beside other servers (apps/bench). `npm run bench -- --help` lists the options.
import { bin, build, pnpm, root, run } from './tools.mjs';

bin('tsc'); // Says how to install when nothing is.
await build('@wetink/relay-app');
const [command, ...args] = pnpm();
process.exit(
  await run(command, [
    ...args,
    '--silent',
    '--dir',
    `${root}/apps/bench`,
    'run',
    'table',
    ...process.argv.slice(2).filter((arg) => arg !== '--'),
  ]),
);
