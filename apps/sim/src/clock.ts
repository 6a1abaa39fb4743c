/**
 * The virtual clock of a simulation: time stands still while code runs, then jumps to the next task.
 *
 * Tasks due at the same moment run in the order of scheduling, so that a run is a function of its seed.
 */

interface Task {
  atMs: number;
  order: number;
  run: (() => void) | null;
}

export class VirtualClock {
  /** A binary heap, earliest first. */
  readonly #tasks: Task[] = [];
  #nowMs = 0;
  #order = 0;

  /** Milliseconds since the simulation began. */
  now(): number {
    return this.#nowMs;
  }

  /** Runs `run` once after `delayMs`; the returned function cancels it. */
  schedule(run: () => void, delayMs: number): () => void {
    const task: Task = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(task);
    return () => (task.run = null);
  }

  /** Runs the next task if it is due by `untilMs`. Returns false, with the time at `untilMs`, when there is none. */
  runNext(untilMs: number): boolean {
    for (;;) {
      const next = this.#tasks[0];
      if (next === undefined || next.atMs > untilMs) {
        this.#nowMs = Math.max(this.#nowMs, untilMs);
        return false;
      }
      this.#pop();
      if (next.run === null) continue;
      this.#nowMs = next.atMs;
      next.run();
      return true;
    }
  }

  #push(task: Task): void {
    const tasks = this.#tasks;
    let at = tasks.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = tasks[parent];
      if (above === undefined || isBefore(above, task)) break;
      tasks[at] = above;
      at = parent;
    }
    tasks[at] = task;
  }

  #pop(): void {
    const tasks = this.#tasks;
    const last = tasks.pop();
    if (last === undefined || tasks.length === 0) return;
    let at = 0;
    for (;;) {
      const left = tasks[2 * at + 1];
      if (left === undefined) break;
      const right = tasks[2 * at + 2];
      const isRight = right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (isBefore(last, below)) break;
      tasks[at] = below;
      at = 2 * at + (isRight ? 2 : 1);
    }
    tasks[at] = last;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
