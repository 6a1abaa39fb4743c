/** Reads the options of backup, restore and import-y-mongodb. */

import type { ParsedConfig } from './config.ts';
import { checkMongodbAddress } from './backends-config.ts';
import { readOptions, type Option } from './options.ts';
import { data, mongodb } from './service-options.ts';

const backupTo: Option = { flag: '--to', variable: null, value: 'FOLDER', byDefault: '', text: 'New or empty folder for the copy.' };
const restoreFrom: Option = { flag: '--from', variable: null, value: 'FOLDER', byDefault: '', text: 'Folder that backup has made.' };

const importFrom: Option = {
  flag: '--from',
  variable: 'WETINK_IMPORT_FROM',
  value: 'ADDRESS',
  byDefault: '',
  text: 'MongoDB that y-mongodb-provider has written to; only read.',
  isSecret: true,
};
const importCollection: Option = {
  flag: '--collection',
  variable: null,
  value: 'NAME',
  byDefault: '',
  text: "Where it is, or * when each document has one of its own. Default: the provider's.",
};

export function parseBackup(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const options = readOptions([data, backupTo], argv, env);
  const to = options.read(backupTo).value;
  if (to === '') options.mistakes.push('backup needs --to FOLDER');
  return options.mistakes.length > 0
    ? { kind: 'mistakes', mistakes: options.mistakes }
    : { kind: 'backup', dataFolder: options.read(data).value, to };
}

export function parseRestore(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const options = readOptions([data, restoreFrom], argv, env);
  const from = options.read(restoreFrom).value;
  if (from === '') options.mistakes.push('restore needs --from FOLDER');
  return options.mistakes.length > 0
    ? { kind: 'mistakes', mistakes: options.mistakes }
    : { kind: 'restore', from, dataFolder: options.read(data).value };
}

export function parseImport(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const options = readOptions([importFrom, importCollection, mongodb, data], argv, env);
  const from = options.read(importFrom);
  if (from.value === '') options.mistakes.push('import-y-mongodb needs --from ADDRESS');
  else checkMongodbAddress(from, options.mistakes);
  const into = options.read(mongodb);
  checkMongodbAddress(into, options.mistakes);
  if (options.mistakes.length > 0) return { kind: 'mistakes', mistakes: options.mistakes };
  const collection = options.read(importCollection).value;
  return {
    kind: 'import',
    from: from.value,
    collection: collection === '' || collection === '*' ? null : collection,
    isMultipleCollections: collection === '*',
    mongodb: into.value === '' ? null : into.value,
    dataFolder: options.read(data).value,
  };
}
