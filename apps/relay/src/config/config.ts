/** Reads the command line and the environment, and reports every mistake at once. Pure: folders are checked later. */

import type { RelayLimits } from '@wetink/relay';
import { cidrMistake, originMistake } from '@wetink/relay/http';
import { openToPublic } from '../cli/addresses.ts';
import { identityFacts, identityOptions, parseIdentity, type IdentityConfig } from './identity-config.ts';
import { readLimits, type ReadLimits } from './limits-config.ts';
import { describeOptions, readOptions, type Option, type OptionReader, type Read } from './options.ts';
import { unsafeSettings } from './unsafe-settings.ts';

export interface Config {
  /** 0: the system chooses one. */
  port: number;
  host: string;
  /** Not used with `mongodb`. */
  dataFolder: string;
  /** Files of the web app; null: none are served. */
  staticFolder: string | null;
  logLevel: LogLevel;
  /** Whether log lines have the name of a room, or a hash of it. */
  logRooms: 'hash' | 'name';
  /** From SIGTERM to giving up on whatever is unfinished. */
  drainDeadlineMs: number;
  /** From failing readiness to disconnecting clients: the time that a load balancer needs to notice. */
  drainWaitMs: number;
  /** Time over which clients are disconnected; null: by their number. */
  drainSpreadMs: number | null;
  mongodb: { uri: string; poolSize: number | null } | null;
  redisUrl: string | null;
  adminToken: string | null;
  /** Addresses and CIDR ranges whose forwarding headers the relay believes. */
  trustedProxies: readonly string[];
  /** Limits that differ from the defaults. */
  limits: Partial<RelayLimits>;
  /** Other origins whose pages may use this relay; null: not set; `['*']`: every page. */
  origins: readonly string[] | null;
  identity: IdentityConfig;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type ParsedConfig =
  | { kind: 'run'; config: Config }
  | { kind: 'backup'; dataFolder: string; to: string }
  | { kind: 'restore'; from: string; dataFolder: string }
  | { kind: 'import'; from: string; collection: string | null; isMultipleCollections: boolean; mongodb: string | null; dataFolder: string }
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'mistakes'; mistakes: string[] };

/** Long enough for a load balancer that probes every few seconds. A single node has none to wait for. */
const CLUSTER_DRAIN_WAIT_SECONDS = 5;

const data: Option = {
  flag: '--data',
  variable: 'WETINK_DATA',
  value: 'FOLDER',
  byDefault: './data',
  text: 'Folder for boards; made if missing. Not used with MongoDB.',
};
const port: Option = {
  flag: '--port',
  variable: 'PORT',
  value: 'NUMBER',
  byDefault: '8787',
  text: 'Port to listen on; 0: the system chooses one.',
};
const host: Option = {
  flag: '--host',
  variable: 'WETINK_HOST',
  value: 'ADDRESS',
  byDefault: '127.0.0.1',
  text: 'Address to listen on; 0.0.0.0: every network.',
};
const staticFiles: Option = {
  flag: '--static',
  variable: 'WETINK_STATIC',
  value: 'FOLDER',
  byDefault: '',
  text: 'Folder of the built web app, served at /.',
};
const mongodb: Option = {
  flag: '--mongodb',
  variable: 'MONGODB_URI',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Keep boards in MongoDB instead of a folder. With a password, use the environment.',
  isSecret: true,
};
const mongodbPool: Option = {
  flag: '--mongodb-pool',
  variable: 'WETINK_MONGODB_POOL',
  value: 'NUMBER',
  byDefault: '',
  text: "Connections to MongoDB; the store's own default otherwise.",
};
const redis: Option = {
  flag: '--redis',
  variable: 'REDIS_URL',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Join other relays on the same MongoDB. Several addresses, with commas, for a Redis Cluster.',
  isSecret: true,
};
const trustedProxies: Option = {
  flag: '--trusted-proxies',
  variable: 'WETINK_TRUSTED_PROXIES',
  value: 'LIST',
  byDefault: '',
  text: 'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed, with commas.',
};
const pageOrigins: Option = {
  flag: '--origins',
  variable: 'WETINK_ORIGINS',
  value: 'LIST',
  byDefault: '',
  text: 'Other origins whose pages may use this relay, such as https://draw.example, with commas.',
};
const logLevelOption: Option = {
  flag: '--log-level',
  variable: 'WETINK_LOG_LEVEL',
  value: 'LEVEL',
  byDefault: 'info',
  text: `One of ${logLevels.join(', ')}. Logs are JSON lines on stderr.`,
};
const logRoomsOption: Option = {
  flag: '--log-rooms',
  variable: 'WETINK_LOG_ROOMS',
  value: 'HOW',
  byDefault: 'hash',
  text: 'How logs name a room: hash or name. Anyone who reads a name in the log may enter an open room.',
};
const drainSeconds: Option = {
  flag: '--drain-seconds',
  variable: 'WETINK_DRAIN_SECONDS',
  value: 'NUMBER',
  byDefault: '25',
  text: 'Longest time to finish after SIGTERM, in seconds.',
};
const drainWait: Option = {
  flag: '--drain-wait-seconds',
  variable: 'WETINK_DRAIN_WAIT_SECONDS',
  value: 'NUMBER',
  byDefault: '',
  text: `Seconds from failing /readyz to disconnecting clients. Default: 0, with Redis ${CLUSTER_DRAIN_WAIT_SECONDS}.`,
};
const drainSpread: Option = {
  flag: '--drain-spread-seconds',
  variable: 'WETINK_DRAIN_SPREAD_SECONDS',
  value: 'NUMBER',
  byDefault: '',
  text: 'Seconds over which clients are disconnected. Default: 2, or 1 for every 200 clients if that is more.',
};
const adminToken: Option = {
  flag: null,
  variable: 'WETINK_ADMIN_TOKEN',
  value: 'SECRET',
  byDefault: '',
  text: 'Token for the admin API, and for /metrics from other computers. Without it both are off.',
  isSecret: true,
};
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

