/**
 * Select: click, shift-click, box, move, resize, turn.
 *
 * idle --down on handle--> resizing | turning | ending     (one element's or the selection's frame)
 * idle --down elsewhere--> pressed --moved 4 px (6 for a finger)--> moving (on an element) | boxing (on paper)
 * pressed --up--> idle + select;  double click on text --> edit, on paper --> new text
 *
 * Every geometry is computed from the one at the start of the gesture, never from the last frame's.
 */
import { boxBetween, distance, geometryCentre, type Point } from '../geometry.ts';
import {
  hitHandle,
  moveEnd,
  moveGeometry,
  scaleGeometry,
  scalingOf,
  SNAP_ANGLE,
  turnGeometry,
  type Frame,
  type Handle,
} from '../transform.ts';
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
import type { BoardElement, ElementId } from '@wetink/board';

interface Drag {
  readonly gesture: string;
  readonly from: Point;
  readonly to: Point;
  readonly modifiers: Modifiers;
  /** The elements as they were when the gesture began. */
  readonly elements: readonly BoardElement[];
}

export type SelectState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'pressed';
      readonly gesture: string;
      readonly from: Point;
      readonly hit: BoardElement | null;
      readonly wasSelected: boolean;
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
  | (Drag & { readonly kind: 'moving' })
  | (Drag & {
      readonly kind: 'transforming';
      readonly handle: Handle;
      readonly frame: Frame;
      readonly hasMoved: boolean;
      readonly threshold: number;
    });

const idle: SelectState = { kind: 'idle' };
/** CSS pixels from the centre of a handle at which a press still takes it; a finger needs more room. */
const HANDLE_REACH_PX = { mouse: 9, pen: 11, touch: 22 };
const MIN_FONT_SIZE = 4;
const MAX_FONT_SIZE = 400;

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
      case 'moving':
      case 'transforming':
        return dragging(state, event, context);
    }
  },
  preview(state) {
    if (state.kind === 'boxing') return { kind: 'box', box: boxBetween(state.from, state.to) };
    if (state.kind === 'moving') return { kind: 'move', gesture: state.gesture, items: draggedItems(state) };
    if (state.kind === 'transforming' && state.hasMoved) return { kind: 'move', gesture: state.gesture, items: draggedItems(state) };
    return null;
  },
};

function press(event: Extract<ToolEvent, { type: 'down' }>, context: ToolContext): Transition<SelectState> {
  const { at, gesture, modifiers, pointerType, clicks } = event;
  const { zoom, frame, selection, isReadOnly } = context;
  const threshold = dragThresholdPx(pointerType) / zoom;
  const hit = context.pick(at, HIT_MARGIN_PX / zoom);
  const isEditable = frame !== null && !isReadOnly;
  if (isEditable && clicks === 1) {
    const handle = hitHandle(frame, at, zoom, HANDLE_REACH_PX[pointerType] / zoom);
    if (handle !== null) {
      return enter({
        kind: 'transforming',
        gesture,
        from: at,
        to: at,
        modifiers,
        elements: selection,
        handle,
        frame,
        hasMoved: false,
        threshold,
      });
    }
  }
  const wasSelected = hit !== null && selection.some((element) => element.id === hit.id);
  const next: SelectState = { kind: 'pressed', gesture, from: at, hit, wasSelected, clicks, modifiers, threshold };
  // Selected on the press, not on the release: the press may become a move.
  if (hit !== null && !wasSelected) {
    const kept = modifiers.shift ? selection.map((element) => element.id) : [];
    return enter(next, { do: 'select', ids: [...kept, hit.id] });
  }
  return enter(next);
}

function pressed(state: Extract<SelectState, { kind: 'pressed' }>, event: ToolEvent, context: ToolContext): Transition<SelectState> {
  const { gesture, from, hit, modifiers } = state;
  if (event.type === 'move') {
    const to = event.points[event.points.length - 1];
    if (to === undefined || distance(from, to) < state.threshold) return stay(state);
    const elements = context.selection.filter((element) => !element.isLocked);
    if (hit !== null && !context.isReadOnly && elements.length > 0) {
      return enter({ kind: 'moving', gesture, from, to, modifiers: event.modifiers, elements });
    }
    const before = modifiers.shift ? context.selection.map((element) => element.id) : [];
    return boxing({ kind: 'boxing', gesture, from, to, before, modifiers: event.modifiers }, event, context);
  }
  if (event.type === 'interrupt' || event.type === 'cancel') return enter(idle);
  if (event.type !== 'up') return stay(state);
  if (state.clicks === 2 && !context.isReadOnly) {
    if (hit?.kind === 'text' && !hit.isLocked) return enter(idle, { do: 'edit-text', id: hit.id });
    if (hit === null) return enter(idle, { do: 'text-at', at: from, gesture });
  }
  const ids = context.selection.map((element) => element.id);
  if (hit === null) return modifiers.shift ? enter(idle) : enter(idle, { do: 'select', ids: [] });
  if (!state.wasSelected) return enter(idle);
  if (modifiers.shift) return enter(idle, { do: 'select', ids: ids.filter((id) => id !== hit.id) });
  return enter(idle, { do: 'select', ids: [hit.id] });
}

