/** The part of an editor that a toolbar shows. */
import type { ElementId, Style } from '@wetink/board';
import type { Camera } from '../camera.ts';
import type { PenMode } from '../pointers/pointers.ts';
import type { ToolName } from '../tools/tool.ts';

export interface StageState {
  readonly tool: ToolName;
  readonly camera: Camera;
  readonly selection: readonly ElementId[];
  /** Style of the next element drawn. */
  readonly style: Style;
  /** The part of the selection's style that is being chosen; null when none is. */
  readonly stylePreview: Partial<Style> | null;
  /** A pointer is down on the board. */
  readonly isBusy: boolean;
  /** The tool stays after drawing a shape instead of going back to `select`. */
  readonly isToolKept: boolean;
  /** The board has elements, and none of them is in view. */
  readonly isFarFromDrawing: boolean;
  /** `on`: a pen has been used, so fingers move the board. `off`: the person wants fingers to draw beside the pen. */
  readonly penMode: PenMode;
}
