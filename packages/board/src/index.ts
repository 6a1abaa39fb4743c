/**
 * What a Wetink board is, over Yjs. Names are listed one by one: nothing is public by accident.
 */
export { BoardError } from './errors.ts';
export type { BoardErrorCode } from './errors.ts';
export type {
  Board, BoardChange, BoardElement, BoardOptions, Chat, ChatMessage, Color, ColorToken, Edit, ElementId, ElementKind,
  ElementText, FontName, Geometry, KeptElements, NewElement, ReorderTarget, SessionId, StepKey, Style, TextDelta,
  UndoOutcome, UserId,
} from './types.ts';

// ---- ink, wet ink, files, people, colors -------------------------------------------------------------------
