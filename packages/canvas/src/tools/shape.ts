/**
 * Line, arrow, rectangle and ellipse: dragged from corner to corner. Shift makes a square, a circle or a line in
 * steps of 15 degrees, Alt grows from the centre. A press without a drag leaves nothing.
 */
import { snapDirection } from '../transform.ts';
import { dragThresholdPx, enter, stay, type Modifiers, type Transition, type Tool, type ToolContext, type ToolEvent } from './tool.ts';
import { distance, type Point } from '../geometry.ts';
import type { Geometry, Style } from '@wetink/board';

export type DraggedShape = 'line' | 'arrow' | 'rectangle' | 'ellipse';

export type ShapeState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'dragging';
      readonly gesture: string;
      readonly style: Style;
      readonly from: Point;
      readonly to: Point;
      readonly modifiers: Modifiers;
      /** Board units: a press that moves less is a click. */
      readonly threshold: number;
      readonly hasMoved: boolean;
    };

const idle: ShapeState = { kind: 'idle' };

export function createShapeTool(shape: DraggedShape): Tool<ShapeState> {
  return {
    initial: idle,
    next: (state, event, context) => next(shape, state, event, context),
    preview(state) {
      if (state.kind === 'idle' || !state.hasMoved) return null;
      return {
        kind: 'shape',
        shape,
        gesture: state.gesture,
        style: state.style,
        geometry: draggedGeometry(shape, state.from, state.to, state.modifiers),
      };
    },
  };
}

function next(shape: DraggedShape, state: ShapeState, event: ToolEvent, context: ToolContext): Transition<ShapeState> {
  if (state.kind === 'idle') {
    if (event.type !== 'down' || context.isReadOnly) return stay(state);
    const { at, gesture, modifiers, pointerType } = event;
    const threshold = dragThresholdPx(pointerType) / context.zoom;
    return enter({ kind: 'dragging', gesture, style: context.style, from: at, to: at, modifiers, threshold, hasMoved: false });
  }
  switch (event.type) {
    case 'move': {
      const to = event.points[event.points.length - 1] ?? state.to;
      const hasMoved = state.hasMoved || distance(state.from, to) >= state.threshold;
      return enter({ ...state, to, modifiers: event.modifiers, hasMoved });
    }
    case 'modifiers':
      return enter({ ...state, modifiers: event.modifiers });
    case 'up': {
      if (!state.hasMoved) return enter(idle, { do: 'abandon', gesture: state.gesture });
      const geometry = draggedGeometry(shape, state.from, state.to, state.modifiers);
      return enter(idle, { do: 'commit', gesture: state.gesture, commit: { type: 'shape', shape, style: state.style, geometry } });
    }
    case 'interrupt':
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture: state.gesture });
    case 'down':
      return stay(state);
  }
}

export function draggedGeometry(shape: DraggedShape, from: Point, to: Point, modifiers: Pick<Modifiers, 'shift' | 'alt'>): Geometry {
  const isLine = shape === 'line' || shape === 'arrow';
  let end = to;
  if (modifiers.shift) end = isLine ? snapDirection(from, to) : squared(from, to);
  const start = modifiers.alt ? { x: 2 * from.x - end.x, y: 2 * from.y - end.y } : from;
  if (isLine) return { x: start.x, y: start.y, w: end.x - start.x, h: end.y - start.y, rotation: 0 };
  return {
    x: Math.min(start.x, end.x),
    y: Math.min(start.y, end.y),
    w: Math.abs(end.x - start.x),
    h: Math.abs(end.y - start.y),
    rotation: 0,
  };
}

/** The corner of the square on the longer side, in the direction of the drag. */
function squared(from: Point, to: Point): Point {
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  return { x: from.x + side * (to.x < from.x ? -1 : 1), y: from.y + side * (to.y < from.y ? -1 : 1) };
}
