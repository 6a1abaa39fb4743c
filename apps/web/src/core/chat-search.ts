/** Search in the messages of a chat that are on this device. Pure. */
import type { ChatMessage } from '@wetink/board';

export interface Found {
  readonly message: ChatMessage;
  /** A few words before the match, the match as written, and what follows. */
  readonly before: string;
  readonly match: string;
  readonly rest: string;
}

/** Results on the page: with more, other words find faster than scrolling. */
const SHOWN_MAX = 100;
const BEFORE_UNITS = 40;
const REST_UNITS = 160;

/** Newest first. The case of letters does not count. */
export function foundIn(messages: readonly ChatMessage[], query: string): { total: number; shown: readonly Found[] } {
  const wanted = query.trim().toLowerCase();
  const shown: Found[] = [];
  let total = 0;
  if (wanted === '') return { total, shown };
  for (let n = messages.length - 1; n >= 0; n--) {
    const message = messages[n] as ChatMessage;
    const at = message.text.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    total++;
    if (shown.length < SHOWN_MAX) shown.push(excerpt(message, at, wanted.length));
  }
  return { total, shown };
}

function excerpt(message: ChatMessage, at: number, length: number): Found {
  const { text } = message;
  const from = at <= BEFORE_UNITS ? 0 : at - BEFORE_UNITS;
  const before = (from === 0 ? '' : '…') + text.slice(from, at);
  const rest = text.slice(at + length, at + length + REST_UNITS);
  return { message, before, match: text.slice(at, at + length), rest: at + length + REST_UNITS < text.length ? `${rest}…` : rest };
}
