/**
 * Evidence that a board exists at an address, as far as this device knows. It decides two things: whether an empty sheet is
 * shown as a board or as a broken link, and whether the home page lists it. Pure.
 */
export interface BoardTraces {
  /** By "New board", on this device. */
  isMadeHere: boolean;
  /** On this device's list, from an earlier visit. */
  isListed: boolean;
  cameByLink: boolean;
  /** It has been written to: a stroke, a title or a message, deleted ones included. */
  isWritten: boolean;
  /** Another person is here, or was during this visit. */
  hasCompany: boolean;
  /** I gave its link away. */
  isShared: boolean;
  /** The relay's record of it. `none`: anyone who knows the address makes it a board by drawing. */
  record: 'unknown' | 'none' | 'mine' | 'of-others';
}

/** False means "not as far as this device knows": ask only where a person may have followed a broken link. */
export function isBoard(traces: BoardTraces): boolean {
  const { isMadeHere, record } = traces;
  return isMadeHere || record === 'mine' || isWorthListing(traces);
}

/** A board that was made here and shared with nobody is not worth listing until something is drawn on it. */
export function isWorthListing({ isListed, cameByLink, isWritten, hasCompany, isShared, record }: BoardTraces): boolean {
  return isListed || cameByLink || isWritten || hasCompany || isShared || record === 'of-others';
}
