/**
 * The last count of a board's pictures that the server lacks. The code that counts is fetched after the board is there,
 * and until then the status must not say "Saved" of pictures of an earlier visit.
 */
import type { BoardId } from './board-id.ts';
import { noPictures, type PictureCounts } from './board-pictures.ts';
import type { KeyValue } from './key-value.ts';

export function readPictureCounts(facts: KeyValue, boardId: BoardId): PictureCounts {
  const stored = facts.read(keyOf(boardId));
  if (typeof stored !== 'object' || stored === null) return noPictures;
  const { waiting, refused } = stored as Partial<Record<keyof PictureCounts, unknown>>;
  // Pictures that were only in a tab ended with it.
  return { waiting: isCount(waiting) ? waiting : 0, refused: isCount(refused) ? refused : 0, isAtRisk: false };
}

export function keepPictureCounts(facts: KeyValue, boardId: BoardId, { waiting, refused }: PictureCounts): void {
  if (waiting + refused === 0) facts.remove(keyOf(boardId));
  else facts.write(keyOf(boardId), { waiting, refused });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function keyOf(boardId: BoardId): string {
  return `wetink.lacking-pictures.${boardId}`;
}
