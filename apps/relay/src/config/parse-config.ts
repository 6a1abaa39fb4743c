/**
 * Reads the command line and the environment, and reports every mistake at once. Pure but for a file of room rules: folders
 * are checked later.
 */

import { readFileSync } from 'node:fs';
import type { ParsedConfig } from './config.ts';
import { readLimits } from './limits-config.ts';
import { parseBackup, parseImport, parseRestore } from './maintenance-config.ts';
import { describeOptions, readOptions } from './options.ts';
import { parseService } from './service-config.ts';
import { serviceOptions } from './service-options.ts';

export function helpText(): string {
  return [
    'wetink-relay: stores boards and passes changes between clients.',
    '',
    'Usage: wetink-relay [options]',
    '       wetink-relay backup --data FOLDER --to FOLDER',
    '       wetink-relay restore --from FOLDER --data FOLDER',
    '       wetink-relay vapid-keys',
    '       wetink-relay import-y-mongodb --from ADDRESS [--collection NAME] [--mongodb ADDRESS | --data FOLDER]',
    '',
    ...describeOptions(serviceOptions),
    `${'  --version'.padEnd(29)}Print the version.`,
    `${'  --help'.padEnd(29)}Print this.`,
    '',
    'backup copies a data folder, also while a relay uses it; restore puts a copy into an empty data folder.',
    'import-y-mongodb copies documents of y-mongodb-provider into empty rooms with the same names.',
    'vapid-keys prints a new pair of keys for Web Push.',
    'WETINK_LIMIT_… in the environment changes a limit; SECURITY.md lists them.',
    '',
    'A room is ws://HOST:PORT/<room>, for any y-websocket client. GET /healthz: the process runs.',
    'GET /readyz: it can save. GET /metrics: Prometheus. SIGTERM disconnects clients, saves everything and exits.',
    '',
  ].join('\n');
}

/** @param readText Reads a file that an option names. */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  readText = (path: string): string => readFileSync(path, 'utf8'),
): ParsedConfig {
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return { kind: 'help' };
  if (argv.includes('--version')) return { kind: 'version' };
  if (argv[0] === 'vapid-keys' && argv.length === 1) return { kind: 'vapid-keys' };
  if (argv[0] === 'backup') return parseBackup(argv.slice(1), env);
  if (argv[0] === 'restore') return parseRestore(argv.slice(1), env);
  if (argv[0] === 'import-y-mongodb') return parseImport(argv.slice(1), env);
  return parseService({
    options: readOptions(serviceOptions, argv, env),
    isProduction: env['NODE_ENV'] === 'production',
    limits: readLimits(env),
    readText,
  });
}
