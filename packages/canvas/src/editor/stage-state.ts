/** The part of an editor that a toolbar shows. */
import type { ElementId, Look, Style } from '@wetink/board';
import type { Camera } from '../camera.ts';
import type { PenMode } from '../pointers/pointers.ts';
import type { ToolName } from '../tools/tool.ts';

export interface OthersLook {
  readonly look: Partial<Look>;
  /** The client that sets each part. */
  readonly by: { readonly [Prop in keyof Look]?: number };
}

export interface StageState {
  readonly tool: ToolName;
  readonly camera: Camera;
  readonly selection: readonly ElementId[];
  /** The group that the person has entered, in which presses select what it holds; null for none. */
  readonly entered: ElementId | null;
  /** Style of the next element drawn. */
  readonly style: Style;
  /** The part of the selection's style that is being chosen; null when none is. */
  readonly stylePreview: Partial<Style> | null;
  /** Parts of looks that other people's sliders set now, by image. */
  readonly othersLooks: ReadonlyMap<ElementId, OthersLook>;
  /** A pointer is down on the board. */
  readonly isBusy: boolean;
  /** The tool stays after drawing a shape instead of going back to `select`. */
  readonly isToolKept: boolean;
  /** The board has elements, and none of them is in view. */
  readonly isFarFromDrawing: boolean;
  /** `on`: a pen has been used, so fingers move the board. `off`: the person wants fingers to draw beside the pen. */
  readonly penMode: PenMode;
}
