/**
 * Whether a person looks at the app, in any tab of this browser: the tab is in front and its window has the focus. Such a
 * tab holds a shared Web Lock. Without Web Locks, on plain http, a tab knows only of itself.
 */
const LOCK = 'wetink.looked-at';

export interface LookedAt {
  anywhere(): Promise<boolean>;
  /** Idempotent. */
  close(): void;
}

export interface LookedAtPorts {
  page: Document;
  window: EventTarget;
  /** Absent on plain http. */
  locks: Pick<LockManager, 'request' | 'query'> | undefined;
}

export function watchLookedAt({ page, window, locks }: LookedAtPorts): LookedAt {
  const over = new AbortController();
  let release: (() => void) | null = null;
  const isHere = (): boolean => page.visibilityState === 'visible' && page.hasFocus();

  const look = (): void => {
    if (!isHere() || over.signal.aborted) {
      release?.();
      release = null;
    } else if (release === null && locks !== undefined) {
      const held = new Promise<void>((resolve) => (release = resolve));
      void locks.request(LOCK, { mode: 'shared' }, () => held);
    }
  };
  const options = { signal: over.signal };
  window.addEventListener('focus', look, options);
  window.addEventListener('blur', look, options);
  page.addEventListener('visibilitychange', look, options);
  look();
  return {
    async anywhere() {
      if (isHere()) return true;
      return (await locks?.query())?.held?.some(({ name }) => name === LOCK) ?? false;
    },
    close() {
      over.abort();
      look();
    },
  };
}
