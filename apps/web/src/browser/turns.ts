/** Turns for long work on the page's thread. */

/** Shorter than a frame, so that input and painting get their share. */
const TURN_MS = 8;

/** @returns A function to call often during the work: it waits for the page's next turn when this one has lasted long enough. */
export function scheduleTurn(now: () => number = () => performance.now()): () => Promise<void> {
  let began = now();
  return async () => {
    if (now() - began < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    began = now();
  };
}
