/** Runs backup, restore and import-y-mongodb. Their code is loaded only here: a relay that serves needs none of it. */

import type { ParsedConfig } from '../config/config.ts';
import { createMask, passwordsOf } from '../log/secrets.ts';
import { complain, complainOf, messageOf, say } from './output.ts';

export type Maintenance = Copying | Importing;
type Copying = ParsedConfig & { kind: 'backup' | 'restore' };
type Importing = ParsedConfig & { kind: 'import' };

/** @returns the exit code. */
export function runMaintenance(command: Maintenance): Promise<number> {
  return command.kind === 'import' ? importInto(command) : copy(command);
}

async function copy(command: Copying): Promise<number> {
  const { backup, restore } = await import('../store/backup.ts');
  const work = command.kind === 'backup' ? backup(command.dataFolder, command.to) : restore(command.from, command.dataFolder);
  return work.then(
    (done) => say(`${done}\n`),
    (error: unknown) => complain(messageOf(error)),
  );
}

async function importInto(command: Importing): Promise<number> {
  const { importDocuments } = await import('../store/import.ts');
  const mask = createMask([command.from, command.mongodb ?? ''].flatMap(passwordsOf));
  return importDocuments(command, (line) => say(`${line}\n`)).then(
    (isWhole) => (isWhole ? 0 : complain('not every document could be imported completely; the lines above say why.')),
    (error: unknown) => complainOf(error, mask),
  );
}
