/**
 * Select: click, shift-click, box, move, resize, turn.
 *
 * idle --down on handle--> resizing | turning | ending     (one element's or the selection's frame)
 * idle --down elsewhere--> pressed --moved 4 px (6 for a finger)--> moving (on an element, or in the frame of the selection)
 *                                                                    | boxing | lassoing (on paper)
 * What lies in a frame moves with it. Alt makes a move one of copies, for as long as it is held.
 *
 * pressed --up--> idle + select;  double click in a group --> enter it, on text --> edit, on a file --> open, on paper --> new text
 *
 * Every geometry is computed from the one at the start of the gesture, never from the last frame's.
 */
import { boxBetween, distance, geometryBox, geometryCentre, uniteAll, type Point } from '../geometry.ts';
import { isInLabel } from '../hit-test.ts';
import { linePoints } from '../draw/line.ts';
import { moveGeometry, type Frame } from '../frame.ts';
import { noSnap, type Snapped, type Snapping } from '../snap/snapping.ts';
import { SNAP_ANGLE } from '../snap-direction.ts';
import { hitHandle, isInFrame, movePoint, scalingOf, turnGeometry, type Handle, type ScalingOptions } from '../transform.ts';
import {
  dragThresholdPx,
  HIT_MARGIN_PX,
  enter,
  stay,
  type Modifiers,
  type MovedItem,
  type Transition,
  type Tool,
  type ToolContext,
  type ToolEvent,
} from './tool.ts';
import { bentItem, itemOf } from './moved-item.ts';
import { scaledItem, scaleRange } from './scaled-item.ts';
import type { BoardElement, ElementId } from '@wetink/board';

interface Drag {
  readonly gesture: string;
  readonly from: Point;
  readonly to: Point;
  readonly modifiers: Modifiers;
  /** The elements as they were when the gesture began. */
  readonly elements: readonly BoardElement[];
  /** The way that snapping adds to the pointer's, and its guides. */
  readonly snap: Snapped;
}

export type SelectState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'pressed';
      readonly gesture: string;
      readonly from: Point;
      readonly hit: BoardElement | null;
      readonly wasSelected: boolean;
      /** The press is in the frame of the selection: a drag moves that, and only a click selects what was hit. */
      readonly isHeld: boolean;
      readonly clicks: number;
      readonly modifiers: Modifiers;
      readonly threshold: number;
    }
  | {
      readonly kind: 'boxing';
      readonly gesture: string;
      readonly from: Point;
      readonly to: Point;
      readonly before: readonly ElementId[];
      readonly modifiers: Modifiers;
    }
  | {
      readonly kind: 'lassoing';
      readonly gesture: string;
      readonly path: readonly Point[];
      readonly before: readonly ElementId[];
      readonly modifiers: Modifiers;
    }
  | (Drag & { readonly kind: 'moving' })
  | (Drag & {
      readonly kind: 'transforming';
      readonly handle: Handle;
      readonly frame: Frame;
      readonly hasMoved: boolean;
      readonly threshold: number;
    });

const idle: SelectState = { kind: 'idle' };
/** CSS pixels between the corners of a lasso. */
const LASSO_STEP_PX = 3;
/** CSS pixels from the centre of a handle at which a press still takes it; a finger needs more room. */
const HANDLE_REACH_PX = { mouse: 9, pen: 11, touch: 22 };

export const selectTool: Tool<SelectState> = {
  initial: idle,
  next(state, event, context) {
    switch (state.kind) {
      case 'idle':
        return event.type === 'down' ? press(event, context) : stay(state);
      case 'pressed':
        return pressed(state, event, context);
      case 'boxing':
        return boxing(state, event, context);
      case 'lassoing':
        return lassoing(state, event, context);
      case 'moving':
      case 'transforming':
        return dragging(state, event, context);
    }
  },
  preview(state) {
    if (state.kind === 'boxing') return { kind: 'box', box: boxBetween(state.from, state.to) };
    if (state.kind === 'lassoing') return { kind: 'lasso', path: state.path };
    const isDragging = state.kind === 'moving' || (state.kind === 'transforming' && state.hasMoved);
    if (!isDragging) return null;
    const isCopying = state.kind === 'moving' && state.modifiers.alt;
    return { kind: isCopying ? 'copy' : 'move', gesture: state.gesture, items: draggedItems(state), guides: state.snap.guides };
  },
};

