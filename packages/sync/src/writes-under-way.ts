/**
 * Batches that were handed to the browser, in order. A batch counts once it and those before it are done, since a tab says
 * "all my changes up to this one". When one fails, those after it are written again with it; twice is harmless.
 */
import { joinBatches, type Batch } from './device-layout.ts';

export class WritesUnderWay {
  #batches: { batch: Batch; isDone: boolean }[] = [];

  get count(): number {
    return this.#batches.length;
  }

  add(batch: Batch): void {
    this.#batches.push({ batch, isDone: false });
  }

  /** False once one before it has failed. */
  has(batch: Batch): boolean {
    return this.#batches.some((other) => other.batch === batch);
  }

  /** @returns Those that count now. */
  done(batch: Batch): Batch[] {
    for (const other of this.#batches) if (other.batch === batch) other.isDone = true;
    const undone = this.#batches.findIndex(({ isDone }) => !isDone);
    return this.#batches.splice(0, undone < 0 ? this.#batches.length : undone).map((one) => one.batch);
  }

  /** It belongs to a document that was given up. */
  drop(batch: Batch): void {
    this.#batches = this.#batches.filter((other) => other.batch !== batch);
  }

  /** All of them and what has come since, to be written again. */
  takeBack(since: Batch): Batch {
    const all = [...this.#batches.map(({ batch }) => batch), since].reduce(joinBatches);
    this.#batches = [];
    return all;
  }
}
