/**
 * Bytes of the next part of an upload. Pure.
 *
 * A part that is cut off is sent again from its start, so parts are small enough that little is sent twice, and large enough
 * that the wait for each answer costs little: about two seconds each on a slow network.
 */

/** The most that a relay takes at once. */
export const MAX_CHUNK_BYTES = 1024 * 1024;
const MIN_CHUNK_BYTES = 64 * 1024;
export const FIRST_CHUNK_BYTES = 256 * 1024;
const FAST_MS = 1_000;
const SLOW_MS = 4_000;

/** @param tookMs Until the answer; null when none came. */
export function nextChunkBytes(bytes: number, tookMs: number | null): number {
  if (tookMs === null || tookMs > SLOW_MS) return Math.max(MIN_CHUNK_BYTES, bytes / 2);
  return tookMs < FAST_MS ? Math.min(MAX_CHUNK_BYTES, bytes * 2) : bytes;
}
