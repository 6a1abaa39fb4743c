/**
 * Reads flags and environment variables, and collects every mistake. Pure. A flag overrides its variable; an empty variable
 * counts as not set. No mistake contains the value of a secret.
 */

import { maskAddresses } from '../log/secrets.ts';

export interface Option {
  /** Null for a secret: flags are visible in the process list. */
  flag: string | null;
  variable: string | null;
  /** Kind of value, such as NUMBER. */
  value: string;
  byDefault: string;
  text: string;
  isSecret?: boolean;
}

export interface Read {
  value: string;
  /** The flag or variable it comes from, for mistakes. */
  source: string;
}

export interface OptionReader {
  mistakes: string[];
  read(option: Option): Read;
  /** A whole number, or NaN after a mistake. */
  integer(option: Option, min: number, max: number): number;
}

export function readOptions(
  options: readonly Option[],
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): OptionReader {
  const mistakes: string[] = [];
  const given = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    const equalsAt = argument.indexOf('=');
    const flag = equalsAt === -1 ? argument : argument.slice(0, equalsAt);
    const option = options.find((known) => known.flag === flag);
    const next = argv[i + 1];
    if (option === undefined) {
      // Only its name: the value may be a secret under a mistaken name.
      mistakes.push(`unknown option ${JSON.stringify(maskAddresses(flag))}`);
      if (equalsAt === -1 && flag.startsWith('--') && next !== undefined && !next.startsWith('--')) i += 1;
      continue;
    }
    const value = equalsAt === -1 ? next : argument.slice(equalsAt + 1);
    if (equalsAt === -1 && next !== undefined && !next.startsWith('--')) i += 1;
    if (value === undefined || value === '' || (equalsAt === -1 && value.startsWith('--')))
      mistakes.push(`${flag} needs a ${option.value.toLowerCase()}`);
    else if (given.has(flag)) mistakes.push(`${flag} is given twice`);
    else given.set(flag, value);
  }

  const read = ({ flag, variable, byDefault }: Option): Read => {
    const fromFlag = flag === null ? undefined : given.get(flag);
    if (flag !== null && fromFlag !== undefined) return { value: fromFlag, source: flag };
    const fromEnv = variable === null ? undefined : env[variable];
    return variable === null || fromEnv === undefined || fromEnv === ''
      ? { value: byDefault, source: flag ?? variable ?? '' }
      : { value: fromEnv, source: variable };
  };
  return {
    mistakes,
    read,
    integer(option, min, max) {
      const { value, source } = read(option);
      const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : NaN;
      if (number >= min && number <= max) return number;
      mistakes.push(`${source} is ${JSON.stringify(value)}: it must be a whole number from ${min} to ${max}`);
      return NaN;
    },
  };
}

/** Two lines per option. */
export function describeOptions(options: readonly Option[]): string[] {
  return options.map(({ flag, variable, value, byDefault, text }) => {
    const left = `  ${flag === null ? `${variable ?? ''}=${value}` : `${flag} ${value}`}`;
    const lead = left.length < 29 ? left.padEnd(29) : `${left}\n${' '.repeat(29)}`;
    const where = [
      flag === null ? 'Environment only: flags are visible in the process list.' : variable === null ? '' : `Environment: ${variable}.`,
      byDefault === '' ? '' : `Default: ${byDefault}.`,
    ].filter((part) => part !== '');
    return where.length === 0 ? `${lead}${text}` : `${lead}${text}\n${' '.repeat(29)}${where.join(' ')}`;
  });
}
