/**
 * Keeps room names out of log lines. Most lines have the name as `room`; a store also quotes it in error messages, and
 * names checkpoints by it. Knowing a room's name may be enough to enter it, so a line has the hash in all these places.
 */

import { pino } from 'pino';
import { hashedRoom } from './secrets.ts';

/** Levels of causes searched within an error. */
const MAX_DEPTH = 5;

/** For pino's `formatters.log`: the fields of one line, with its error as plain data. */
export function withoutRoomName(fields: Record<string, unknown>): Record<string, unknown> {
  const { room } = fields;
  const plain = fields['err'] instanceof Error ? { ...fields, err: { ...pino.stdSerializers.err(fields['err']) } } : fields;
  if (typeof room !== 'string' || room === '') return plain;
  const hash = hashedRoom(room);
  const forms = [...new Set([room, encoded(room)])];
  const hide = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return forms.reduce((text, form) => hideIn(text, form, hash), value);
    if (depth === MAX_DEPTH || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner, depth + 1)]));
  };
  const own = { ...plain };
  for (const key of ['err', 'error', 'name']) if (key in own) own[key] = hide(own[key], 0);
  return { ...own, room: hash };
}

/** Replaces the name in quotes, as sentences have it, and at the beginning of the text. */
function hideIn(text: string, name: string, hash: string): string {
  return (text.startsWith(name) ? hash + text.slice(name.length) : text).replaceAll(`"${name}`, `"${hash}`);
}

/** The form of a room's name within checkpoint names of MongoDB. */
function encoded(room: string): string {
  try {
    return encodeURIComponent(room);
  } catch (error) {
    if (error instanceof URIError) return room;
    throw error;
  }
}
