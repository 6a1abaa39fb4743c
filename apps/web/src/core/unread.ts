/**
 * How many chat messages a person has not seen.
 *
 * Kept as the ids of the latest messages of others that were seen, and the time up to which all older ones count as
 * seen. Not as a count, since a long conversation is cut at its beginning; and not as a time alone, since messages
 * written offline arrive later with earlier times, and they count as unread too.
 */
export interface ChatLine {
  id: string;
  userId: string;
  /** Milliseconds since 1970. */
  at: number;
  /** A deleted message is no news. */
  isDeleted?: boolean;
}

export interface Seen {
  /** Milliseconds since 1970: messages up to here are seen, whatever their id. -1 before there were that many. */
  until: number;
  ids: readonly string[];
}

/** Most ids remembered: about 8 kB for a board. */
export const SEEN_IDS_MAX = 200;

/** The state to remember once all of `messages` (oldest first) have been seen. */
export function seenOf(messages: readonly ChatLine[], myUserId: string): Seen {
  const others = messages.filter((message) => message.userId !== myUserId);
  const older = others.slice(0, -SEEN_IDS_MAX);
  return {
    until: older.reduce((latest, message) => Math.max(latest, message.at), -1),
    ids: others.slice(-SEEN_IDS_MAX).map((message) => message.id),
  };
}

/** @param seen Null before the first visit is over: messages from before are history, not news. */
export function countUnread(messages: readonly ChatLine[], myUserId: string, seen: Seen | null): number {
  if (seen === null) return 0;
  return messages.filter(unseenBy(myUserId, seen)).length;
}

/** The oldest message that counts as unread; null for none. */
export function firstUnread(messages: readonly ChatLine[], myUserId: string, seen: Seen | null): string | null {
  if (seen === null) return null;
  return messages.find(unseenBy(myUserId, seen))?.id ?? null;
}

/** The state once all messages up to `lastId` have been seen elsewhere; the same one when that is nothing new, or unknown here. */
export function seenThrough(messages: readonly ChatLine[], myUserId: string, { seen, lastId }: { seen: Seen; lastId: string }): Seen {
  const last = messages.findLastIndex(({ id }) => id === lastId);
  const isUnseen = unseenBy(myUserId, seen);
  if (!messages.slice(0, last + 1).some(isUnseen)) return seen;
  return seenOf(
    messages.filter((message, at) => at <= last || !isUnseen(message)),
    myUserId,
  );
}

/** The stored state; null when none can be read, as on a first visit. */
export function parseSeen(stored: unknown): Seen | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { until, ids } = stored as Partial<Record<keyof Seen, unknown>>;
  if (typeof until !== 'number' || !Number.isFinite(until) || !Array.isArray(ids)) return null;
  return { until, ids: ids.filter((id): id is string => typeof id === 'string').slice(-SEEN_IDS_MAX) };
}

function unseenBy(myUserId: string, seen: Seen): (message: ChatLine) => boolean {
  const ids = new Set(seen.ids);
  return ({ userId, at, id, isDeleted }) => userId !== myUserId && isDeleted !== true && at > seen.until && !ids.has(id);
}
