// `npm run dev`: the relay in watch mode and the web app with hot reload, behind one address (PORT, default 5173).
// Boards are kept in WETINK_DATA (default ./data/dev), apart from those of `npm start`.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { install, root } from './tools.mjs';

await install();

const port = process.env.PORT ?? '5173';
const relayPort = await freePort();
const data = process.env.WETINK_DATA ?? join(root, 'data', 'dev');

const start = (folder, script, args, env) =>
  spawn(process.execPath, [script, ...args], { cwd: join(root, folder), stdio: 'inherit', env: { ...process.env, ...env } });

const children = [
  start('apps/relay', 'scripts/dev.mjs', ['--host', '127.0.0.1', '--port', String(relayPort), '--data', data, '--log-level', 'warn'], {
    PORT: undefined,
  }),
  start('apps/web', 'node_modules/vite/bin/vite.js', ['--port', port, '--strictPort', ...process.argv.slice(2)], {
    WETINK_DEV_RELAY: `http://127.0.0.1:${relayPort}`,
  }),
];
const stop = (signal) => children.forEach((child) => child.kill(signal));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
for (const child of children)
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 1;
    stop('SIGTERM');
  });

/** A port that nothing listens on now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
