/**
 * Timing of wet ink: the author sends a message at least every `KEEPALIVE_MS` during a gesture, even if the pointer is
 * held still. A receiver that gets none for `SILENCE_MS` knows that the author is gone, or cut off.
 */

/** A hidden page gets one timer a second, so there it becomes 2 s. */
export const KEEPALIVE_MS = 1500;
/** More than twice the slowest keepalive: one message may get lost. */
export const SILENCE_MS = 5000;
/**
 * Wet ink of a finished gesture waits for its record, which may be journaled on another relay first. A record that was
 * refused never comes; but then its author continues under another client id, and the wet ink goes with the old id.
 */
export const RECORD_MS = 30_000;
/** A finished move waits this much longer when a peer has moved its elements too: they never come to where it left them. */
export const CONTESTED_MS = 1000;
