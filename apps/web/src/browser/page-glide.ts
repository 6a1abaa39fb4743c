/** The page's clock and frames, for a camera that moves by itself. */
export const pageGlide = {
  now: () => performance.now(),
  requestFrame(run: () => void) {
    const id = requestAnimationFrame(run);
    return () => cancelAnimationFrame(id);
  },
  isStill: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
};
