/**
 * Checks for a new version of the app. A browser checks by itself when a page is loaded; here pages stay for days, moving
 * from board to board without a load. So the page checks every hour while it is visible, and when it comes back after it
 * was hidden or without a network for long.
 */
export interface UpdateCheckPorts {
  page: Document;
  schedule(run: () => void, delayMs: number): () => void;
  /** Milliseconds since 1970: a clock that only grows may stand still while the device sleeps. */
  now?: () => number;
}

const HOUR_MS = 3_600_000;
/** People switch between tabs often: not every return is worth a request. */
const LEAST_MS = 10 * 60_000;

/** @returns How to stop. */
export function watchForUpdates(
  registration: Pick<ServiceWorkerRegistration, 'update'>,
  { page, schedule, now = Date.now }: UpdateCheckPorts,
): () => void {
  let askedAtMs = now(); // The page was just loaded.
  let cancel = (): void => undefined;

  const check = (): void => {
    cancel();
    cancel = schedule(onTime, HOUR_MS);
    askedAtMs = now();
    // Not reachable now, or no new version: the next check comes.
    registration.update().catch(() => undefined);
  };
  const onTime = (): void => {
    if (page.visibilityState === 'visible') check();
    else cancel = schedule(onTime, HOUR_MS);
  };
  const onBack = (): void => {
    if (page.visibilityState === 'visible' && Math.abs(now() - askedAtMs) >= LEAST_MS) check();
  };
  cancel = schedule(onTime, HOUR_MS);
  page.addEventListener('visibilitychange', onBack);
  page.defaultView?.addEventListener('online', onBack);
  return () => {
    cancel();
    page.removeEventListener('visibilitychange', onBack);
    page.defaultView?.removeEventListener('online', onBack);
  };
}
