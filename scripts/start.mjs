// `npm start`: installs, builds, and runs the relay with the embedded store serving the web app.
// PORT and WETINK_DATA choose the port (default 8787) and the data folder (default ./data).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, root } from './tools.mjs';

await install();
await build('@wetink/relay-app', '@wetink/web');

const relay = spawn(
  process.execPath,
  [join(root, 'apps/relay/bin/wetink-relay.mjs'), '--static', join(root, 'apps/web/dist'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => relay.kill(signal));
relay.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
