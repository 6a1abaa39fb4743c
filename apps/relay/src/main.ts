/** The standalone relay: reads its configuration, runs a service until it ends, and prints one line for each failure. */

import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { loadedVersions } from '@wetink/relay';
import { runMaintenance } from './cli/maintenance.ts';
import { complain, complainAbout, complainOf, say } from './cli/output.ts';
import { readyLines } from './cli/ready-lines.ts';
import { startWarnings } from './cli/start-warnings.ts';
import { untilStopped } from './cli/until-stopped.ts';
import type { Config } from './config/config.ts';
import { identitySecrets } from './config/identity-config.ts';
import { helpText, parseConfig } from './config/parse-config.ts';
import { unsafeVersions } from './config/unsafe-settings.ts';
import { createLogger } from './log/logger.ts';
import { createMask, passwordsOf } from './log/secrets.ts';
import { makeVapidKeys } from './push/vapid.ts';
import { startService, type Service } from './service/service.ts';
import { checkFolders } from './store/folder-checks.ts';

export interface RunOptions {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/** Runs until a signal ends it. @returns the exit code. */
export async function run({ argv, env }: RunOptions): Promise<number> {
  const parsed = parseConfig(argv, env);
  switch (parsed.kind) {
    case 'help':
      return say(helpText());
    case 'version':
      return say(`${version()}\n`);
    case 'vapid-keys': {
      const { publicKey, privateKey } = makeVapidKeys();
      return say(`WETINK_VAPID_PUBLIC=${publicKey}\nWETINK_VAPID_PRIVATE=${privateKey}\n`);
    }
    case 'mistakes':
      return complainAbout(parsed.mistakes);
    case 'run':
      return serve(parsed.config);
    default:
      return runMaintenance(parsed);
  }
}

async function serve(config: Config): Promise<number> {
  const mistakes = [...unsafeVersions(loadedVersions()), ...(await checkFolders(config))];
  if (mistakes.length > 0) return complainAbout(mistakes);
  const passwords = [config.mongodb?.uri ?? '', config.redisUrl ?? ''].flatMap(passwordsOf);
  const { AWS_SECRET_ACCESS_KEY: bucketSecret, AWS_SESSION_TOKEN: bucketToken } = config.blobs?.environment ?? {};
  for (const secret of [bucketSecret, bucketToken]) if (secret !== undefined) passwords.push(secret);
  const mask = createMask([
    ...passwords,
    config.adminToken ?? '',
    config.push.vapid?.privateKey ?? '',
    ...identitySecrets(config.identity),
  ]);
  const logger = createLogger(config, mask);
  let service: Service;
  try {
    service = await startService(config, logger, version());
  } catch (error) {
    return complainOf(error, mask);
  }
  const stopped = untilStopped(service, config, mask);
  const { host, identity } = config;
  const ready = readyLines({ host, port: service.port, interfaces: networkInterfaces(), isOpenMode: identity.mode === 'open' });
  say(`${ready.join('\n')}\n`);
  for (const warning of startWarnings(config)) complain(warning);
  return stopped;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
