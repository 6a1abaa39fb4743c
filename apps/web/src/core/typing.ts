/**
 * Announces to others that I am typing, and withdraws that 2 s after the last key, on send, and on leaving.
 *
 * One announcement however fast the keys come, because each one is a message to everybody in the room.
 */
/** Long enough to think of the next word, short enough that nobody waits for a person who has walked away. */
export const TYPING_TTL_MS = 2_000;

export interface Typing {
  /** A key changed the draft. */
  key(): void;
  /** Sent, emptied, blurred or closed. */
  stop(): void;
}

/**
 * @param announce Called when typing begins and when it ends, never twice in a row with the same value.
 * @param schedule Runs `run` after `delayMs`; returns how to cancel it.
 */
export function createTyping(
  announce: (change: { isTyping: boolean }) => void,
  schedule: (run: () => void, delayMs: number) => () => void,
): Typing {
  let cancel: (() => void) | null = null;

  const stop = (): void => {
    if (cancel === null) return;
    cancel();
    cancel = null;
    announce({ isTyping: false });
  };

  return {
    key() {
      const isNew = cancel === null;
      cancel?.();
      cancel = schedule(stop, TYPING_TTL_MS);
      if (isNew) announce({ isTyping: true });
    },
    stop,
  };
}
