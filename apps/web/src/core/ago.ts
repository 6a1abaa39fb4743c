/** When something was, in words: 'just now', '5 minutes ago', 'yesterday', then the date. */
import * as m from '$words/ago';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function agoSentence(atMs: number, nowMs: number, locale: string): string {
  const age = nowMs - atMs;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (age < MINUTE_MS) return m.justNow();
  if (age < HOUR_MS) return relative.format(-Math.floor(age / MINUTE_MS), 'minute');
  if (age < DAY_MS) return relative.format(-Math.floor(age / HOUR_MS), 'hour');
  if (age < 7 * DAY_MS) return relative.format(-Math.floor(age / DAY_MS), 'day');
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(atMs);
}
