/**
 * Bounds of everything a board stores. A writer refuses values outside them, a reader skips such values: updates are
 * untrusted, so a reader may not assume that the writer kept to the bounds.
 */

/** Board units. At this distance a 64-bit float still resolves a millionth of a unit; canvases stop being useful long before. */
export const MAX_COORDINATE = 10_000_000;
/** Radians: far more turns than a person makes, few enough that errors of sin and cos stay invisible. */
export const MAX_ROTATION = 10_000;
export const MAX_STROKE_WIDTH = 200;
export const MAX_FONT_SIZE = 10_000;
/** A stroke of 200,000 points at 3.5 bytes each fits; one journaled update may be 8 MB. */
export const MAX_INK_BYTES = 1024 * 1024;
/**
 * Elements one page can make, so the counters of a session end here. A document of 256 MiB, the most a relay accepts, has
 * room for fewer than four million elements.
 */
export const MAX_SESSION_ELEMENTS = 10_000_000;
/** UTF-16 units of one element's text that are shown. */
export const MAX_TEXT_LENGTH = 100_000;
/** Points of a line or arrow, its ends included: far more than a person places. */
export const MAX_LINE_POINTS = 1_000;
/** UTF-16 units of an element's description: a screen reader takes a minute for as many. */
export const MAX_ALT_LENGTH = 1_000;
/** Pixels of an image's side, 40,000,000 of which are the most a relay accepts by default. */
export const MAX_IMAGE_SIDE = 1_000_000;
/** Bytes of an image. A relay sets the limit that counts, 8 MiB by default; this one only keeps numbers sane. */
export const MAX_IMAGE_BYTES = 2 ** 31;
/** Bytes of a file. A relay sets the limit that counts, 100 MB by default; this one only keeps numbers sane. */
export const MAX_FILE_BYTES = 2 ** 40;
/** UTF-16 units. File systems allow 255. */
export const MAX_FILE_NAME_LENGTH = 255;
/** RFC 6838 allows 127 characters on each side of the slash; the longest in use have about 75 in all. */
export const MAX_MEDIA_TYPE_LENGTH = 127;
/** Share of an image's side that a crop leaves at least: a hundredth of a photograph is still 40 pixels. */
export const MIN_CROP = 0.01;
export const MAX_CHAT_LENGTH = 4_000;
/** Newest messages that are shown; older ones stay in the document. */
export const MAX_CHAT_MESSAGES = 10_000;
export const MAX_MESSAGE_ID_LENGTH = 64;
/** The latest time a JavaScript date can show. */
export const MAX_DATE_MS = 8.64e15;
/** People that one message can mention; a text of 4,000 units has room for hundreds of names. */
export const MAX_MENTIONS = 50;
/** Messages that a person can send within `CHAT_WINDOW_MS`: one every 2 seconds, for a minute on end. */
export const MAX_CHAT_RATE = 30;
export const CHAT_WINDOW_MS = 60_000;
/** UTF-16 units of one emoji: the longest in Unicode 16, flags of regions and families with skin tones, have 28 at most. */
export const MAX_EMOJI_LENGTH = 32;
/** Different reactions that are shown on one message, and people who are named for each. */
export const MAX_REACTIONS = 20;
export const MAX_REACTION_USERS = 1_000;
/** Reactions of a document that are read: 20 on each of the messages shown. Forged ones beyond it cost no memory. */
export const MAX_REACTIONS_READ = 200_000;
/** Read marks that are read, one for each person. */
export const MAX_READ_MARKS = 10_000;
export const MAX_NAME_LENGTH = 80;
export const MAX_TITLE_LENGTH = 200;
/** UTF-16 units of a page's name. */
export const MAX_PAGE_NAME_LENGTH = 100;
/** UTF-16 units of a value of a board's paper, also of one of a newer version. */
export const MAX_PAPER_LENGTH = 40;
/** Pages that a person can add to a board; a reader shows as many as there are. */
export const MAX_PAGES = 500;
export const MAX_USER_ID_LENGTH = 200;
export const MAX_GESTURE_LENGTH = 40;
/** A fractional key grows by one character per about six insertions at one spot: 256 allows over a thousand of them. */
export const MAX_ORDER_KEY_LENGTH = 256;
/** Latest time in the order of steps: far beyond every clock, and still small enough that adding 1 is exact. */
export const MAX_ORDER_TIME = 2 ** 52;
/** Bytes read of one logged step: about 200,000 overrides, twice as many as moving every element of a very large board. */
export const MAX_STEP_LOG_BYTES = 16 * 1024 * 1024;
/** Closed text boxes whose typing this page can still take back letter by letter; each keeps its deleted text alive. */
export const MAX_KEPT_TEXTS = 20;

/** Limits of undo; tests use small ones. */
export interface UndoLimits {
  /** Newest steps of a person that undo and redo reach. */
  readonly reachableSteps: number;
  /** Further steps kept, so that trimming by one device does not take reachable steps from another that was offline. */
  readonly slackSteps: number;
  /** Logged steps a board holds, all people together. */
  readonly boardSteps: number;
  /** Milliseconds after which a logged step may be dropped. */
  readonly maxAgeMs: number;
}

export const undoLimits: UndoLimits = {
  reachableSteps: 200,
  slackSteps: 100,
  boardSteps: 2_000,
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
};
