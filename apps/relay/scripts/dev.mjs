/**
 * The relay in watch mode: bundled from source, started with the arguments of this script, and restarted after each
 * change to a source file of any package that it uses. The old process stops first (it drains as on SIGTERM, without
 * waiting), which frees the port and the store. A change that does not compile prints its errors and leaves the running
 * relay alone.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { context, formatMessages } from 'esbuild';
import { bundleOptions } from './bundle.mjs';

const folder = fileURLToPath(new URL('../../../.cache/dev-relay', import.meta.url));
const options = bundleOptions(folder, '0.0.0-dev');

let relay = null;
let isStopping = false;
let restart = Promise.resolve();

async function startAnew() {
  await stop();
  if (isStopping) return;
  const child = spawn(process.execPath, ['--enable-source-maps', join(folder, 'dist', 'relay.js'), ...process.argv.slice(2)], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  relay = child;
  // People open the address of the app's server, which passes requests on: the relay's own address, and the advice to
  // give the relay another host, would only mislead.
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('Wetink is ready:')) console.log('relay: started');
    else if (!line.startsWith('Only this computer can reach it.')) console.log(line);
  });
  child.on('exit', (code) => {
    if (relay !== child) return;
    relay = null;
    if (!isStopping) console.error(`relay: exited with ${code}; restarts on the next source change`);
  });
}

async function stop() {
  const child = relay;
  relay = null;
  if (child === null || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

const watching = await context({
  ...options,
  sourcemap: true,
  plugins: [
    ...options.plugins,
    {
      name: 'start-anew',
      setup({ onEnd }) {
        onEnd(async ({ errors }) => {
          if (errors.length > 0) console.error((await formatMessages(errors, { kind: 'error', color: true })).join(''));
          else await (restart = restart.then(startAnew));
        });
      },
    },
  ],
});
await watching.watch();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, async () => {
    if (isStopping) return;
    isStopping = true;
    await watching.dispose();
    await restart;
    await stop();
    process.exit(0);
  });
