/**
 * The frames that elements go into, and leave, at the end of a gesture.
 *
 * What was drawn, moved or put on the board belongs to the innermost frame in which more than half of it lies, across and down. A
 * frame belongs to one that holds all of it. A frame that was drawn or resized takes in what lies wholly inside it, and lets go of
 * what lies wholly outside. A group goes as a whole; what moves with its frame, or within its group, stays where it belongs.
 */
import type { BoardElement, Edit, ElementId, Geometry } from '@wetink/board';
import { boxContains, boxesTouch, geometryBox, uniteAll, uniteBoxes, type Box, type Point } from '../geometry.ts';
import { elementsIn, unitOf, type Forest } from '../grouping.ts';
import { moveGeometry } from '../frame.ts';
import type { Scene } from '../scene.ts';
import { itemOf } from '../tools/moved-item.ts';
import type { MovedItem } from '../tools/tool.ts';

/** An element and the box that the gesture gives it. */
export interface Placed {
  readonly id: ElementId;
  readonly geometry: Geometry;
}

export type Surface = Pick<Scene, 'frames' | 'queryUnordered' | 'get'>;

/** Puts elements that the edit places into the frames they lie in now, and takes them out of those they have left. */
export function putIntoFrames(edit: Edit, board: Forest, scene: Surface, placed: readonly Placed[]): void {
  const { frames } = scene;
  if (frames.length === 0) return;
  const moved = new Map(placed.map(({ id, geometry }) => [id, geometry]));
  const units = new Map<ElementId, Box>();
  for (const { id, geometry } of placed) {
    if (isCarried(board, id, moved)) continue;
    const unit = unitOf(board, id, null);
    const box = geometryBox(geometry);
    const before = units.get(unit);
    units.set(unit, before === undefined ? box : uniteBoxes(before, box));
  }
  const whole = [...units].filter(([unit]) => elementsIn(board, unit).every((id) => moved.has(id)));
  settle(
    edit,
    frames.map(({ id, geometry }) => ({ id, box: geometryBox(moved.get(id) ?? geometry) })),
    whole.map(([id, box]) => ({ id, box, parent: board.parentOf(id), isFrame: board.get(id)?.kind === 'frame' })),
  );
}

/** As `putIntoFrames`, for copies that the edit makes. @param groups Copies of groups that are copied as a whole. */
export function putCopiesIntoFrames(
  edit: Edit,
  board: Forest,
  scene: Surface,
  { copies, groups, shift }: { copies: ReadonlyMap<ElementId, ElementId>; groups: ReadonlyMap<ElementId, ElementId>; shift: Point },
): void {
  if (scene.frames.length === 0) return;
  const units = new Map<ElementId, Unit>();
  for (const id of copies.keys()) {
    const original = unitOf(board, id, null);
    const copy = groups.get(original) ?? (original === id ? copies.get(id) : undefined);
    const parent = board.parentOf(original);
    const element = board.get(id);
    if (copy === undefined || element === undefined || (parent !== null && copies.has(parent))) continue;
    const { minX, minY, maxX, maxY } = geometryBox(element.geometry);
    const box = { minX: minX + shift.x, minY: minY + shift.y, maxX: maxX + shift.x, maxY: maxY + shift.y };
    const before = units.get(copy);
    const isFrame = original === id && element.kind === 'frame';
    units.set(copy, { id: copy, box: before === undefined ? box : uniteBoxes(before.box, box), parent, isFrame });
  }
  settle(
    edit,
    scene.frames.map(({ id, geometry }) => ({ id, box: geometryBox(geometry) })),
    [...units.values()],
  );
}

/** An element, group or frame, and where it belongs before. */
interface Unit {
  readonly id: ElementId;
  readonly box: Box;
  readonly parent: ElementId | null;
  readonly isFrame: boolean;
}

/** @param frames Bottom to top, so that the innermost is the last. */
function settle(edit: Edit, frames: readonly { readonly id: ElementId; readonly box: Box }[], units: readonly Unit[]): void {
  for (const { id, box, parent, isFrame } of units) {
    const home = homeIn(
      frames.filter((frame) => frame.id !== id),
      box,
      isFrame,
    );
    if (home !== parent) edit.setParent([id], home);
  }
}

function homeIn(frames: readonly { readonly id: ElementId; readonly box: Box }[], box: Box, isFrame: boolean): ElementId | null {
  return frames.findLast((frame) => (isFrame ? boxContains(frame.box, box) : liesIn(box, frame.box)))?.id ?? null;
}

/**
 * The frame that something new belongs to; null for none.
 *
 * @param frames Bottom to top.
 * @param together One element, or all of a group.
 */