function press(event: Extract<ToolEvent, { type: 'down' }>, context: ToolContext): Transition<SelectState> {
  const { at, gesture, modifiers, pointerType, clicks } = event;
  const { zoom, frame, selection, isReadOnly } = context;
  const threshold = dragThresholdPx(pointerType) / zoom;
  const hit = context.pick(at, HIT_MARGIN_PX / zoom);
  const isEditable = frame !== null && !isReadOnly;
  if (isEditable) {
    const handle = hitHandle(frame, at, zoom, HANDLE_REACH_PX[pointerType] / zoom);
    if (clicks === 2 && handle?.type === 'bend') return withoutBend(selection, handle.index, gesture);
    if (clicks === 1 && handle !== null) {
      return enter({
        kind: 'transforming',
        gesture,
        from: at,
        to: at,
        modifiers,
        // Alone, a frame takes another size around what is in it.
        elements: selection.length > 1 ? context.withHeld(selection) : selection,
        handle,
        frame,
        snap: noSnap,
        hasMoved: false,
        threshold,
      });
    }
  }
  const wasSelected = hit !== null && selection.some((element) => element.id === hit.id);
  const isHeld = isEditable && !wasSelected && isInFrame(frame, at) && holds(hit, context);
  const next: SelectState = { kind: 'pressed', gesture, from: at, hit, wasSelected, isHeld, clicks, modifiers, threshold };
  // Selected on the press, not on the release: the press may become a move.
  const inside = hit !== null && modifiers.mod ? context.inside(hit) : null;
  if (inside !== null) return enter({ ...next, wasSelected: false, isHeld: false }, { do: 'select', ...inside });
  if (hit !== null && !wasSelected && !isHeld) {
    const kept = modifiers.shift ? selection.map((element) => element.id) : [];
    return enter(next, { do: 'select', ids: [...kept, ...context.unit(hit)] });
  }
  return enter(next);
}

/** Whether a drag in the frame of the selection moves that and not `hit`: what lies in front of a single element can be taken at once. */
function holds(hit: BoardElement | null, context: ToolContext): boolean {
  const [first] = context.selection;
  if (hit === null || hit.isLocked || first === undefined) return true;
  return context.selection.length > context.unit(first).length || !context.isInFront(hit);
}

/** A double click on a bend takes it out. */
function withoutBend([line]: readonly BoardElement[], index: number, gesture: string): Transition<SelectState> {
  if (line === undefined) return enter(idle);
  const way = linePoints(line).filter((_, i) => i !== index);
  return enter(idle, { do: 'commit', gesture, commit: { type: 'move', items: [bentItem(line, way)] } });
}

function pressed(state: Extract<SelectState, { kind: 'pressed' }>, event: ToolEvent, context: ToolContext): Transition<SelectState> {
  const { gesture, from, hit, modifiers } = state;
  if (event.type === 'move') {
    const to = event.points[event.points.length - 1];
    if (to === undefined || distance(from, to) < state.threshold) return stay(state);
    const elements = context.withHeld(context.selection.filter((element) => !element.isLocked));
    if ((hit !== null || state.isHeld) && !context.isReadOnly && elements.length > 0) {
      return enter(snapped({ kind: 'moving', gesture, from, to, modifiers: event.modifiers, elements, snap: noSnap }, context));
    }
    const before = modifiers.shift ? context.selection.map((element) => element.id) : [];
    if (context.selecting.isLasso)
      return lassoing({ kind: 'lassoing', gesture, path: [from], before, modifiers: event.modifiers }, event, context);
    return boxing({ kind: 'boxing', gesture, from, to, before, modifiers: event.modifiers }, event, context);
  }
  if (event.type === 'interrupt' || event.type === 'cancel') return enter(idle);
  if (event.type !== 'up') return stay(state);
  const inside = state.clicks === 2 && hit !== null && !modifiers.mod ? context.inside(hit) : null;
  if (inside !== null) return enter(idle, { do: 'select', ...inside });
  if (state.clicks === 2 && hit?.kind === 'file') return enter(idle, { do: 'select', ids: [hit.id] }, { do: 'open-file', id: hit.id });
  if (state.clicks === 2 && !context.isReadOnly) {
    if ((hit?.kind === 'text' || hit?.kind === 'frame') && !hit.isLocked) return enter(idle, { do: 'edit-text', id: hit.id });
    // Words go into a hollow shape, as onto paper.
    if (hit === null || isInLabel(hit, from, HIT_MARGIN_PX / context.zoom)) return enter(idle, { do: 'text-at', at: from, gesture });
  }
  const ids = context.selection.map((element) => element.id);
  if (hit === null) return modifiers.shift ? enter(idle) : enter(idle, { do: 'select', ids: [] });
  if (!state.wasSelected && !state.isHeld) return enter(idle);
  return enter(idle, { do: 'select', ids: modifiers.shift ? toggled(ids, context.unit(hit)) : context.unit(hit) });
}

