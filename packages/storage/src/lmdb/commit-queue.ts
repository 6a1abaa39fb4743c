/**
 * Group commit: jobs that arrive while a commit is on its way to the disk go together into the next one. A job may run
 * again: a group that finds no space is committed in halves, so that a large job does not make small ones fail.
 *
 * While many callers write, commits begin at most every `PAUSE_MS`. A commit costs about as much for ten rows as for
 * one, in threads that share the machine's cores with the event loop. A caller waits at most that long, and only after a
 * commit of `MANY_JOBS` or more.
 */

import type { OpenFile } from './open-file.ts';
import type { Turns } from './turns.ts';
import { collect, takeGroup, type Job, type Writes } from './write-group.ts';

/** Least time from one commit's begin to the next. With 5 ms, acknowledgements of 50 busy rooms took 5 ms in the median, not 2. */
const PAUSE_MS = 2;
/** Jobs of one group from which on more are expected to come soon. Fewer callers, each of which waits, write on at once. */
const MANY_JOBS = 4;

export interface Clock {
  /** Never goes back. */
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

export class CommitQueue {
  readonly #file: OpenFile;
  readonly #turns: Turns;
  readonly #clock: Clock;
  #queue: Job[] = [];
  #isDraining = false;
  /** No commit begins before. */
  #pausesUntilMs = -Infinity;

  constructor(file: OpenFile, turns: Turns, clock: Clock) {
    this.#file = file;
    this.#turns = turns;
    this.#clock = clock;
  }

  /** @returns The result of `run`, once it is on disk. */
  push<T>(bytes: number, run: (writes: Writes) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({
        bytes,
        run,
        resolve: (value) => {
          resolve(value as T);
        },
        reject,
      });
      // At the end of this turn of the event loop, so that jobs which arrive together are committed together.
      if (!this.#isDraining && this.#queue.length === 1)
        setImmediate(() => {
          if (!this.#isDraining) void this.#drain();
        });
    });
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#queue.length > 0) {
      const waitMs = this.#pausesUntilMs - this.#clock.nowMs();
      if (waitMs > 0) await this.#clock.wait(waitMs);
      await this.#turns.shared(async () => {
        this.#file.lookWhenDue();
        const group = takeGroup(this.#queue);
        this.#queue = this.#queue.slice(group.length);
        if (group.length >= MANY_JOBS) this.#pausesUntilMs = this.#clock.nowMs() + PAUSE_MS;
        await this.#commit(group);
      });
    }
    this.#isDraining = false;
  }

  async #commit(jobs: Job[]): Promise<void> {
    const refusal = this.#file.failure();
    if (refusal !== null) {
      for (const job of jobs) job.reject(refusal);
      return;
    }
    const { accepted, writes } = collect(this.#file.latestTables(), jobs);
    if (accepted.length === 0) return;
    const error = writes.length > 0 ? await this.#file.commit(writes) : null;
    if (error === null) {
      for (const { job, value } of accepted) job.resolve(value);
      return;
    }
    const unwritten = accepted.map(({ job }) => job);
    if (error.code !== 'FULL' || unwritten.length === 1) {
      for (const job of unwritten) job.reject(error);
      return;
    }
    const half = Math.ceil(unwritten.length / 2);
    await this.#commit(unwritten.slice(0, half));
    return this.#commit(unwritten.slice(half));
  }
}