/** Options of the service, in the order of its help. */
export const serviceOptions: readonly Option[] = [
  port,
  host,
  data,
  staticFiles,
  mongodb,
  mongodbPool,
  redis,
  trustedProxies,
  pageOrigins,
  adminToken,
  ...identityOptions,
  logLevelOption,
  logRoomsOption,
  drainSeconds,
  drainWait,
  drainSpread,
];

export function helpText(): string {
  return [
    'wetink-relay: stores boards and passes changes between clients.',
    '',
    'Usage: wetink-relay [options]',
    '       wetink-relay backup --data FOLDER --to FOLDER',
    '       wetink-relay restore --from FOLDER --data FOLDER',
    '       wetink-relay import-y-mongodb --from ADDRESS [--collection NAME] [--mongodb ADDRESS | --data FOLDER]',
    '',
    ...describeOptions(serviceOptions),
    `${'  --version'.padEnd(29)}Print the version.`,
    `${'  --help'.padEnd(29)}Print this.`,
    '',
    'backup copies a data folder, also while a relay uses it; restore puts a copy into an empty data folder.',
    'import-y-mongodb copies documents of y-mongodb-provider into empty rooms with the same names.',
    'WETINK_LIMIT_… in the environment changes a limit; SECURITY.md lists them.',
    '',
    'A room is ws://HOST:PORT/<room>, for any y-websocket client. GET /healthz: the process runs.',
    'GET /readyz: it can save. GET /metrics: Prometheus. SIGTERM disconnects clients, saves everything and exits.',
    '',
  ].join('\n');
}

export function parseConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return { kind: 'help' };
  if (argv.includes('--version')) return { kind: 'version' };
  if (argv[0] === 'backup') return parseBackup(argv.slice(1), env);
  if (argv[0] === 'restore') return parseRestore(argv.slice(1), env);
  if (argv[0] === 'import-y-mongodb') return parseImport(argv.slice(1), env);
  return parseService(readOptions(serviceOptions, argv, env), env['NODE_ENV'] === 'production', readLimits(env));
}

function parseBackup(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const options = readOptions([data, backupTo], argv, env);
  const to = options.read(backupTo).value;
  if (to === '') options.mistakes.push('backup needs --to FOLDER');
  return options.mistakes.length > 0
    ? { kind: 'mistakes', mistakes: options.mistakes }
    : { kind: 'backup', dataFolder: options.read(data).value, to };
}

function parseRestore(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const options = readOptions([data, restoreFrom], argv, env);
  const from = options.read(restoreFrom).value;
  if (from === '') options.mistakes.push('restore needs --from FOLDER');
  return options.mistakes.length > 0
    ? { kind: 'mistakes', mistakes: options.mistakes }
    : { kind: 'restore', from, dataFolder: options.read(data).value };
}

