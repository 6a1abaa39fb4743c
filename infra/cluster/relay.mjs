// One relay of the cluster: the built service, on a port that it keeps across restarts.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from './processes.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const program = join(root, 'apps', 'relay', 'bin', 'wetink-relay.mjs');
const web = join(root, 'apps', 'web', 'dist');
const DRAIN_SECONDS = 10;
/** Longer than the drain, so that only a hanging relay is killed. */
const STOP_GRACE_MS = (DRAIN_SECONDS + 5) * 1_000;

/** The folder of the built web app, or null. */
export const webFolder = existsSync(join(web, 'index.html')) ? web : null;

/** @throws {Error} when the service is not built. */
export function assertBuilt() {
  if (!existsSync(join(root, 'apps', 'relay', 'dist', 'main.js')))
    throw new Error('The relay is not built. Build it first: npx turbo run build --filter=@wetink/relay-app... --filter=@wetink/web...');
}

/**
 * @param {{port: number, logFile: string, dataFolder: string, env: Record<string, string>}} options
 */
export async function startRelay({ port, logFile, dataFolder, env }) {
  const start = () =>
    startProgram({
      command: process.execPath,
      args: [program],
      env: {
        PORT: String(port),
        WETINK_HOST: '127.0.0.1',
        WETINK_DATA: dataFolder,
        WETINK_DRAIN_SECONDS: String(DRAIN_SECONDS),
        // No wait: nginx does not read /readyz, it notices a stopping relay by its 503 or its closed port.
        WETINK_DRAIN_WAIT_SECONDS: '0',
        WETINK_TRUSTED_PROXIES: '127.0.0.0/8',
        // This cluster is for trials and tests on loopback; behind a proxy the default would be guests.
        WETINK_AUTH: 'open',
        ...(webFolder === null ? {} : { WETINK_STATIC: webFolder }),
        ...env,
      },
      logFile,
      readyLine: (line) => /^Wetink is ready: (http:\/\/\S+)$/.exec(line)?.[1] ?? null,
    });
  let running = await start();
  return {
    url: `ws://127.0.0.1:${port}`,
    httpUrl: `http://127.0.0.1:${port}`,
    port,
    logFile,
    get pid() {
      return running.pid;
    },
    /** Resolves when the process has ended, for signals that end it. */
    kill: async (signal = 'SIGKILL') => {
      running.kill(signal);
      if (signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT') return running.ended;
      return null;
    },
    /** Restarts on the same port; a running relay is drained first. */
    restart: async () => {
      if (!running.hasEnded()) await running.stop('SIGTERM', STOP_GRACE_MS);
      running = await start();
    },
    stop: () => running.stop('SIGTERM', STOP_GRACE_MS),
  };
}
