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
  ImageContent,
  ImageType,
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
export type { Oklch } from './color/color.ts';
export { contrast, hexToOklch, luminance, oklchToHex } from './color/color.ts';
export type { InkPoints, InkSource } from './ink/ink.ts';
export { decodeInk, encodeInk, inkLimits, sketchInk } from './ink/ink.ts';
export type { InkMatrix } from './ink/ink-geometry.ts';
export { inkBounds, inkMatrix, transformInk } from './ink/ink-geometry.ts';
export type { InkRecorder } from './ink/ink-recorder.ts';
export { createInkRecorder } from './ink/ink-recorder.ts';
export { decodeWet, encodeWet, wetLimits } from './ink/wet.ts';
export type { WetPayload, WetShape } from './ink/wet.ts';
export { exportBoard } from './file/file-export.ts';
export { decodeFile } from './file/file-codec.ts';
export type { FileContent, FileElement } from './file/file-codec.ts';
export { imagesInFile } from './file/file-images.ts';
export type { FileImage } from './file/file-images.ts';
export { importBoard } from './file/file-import.ts';
export { fileLimits } from './file/file-limits.ts';
export { defaultStyle, isStyleValue, styleProps } from './document/fields.ts';
export { imageTypes } from './document/image-record.ts';
export { MAX_ALT_LENGTH, MAX_TEXT_LENGTH } from './limits.ts';
export type { Theme } from './color/palette.ts';
export { colorTokens, fills, isColor, isColorToken, palette, paper, resolveColor, resolveFill, resolvePaper } from './color/palette.ts';
export { shownLine } from './text/shown-line.ts';
export { personColor, personColors, personHue, ringsByUser } from './people/person-color.ts';
export { suggestName } from './people/suggest-name.ts';
