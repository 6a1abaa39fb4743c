/**
 * Starts something that the first paint does not need, once its code has been fetched.
 *
 * @param fetch Resolves to the function that starts it and returns how to stop it.
 * @returns How to stop, whether or not it has started.
 */
export function startLater(fetch: () => Promise<() => () => void>): () => void {
  let isOver = false;
  let stop: (() => void) | null = null;
  fetch().then(
    (start) => {
      if (!isOver) stop = start();
    },
    // The page works without a part that can't be fetched now: nothing waits for it.
    () => undefined,
  );
  return () => {
    isOver = true;
    stop?.();
  };
}
