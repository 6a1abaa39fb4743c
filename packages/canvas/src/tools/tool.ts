/**
 * The interface of a tool: a pure state machine from pointer events to effects.
 *
 * Positions are board units. A tool never sees a canvas, a clock or the document: it asks the read-only `ToolContext`
 * and answers with effects. One gesture ends in at most one `commit`, which is one transaction and one step of undo.
 * A tool learns nothing of what peers do, so no peer can end a gesture.
 */
import { shapeKinds, type BoardElement, type ElementId, type Geometry, type ShapeKind, type Style, type WetShape } from '@wetink/board';
import type { Inside } from '../grouping.ts';
import type { Box, Point } from '../geometry.ts';
import type { Frame } from '../frame.ts';
import type { Guide, Snapping } from '../snap/snapping.ts';
import type { Recognised } from './recognise.ts';
import type { Steadiness } from './stabiliser.ts';

export type ToolName =
  'select' | 'hand' | 'pen' | 'highlighter' | 'eraser' | 'laser' | 'eyedropper' | 'fill' | ShapeKind | 'line' | 'arrow' | 'text' | 'frame';
export type PointerType = 'mouse' | 'pen' | 'touch';

export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  /** Cmd on a Mac, Ctrl elsewhere. */
  readonly mod: boolean;
}

export interface InkSample extends Point {
  /** 0..1 as a pen reports it; 0.5 for other devices. */
  readonly pressure: number;
}

export type ToolEvent =
  | {
      readonly type: 'down';
      readonly at: InkSample;
      readonly pointerType: PointerType;
      /** A pen, which may report pressure. */
      readonly hasPressure: boolean;
      /** 2 for the second press of a double click. */
      readonly clicks: number;
      readonly modifiers: Modifiers;
      /** Fresh id for the wet ink of this gesture. */
      readonly gesture: string;
    }
  /** Oldest first, at least one. */
  | { readonly type: 'move'; readonly points: readonly InkSample[]; readonly modifiers: Modifiers }
  | { readonly type: 'modifiers'; readonly modifiers: Modifiers }
  | { readonly type: 'up' }
  /** A second finger landed, the tool or the document was changed, or the system took the pointer: keep what is worth keeping. */
  | { readonly type: 'interrupt' }
  /** The pointer was held still, and the stroke so far looks like this. */
  | ({ readonly type: 'shape' } & Recognised)
  /** Enter or Escape ended a line that is drawn point by point. */
  | { readonly type: 'finish' }
  /** Escape was pressed, or the touch was a palm: keep nothing. */
  | { readonly type: 'cancel' };

/** How the pen draws, beside its style. */
export interface PenChoice {
  readonly steadiness: Steadiness;
  /** Lines as broad as the style says, however hard the pen is pressed. */
  readonly isConstant: boolean;
  /** A pen or a finger that is held still at the end of a stroke turns it into a shape. */
  readonly doesShape: boolean;
}

/** The part of the context that needs no look at the elements. */
export interface PlainContext {
  readonly zoom: number;
  readonly style: Style;
  readonly isReadOnly: boolean;
  readonly pen: PenChoice;
}

export interface ToolContext extends PlainContext {
  readonly selection: readonly BoardElement[];
  /** The frame around the selection; null when nothing is selected, or part of it is locked. */
  readonly frame: Frame | null;
  /** The elements with everything in the frames among them, which moves along. */
  withHeld(elements: readonly BoardElement[]): readonly BoardElement[];
  /** Topmost element at `p` that may be selected, with a margin in board units. */
  pick(p: Point, margin: number): BoardElement | null;
  /** Whether an element lies in front of all that is selected. Frames lie behind everything else. */
  isInFront(element: BoardElement): boolean;
  /** The topmost shape with the point in its inside, filled or not. */
  shapeAround(p: Point): BoardElement | null;
  /** Everything that a press on an element selects: the group it is in, as a whole, or the element alone. */
  unit(element: BoardElement): readonly ElementId[];
  /** The selection one level deeper than that; null where there is no deeper one. */
  inside(element: BoardElement): Inside | null;
  /** Elements whose ink touches the box, with the groups that they are in. */
  touching(box: Box): BoardElement[];
  /** Elements and groups that lie wholly in the box. */
  within(box: Box): BoardElement[];
  readonly selecting: SelectChoice;
  /** Elements that a loop touches, or those that it holds. */
  inLoop(path: readonly Point[], how: 'touches' | 'holds'): BoardElement[];
  /** How a drag of these elements snaps; null when it does not. */
  snapping(moving: readonly BoardElement[], modifiers: Modifiers): Snapping | null;
  /** Elements that may be removed and that an eraser of this radius touches on its way. */
  crossed(from: Point, to: Point, radius: number): BoardElement[];
}

/** How a drag on paper selects: with a lasso or a box, what it contains or all that it touches. Alt turns the latter round. */
export interface SelectChoice {
  readonly isLasso: boolean;
  readonly isContaining: boolean;
}

