/**
 * Bounds of everything a board stores. A writer refuses what is outside, a reader skips it: an update comes from
 * anybody, so no reader may trust that a writer kept to them.
 */

/** Board units. At the far end a 64-bit float still resolves a millionth of a unit; canvases stop being useful long before. */
export const MAX_COORDINATE = 10_000_000;
/** Radians; far more turns than a person makes, small enough that sin and cos stay exact to the eye. */
export const MAX_ROTATION = 10_000;
export const MAX_STROKE_WIDTH = 200;
export const MAX_FONT_SIZE = 10_000;
/** A stroke of 200,000 points at 3.5 bytes each fits; one journaled update may be 8 MB. */
export const MAX_INK_BYTES = 1024 * 1024;
/**
 * Elements one page can make, so the counters of a session end here. A document of 256 MiB, the most a relay takes, has
 * room for fewer than four million elements.
 */
export const MAX_SESSION_ELEMENTS = 10_000_000;
/** UTF-16 units shown of one element's text. */
export const MAX_TEXT_LENGTH = 100_000;
export const MAX_CHAT_LENGTH = 4_000;
/** Newest messages kept readable; a longer conversation stays in the document. */
export const MAX_CHAT_MESSAGES = 10_000;
export const MAX_NAME_LENGTH = 80;
export const MAX_TITLE_LENGTH = 200;
export const MAX_USER_ID_LENGTH = 200;
export const MAX_GESTURE_LENGTH = 40;
/** A fractional key grows by one character per about six insertions at one spot: 256 is over a thousand of them. */
export const MAX_ORDER_KEY_LENGTH = 256;
/** Bytes read of one logged step: about 200,000 overrides, twice what moving every element of a very large board makes. */
export const MAX_STEP_LOG_BYTES = 16 * 1024 * 1024;
/** Closed text boxes whose typing this page can still take back letter by letter; each keeps its deleted text alive. */
export const MAX_KEPT_TEXTS = 20;

/** What the undo rules are tuned by; tests use small ones. */
export interface UndoLimits {
  /** Steps of a person that undo and redo reach. */
  readonly reachableSteps: number;
  /** Further steps kept, so that a device that was offline does not lose its window to another one's trimming. */
  readonly slackSteps: number;
  /** Logged steps a board holds, all people together. */
  readonly boardSteps: number;
  /** Milliseconds after which a logged step goes. */
  readonly maxAgeMs: number;
}

export const undoLimits: UndoLimits = {
  reachableSteps: 200,
  slackSteps: 100,
  boardSteps: 2_000,
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
};
