/** Limits of a board. Those that depend on time (calls, boards a day) are rows of limit-rows.ts. */

export const boardLimits = {
  /** Links of one board at once: they are part of one record, which is read for everyone who enters. */
  maxLinks: 50,
  /** Members in one page. */
  membersPerPage: 100,
  /** Attempts of one change when others change the board at the same time. */
  maxAttempts: 10,
  /** Time between the starts of two reads of one board for rechecks: half of the second in which a change must show. */
  recheckSpacingMs: 500,
} as const;

export type BoardLimits = { readonly [Name in keyof typeof boardLimits]: number };
