/** The browser around a board's images: its tabs, and the moments when the network may be back. */

const CHANNEL = 'wetink.images';

/** @returns `inTurn` runs at once where the browser has no locks, as on plain http. */
export function createImagePage(): {
  inTurn(name: string, run: () => Promise<void>): Promise<void>;
  onWake(run: () => void): () => void;
  readonly channel: BroadcastChannel | null;
} {
  const locks = navigator.locks as LockManager | undefined;
  return {
    inTurn: (name, run) => (locks === undefined ? run() : locks.request(name, run)),
    onWake(run) {
      const over = new AbortController();
      const { signal } = over;
      window.addEventListener('online', run, { signal });
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && run(), { signal });
      return () => over.abort();
    },
    channel: typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL),
  };
}
