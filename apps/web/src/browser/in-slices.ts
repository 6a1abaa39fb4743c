/** Long work without long tasks: the page handles its input and paints between two slices. */

/** Half a frame: a pointer that comes down in the middle of a slice waits no longer than that. */
const SLICE_MS = 8;

export interface SliceEnvironment {
  /** Milliseconds. */
  now(): number;
  /** Resolves once the page has had its turn. */
  pause(): Promise<void>;
}

const browser: SliceEnvironment = {
  now: () => performance.now(),
  // Not `requestIdleCallback` or an animation frame: the person waits for this, and may have another tab in front.
  pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
};

/** For work that is no row of steps: asked from time to time, it has the page's turn once a slice is over, and null before. */
export function createRests({ now, pause }: SliceEnvironment = browser): () => Promise<void> | null {
  let endsAt = now() + SLICE_MS;
  return () => {
    if (now() < endsAt) return null;
    return pause().then(() => void (endsAt = now() + SLICE_MS));
  };
}

/**
 * Runs steps for 8 ms at a time. One step that takes longer is a longer slice.
 *
 * @returns The result of the last step. Rejects with whatever a step throws.
 */
export async function inSlices<T>(steps: Generator<undefined, T>, { now, pause }: SliceEnvironment = browser): Promise<T> {
  for (;;) {
    const endsAt = now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (now() < endsAt);
    await pause();
  }
}
