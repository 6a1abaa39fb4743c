/**
 * Starts something whose code the first paint can do without, once that has been fetched.
 *
 * @param fetch Gives what starts it, which gives how to stop it. Returns how to stop, whether or not it has started.
 */
export function startLater(fetch: () => Promise<() => () => void>): () => void {
  let isOver = false;
  let stop: (() => void) | null = null;
  fetch().then(
    (start) => {
      if (!isOver) stop = start();
    },
    // A part that can't be fetched now is done without: nothing on this page waits for it.
    () => undefined,
  );
  return () => {
    isOver = true;
    stop?.();
  };
}
