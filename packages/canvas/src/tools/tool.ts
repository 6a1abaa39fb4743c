/**
 * The interface of a tool: a pure state machine from pointer events to effects.
 *
 * Positions are board units. A tool never sees a canvas, a clock or the document: it asks the read-only `ToolContext`
 * and answers with effects. One gesture ends in at most one `commit`, which is one transaction and one step of undo.
 * A tool learns nothing of what peers do, so no peer can end a gesture.
 */
import type { BoardElement, ElementId, Geometry, Style, WetShape } from '@wetink/board';
import type { Box, Point } from '../geometry.ts';
import type { Frame } from '../transform.ts';

export type ToolName = 'select' | 'hand' | 'pen' | 'eraser' | 'rectangle' | 'ellipse' | 'line' | 'arrow' | 'text';
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
  /** Escape was pressed, or the touch was a palm: keep nothing. */
  | { readonly type: 'cancel' };

export interface ToolContext {
  readonly zoom: number;
  readonly style: Style;
  readonly isReadOnly: boolean;
  readonly selection: readonly BoardElement[];
  /** The frame around the selection; null when nothing is selected, or part of it is locked. */
  readonly frame: Frame | null;
  /** Topmost element at `p` that may be selected, with a margin in board units. */
  pick(p: Point, margin: number): BoardElement | null;
  /** Elements whose ink touches the box. */
  touching(box: Box): BoardElement[];
  /** Elements that lie wholly in the box. */
  within(box: Box): BoardElement[];
  /** Elements that may be removed and that an eraser of this radius touches on its way. */
  crossed(from: Point, to: Point, radius: number): BoardElement[];
}

export interface MovedItem {
  readonly id: ElementId;
  readonly geometry: Geometry;
  /** Only for text that was scaled. */
  readonly fontSize?: number;
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
      readonly shape: WetShape;
      readonly style: Style;
      readonly geometry: Geometry;
    }
  | { readonly kind: 'move'; readonly gesture: string; readonly items: readonly MovedItem[] }
  | { readonly kind: 'erase'; readonly ids: ReadonlySet<ElementId>; readonly trail: readonly Point[] }
  | { readonly kind: 'box'; readonly box: Box };

export type Commit =
  | { readonly type: 'stroke'; readonly style: Style; readonly hasPressure: boolean; readonly xyp: readonly number[] }
  | { readonly type: 'shape'; readonly shape: WetShape; readonly style: Style; readonly geometry: Geometry }
  /** `at` is where its first line starts, at half its height. Without `text` it is empty, to be typed in. */
  | { readonly type: 'text'; readonly style: Style; readonly at: Point; readonly text?: string }
  | { readonly type: 'move'; readonly items: readonly MovedItem[] }
  | { readonly type: 'remove'; readonly ids: readonly ElementId[] };

export type Effect =
  | { readonly do: 'commit'; readonly commit: Commit; readonly gesture: string }
  /** The gesture leaves nothing, so its wet ink must go. */
  | { readonly do: 'abandon'; readonly gesture: string }
  | { readonly do: 'select'; readonly ids: readonly ElementId[] }
  | { readonly do: 'edit-text'; readonly id: ElementId }
  | { readonly do: 'text-at'; readonly at: Point; readonly gesture: string };

/** The state after an event, and what the event does outside the tool. */
export interface Transition<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Tool<State> {
  readonly initial: State;
  next(state: State, event: ToolEvent, context: ToolContext): Transition<State>;
  preview(state: State): Preview | null;
}

/** The event leads to `state`, and does these things. */
export function enter<State>(state: State, ...effects: Effect[]): Transition<State> {
  return { state, effects };
}

/** The event changes nothing. */
export function stay<State>(state: State): Transition<State> {
  return { state, effects: [] };
}

/** CSS pixels that a press may move before it is a drag; a fingertip rolls more than a mouse. */
export function dragThresholdPx(pointerType: PointerType): number {
  return pointerType === 'touch' ? 6 : 4;
}

/** CSS pixels around ink within which a press still hits it. */
export const HIT_MARGIN_PX = 8;
