/** The standalone relay: reads its configuration, runs a service until it ends, and prints one line for each failure. */

import { stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { loadedVersions } from '@wetink/relay';
import { pino, type Logger } from 'pino';
import { openToPublic, readyLines } from './cli/addresses.ts';
import { helpText, parseConfig, type Config } from './config/config.ts';
import { makeFolder } from './store/folders.ts';
import { identitySecrets } from './config/identity-config.ts';
import { withoutRoomName } from './log/log-rooms.ts';
import { createMask, passwordsOf } from './log/secrets.ts';
import { startService, type Service } from './service/service.ts';
import { escapeUnseen } from './log/unseen.ts';
import { unsafeVersions } from './config/unsafe-settings.ts';

export interface RunOptions {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

const EXIT_USAGE = 2;
/** Time after the drain deadline at which the process exits even if something hangs. */
const HARD_STOP_MS = 10_000;

/** Runs until a signal ends it. @returns the exit code. */
export async function run({ argv, env }: RunOptions): Promise<number> {
  const parsed = parseConfig(argv, env);
  switch (parsed.kind) {
    case 'help':
      return say(helpText());
    case 'version':
      return say(`${version()}\n`);
    case 'mistakes':
      return complainAbout(parsed.mistakes);
    case 'backup':
    case 'restore': {
      const { backup, restore } = await import('./store/backup.ts');
      const work = parsed.kind === 'backup' ? backup(parsed.dataFolder, parsed.to) : restore(parsed.from, parsed.dataFolder);
      return work.then(
        (done) => say(`${done}\n`),
        (error: unknown) => complain(messageOf(error)),
      );
    }
    case 'import': {
      const { importDocuments } = await import('./store/import.ts');
      const mask = createMask([parsed.from, parsed.mongodb ?? ''].flatMap(passwordsOf));
      return importDocuments(parsed, (line) => say(`${line}\n`)).then(
        (isWhole) => (isWhole ? 0 : complain('not every document could be imported completely; the lines above say why.')),
        (error: unknown) => complain(mask(oneLine(messageOf(error)))),
      );
    }
    case 'run':
      return serve(parsed.config);
  }
}

async function serve(config: Config): Promise<number> {
  const mistakes = [...unsafeVersions(loadedVersions()), ...(await checkFolders(config))];
  if (mistakes.length > 0) return complainAbout(mistakes);
  const secrets = [config.mongodb?.uri ?? '', config.redisUrl ?? ''].flatMap(passwordsOf);
  const mask = createMask([...secrets, config.adminToken ?? '', ...identitySecrets(config.identity)]);
  const logger = createLogger(config, mask);
  let service: Service;
  try {
    service = await startService(config, logger, version());
  } catch (error) {
    return complain(mask(oneLine(messageOf(error))));
  }
  const stopped = untilStopped(service, config, mask);
  say(`${readyLines(config.host, service.port, networkInterfaces(), config.identity.mode === 'open').join('\n')}\n`);
  if (config.origins?.includes('*') === true)
    complain('WETINK_ORIGINS is *: any page on the web can use this relay from the browsers of its visitors. Name the pages instead.');
  if (openToPublic(config.host) && config.identity.mode === 'open')
    complain(
      `WETINK_AUTH is open and ${config.host} is reachable from other computers: anyone who knows the name of a room without an owner can change it.`,
    );
  if (openToPublic(config.host) && config.trustedProxies.length === 0)
    complain(
      `${config.host} is reachable from the network without TLS: drawings travel unencrypted. Put a proxy with TLS in front and name it with --trusted-proxies.`,
    );
  return stopped;
}

function createLogger(config: Config, mask: (text: string) => string): Logger {
  return pino(
    {
      level: config.logLevel,
      hooks: { streamWrite: (line) => mask(escapeUnseen(line)) },
      ...(config.logRooms === 'hash' ? { formatters: { log: withoutRoomName } } : {}),
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Folders are checked with the configuration, so that all mistakes are reported together. */
async function checkFolders(config: Config): Promise<string[]> {
  const mistakes: string[] = [];
  if (config.mongodb === null) {
    try {
      await makeFolder(config.dataFolder);
    } catch (error) {
      mistakes.push(`data folder ${config.dataFolder} cannot be made: ${messageOf(error)}. Choose another with --data.`);
    }
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

/** SIGTERM or SIGINT drains; a second signal ends at once. */
function untilStopped(service: Service, config: Config, mask: (text: string) => string): Promise<number> {
  return new Promise((resolveStopped) => {
    let isStopping = false;
    const onSignal = (): void => {
      if (isStopping) process.exit(1);
      isStopping = true;
      // Keeps the process alive while it drains, which neither the relay's timers nor a closed server do. Exits it at
      // the end.
      const hardStop = setTimeout(() => {
        complain('not everything could be closed in time. All acknowledged changes are saved.');
        process.exit(1);
      }, config.drainDeadlineMs + HARD_STOP_MS);
      service
        .stop()
        .then(
          ({ exitCode, complaints }) => {
            for (const line of complaints) complain(mask(oneLine(line)));
            resolveStopped(exitCode);
          },
          (error: unknown) => resolveStopped(complain(mask(oneLine(messageOf(error))))),
        )
        .finally(() => clearTimeout(hardStop));
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

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function complainAbout(mistakes: readonly string[]): number {
  for (const mistake of mistakes) complain(mistake);
  complain('see wetink-relay --help');
  return EXIT_USAGE;
}

function complain(line: string): number {
  process.stderr.write(`wetink-relay: ${line}\n`);
  return 1;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