function boxing(state: Extract<SelectState, { kind: 'boxing' }>, event: ToolEvent, context: ToolContext): Transition<SelectState> {
  if (event.type === 'up') return enter(idle);
  if (event.type === 'cancel' || event.type === 'interrupt') return enter(idle, { do: 'select', ids: state.before });
  let next = state;
  if (event.type === 'move') next = { ...state, to: event.points[event.points.length - 1] ?? state.to, modifiers: event.modifiers };
  if (event.type === 'modifiers') next = { ...state, modifiers: event.modifiers };
  const box = boxBetween(next.from, next.to);
  const inside = (next.modifiers.alt ? context.within(box) : context.touching(box)).map((element) => element.id);
  return enter(next, { do: 'select', ids: [...new Set([...next.before, ...inside])] });
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
      if (state.kind === 'moving') return enter({ ...state, to, modifiers: event.modifiers });
      const hasMoved = state.hasMoved || distance(state.from, to) >= state.threshold;
      return enter({ ...state, to, modifiers: event.modifiers, hasMoved });
    }
    case 'modifiers':
      return enter({ ...state, modifiers: event.modifiers });
    case 'up': {
      if (state.kind === 'transforming' && !state.hasMoved) return clickedHandle(state, context);
      const items = changedItems(state);
      if (items.length === 0) return enter(idle, { do: 'abandon', gesture });
      return enter(idle, { do: 'commit', gesture, commit: { type: 'move', items } });
    }
    case 'interrupt':
    case 'cancel':
      return enter(idle, { do: 'abandon', gesture });
    case 'down':
      return stay(state);
  }
}

/** Handles lie on the ink of their element, so a click on a handle is a click on the ink. */
function clickedHandle({ from, gesture, modifiers }: Drag, context: ToolContext): Transition<SelectState> {
  const hit = context.pick(from, HIT_MARGIN_PX / context.zoom);
  const nothing = { do: 'abandon', gesture } as const;
  if (hit === null) return enter(idle, nothing);
  const ids = context.selection.map((element) => element.id);
  const next = !modifiers.shift ? [hit.id] : ids.includes(hit.id) ? ids.filter((id) => id !== hit.id) : [...ids, hit.id];
  return enter(idle, nothing, { do: 'select', ids: next });
}

/** Every dragged element as the drag shows it now. */
function draggedItems(state: Extract<SelectState, { kind: 'moving' | 'transforming' }>): MovedItem[] {
  const { from, to, modifiers } = state;
  if (state.kind === 'moving') {
    let dx = to.x - from.x;
    let dy = to.y - from.y;
    if (modifiers.shift && Math.abs(dx) >= Math.abs(dy)) dy = 0;
    else if (modifiers.shift) dx = 0;
    return state.elements.map(({ id, geometry }) => ({ id, geometry: moveGeometry(geometry, dx, dy) }));
  }
  const { handle, frame } = state;
  if (handle.type === 'end') {
    return state.elements.map(({ id, geometry }) => ({ id, geometry: moveEnd(geometry, handle.end, to, { snap: modifiers.shift }) }));
  }
  const centre = geometryCentre(frame.geometry);
  if (handle.type === 'rotate') {
    // The handle stands straight above the centre of the frame, so the pointer's direction is the rotation.
    const pointer = Math.atan2(to.y - centre.y, to.x - centre.x) + Math.PI / 2;
    const rotation = modifiers.shift ? Math.round(pointer / SNAP_ANGLE) * SNAP_ANGLE : pointer;
    const by = rotation - frame.geometry.rotation;
    return state.elements.map(({ id, geometry }) => ({ id, geometry: turnGeometry(geometry, centre, by) }));
  }
  const range = scaleRange(state.elements);
  const scaling = scalingOf(frame, handle.pull, to, { keepRatio: modifiers.shift, fromCentre: modifiers.alt, range });
  return state.elements.map((element) => scaledItem(element, scaling));
}

/** Factors at which the letters of a text reach a size limit. The whole selection stops there, not just the text. */
function scaleRange(elements: readonly BoardElement[]): { min: number; max: number } {
  let [min, max] = [0, Infinity];
  for (const { kind, style } of elements) {
    if (kind !== 'text') continue;
    min = Math.max(min, Math.min(1, MIN_FONT_SIZE / style.fontSize));
    max = Math.min(max, Math.max(1, MAX_FONT_SIZE / style.fontSize));
  }
  return { min, max };
}

function scaledItem(element: BoardElement, scaling: ReturnType<typeof scalingOf>): MovedItem {
  const isUpright = element.kind === 'text';
  const geometry = scaleGeometry(element.geometry, scaling, { isUpright });
  if (!isUpright) return { id: element.id, geometry };
  const fontSize = Math.min(MAX_FONT_SIZE, Math.max(MIN_FONT_SIZE, element.style.fontSize * Math.abs(scaling.sy)));
  return { id: element.id, geometry, fontSize };
}

function changedItems(state: Extract<SelectState, { kind: 'moving' | 'transforming' }>): MovedItem[] {
  const before = new Map(state.elements.map(({ id, geometry }) => [id, geometry]));
  return draggedItems(state).filter(({ id, geometry: g }) => {
    const b = before.get(id);
    return b === undefined || g.x !== b.x || g.y !== b.y || g.w !== b.w || g.h !== b.h || g.rotation !== b.rotation;
  });
}
