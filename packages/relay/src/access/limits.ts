/** Bounds of a board's access. Those that depend on time (calls, boards a day) are rows of limit-rows.ts. */

export const accessLimits = {
  /** Links that a board has at once: they are part of one record, which is read for everyone who enters. */
  maxLinks: 50,
  /** Members in one answer. */
  membersPerPage: 100,
  /** Attempts of one change when others change the board at the same time. */
  maxAttempts: 10,
  /** Reads of one board for those who are in its room begin so far apart: half of the second in which a change must be felt. */
  recheckSpacingMs: 500,
} as const;

export type AccessLimits = { readonly [Name in keyof typeof accessLimits]: number };
