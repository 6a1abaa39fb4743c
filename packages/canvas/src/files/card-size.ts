/** Sizes of the cards of files, in units of the card: board units at zoom 1. */
import type { AttachedFile } from '@wetink/board';

export const CARD = { width: 240, height: 64 } as const;
/** Above the card of a PDF: room for its first page, upright and 200 wide. */
const PAGE_HEIGHT = 296;

/** By its claims alone. A system that does not know PDFs leaves the type of one empty. */
export function isPdf({ type, name }: Pick<AttachedFile, 'type' | 'name'>): boolean {
  return type === 'application/pdf' || (type === '' && /\.pdf$/i.test(name));
}

/** The height of a new card. */
export function cardHeight(file: Pick<AttachedFile, 'type' | 'name'>): number {
  return CARD.height + (isPdf(file) ? PAGE_HEIGHT : 0);
}