export interface MovedItem {
  readonly id: ElementId;
  readonly geometry: Geometry;
  /** Only for text that was scaled. */
  readonly fontSize?: number;
  /** Only for a line whose bends change. */
  readonly points?: readonly number[] | null;
  /** Only for an image: the element, in the crop whose box `geometry` is. */
  readonly seen?: BoardElement;
}

/** The look of the gesture so far: painted on this screen, and sent to the others as wet ink if it has a gesture id. */
export type Preview =
  | {
      readonly kind: 'stroke';
      readonly gesture: string;
      readonly style: Style;
      readonly hasPressure: boolean;
      readonly xyp: readonly number[];
    }
  | {
      readonly kind: 'shape';
      readonly gesture: string;
      readonly shape: WetShape | 'frame';
      readonly style: Style;
      readonly geometry: Geometry;
      /** Bends of a line, as in a board element. */
      readonly points?: readonly number[];
    }
  | { readonly kind: 'move'; readonly gesture: string; readonly items: readonly MovedItem[]; readonly guides: readonly Guide[] }
  /** Copies on their way; the originals stay where they are. */
  | { readonly kind: 'copy'; readonly gesture: string; readonly items: readonly MovedItem[]; readonly guides: readonly Guide[] }
  | { readonly kind: 'erase'; readonly ids: ReadonlySet<ElementId>; readonly trail: readonly Point[] }
  | { readonly kind: 'laser'; readonly gesture: string; readonly xyp: readonly number[] }
  | { readonly kind: 'box'; readonly box: Box }
  | { readonly kind: 'lasso'; readonly path: readonly Point[] };

export type Commit =
  | { readonly type: 'stroke'; readonly style: Style; readonly hasPressure: boolean; readonly xyp: readonly number[] }
  | {
      readonly type: 'shape';
      readonly shape: WetShape | 'frame';
      readonly style: Style;
      readonly geometry: Geometry;
      readonly points?: readonly number[];
    }
  /** `at` is where its first line starts, at half its height. Without `text` it is empty, to be typed in. */
  | { readonly type: 'text'; readonly style: Style; readonly at: Point; readonly text?: string }
  | { readonly type: 'move'; readonly items: readonly MovedItem[] }
  /** Copies of these elements, shifted by board units. */
  | { readonly type: 'copy'; readonly ids: readonly ElementId[]; readonly shift: Point }
  | { readonly type: 'style'; readonly ids: readonly ElementId[]; readonly patch: Partial<Style> }
  | { readonly type: 'remove'; readonly ids: readonly ElementId[] };

export type Effect =
  | { readonly do: 'commit'; readonly commit: Commit; readonly gesture: string }
  /** The gesture leaves nothing, so its wet ink must go. */
  | { readonly do: 'abandon'; readonly gesture: string }
  /** The parts of it that an element of this kind has are the style of what is drawn next; then back to the tool of before. */
  | { readonly do: 'take-style'; readonly kind: BoardElement['kind']; readonly style: Partial<Style> }
  /** The gesture is over and leaves nothing: its wet ink fades. */
  | { readonly do: 'let-fade'; readonly gesture: string }
  /** `entered`: the group that the person enters with it. */
  | { readonly do: 'select'; readonly ids: readonly ElementId[]; readonly entered?: ElementId }
  | { readonly do: 'edit-text'; readonly id: ElementId }
  /** A file was asked for by a double click. */
  | { readonly do: 'open-file'; readonly id: ElementId }
  | { readonly do: 'text-at'; readonly at: Point; readonly gesture: string }
  /** One step closer (1) or farther (-1) about a board point. */
  | { readonly do: 'zoom-at'; readonly at: Point; readonly direction: 1 | -1 }
  | { readonly do: 'zoom-to'; readonly box: Box };

/** The state after an event, and what the event does outside the tool. */
export interface Transition<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Tool<State, Context = ToolContext> {
  readonly initial: State;
  next(state: State, event: ToolEvent, context: Context): Transition<State>;
  preview(state: State): Preview | null;
  /** The gesture goes on without a pressed pointer, and follows one that hovers. Default: never. */
  isWaiting?(state: State): boolean;
}

/** The event leads to `state`, and does these things. */
export function enter<State>(state: State, ...effects: Effect[]): Transition<State> {
  return { state, effects };
}

/** The event changes nothing. */
export function stay<State>(state: State): Transition<State> {
  return { state, effects: [] };
}

/** Tools that hand over to `select` once they have made something. */
export const oneShotTools: ReadonlySet<ToolName> = new Set([...shapeKinds, 'line', 'arrow', 'text', 'frame']);
/** Tools that draw from corner to corner. */
export const shapeTools: ReadonlySet<ToolName> = new Set([...shapeKinds, 'line', 'arrow', 'frame']);

/** CSS pixels that a press may move before it is a drag; a fingertip rolls more than a mouse. */
export function dragThresholdPx(pointerType: PointerType): number {
  return pointerType === 'touch' ? 6 : 4;
}

/** CSS pixels around ink within which a press still hits it. */
export const HIT_MARGIN_PX = 8;
