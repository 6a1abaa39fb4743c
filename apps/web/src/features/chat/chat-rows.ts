/** Messages for display: name and time only where they say something new, and the day where it changes. */
import * as m from '$words/chat-rows';
import type { ChatMessage } from '@wetink/board';
import type { Span } from '../../core/list-window.ts';

export interface ChatRow extends ChatMessage {
  /** The first message of a run by one person: shows name and time. */
  isFirst: boolean;
  /** The day, above the first message of each; null elsewhere, and for today in a chat that began today. */
  day: string | null;
  time: string;
}

/** A pause longer than this begins a new run. */
const RUN_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** @param span The messages that are shown; those before them count for what is new. */
export function chatRows(messages: readonly ChatMessage[], { from, to }: Span, locale: string, nowMs: number): ChatRow[] {
  const dayOf = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const timeOf = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const today = dayOf.format(nowMs);
  const named = new Map([
    [today, m.today()],
    [dayOf.format(nowMs - DAY_MS), m.yesterday()],
  ]);
  let shownDay = from === 0 ? today : dayOf.format(messages[from - 1]?.at ?? nowMs);
  return messages.slice(from, to).map((message, n) => {
    const before = n === 0 && from === 0 ? undefined : messages[from + n - 1];
    const own = dayOf.format(message.at);
    const day = own === shownDay ? null : (named.get(own) ?? own);
    shownDay = own;
    const isFirst =
      before === undefined ||
      day !== null ||
      before.userId !== message.userId ||
      before.name !== message.name ||
      message.replyTo !== null ||
      message.at - before.at > RUN_MS;
    return { ...message, isFirst, day, time: timeOf.format(message.at) };
  });
}
