/**
 * Timing of wet ink: the author sends a message at least every `KEEPALIVE_MS` during a gesture, even if the pointer is
 * held still. A receiver that gets none for `SILENCE_MS` knows that the author is gone, or cut off.
 */

/** On a hidden page, which gets one timer a second, this becomes 2 s. */
export const KEEPALIVE_MS = 1500;
/** More than twice the slowest keepalive: one message may get lost. */
export const SILENCE_MS = 5000;
/**
 * Wet ink of a finished gesture waits for its record, which may be journaled on another relay first. A record that was
 * refused never comes, but then its author goes on under another client id, and the wet ink goes with the old one.
 */
export const RECORD_MS = 30_000;
/** A finished move whose elements a peer moved as well, so that they are never where it left them, waits this much longer. */
export const CONTESTED_MS = 1000;
