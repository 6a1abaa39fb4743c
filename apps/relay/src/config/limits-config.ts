/** Reads the operator's limits from the `WETINK_LIMIT_…` variables, and collects every mistake. Pure. */

import { limitRows, type RelayLimits } from '@wetink/relay';

const PREFIX = 'WETINK_LIMIT_';

export interface ReadLimits {
  limits: Partial<RelayLimits>;
  mistakes: string[];
}

/** An empty variable counts as not set. */
export function readLimits(env: Readonly<Record<string, string | undefined>>, rows: typeof limitRows = limitRows): ReadLimits {
  const limits: Partial<RelayLimits> = {};
  const mistakes: string[] = [];
  for (const { key, variable, min, max } of rows) {
    const value = env[variable] ?? '';
    if (value === '') continue;
    const number = /^[0-9]{1,12}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) limits[key] = number;
    else mistakes.push(`${variable} is ${JSON.stringify(value)}: it must be a whole number from ${min} to ${max}`);
  }
  const known = new Set<string>(rows.map(({ variable }) => variable));
  // A misspelled name would leave the operator believing that the limit is set.
  for (const name of Object.keys(env))
    if (name.startsWith(PREFIX) && !known.has(name)) mistakes.push(`${name} is not a limit: SECURITY.md has the list`);
  return { limits, mistakes };
}