export function homeOf(
  frames: readonly BoardElement[],
  together: readonly { readonly kind: string; readonly geometry: Geometry }[],
): ElementId | null {
  const box = frames.length === 0 ? null : uniteAll(together.map(({ geometry }) => geometryBox(geometry)));
  if (box === null) return null;
  return homeIn(
    frames.map((frame) => ({ id: frame.id, box: geometryBox(frame.geometry) })),
    box,
    together.length === 1 && together[0]?.kind === 'frame',
  );
}

/** @param frame One that the edit has drawn or resized, with the box it has now. */
export function fillFrame(edit: Edit, board: Forest, scene: Surface, { id: frame, geometry }: Placed): void {
  const box = geometryBox(geometry);
  const around = scene.frames.findLast(({ id, geometry: other }) => id !== frame && boxContains(geometryBox(other), box))?.id ?? null;
  const isThere = board.get(frame) !== undefined;
  const outer = isThere ? board.parentOf(frame) : around;
  if (!isThere && outer !== null) edit.setParent([frame], outer);
  const seen = new Set<ElementId>([frame]);
  const comes: ElementId[] = [];
  for (const { id } of scene.queryUnordered(box)) {
    const unit = unitOf(board, id, null);
    if (seen.has(unit)) continue;
    seen.add(unit);
    const elements = shownIn(board, scene, unit);
    const isHeld = elements.every((element) => !element.isLocked && boxContains(box, geometryBox(element.geometry)));
    if (board.parentOf(unit) === outer && unit !== outer && elements.length > 0 && isHeld) comes.push(unit);
  }
  if (comes.length > 0) edit.setParent(comes, frame);
  const goes = [...board.membersOf(frame)].filter((unit) => {
    const all = uniteAll(shownIn(board, scene, unit).map((element) => geometryBox(element.geometry)));
    return all !== null && !boxesTouch(all, box);
  });
  if (goes.length > 0) edit.setParent(goes, outer);
}

/** Everything in these frames, at any depth, that is not among the elements already. */
export function heldBy(board: Forest, elements: readonly BoardElement[]): BoardElement[] {
  const seen = new Set(elements.map(({ id }) => id));
  const held: BoardElement[] = [];
  const left = elements.flatMap(({ id, kind }) => (kind === 'frame' ? board.membersOf(id) : []));
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const element = board.get(id);
    if (element !== undefined) held.push(element);
    left.push(...board.membersOf(id));
  }
  return held;
}

/** The elements without those in frames among them. */
export function outermost(elements: readonly BoardElement[], find?: (id: ElementId) => BoardElement | undefined): BoardElement[] {
  const ids = new Set(elements.map(({ id }) => id));
  return elements.filter((element) => {
    for (let { frame } = element; frame !== null; frame = find?.(frame)?.frame ?? null) if (ids.has(frame)) return false;
    return true;
  });
}

/** The items, with everything in the frames among them that keep their size: it goes as far as its frame. */
export function withHeldItems(board: Forest, items: readonly MovedItem[]): readonly MovedItem[] {
  const there = new Set(items.map(({ id }) => id));
  const more: MovedItem[] = [];
  for (const { id, geometry } of items) {
    const frame = board.get(id);
    if (frame?.kind !== 'frame' || frame.geometry.w !== geometry.w || frame.geometry.h !== geometry.h) continue;
    for (const held of heldBy(board, [frame])) {
      if (there.has(held.id)) continue;
      there.add(held.id);
      more.push(itemOf(held, moveGeometry(held.geometry, geometry.x - frame.geometry.x, geometry.y - frame.geometry.y)));
    }
  }
  return more.length === 0 ? items : [...items, ...more];
}

/** 'Frame 3': the number after the highest there is. */
export function nextTitle(frames: readonly BoardElement[]): string {
  const numbers = frames.map(({ text }) => Number(/^Frame (\d{1,6})$/.exec(text)?.[1] ?? 0));
  return `Frame ${Math.max(0, ...numbers) + 1}`;
}

function shownIn(board: Forest, scene: Surface, unit: ElementId): BoardElement[] {
  return elementsIn(board, unit).flatMap((id) => scene.get(id) ?? []);
}

/** Whether a frame around it moves as well. */
function isCarried(board: Forest, id: ElementId, moved: ReadonlyMap<ElementId, Geometry>): boolean {
  for (let at = board.parentOf(id); at !== null; at = board.parentOf(at)) if (moved.has(at)) return true;
  return false;
}

/** More than half of the box, across and down. */
function liesIn(box: Box, frame: Box): boolean {
  const isMostly = (min: number, max: number, low: number, high: number): boolean =>
    max === min ? min >= low && min <= high : Math.min(max, high) - Math.max(min, low) > (max - min) / 2;
  return isMostly(box.minX, box.maxX, frame.minX, frame.maxX) && isMostly(box.minY, box.maxY, frame.minY, frame.maxY);
}
