/** Pictures and files of this person that the server lacks. The words about them are in lacking-sentence.ts. Pure. */
export interface LackingCounts {
  /** On their way, or as soon as there is a network. */
  readonly waiting: number;
  /** The server did not take them. */
  readonly refused: number;
  /** The person has stopped them. */
  readonly paused: number;
  /** At least one of them ends with the tab. */
  readonly isAtRisk: boolean;
}

export const noneLacking: LackingCounts = { waiting: 0, refused: 0, paused: 0, isAtRisk: false };

/** Counts of both kinds. */
export interface Lacking {
  readonly pictures: LackingCounts;
  readonly files: LackingCounts;
}

export const nothingLacking: Lacking = { pictures: noneLacking, files: noneLacking };
