/** When a delivery that failed is tried again. Pure. */

const FIRST_PAUSE_MS = 10_000;
/** Also the longest `Retry-After` that is waited for. */
export const MAX_PAUSE_MS = 60 * 60_000;
/** Attempts of one delivery: with the pauses below about half a day. */
export const MAX_ATTEMPTS = 20;
export const MAX_AGE_MS = 24 * 60 * 60_000;
/** Failures in a row, over all deliveries of a webhook, after which it is switched off. */
export const MAX_FAILURES = 25;

/**
 * 10 s, 20 s, 40 s … an hour, each between half and all of it, so that receivers that failed at once do not come back at once.
 *
 * @param failures Failures in a row, at least 1.
 * @param random 0 to below 1.
 */
export function pauseMs(failures: number, random: number, askedMs: number): number {
  const longest = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(Math.min(MAX_PAUSE_MS, Math.max(longest * (0.5 + random / 2), askedMs)));
}

/** Milliseconds that a `Retry-After` asks for: seconds, or a date (RFC 9110, section 10.2.3). 0 for anything else. */
export function retryAfterMs(value: string | undefined, nowMs: number): number {
  if (value === undefined) return 0;
  // Date.parse takes '-5' for a year.
  const ms = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) * 1_000 : /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) - nowMs : 0;
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}
