/**
 * Lines, arrows and shapes: dragged from corner to corner. Shift makes a square, a circle or a line in
 * steps of 15 degrees, Alt grows from the centre. A press without a drag leaves nothing of a shape.
 *
 * A line can also be drawn point by point: a press without a drag is its first point, each further press another one. A double
 * click, Enter, Escape or another tool ends it.
 *
 * idle --down--> dragging --up, moved--> idle + commit
 *                dragging --up, not moved, a line--> placing --down, up--> placing --double click | finish--> idle + commit
 */
import { snapDirection } from '../snap-direction.ts';
import { dragThresholdPx, enter, stay, type Modifiers, type Transition, type PlainContext, type Tool, type ToolEvent } from './tool.ts';
import { distance, type Point } from '../geometry.ts';
import { isLineKind, lineThrough, MAX_LINE_POINTS, type Geometry, type ShapeKind, type Style } from '@wetink/board';

export type DraggedShape = 'line' | 'arrow' | 'frame' | ShapeKind;

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
    }
  | {
      readonly kind: 'placing';
      readonly gesture: string;
      readonly style: Style;
      /** Those that were placed. */
      readonly way: readonly Point[];
      /** The next one: under the pointer. */
      readonly to: Point;
      readonly isPressed: boolean;
      readonly threshold: number;
    };

const idle: ShapeState = { kind: 'idle' };

export function createShapeTool(shape: DraggedShape): Tool<ShapeState, PlainContext> {
  return {
    initial: idle,
    next: (state, event, context) => next(shape, state, event, context),
    preview(state) {
      if (state.kind === 'placing') {
        const { geometry, points } = lineThrough(
          state.way.length > 1 && state.to === state.way.at(-1) ? state.way : [...state.way, state.to],
        );
        const { gesture, style } = state;
        return { kind: 'shape', shape, gesture, style, geometry, ...(points !== null && { points }) };
      }
      if (state.kind === 'idle' || !state.hasMoved) return null;
      return {
        kind: 'shape',
        shape,
        gesture: state.gesture,
        style: state.style,
        geometry: draggedGeometry(shape, state.from, state.to, state.modifiers),
      };
    },
    isWaiting: (state) => state.kind === 'placing' && !state.isPressed,
  };
}

function next(shape: DraggedShape, state: ShapeState, event: ToolEvent, context: PlainContext): Transition<ShapeState> {
  if (state.kind === 'idle') {
    if (event.type !== 'down' || context.isReadOnly) return stay(state);
    const { at, gesture, modifiers, pointerType } = event;
    const threshold = dragThresholdPx(pointerType) / context.zoom;
    return enter({
      kind: 'dragging',
      gesture,
      style: styleFor(shape, context.style),
      from: at,
      to: at,
      modifiers,
      threshold,
      hasMoved: false,
    });
  }
  if (state.kind === 'placing') return placing(shape, state, event);
  switch (event.type) {
    case 'move': {
      const to = event.points[event.points.length - 1] ?? state.to;
      const hasMoved = state.hasMoved || distance(state.from, to) >= state.threshold;
      return enter({ ...state, to, modifiers: event.modifiers, hasMoved });
    }
    case 'modifiers':
      return enter({ ...state, modifiers: event.modifiers });
    case 'up': {
      if (!state.hasMoved && isLineKind(shape)) {
        const { gesture, style, from, threshold } = state;
        return enter({ kind: 'placing', gesture, style, way: [from], to: from, isPressed: false, threshold });
      }
      if (!state.hasMoved) return enter(idle, { do: 'abandon', gesture: state.gesture });
      const geometry = draggedGeometry(shape, state.from, state.to, state.modifiers);
      return enter(idle, { do: 'commit', gesture: state.gesture, commit: { type: 'shape', shape, style: state.style, geometry } });
    }
    case 'interrupt':
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture: state.gesture });
    case 'down':
    case 'finish':
    case 'shape':
      return stay(state);
  }
}

function placing(shape: DraggedShape, state: Extract<ShapeState, { kind: 'placing' }>, event: ToolEvent): Transition<ShapeState> {
  const { way, to, isPressed, threshold } = state;
  const last = way[way.length - 1] ?? to;
  switch (event.type) {
    case 'move': {
      const at = event.points[event.points.length - 1] ?? to;
      return enter({ ...state, to: event.modifiers.shift ? snapDirection(last, at) : at });
    }
    case 'down':
      // The second press of a double click, or one on the last point.
      if (event.clicks === 2 || distance(last, event.at) < threshold) return finished(shape, state);
      return enter({ ...state, to: event.modifiers.shift ? snapDirection(last, event.at) : event.at, isPressed: true });
    case 'up':
      if (!isPressed) return stay(state);
      return way.length + 1 >= MAX_LINE_POINTS
        ? finished(shape, { ...state, way: [...way, to] })
        : enter({ ...state, way: [...way, to], isPressed: false });
    case 'finish':
      return finished(shape, state);
    case 'interrupt':
      // A second finger landed: the point of the first was none.
      return isPressed ? enter({ ...state, to: last, isPressed: false }) : finished(shape, state);
    case 'cancel':
      return isPressed ? enter({ ...state, to: last, isPressed: false }) : enter(idle, { do: 'abandon', gesture: state.gesture });
    case 'modifiers':
    case 'shape':
      return stay(state);
  }
}

function finished(shape: DraggedShape, { gesture, style, way }: Extract<ShapeState, { kind: 'placing' }>): Transition<ShapeState> {
  if (way.length < 2) return enter(idle, { do: 'abandon', gesture });
  const { geometry, points } = lineThrough(way);
  return enter(idle, { do: 'commit', gesture, commit: { type: 'shape', shape, style, geometry, ...(points !== null && { points }) } });
}

/** The heads that were chosen are those of the next arrow: the line tool draws lines. */
function styleFor(shape: DraggedShape, style: Style): Style {
  return shape === 'line' ? { ...style, startHead: 'auto', endHead: 'auto' } : style;
}

export function draggedGeometry(shape: DraggedShape, from: Point, to: Point, modifiers: Pick<Modifiers, 'shift' | 'alt'>): Geometry {
  const isLine = isLineKind(shape);
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
