/**
 * Flags and environment to a configuration, with every mistake reported at once. Pure: folders are looked at later.
 * A flag wins over its environment variable; an empty variable counts as not set.
 */

export interface Config {
  /** 0 lets the system choose. */
  port: number;
  host: string;
  dataFolder: string;
  /** Files of the web app; null serves none. */
  staticFolder: string | null;
  logLevel: LogLevel;
  /** From SIGTERM to giving up on what is left. */
  drainDeadlineMs: number;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type ParsedConfig =
  { kind: 'run'; config: Config } | { kind: 'help' } | { kind: 'version' } | { kind: 'mistakes'; mistakes: string[] };

interface Option {
  flag: string;
  variable: string;
  value: string;
  byDefault: string;
  text: string;
}

const options: readonly Option[] = [
  { flag: '--port', variable: 'PORT', value: 'NUMBER', byDefault: '8787', text: 'Port to listen on; 0 lets the system choose.' },
  {
    flag: '--host',
    variable: 'WETINK_HOST',
    value: 'ADDRESS',
    byDefault: '127.0.0.1',
    text: 'Address to listen on; 0.0.0.0 for every network.',
  },
  { flag: '--data', variable: 'WETINK_DATA', value: 'FOLDER', byDefault: './data', text: 'Where boards are kept; made when missing.' },
  { flag: '--static', variable: 'WETINK_STATIC', value: 'FOLDER', byDefault: '', text: 'Serve the web app from here.' },
  {
    flag: '--log-level',
    variable: 'WETINK_LOG_LEVEL',
    value: 'LEVEL',
    byDefault: 'info',
    text: `One of ${logLevels.join(', ')}. Logs are JSON lines on stderr.`,
  },
  {
    flag: '--drain-seconds',
    variable: 'WETINK_DRAIN_SECONDS',
    value: 'NUMBER',
    byDefault: '25',
    text: 'Longest time to finish after SIGTERM.',
  },
];

export function helpText(): string {
  const rows = options.map(({ flag, variable, value, byDefault, text }) => {
    const left = `  ${flag} ${value}`.padEnd(26);
    return `${left}${text}\n${' '.repeat(26)}Environment: ${variable}${byDefault === '' ? '' : `. Default: ${byDefault}`}`;
  });
  return [
    'wetink-relay: keeps boards, and passes on what people draw.',
    '',
    'Usage: wetink-relay [options]',
    '',
    ...rows,
    `${'  --version'.padEnd(26)}Print the version.`,
    `${'  --help'.padEnd(26)}Print this.`,
    '',
    'A room is ws://HOST:PORT/<room>, for any y-websocket client. GET /healthz says that the process lives,',
    'GET /readyz that it can save. SIGTERM saves everything, sends clients away and ends.',
    '',
  ].join('\n');
}

export function parseConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const mistakes: string[] = [];
  const given = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (argument === '--help' || argument === '-h') return { kind: 'help' };
    if (argument === '--version') return { kind: 'version' };
    const equalsAt = argument.indexOf('=');
    const flag = equalsAt === -1 ? argument : argument.slice(0, equalsAt);
    const option = options.find((known) => known.flag === flag);
    if (option === undefined) {
      mistakes.push(`unknown option ${JSON.stringify(argument)}`);
      continue;
    }
    const next = argv[i + 1];
    const value = equalsAt === -1 ? next : argument.slice(equalsAt + 1);
    if (equalsAt === -1 && next !== undefined && !next.startsWith('--')) i += 1;
    if (value === undefined || value === '' || (equalsAt === -1 && value.startsWith('--')))
      mistakes.push(`${flag} needs a ${option.value.toLowerCase()}`);
    else if (given.has(flag)) mistakes.push(`${flag} is given twice`);
    else given.set(flag, value);
  }

  const read = (flag: string): { value: string; source: string } => {
    const option = options.find((known) => known.flag === flag);
    if (option === undefined) throw new RangeError(`no option ${flag}`);
    const fromFlag = given.get(flag);
    if (fromFlag !== undefined) return { value: fromFlag, source: flag };
    const fromEnv = env[option.variable];
    return fromEnv === undefined || fromEnv === ''
      ? { value: option.byDefault, source: flag }
      : { value: fromEnv, source: option.variable };
  };
  const integer = (flag: string, min: number, max: number): number => {
    const { value, source } = read(flag);
    const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max))
      mistakes.push(`${source} is ${JSON.stringify(value)}: it must be a whole number from ${min} to ${max}`);
    return number;
  };

  const port = integer('--port', 0, 65_535);
  const drainSeconds = integer('--drain-seconds', 1, 3_600);
  const host = read('--host');
  if (!/^[0-9A-Za-z.:_-]+$/.test(host.value))
    mistakes.push(`${host.source} is ${JSON.stringify(host.value)}: it must be an address or a host name`);
  const level = read('--log-level');
  const logLevel = logLevels.find((known) => known === level.value);
  if (logLevel === undefined) mistakes.push(`${level.source} is ${JSON.stringify(level.value)}: it must be one of ${logLevels.join(', ')}`);
  if (mistakes.length > 0 || logLevel === undefined) return { kind: 'mistakes', mistakes };
  const staticFolder = read('--static').value;
  return {
    kind: 'run',
    config: {
      port,
      host: host.value,
      dataFolder: read('--data').value,
      staticFolder: staticFolder === '' ? null : staticFolder,
      logLevel,
      drainDeadlineMs: drainSeconds * 1_000,
    },
  };
}
