/** Messages for display: name and time only where they say something new, and the day where it changes. */
import type { ChatMessage } from '@wetink/board';

export interface ChatRow extends ChatMessage {
  /** The first message of a run by one person: shows name and time. */
  isFirst: boolean;
  /** The day, above the first message of each; null elsewhere and for today. */
  day: string | null;
  time: string;
}

/** A pause longer than this begins a new run. */
const RUN_MS = 5 * 60_000;

export function chatRows(messages: readonly ChatMessage[], locale: string, nowMs: number): ChatRow[] {
  const dayOf = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const timeOf = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const today = dayOf.format(nowMs);
  let shownDay = today;
  return messages.map((message, n) => {
    const before = messages[n - 1];
    const own = dayOf.format(message.at);
    const day = own === shownDay ? null : own;
    shownDay = own;
    const isFirst =
      before === undefined ||
      day !== null ||
      before.userId !== message.userId ||
      before.name !== message.name ||
      message.at - before.at > RUN_MS;
    return { ...message, isFirst, day, time: timeOf.format(message.at) };
  });
}
