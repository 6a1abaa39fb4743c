/**
 * The errors of this package: one class, one list of codes.
 *
 * A board's readers never throw one because of a peer's data: they skip malformed data or show it as `unknown`. These
 * errors come from the caller's own arguments and from decoders of bytes, which say so in their docs.
 */

/** Each code with the sentence a person may be shown. Codes are never reused. */
const sentences = {
  BAD_ELEMENT: 'This element has a position, size or style outside what a board can hold.',
  BAD_TEXT: 'This text is empty, too long, or the place in it does not exist.',
  BAD_COLOR: 'This is not a color of the palette or a hex color.',
  BAD_INK: 'These stroke points could not be read.',
  BAD_WET: 'This live drawing message could not be read.',
  BAD_FILE: 'This is not a board file, or it is damaged.',
  FILE_TOO_NEW: 'This file was saved by a newer version of Wetink.',
  TOO_LARGE: 'This is larger than a board can hold.',
  TOO_NEW: 'This board was changed by a newer version of Wetink. Reload to edit it.',
  NO_ELEMENT: 'This element is no longer on the board.',
  NOT_YOURS: 'Only the person who wrote this message can change it.',
  TOO_MANY_MESSAGES: 'You have sent many messages. Wait a moment.',
  CLOSED: 'This board was closed.',
} as const;

export type BoardErrorCode = keyof typeof sentences;

/** An error of this package. `message` is a sentence a person can read, with a detail for developers after a colon. */
export class BoardError extends Error {
  override readonly name = 'BoardError';
  readonly code: BoardErrorCode;

  constructor(code: BoardErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? sentences[code] : `${sentences[code]} (${detail})`, options);
    this.code = code;
  }
}
