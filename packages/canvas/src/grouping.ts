/**
 * Groups on the canvas, which end at frames: a frame is an element, and what is in it is selected without it. A press, Tab or a box selects the outermost group around an element, or, in the group that the person
 * has entered, the group or element right in it.
 */
import type { Board, BoardElement, Edit, ElementId } from '@wetink/board';

/** The part of a board that knows its groups. */
export type Forest = Pick<Board, 'get' | 'parentOf' | 'membersOf'>;

/** The group around an element or a group, within its frame; null for none. */
export function groupAround(board: Forest, id: ElementId): ElementId | null {
  const above = board.parentOf(id);
  return above === null || board.get(above) !== undefined ? null : above;
}

/** The group, or the element itself, that stands for an element: outermost, or right within `entered` if it is in there. */
export function unitOf(board: Forest, id: ElementId, entered: ElementId | null): ElementId {
  let [unit, outermost] = [id, id];
  for (let above = groupAround(board, id); above !== null; above = groupAround(board, above)) {
    if (above === entered) return unit;
    unit = outermost = above;
  }
  return outermost;
}

/** Everything that stands for the elements, each once. */
export function unitsOf(board: Forest, ids: Iterable<ElementId>, entered: ElementId | null): ElementId[] {
  const units = new Set<ElementId>();
  for (const id of ids) units.add(unitOf(board, id, entered));
  return [...units];
}

/** The elements in a group, at any depth, without those of a newer version; of an element, itself. */
export function elementsIn(board: Forest, unit: ElementId): ElementId[] {
  const found: ElementId[] = [];
  const left = [unit];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const element = board.get(id);
    if (element === undefined) left.push(...board.membersOf(id));
    else if (element.kind !== 'unknown') found.push(id);
  }
  return found;
}

/** Whether a selection can be grouped and ungrouped. */
export interface Grouping {
  /** It is more than one element or group. */
  readonly canGroup: boolean;
  /** It has a group. */
  readonly canUngroup: boolean;
  /** Groups and elements in it that move alone, counted to three: what is locked stays where it is. */
  readonly movable: number;
}

/** No arrangement needs more. */
const MOST_COUNTED = 3;

export function groupingOf(board: Forest, ids: Iterable<ElementId>, entered: ElementId | null): Grouping {
  let first: ElementId | null = null;
  let [canGroup, canUngroup] = [false, false];
  const movable = new Set<ElementId>();
  for (const id of ids) {
    const unit = unitOf(board, id, entered);
    first ??= unit;
    canGroup ||= unit !== first;
    canUngroup ||= unit !== id;
    const element = movable.size < MOST_COUNTED ? board.get(id) : undefined;
    if (element?.isLocked === false && element.kind !== 'unknown') movable.add(unit);
    if (canGroup && canUngroup && movable.size >= MOST_COUNTED) break;
  }
  return { canGroup, canUngroup, movable: movable.size };
}

export interface Inside {
  readonly ids: readonly ElementId[];
  /** The group to enter. */
  readonly entered: ElementId;
}

/** The selection one level deeper than the group that stands for an element; null if that is the element itself. */
export function insideOf(board: Forest, id: ElementId, entered: ElementId | null): Inside | null {
  const group = unitOf(board, id, entered);
  return group === id ? null : { ids: elementsIn(board, unitOf(board, id, group)), entered: group };
}

/** Completes the elements to whole groups; with `isHeld`, leaves out groups of which an element is missing. */
export function wholeGroups(
  board: Forest,
  elements: readonly BoardElement[],
  { isHeld, find }: { isHeld: boolean; find: (id: ElementId) => BoardElement | undefined },
): BoardElement[] {
  const among = new Map(elements.map((element) => [element.id, element]));
  const all = unitsOf(board, among.keys(), null).flatMap((unit) => {
    const own = among.get(unit);
    if (own !== undefined) return [own];
    const ids = elementsIn(board, unit);
    return isHeld && !ids.every((id) => among.has(id)) ? [] : ids.flatMap((id) => find(id) ?? []);
  });
  return all.length === elements.length ? [...elements] : all;
}

/**
 * Puts copies into groups and frames as their originals are: into new ones in place of those that were copied as a whole, else into
 * the same.
 *
 * @returns The new groups by those they are copies of.
 */
export function copyGroups(board: Forest, edit: Edit, copies: ReadonlyMap<ElementId, ElementId>): ReadonlyMap<ElementId, ElementId> {
  const made = new Map<ElementId, ElementId>();
  const within = new Map<ElementId, ElementId[]>();
  /** Groups of the originals, each after those within it. */
  const groups = new Set<ElementId>();
  for (const [id, copy] of copies) {
    const parent = board.parentOf(id);
    if (parent === null) continue;
    const members = within.get(parent);
    if (members === undefined) within.set(parent, [copy]);
    else members.push(copy);
    for (let above: ElementId | null = parent; above !== null; above = board.parentOf(above)) {
      groups.delete(above);
      groups.add(above);
    }
  }
  for (const group of groups) {
    const members = within.get(group) ?? [];
    if (board.get(group) !== undefined) {
      edit.setParent(members, copies.get(group) ?? group);
      continue;
    }
    const isWhole = elementsIn(board, group).every((id) => copies.has(id));
    const copy = isWhole ? edit.group(members) : null;
    const outer = board.parentOf(group);
    if (copy === null) edit.setParent(members, group);
    else made.set(group, copy);
    if (copy !== null && outer !== null) within.set(outer, [...(within.get(outer) ?? []), copy]);
  }
  return made;
}
