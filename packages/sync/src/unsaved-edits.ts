/** Changes of this tab that no leader has called saved: each new leader gets them until one does. */
import * as Y from 'yjs';

/** Merged from this many on: hours offline are a few rows, not ten thousand. */
const MERGE_EDITS = 64;

export class UnsavedEdits {
  #edits: { number: number; update: Uint8Array }[] = [];

  /** @param number Number of its last change. */
  add(number: number, update: Uint8Array): void {
    this.#edits.push({ number, update });
    const merged = this.#edits.length >= MERGE_EDITS ? this.merged() : null;
    if (merged !== null) this.#edits = [{ number, update: merged }];
  }

  /** All as one update, or null when all is saved. */
  merged(): Uint8Array | null {
    const updates = this.#edits.map((edit) => edit.update);
    return updates.length > 1 ? Y.mergeUpdates(updates) : (updates[0] ?? null);
  }

  /** Changes up to number `settled` are saved. */
  forget(settled: number): void {
    this.#edits = this.#edits.filter((edit) => edit.number > settled);
  }
}