/** The selection without the ids if it has them, else with them. */
function toggled(selected: readonly ElementId[], ids: readonly ElementId[]): readonly ElementId[] {
  const all = new Set(selected);
  if (!ids.every((id) => all.has(id))) return [...selected, ...ids];
  for (const id of ids) all.delete(id);
  return [...all];
}

function boxing(state: Extract<SelectState, { kind: 'boxing' }>, event: ToolEvent, context: ToolContext): Transition<SelectState> {
  if (event.type === 'up') return enter(idle);
  if (event.type === 'cancel' || event.type === 'interrupt') return enter(idle, { do: 'select', ids: state.before });
  let next = state;
  if (event.type === 'move') next = { ...state, to: event.points[event.points.length - 1] ?? state.to, modifiers: event.modifiers };
  if (event.type === 'modifiers') next = { ...state, modifiers: event.modifiers };
  const box = boxBetween(next.from, next.to);
  const inside = (next.modifiers.alt !== context.selecting.isContaining ? context.within(box) : context.touching(box)).map(
    (element) => element.id,
  );
  return enter(next, { do: 'select', ids: [...new Set([...next.before, ...inside])] });
}

/** Nothing is selected before the loop is closed: half a loop holds nothing. */
function lassoing(state: Extract<SelectState, { kind: 'lassoing' }>, event: ToolEvent, context: ToolContext): Transition<SelectState> {
  switch (event.type) {
    case 'move': {
      const path = [...state.path];
      for (const point of event.points) {
        const last = path[path.length - 1] ?? point;
        if (distance(last, point) >= LASSO_STEP_PX / context.zoom) path.push(point);
      }
      return enter({ ...state, path, modifiers: event.modifiers });
    }
    case 'modifiers':
      return enter({ ...state, modifiers: event.modifiers });
    case 'up': {
      const how = state.modifiers.alt !== context.selecting.isContaining ? 'holds' : 'touches';
      const ids = context.inLoop(state.path, how).map((element) => element.id);
      return enter(idle, { do: 'select', ids: [...new Set([...state.before, ...ids])] });
    }
    case 'cancel':
    case 'interrupt':
      return enter(idle);
    case 'down':
    case 'finish':
    case 'shape':
      return stay(state);
  }
}

function dragging(
  state: Extract<SelectState, { kind: 'moving' | 'transforming' }>,
  event: ToolEvent,
  context: ToolContext,
): Transition<SelectState> {
  const { gesture } = state;
  switch (event.type) {
    case 'move': {
      const to = event.points[event.points.length - 1] ?? state.to;
      if (state.kind === 'moving') return enter(snapped({ ...state, to, modifiers: event.modifiers }, context));
      const hasMoved = state.hasMoved || distance(state.from, to) >= state.threshold;
      return enter(snapped({ ...state, to, modifiers: event.modifiers, hasMoved }, context));
    }
    case 'modifiers':
      return enter(snapped({ ...state, modifiers: event.modifiers }, context));
    case 'up': {
      if (state.kind === 'transforming' && !state.hasMoved) return clickedHandle(state, context);
      if (state.kind === 'moving' && state.modifiers.alt) {
        const ids = state.elements.map(({ id }) => id);
        const shift = shiftOf(state);
        // Exactly on their originals nobody would see that there are two.
        if (shift.x === 0 && shift.y === 0) return enter(idle, { do: 'abandon', gesture });
        return enter(idle, { do: 'commit', gesture, commit: { type: 'copy', ids, shift } });
      }
      const items = changedItems(state);
      if (items.length === 0) return enter(idle, { do: 'abandon', gesture });
      return enter(idle, { do: 'commit', gesture, commit: { type: 'move', items } });
    }
    case 'interrupt':
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture });
    case 'down':
    case 'finish':
    case 'shape':
      return stay(state);
  }
}

/** Handles lie on the ink of their element, so a click on a handle is a click on the ink. */
function clickedHandle({ from, gesture, modifiers }: Drag, context: ToolContext): Transition<SelectState> {
  const hit = context.pick(from, HIT_MARGIN_PX / context.zoom);
  const nothing = { do: 'abandon', gesture } as const;
  if (hit === null) return enter(idle, nothing);
  const ids = context.selection.map((element) => element.id);
  const unit = context.unit(hit);
  return enter(idle, nothing, { do: 'select', ids: modifiers.shift ? toggled(ids, unit) : unit });
}

