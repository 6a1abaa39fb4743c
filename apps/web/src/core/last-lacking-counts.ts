/**
 * The last counts of a board's pictures and files that the server lacks. The code that counts is fetched after the board is
 * there, and until then the status must not say "Saved" of those of an earlier visit. Some of them may have ended with their
 * tab: the home page, which can't count anew, then says nothing.
 */
import type { BoardId } from './board-id.ts';
import type { KeyValue } from './key-value.ts';
import { noneLacking, type Lacking, type LackingCounts } from './lacking.ts';

export type LackingKind = keyof Lacking;

export function readLackingCounts(facts: KeyValue, boardId: BoardId, kind: LackingKind): LackingCounts {
  const stored = facts.read(keyOf(boardId, kind));
  if (typeof stored !== 'object' || stored === null) return noneLacking;
  const { waiting, refused, paused } = stored as Partial<Record<keyof LackingCounts, unknown>>;
  // Those that were only in a tab ended with it.
  return { waiting: countOf(waiting), refused: countOf(refused), paused: countOf(paused), isAtRisk: false };
}

/** Counts of a board that is not open: what this device surely keeps. */
export function readKeptCounts(facts: KeyValue, boardId: BoardId, kind: LackingKind): LackingCounts {
  const stored = facts.read(keyOf(boardId, kind));
  const wasAtRisk = typeof stored === 'object' && stored !== null && 'isAtRisk' in stored;
  return wasAtRisk ? noneLacking : readLackingCounts(facts, boardId, kind);
}

export function keepLackingCounts(facts: KeyValue, boardId: BoardId, kind: LackingKind, counts: LackingCounts): void {
  const { waiting, refused, paused, isAtRisk } = counts;
  if (waiting + refused + paused === 0) facts.remove(keyOf(boardId, kind));
  else facts.write(keyOf(boardId, kind), { waiting, refused, ...(paused > 0 && { paused }), ...(isAtRisk && { isAtRisk }) });
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}

function keyOf(boardId: BoardId, kind: LackingKind): string {
  return `wetink.lacking-${kind}.${boardId}`;
}
