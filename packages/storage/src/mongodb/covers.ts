/**
 * Removes writers that are gone, or that have long written nothing, from what a checkpoint covers. Each start of a
 * relay is a new writer, so the covers of an old room would grow with every restart. Pure.
 *
 * A forgotten writer must not look like one that never wrote: a process with a position from before its rows would then
 * not learn that it has to load the checkpoint. So each time writers are forgotten, the count under the name `-` goes
 * up, as if a writer of that name had appended a row, and older positions no longer cover the checkpoint.
 */

import { StoreError } from '../errors.ts';
import type { Position } from '../port.ts';

/** Stands for forgotten writers; no process has this name. */
export const FORGOTTEN = '-';
/** Number of writers in a checkpoint above which those that are gone are forgotten: about 1 kB. */
export const MAX_WRITERS = 32;

/**
 * @param covers What the new checkpoint covers; includes `present`.
 * @param present What the checkpoint that it replaces covers, or null.
 * @param older What the one before that covers, or null.
 * @param unknown Writers in `covers` with neither rows nor a place in `present`: forgotten before.
 */
export function forgetWriters(covers: Position, present: Position | null, older: Position | null, unknown: ReadonlySet<string>): Position {
  const kept = Object.entries(covers).filter(([writer]) => !unknown.has(writer));
  if (kept.length <= MAX_WRITERS || present === null || older === null) return Object.fromEntries(kept);
  // No new rows for two checkpoints: their last rows are deleted together with the older checkpoint, which is now.
  const isGone = ([writer, row]: [string, number]): boolean => writer !== FORGOTTEN && row === older[writer] && row === present[writer];
  const rest = kept.filter((entry) => !isGone(entry));
  if (rest.length === kept.length) return Object.fromEntries(kept);
  return { ...Object.fromEntries(rest), [FORGOTTEN]: (covers[FORGOTTEN] ?? 0) + 1 };
}

export function pastTheEnd(writer: string, row: number): StoreError {
  return new StoreError('INVALID', `A checkpoint cannot cover row ${row} of "${writer}": the journal ends before it.`);
}
