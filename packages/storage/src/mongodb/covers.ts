/**
 * What a checkpoint covers, without the writers that are gone or have rested for long. Each start of a relay is a new writer, so the covers of
 * an old room would grow with every restart. Pure.
 *
 * Forgetting a writer must not look like never having known it: somebody who holds a position from before its rows
 * would no longer be told to fetch the checkpoint. So every time writers are forgotten, the count under the name
 * `-` goes up, as if a writer of that name had appended a row, and older positions no longer cover the checkpoint.
 */

import { StoreError } from '../errors.ts';
import type { Position } from '../port.ts';

/** No process is called so. */
export const FORGOTTEN = '-';
/** Writers in one checkpoint before those that are gone are forgotten: about 1 kB. */
export const MAX_WRITERS = 32;

/**
 * @param covers Of the new checkpoint; covers `present`.
 * @param present Of the one that it replaces, or null.
 * @param older Of the one before that, or null.
 * @param unknown Writers in `covers` with neither rows nor a place in `present`: forgotten before.
 */
export function forgetWriters(covers: Position, present: Position | null, older: Position | null, unknown: ReadonlySet<string>): Position {
  const kept = Object.entries(covers).filter(([writer]) => !unknown.has(writer));
  if (kept.length <= MAX_WRITERS || present === null || older === null) return Object.fromEntries(kept);
  // Nothing new of them for two checkpoints: their last rows go when the older of the two does, which is now.
  const isGone = ([writer, row]: [string, number]): boolean => writer !== FORGOTTEN && row === older[writer] && row === present[writer];
  const rest = kept.filter((entry) => !isGone(entry));
  if (rest.length === kept.length) return Object.fromEntries(kept);
  return { ...Object.fromEntries(rest), [FORGOTTEN]: (covers[FORGOTTEN] ?? 0) + 1 };
}

export function pastTheEnd(writer: string, row: number): StoreError {
  return new StoreError('INVALID', `A checkpoint cannot cover row ${row} of "${writer}": the journal ends before it.`);
}
