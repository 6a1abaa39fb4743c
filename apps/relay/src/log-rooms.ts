/**
 * Room names kept out of log lines. Most lines have the name as `room`; a store also quotes it in what its errors say, and
 * names checkpoints by it. Whoever has the name of a room may enter it, so a line about a room has the hash everywhere.
 */

import { pino } from 'pino';
import { hashedRoom } from './secrets.ts';

/** How deep an error with its causes is looked through. */
const MAX_DEPTH = 5;

/** For pino's `formatters.log`: the fields of one line, its error as plain data. */
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

/** In sentences a name stands in quotes; on its own, at the beginning. */
function hideIn(text: string, name: string, hash: string): string {
  return (text.startsWith(name) ? hash + text.slice(name.length) : text).replaceAll(`"${name}`, `"${hash}`);
}

/** As checkpoints of MongoDB are named. */
function encoded(room: string): string {
  try {
    return encodeURIComponent(room);
  } catch (error) {
    if (error instanceof URIError) return room;
    throw error;
  }
}
