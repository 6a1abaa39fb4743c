/** The standalone relay: reads configuration, constructs, starts, stops. No algorithm lives here. */

import { mkdir, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { createRelay, type Relay } from '@wetink/relay';
import type { Store } from '@wetink/storage';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { pino } from 'pino';
import { readyLines } from './addresses.ts';
import { helpText, parseConfig, type Config } from './config.ts';
import { createHttpHandler } from './http.ts';

export interface RunOptions {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

const EXIT_USAGE = 2;
/** Connections waiting to be accepted: with Node's 511, 2,000 clients that reconnect at once lose a second each. */
const LISTEN_BACKLOG = 4_096;

/** Runs until a signal ends it. @returns the exit code. */
export async function run({ argv, env }: RunOptions): Promise<number> {
  const parsed = parseConfig(argv, env);
  if (parsed.kind === 'help') return say(helpText());
  if (parsed.kind === 'version') return say(`${version()}\n`);
  const mistakes = parsed.kind === 'mistakes' ? parsed.mistakes : await checkFolders(parsed.config);
  if (parsed.kind === 'mistakes' || mistakes.length > 0) {
    for (const mistake of mistakes) complain(mistake);
    complain('see wetink-relay --help');
    return EXIT_USAGE;
  }
  const { config } = parsed;
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));

  let store: Store;
  try {
    store = await openLmdbStore({ folder: resolve(config.dataFolder), logger });
  } catch (error) {
    complain(messageOf(error));
    return 1;
  }
  const relay = createRelay({ store, logger });
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000 },
    createHttpHandler({
      version: version(),
      staticFolder: config.staticFolder,
      isReady: () => relay.isReady,
      probe: () => store.probe(),
      stats: () => relay.stats(),
      now: Date.now,
    }),
  );
  relay.attach(server);
  try {
    await listen(server, config);
  } catch (error) {
    complain(listenMistake(error, config));
    await relay.close();
    await store.close();
    return 1;
  }
  const stopped = untilStopped(relay, server, store, config);
  say(`${readyLines(config.host, (server.address() as AddressInfo).port, networkInterfaces()).join('\n')}\n`);
  return stopped;
}

/** Both folders are looked at before anything is said, so that all mistakes are reported together. */
async function checkFolders(config: Config): Promise<string[]> {
  const mistakes: string[] = [];
  try {
    await mkdir(config.dataFolder, { recursive: true });
  } catch (error) {
    mistakes.push(`data folder ${config.dataFolder} cannot be made: ${messageOf(error)}. Choose another with --data.`);
  }
  if (config.staticFolder !== null) {
    const index = join(config.staticFolder, 'index.html');
    const isThere = await stat(index).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (!isThere) mistakes.push(`no web app in ${config.staticFolder}: ${index} is missing. Build it first, or leave --static out.`);
  }
  return mistakes;
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolveListening, reject) => {
    server.once('error', reject);
    server.listen({ port: config.port, host: config.host, backlog: LISTEN_BACKLOG }, () => {
      server.off('error', reject);
      resolveListening();
    });
  });
}

function listenMistake(error: unknown, config: Config): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${config.port} on ${config.host} is in use. Choose another with --port.`;
  if (code === 'EACCES') return `port ${config.port} may not be used by this user. Choose one above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${config.host} is not an address of this machine. Choose another with --host.`;
  return messageOf(error);
}

/** SIGTERM or SIGINT drains; a second signal ends at once. */
function untilStopped(relay: Relay, server: Server, store: Store, config: Config): Promise<number> {
  return new Promise((resolveStopped) => {
    let isStopping = false;
    const stop = async (): Promise<number> => {
      server.close();
      const { unsavedBytes } = await relay.drain({ deadlineMs: config.drainDeadlineMs });
      server.closeAllConnections();
      await store.close();
      if (unsavedBytes === 0) return 0;
      complain(`${unsavedBytes} bytes of changes could not be saved in time. Nobody was told they were; clients still have them.`);
      return 1;
    };
    const onSignal = (): void => {
      if (isStopping) process.exit(1);
      isStopping = true;
      // The relay's timers do not keep the process alive, and once the server is closed nothing else may.
      const awake = setInterval(() => undefined, 1_000);
      stop()
        .then(resolveStopped, (error: unknown) => {
          complain(messageOf(error));
          resolveStopped(1);
        })
        .finally(() => clearInterval(awake));
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function complain(line: string): void {
  process.stderr.write(`wetink-relay: ${line}\n`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