function parseImport(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const options = readOptions([importFrom, importCollection, mongodb, data], argv, env);
  const from = options.read(importFrom);
  if (from.value === '') options.mistakes.push('import-y-mongodb needs --from ADDRESS');
  else checkMongodb(from, options.mistakes);
  const into = options.read(mongodb);
  checkMongodb(into, options.mistakes);
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

function checkMongodb({ value, source }: Read, mistakes: string[]): void {
  if (value !== '' && !/^mongodb(\+srv)?:\/\/[^\s/]+/.test(value))
    mistakes.push(`${source} is not an address of MongoDB: it must look like mongodb://host:27017/wetink`);
}

function parseService(options: OptionReader, isProduction: boolean, { limits, mistakes: ofLimits }: ReadLimits): ParsedConfig {
  const { mistakes, read, integer } = options;
  const portNumber = integer(port, 0, 65_535);
  const deadlineSeconds = integer(drainSeconds, 1, 3_600);
  const hostName = read(host);
  if (!/^[0-9A-Za-z.:_-]+$/.test(hostName.value))
    mistakes.push(`${hostName.source} is ${JSON.stringify(hostName.value)}: it must be an address or a host name`);
  const level = read(logLevelOption);
  const logLevel = logLevels.find((known) => known === level.value) ?? null;
  if (logLevel === null) mistakes.push(`${level.source} is ${JSON.stringify(level.value)}: it must be one of ${logLevels.join(', ')}`);
  const rooms = read(logRoomsOption);
  if (rooms.value !== 'hash' && rooms.value !== 'name')
    mistakes.push(`${rooms.source} is ${JSON.stringify(rooms.value)}: it must be hash or name`);

  const mongo = read(mongodb);
  checkMongodb(mongo, mistakes);
  const poolSize = read(mongodbPool).value === '' ? null : integer(mongodbPool, 1, 1_000);
  const bus = read(redis);
  if (bus.value !== '' && !bus.value.split(',').every((address) => /^rediss?:\/\/[^\s,/]+/.test(address)))
    mistakes.push(`${bus.source} is not an address of Redis: it must look like redis://host:6379, or rediss:// with TLS`);
  if (bus.value !== '' && mongo.value === '')
    mistakes.push(
      `${bus.source} is set without MONGODB_URI: relays that exchange changes need one store, and a data folder belongs to one relay. Set MONGODB_URI too, or leave ${bus.source} out`,
    );
  const waitSeconds = read(drainWait).value === '' ? (bus.value === '' ? 0 : CLUSTER_DRAIN_WAIT_SECONDS) : integer(drainWait, 0, 600);
  if (waitSeconds >= deadlineSeconds)
    mistakes.push(
      `${read(drainWait).source} is ${waitSeconds}: it must be less than ${read(drainSeconds).source}, which is ${deadlineSeconds}`,
    );
  const spreadSeconds = read(drainSpread).value === '' ? null : integer(drainSpread, 0, 600);
  if (spreadSeconds !== null && spreadSeconds * 2 > deadlineSeconds - waitSeconds)
    mistakes.push(
      `${read(drainSpread).source} is ${spreadSeconds}: half of the drain, which has ${deadlineSeconds - waitSeconds} s after the wait, is kept for saving; raise ${read(drainSeconds).source}`,
    );
  const proxies = read(trustedProxies);
  const trusted = proxies.value.split(',').flatMap((part) => part.trim() || []);
  for (const part of trusted) {
    const mistake = cidrMistake(part);
    if (mistake !== null) mistakes.push(`${proxies.source} has ${JSON.stringify(part)}: ${mistake}`);
  }
  const pages = read(pageOrigins);
  const origins = pages.value.split(',').flatMap((part) => part.trim() || []);
  for (const part of origins) {
    const mistake = originMistake(part);
    if (mistake !== null) mistakes.push(`${pages.source} has ${JSON.stringify(part)}: ${mistake}`);
  }
  const token = read(adminToken).value;
  // A relay on loopback behind a proxy on this machine is as public as that proxy.
  const isPublic = openToPublic(hostName.value) || trusted.length > 0;
  const identity = parseIdentity(options, { hasFolder: mongo.value === '', isPublic });
  mistakes.push(
    ...unsafeSettings({
      isPublic,
      isProduction,
      adminToken: token,
      origins: { source: pages.source, list: origins },
      trustedProxies: { source: proxies.source, list: trusted },
      ...identityFacts(options),
    }),
  );

  mistakes.push(...ofLimits);
  if (mistakes.length > 0 || logLevel === null) return { kind: 'mistakes', mistakes };
  const folder = read(staticFiles).value;
  return {
    kind: 'run',
    config: {
      port: portNumber,
      host: hostName.value,
      dataFolder: read(data).value,
      staticFolder: folder === '' ? null : folder,
      logLevel,
      logRooms: rooms.value === 'name' ? 'name' : 'hash',
      drainDeadlineMs: deadlineSeconds * 1_000,
      drainWaitMs: waitSeconds * 1_000,
      drainSpreadMs: spreadSeconds === null ? null : spreadSeconds * 1_000,
      mongodb: mongo.value === '' ? null : { uri: mongo.value, poolSize },
      redisUrl: bus.value === '' ? null : bus.value,
      adminToken: token === '' ? null : token,
      trustedProxies: trusted,
      limits,
      origins: origins.length === 0 ? null : origins,
      identity,
    },
  };
}
