/**
 * What speaks for there being a board at an address, as far as this device knows. Two things follow from it: whether an
 * empty sheet is taken for a board or for the end of a broken link, and whether the home page lists it. Pure.
 */
export interface BoardTraces {
  /** By "New board", on this device. */
  isMadeHere: boolean;
  /** On this device's list, from an earlier visit. */
  isListed: boolean;
  cameByLink: boolean;
  /** Somebody wrote on it: a stroke, a title, a message, also one that is gone again. */
  isWritten: boolean;
  /** Somebody else is here, or was during this visit. */
  hasCompany: boolean;
  /** I gave its link away. */
  isShared: boolean;
  /** What the relay knows of it. `none`: whoever knows the address makes it a board by drawing. */
  record: 'unknown' | 'none' | 'mine' | 'of-others';
}

/** False means "not as far as is known": ask only where somebody may have come by a broken link. */
export function isBoard(traces: BoardTraces): boolean {
  const { isMadeHere, record } = traces;
  return isMadeHere || record === 'mine' || isWorthListing(traces);
}

/** One that was made here, and that nobody else can know of, is nothing to come back to before something is on it. */
export function isWorthListing({ isListed, cameByLink, isWritten, hasCompany, isShared, record }: BoardTraces): boolean {
  return isListed || cameByLink || isWritten || hasCompany || isShared || record === 'of-others';
}
