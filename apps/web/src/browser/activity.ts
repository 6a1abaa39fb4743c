/**
 * Whether the person is here: `away` while the page is hidden, `idle` after minutes without input, null otherwise.
 *
 * An event costs one assignment: a timer compares the time, and calls only on a change.
 */
import type { Rest } from '../core/presence-parts.ts';

/** Long enough to read a full board or to listen, short enough that a person who went for a coffee shows as idle. */
export const IDLE_AFTER_MS = 3 * 60_000;

export interface ActivityOptions {
  readonly page: Document;
  readonly onRest: (rest: Rest | null) => void;
  readonly now: () => number;
  readonly schedule: (run: () => void, delayMs: number) => () => void;
}

/** @returns How to stop. */
export function watchActivity({ page, onRest, now, schedule }: ActivityOptions): () => void {
  const over = new AbortController();
  let lastInputAt = now();
  let rest: Rest | null = null;
  let cancel = (): void => undefined;

  const tell = (next: Rest | null): void => {
    if (next === rest) return;
    rest = next;
    onRest(rest);
  };
  const look = (): void => {
    cancel();
    if (page.visibilityState === 'hidden') return tell('away');
    const restMs = now() - lastInputAt;
    if (restMs >= IDLE_AFTER_MS) return tell('idle');
    tell(null);
    cancel = schedule(look, IDLE_AFTER_MS - restMs);
  };
  const onInput = (): void => {
    lastInputAt = now();
    if (rest !== null) look();
  };
  const onVisibility = (): void => {
    // Coming back to the page is a sign of life like any other.
    if (page.visibilityState === 'visible') lastInputAt = now();
    look();
  };
  const options = { capture: true, passive: true, signal: over.signal };
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'input'] as const)
    page.defaultView?.addEventListener(type, onInput, options);
  page.addEventListener('visibilitychange', onVisibility, { signal: over.signal });
  look();
  return () => {
    over.abort();
    cancel();
  };
}
