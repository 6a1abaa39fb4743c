/** Runs in the measured page, from before its own code: frames, long tasks, and the wheels that moved the view. */

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface PageBench {
  camera(): Camera | null;
  /** Elements that the board has, 0 before it is there. */
  count(): number;
  /** Milliseconds of the longest task since the page was opened, on the wall's clock. */
  longestTask(): number;
  /** Moments at which a wheel had moved the view, in milliseconds since the navigation began. */
  answers(): number[];
  startFrames(): void;
  /** From now on: each move of the pointer. */
  startMoves(): void;
  /** Milliseconds from each move, by the browser's time of it, until the frame after the one that came next began. */
  stopMoves(): number[];
  /** Ends when the view has painted what it was asked for. @returns Milliseconds from frame to frame, and the view's least zoom. */
  stopFrames(): Promise<{ frames: number[]; leastZoom: number }>;
}

declare global {
  interface Window {
    bench: PageBench;
    /** The pages of the peers have this. */
    benchBoard?: { camera(): Camera; count(): number };
  }
}

export function watchPage(): void {
  /** Frames within which a wheel that moves the view has done so. */
  const FRAMES = 5;
  /** Quick frames in a row after which nothing is left to paint. */
  const QUIET = 3;
  const QUICK_MS = 25;
  const answers: number[] = [];
  let longest = 0;
  let frames: number[] | null = null;
  let leastZoom = Infinity;
  const camera = (): Camera | null => {
    const { x, y, zoom } = window.benchBoard?.camera() ?? window.wetink?.stage.state.camera ?? { x: NaN, y: NaN, zoom: NaN };
    return Number.isNaN(zoom) ? null : { x, y, zoom };
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask', buffered: true });

  addEventListener(
    'wheel',
    () => {
      const before = camera();
      if (before === null) return;
      let looks = 0;
      const look = (): void => {
        const after = camera();
        if (after === null) return;
        // A view that fits what has arrived changes its zoom, too.
        if (after.zoom === before.zoom && Math.abs(after.y - before.y) > 0.1) answers.push(performance.now());
        else if (++looks < FRAMES) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    { capture: true, passive: true },
  );

  let moves: number[] | null = null;
  addEventListener(
    'pointermove',
    (event) => {
      if (moves === null) return;
      const to = moves;
      // Chromium gathers the moves between two frames; the first of them has waited longest.
      const times = event.getCoalescedEvents().map(({ timeStamp }) => timeStamp);
      requestAnimationFrame(() => requestAnimationFrame(() => to.push(...times.map((at) => performance.now() - at))));
    },
    { capture: true, passive: true },
  );

  window.bench = {
    camera,
    count: () => window.benchBoard?.count() ?? window.wetink?.board.count ?? 0,
    longestTask: () => longest,
    answers: () => answers,
    startMoves() {
      moves = [];
    },
    stopMoves: () => moves ?? [],
    startFrames() {
      const times = (frames = [] as number[]);
      // Not from the first frame on, which may come late.
      let last = performance.now();
      leastZoom = Infinity;
      const next = (): void => {
        if (frames !== times) return;
        const now = performance.now();
        times.push(now - last);
        last = now;
        leastZoom = Math.min(leastZoom, camera()?.zoom ?? Infinity);
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    async stopFrames() {
      const times = frames ?? [];
      const isQuiet = (): boolean => times.slice(-QUIET).every((ms) => ms < QUICK_MS);
      const from = times.length;
      do await new Promise(requestAnimationFrame);
      while (times.length < from + QUIET || !isQuiet());
      frames = null;
      return { frames: times.slice(0, -QUIET), leastZoom };
    },
  };
}
