/** The options of an editor, and its calls to its owner. */
import type { Board, ElementId, Theme } from '@wetink/board';
import { toBoard, type Camera } from '../camera.ts';
import type { MeasureLine } from '../draw/text-layout.ts';
import type { Point } from '../geometry.ts';
import type { Painter } from '../painter/painter.ts';
import type { InkSample } from '../tools/tool.ts';
import type { WetMessage } from '../wet/wet-sender.ts';
import type { EditingTools } from './editing-tools.ts';
import type { LatePart } from './late-part.ts';

/** One sample of a pointer, in CSS pixels of the view. */
export interface ViewSample extends Point {
  /** As in `InkSample`. */
  readonly pressure: number;
}

/** The sample on the board. */
export function toInk(camera: Camera, { x, y, pressure }: ViewSample): InkSample {
  return { ...toBoard(camera, { x, y }), pressure };
}

/** Calls of the editor to its owner. */
export interface EditorOutlets {
  /** Something on these layers has changed. */
  readonly onLook: (layers: { tiles?: boolean; active?: boolean; overlay?: boolean }) => void;
  readonly onState: () => void;
  readonly onWet: (message: WetMessage) => void;
  readonly onEditText: (request: { id: ElementId } | null) => void;
  readonly onOpenFile: (id: ElementId) => void;
  readonly onTap: (fingers: number) => void;
}

export interface EditorOptions extends EditorOutlets {
  readonly editing: LatePart<EditingTools>;
  readonly board: Board;
  readonly painter: Painter;
  readonly theme: Theme;
  readonly isReadOnly: boolean;
  readonly measure: MeasureLine;
  readonly now: () => number;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
}
