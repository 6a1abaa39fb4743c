/**
 * Runs with a signal that is aborted with the given one, or after a time.
 *
 * Not `AbortSignal.any`, which Safari before 17.4 does not have: its TypeError would look like a lost network.
 */
export async function within<Result>(
  timeoutMs: number,
  signal: AbortSignal,
  run: (until: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const late = setTimeout(end, timeoutMs);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', end);
  }
}
