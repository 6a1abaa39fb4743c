/** The limits that an operator sets: `WETINK_LIMIT_…` to what the relay takes, with every mistake collected. Pure. */

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
    const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) limits[key] = number;
    else mistakes.push(`${variable} is ${JSON.stringify(value)}: it must be a whole number from ${min} to ${max}`);
  }
  const known = new Set<string>(rows.map(({ variable }) => variable));
  // A limit that somebody believes to have set, and has not.
  for (const name of Object.keys(env))
    if (name.startsWith(PREFIX) && !known.has(name)) mistakes.push(`${name} is no limit: SECURITY.md has the list`);
  return { limits, mistakes };
}
