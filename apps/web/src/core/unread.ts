/**
 * How many chat messages a person has not seen.
 *
 * Kept as the number of other people's messages seen so far and not as a time or a last id: messages written offline
 * arrive later with earlier times, and they count as unread too.
 */
export interface ChatLine {
  userId: string;
}

export function countOthers(messages: readonly ChatLine[], myUserId: string): number {
  return messages.reduce((count, message) => count + (message.userId === myUserId ? 0 : 1), 0);
}

export function countUnread(messages: readonly ChatLine[], myUserId: string, seenOthers: number): number {
  return Math.max(0, countOthers(messages, myUserId) - seenOthers);
}

/** What was stored of `seenOthers`; 0 when it is not a count. */
export function parseSeen(stored: unknown): number {
  return typeof stored === 'number' && Number.isSafeInteger(stored) && stored > 0 ? stored : 0;
}