/** Every dragged element as the drag shows it now. */
function draggedItems(state: Extract<SelectState, { kind: 'moving' | 'transforming' }>): MovedItem[] {
  const { modifiers, snap } = state;
  const to = { x: state.to.x + snap.shift.x, y: state.to.y + snap.shift.y };
  if (state.kind === 'moving') {
    const { x: dx, y: dy } = shiftOf(state);
    return state.elements.map((element) => itemOf(element, moveGeometry(element.geometry, dx, dy)));
  }
  const { handle, frame } = state;
  if (handle.type === 'end' || handle.type === 'bend' || handle.type === 'middle') {
    return state.elements.map((element) => bentItem(element, movePoint(linePoints(element), handle, to, { snap: modifiers.shift })));
  }
  const centre = geometryCentre(frame.geometry);
  if (handle.type === 'rotate') {
    // The handle stands straight above the centre of the frame, so the pointer's direction is the rotation.
    const pointer = Math.atan2(to.y - centre.y, to.x - centre.x) + Math.PI / 2;
    const rotation = modifiers.shift ? Math.round(pointer / SNAP_ANGLE) * SNAP_ANGLE : pointer;
    const by = rotation - frame.geometry.rotation;
    return state.elements.map((element) => itemOf(element, turnGeometry(element.geometry, centre, by)));
  }
  const scaling = scalingOf(frame, handle.pull, to, scalingOptions(state));
  return state.elements.map((element) => scaledItem(element, scaling));
}

/** How far the drag has moved the elements; with Shift along one axis. */
function shiftOf({ from, to, modifiers, snap }: Drag): Point {
  const free = freeAxes(from, to, modifiers);
  return { x: free.x ? to.x - from.x + snap.shift.x : 0, y: free.y ? to.y - from.y + snap.shift.y : 0 };
}

function freeAxes(from: Point, to: Point, { shift }: Modifiers): { x: boolean; y: boolean } {
  const isAcross = Math.abs(to.x - from.x) >= Math.abs(to.y - from.y);
  return { x: !shift || isAcross, y: !shift || !isAcross };
}

/** The drag with what it snaps to now. A turned frame and the turning of one do not snap. */
function snapped<State extends Extract<SelectState, { kind: 'moving' | 'transforming' }>>(state: State, context: ToolContext): State {
  const { elements, from, to, modifiers } = state;
  const snapping = context.snapping(elements, modifiers);
  return { ...state, snap: snapping === null ? noSnap : snapOf(state, snapping, { from, to, modifiers }) };
}

function snapOf(
  state: Extract<SelectState, { kind: 'moving' | 'transforming' }>,
  snapping: Snapping,
  { from, to, modifiers }: Pick<Drag, 'from' | 'to' | 'modifiers'>,
): Snapped {
  if (state.kind === 'moving') {
    const box = uniteAll(state.elements.map(({ geometry }) => geometryBox(geometry)));
    const { x, y } = shiftOf({ ...state, snap: noSnap });
    if (box === null) return noSnap;
    const moved = { minX: box.minX + x, minY: box.minY + y, maxX: box.maxX + x, maxY: box.maxY + y };
    return snapping.box(moved, freeAxes(from, to, modifiers));
  }
  const { handle, frame } = state;
  // With Shift the end of a line keeps to its directions.
  if (handle.type === 'end' || handle.type === 'bend' || handle.type === 'middle') return modifiers.shift ? noSnap : snapping.point(to);
  if (handle.type !== 'resize' || frame.geometry.rotation !== 0) return noSnap;
  return snapping.pulled(frame, handle.pull, to, scalingOptions(state));
}

function scalingOptions({ elements, modifiers }: Drag): ScalingOptions {
  return { keepRatio: modifiers.shift, fromCentre: modifiers.alt, range: scaleRange(elements) };
}

function changedItems(state: Extract<SelectState, { kind: 'moving' | 'transforming' }>): MovedItem[] {
  const before = new Map(state.elements.map(({ id, geometry }) => [id, geometry]));
  return draggedItems(state).filter(({ id, geometry: g, points }) => {
    const b = before.get(id);
    return b === undefined || points !== undefined || g.x !== b.x || g.y !== b.y || g.w !== b.w || g.h !== b.h || g.rotation !== b.rotation;
  });
}
