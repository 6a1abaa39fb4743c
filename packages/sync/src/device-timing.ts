/** When the copy on the device is written, looked after and tried again. */

/** Changes of others come in many small pieces, and can be fetched again: one row for all within this time. */
export const BATCH_MS = 100;
/** Edits of this tab are in the journal at once, and stay there this long. */
export const FOLD_MS = 1_000;
/** Acknowledgements alone are worth a transaction a second, not ten: late means "not saved" is shown once too often. */
export const MARK_MS = 1_000;
/** A database that does not open in this time is taken for blocked; it may still come. */
export const OPEN_DEADLINE_MS = 4_000;
/** Interval at which a visible page checks that changes shown as kept are still there. */
export const LOOK_MS = 2_000;
/** Delay after another tab deleted the database: it may be about to delete more of them. */
export const ERASED_DELAY_MS = 1_000;
/** Most batches under way. When the disk is slower than the person, further edits are collected here. */
export const MAX_UNDER_WAY = 8;
export const RETRY_MS = 5_000;
export const RETRY_CAP_MS = 60_000;
/** Failed writes in a row before the state is memory-only. A single one may be a connection that the browser closed. */
export const FAILURES_BEFORE_GIVING_UP = 2;
