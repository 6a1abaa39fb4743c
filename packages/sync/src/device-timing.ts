/** When the copy on the device is written, looked after and tried again. */

/** What others did comes in many small pieces, and can be had from them again: a row for all within this time. */
export const BATCH_MS = 100;
/** Edits of this tab are in the journal at once; this long they stay there. */
export const FOLD_MS = 1_000;
/** Acknowledgements alone are worth a transaction a second, not ten: late means "not saved" is shown once too often. */
export const MARK_MS = 1_000;
/** A database that does not open in this time is taken for blocked; it may still come. */
export const OPEN_DEADLINE_MS = 4_000;
/** How often a page that is seen looks whether what it calls kept is still there. */
export const LOOK_MS = 2_000;
/** After another tab deleted the database, which it may be about to do with more of them. */
export const ERASED_DELAY_MS = 1_000;
/** A disk that is slower than the person: edits wait here for each other rather than there. */
export const MAX_UNDER_WAY = 8;
export const RETRY_MS = 5_000;
export const RETRY_CAP_MS = 60_000;
/** Writing this often in a row failed: say memory-only. Once may be a connection that the browser closed. */
export const FAILURES_BEFORE_GIVING_UP = 2;
