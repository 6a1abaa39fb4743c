/**
 * Reads the rules for rooms that are no boards, from JSON or from a file of JSON. Every mistake names the rule by its place
 * in the list, and the field.
 */

import { MAX_PREFIX_LENGTH, MAX_ROOM_RULES, MIN_PREFIX_LENGTH, type RoomRule } from '@wetink/relay/access';
import type { Option, OptionReader } from './options.ts';
import { isRoleName } from './roles-config.ts';

export const roomRules: Option = {
  flag: '--room-rules',
  variable: 'WETINK_ROOM_RULES',
  value: 'RULES',
  byDefault: '',
  text: 'Rules that let people into rooms without an owner, by the beginning of the name of the room: a JSON list of rules, or the file that has it.',
};

/** The environment and files are small; a larger one is the wrong file. */
const MAX_BYTES = 256 * 1024;
const FIELDS = ['prefix', 'allow', 'role', 'as'];

/** @param readText Reads a file. @throws When it cannot. */
export function parseRoomRules(
  { mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>,
  readText: (path: string) => string,
): RoomRule[] {
  const { value, source } = read(roomRules);
  if (value === '') return [];
  const list = listOf(value, source, mistakes, readText);
  if (list === null) return [];
  if (list.length > MAX_ROOM_RULES) mistakes.push(`${source} has ${list.length} rules: at most ${MAX_ROOM_RULES} are read`);
  const rules = list.slice(0, MAX_ROOM_RULES).flatMap((entry: unknown, i) => ruleOf(entry, `${source}[${i}]`, mistakes) ?? []);
  const seen = new Map<string, number>();
  for (const [i, rule] of rules.entries()) {
    const who = JSON.stringify([rule.prefix, rule.allow, rule.allow === 'role' ? rule.role : '']);
    const before = seen.get(who);
    if (before !== undefined)
      mistakes.push(`${source}[${i}] is about the same prefix and the same people as ${source}[${before}]: keep one`);
    seen.set(who, i);
  }
  return rules;
}

function listOf(value: string, source: string, mistakes: string[], readText: (path: string) => string): unknown[] | null {
  const isFile = !/^\s*\[/.test(value);
  let text = value;
  if (isFile)
    try {
      text = readText(value);
    } catch (error) {
      mistakes.push(`${source}: the file ${JSON.stringify(value)} cannot be read (${codeOf(error)})`);
      return null;
    }
  const where = isFile ? `${source}: the file ${JSON.stringify(value)}` : source;
  if (text.length > MAX_BYTES) {
    mistakes.push(`${where} is longer than ${MAX_BYTES / 1024} KiB`);
    return null;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null; // the sentence below says what to write
  }
  if (Array.isArray(parsed)) return parsed;
  mistakes.push(`${where} is no JSON list of rules, such as [{"prefix": "team-", "allow": "signed-in", "as": "editor"}]`);
  return null;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

/** @returns Null after a mistake. */
function ruleOf(entry: unknown, at: string, mistakes: string[]): RoomRule | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    mistakes.push(`${at} must be an object with prefix, allow and as`);
    return null;
  }
  const { prefix, allow, role, as } = entry as Record<string, unknown>;
  const found: string[] = [];
  for (const name of Object.keys(entry))
    if (!FIELDS.includes(name)) found.push(`${at} has an unknown field ${JSON.stringify(name)}: use ${FIELDS.join(', ')}`);
  if (typeof prefix !== 'string' || prefix.length < MIN_PREFIX_LENGTH || prefix.length > MAX_PREFIX_LENGTH)
    found.push(
      `${at}.prefix must be a text of ${MIN_PREFIX_LENGTH} to ${MAX_PREFIX_LENGTH} characters: ids of boards may begin with a shorter one`,
    );
  if (allow !== 'public' && allow !== 'signed-in' && allow !== 'role') found.push(`${at}.allow must be public, signed-in or role`);
  if (allow === 'role' && !(typeof role === 'string' && isRoleName(role)))
    found.push(`${at}.role must name a role: 1 to 64 letters, digits and signs, no space`);
  if (allow !== 'role' && role !== undefined) found.push(`${at}.role counts only with "allow": "role"`);
  if (as !== 'viewer' && as !== 'editor') found.push(`${at}.as must be viewer or editor`);
  mistakes.push(...found);
  return found.length > 0 ? null : (entry as RoomRule);
}
