/**
 * A Wetink board over Yjs. Names are listed one by one: nothing is public by accident.
 */
export { createBoard } from './board.ts';
export { BoardError } from './errors.ts';
export type { BoardErrorCode } from './errors.ts';
export type {
  Board,
  BoardChange,
  BoardElement,
  BoardOptions,
  Chat,
  ChatMessage,
  Color,
  ColorToken,
  Edit,
  ElementId,
  ElementKind,
  ElementText,
  FontName,
  Geometry,
  KeptElements,
  NewElement,
  ReorderTarget,
  SessionId,
  StepKey,
  Style,
  TextDelta,
  UndoOutcome,
  UserId,
} from './types.ts';

// ---- ink, wet ink, files, people, colors -------------------------------------------------------------------
export type { Oklch } from './color.ts';
export { contrast, hexToOklch, luminance, oklchToHex } from './color.ts';
export type { InkPoints, InkSource } from './ink.ts';
export { decodeInk, encodeInk, inkLimits, sketchInk } from './ink.ts';
export type { InkMatrix } from './ink-geometry.ts';
export { inkBounds, inkMatrix, transformInk } from './ink-geometry.ts';
export type { InkRecorder } from './ink-recorder.ts';
export { createInkRecorder } from './ink-recorder.ts';
export { decodeWet, encodeWet, wetLimits } from './wet.ts';
export type { WetPayload } from './wet.ts';
export { exportBoard } from './file-export.ts';
export { importBoard } from './file-import.ts';
export { fileLimits } from './file-limits.ts';
export { defaultStyle, isStyleValue, styleProps } from './fields.ts';
export { MAX_TEXT_LENGTH } from './limits.ts';
export type { Theme } from './palette.ts';
export { colorTokens, fills, isColor, isColorToken, palette, paper, resolveColor, resolveFill, resolvePaper } from './palette.ts';
export { shownLine } from './shown-line.ts';
export { personColor, personColors, personHue, ringsByUser, suggestName } from './people.ts';
