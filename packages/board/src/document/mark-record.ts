/**
 * Keys and values of the root `marks`, one key for each person, so that marks merge without counting:
 *
 *     react/<message>/<emoji>/<user id> -> ms of the reaction
 *     seen/<user id>                    -> [ms of the look, id of the newest message seen]
 *
 * A message's id may have any characters: within a key its `%` and `/` are escaped as in an address. A user id is the last
 * part of a key and stands there as it is.
 */
import { MAX_DATE_MS, MAX_EMOJI_LENGTH, MAX_MESSAGE_ID_LENGTH, MAX_USER_ID_LENGTH } from '../limits.ts';
import type { ReadMark, UserId } from '../types.ts';

/** A flag, a keycap, or pictographs with their variants, skin tones and joiners. */
const EMOJI =
  /^(?:[\u{1f1e6}-\u{1f1ff}]{2}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]{0,2}(?:\u200d\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]{0,2}){0,8}[\u{e0020}-\u{e007f}]{0,8})$/u;

export interface ReactionKey {
  readonly messageId: string;
  readonly emoji: string;
  readonly userId: UserId;
}

export function isEmoji(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_EMOJI_LENGTH && EMOJI.test(value);
}

export function keyPart(text: string): string {
  // Most ids have neither, and a chat asks for thousands of keys.
  return /[%/]/.test(text) ? text.replaceAll('%', '%25').replaceAll('/', '%2F') : text;
}

export function reactionKey({ messageId, emoji, userId }: ReactionKey): string {
  return `react/${keyPart(messageId)}/${emoji}/${userId}`;
}

/** Null for a key of another kind or shape, also for a second spelling of a key. */
export function readReactionKey(key: string): ReactionKey | null {
  if (!key.startsWith('react/')) return null;
  const [, part = '', emoji = ''] = key.split('/', 3);
  const messageId = part.includes('%') ? part.replaceAll('%2F', '/').replaceAll('%25', '%') : part;
  const userId = key.slice('react/'.length + part.length + emoji.length + 2) as UserId;
  if (keyPart(messageId) !== part || messageId === '' || messageId.length > MAX_MESSAGE_ID_LENGTH) return null;
  return isEmoji(emoji) && isUserId(userId) ? { messageId, emoji, userId } : null;
}

/** When the reaction was given; null for a malformed value. */
export function readReaction(stored: unknown): number | null {
  return isDate(stored) ? stored : null;
}

export function seenKey(userId: UserId): string {
  return `seen/${userId}`;
}

/** Null for a key of another kind. */
export function readSeenKey(key: string): UserId | null {
  const userId = key.slice('seen/'.length) as UserId;
  return key.startsWith('seen/') && isUserId(userId) ? userId : null;
}

export function readSeen(stored: unknown): ReadMark | null {
  if (!Array.isArray(stored) || stored.length !== 2) return null;
  const [at, messageId]: unknown[] = stored;
  if (!isDate(at) || typeof messageId !== 'string' || messageId === '' || messageId.length > MAX_MESSAGE_ID_LENGTH) return null;
  return { at, messageId };
}

function isUserId(value: string): value is UserId {
  return value.length >= 1 && value.length <= MAX_USER_ID_LENGTH;
}

function isDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_DATE_MS;
}
