/**
 * The outcome of trying to send an image or a file: it is there, it is tried again later, or trying again does not help. Pure.
 */
export type UploadAnswer =
  /** `hasProgressed`: the server holds more of a file than before this try. */
  | { readonly kind: 'unreachable'; readonly hasProgressed?: boolean }
  /** The person has paused it, or taken it off the board. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'answered'; readonly status: number; readonly code: string; readonly retryAfterMs: number | null };

export type UploadOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'stopped' }
  /** `isOfAll`: the others would get the same answer now, so they have to wait as well. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly needsFreshToken: boolean; readonly isOfAll: boolean }
  | { readonly kind: 'refused'; readonly code: string };

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** The server says that it is the image or file, or the person's right to send it. A board that is not claimed yet is no reason. */
const final: ReadonlySet<string> = new Set([
  'blob_hash',
  'blob_type',
  'blob_too_large',
  'blob_pixels',
  'blob_quota',
  'user_quota',
  'upload_length',
  'board_erased',
  'read_only',
  'body_too_large',
]);

/** No token, too many requests, a server that is busy, and one that its proxy can't reach. */
const ofAll: ReadonlySet<number> = new Set([401, 429, 502, 503]);

/**
 * @param attempt Tries before this one.
 * @param random 0 <= n < 1: clients that lost the same server do not come back at the same time.
 */
export function uploadOutcome(answer: UploadAnswer, attempt: number, random: number): UploadOutcome {
  if (answer.kind === 'stopped') return answer;
  const waitMs = backoffMs(attempt, random);
  if (answer.kind === 'unreachable') return { kind: 'later', afterMs: waitMs, needsFreshToken: false, isOfAll: true };
  const { status, code, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (final.has(code) || status === 413) return { kind: 'refused', code };
  const isOfAll = ofAll.has(status) || code === 'board_not_found';
  return { kind: 'later', afterMs: Math.max(waitMs, retryAfterMs ?? 0), needsFreshToken: status === 401, isOfAll };
}

/** Doubles with every attempt; between half and all of that. */
export function backoffMs(attempt: number, random: number, longestMs = LONGEST_WAIT_MS): number {
  const most = Math.min(longestMs, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  return Math.round(most * (0.5 + random / 2));
}
