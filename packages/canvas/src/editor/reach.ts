/**
 * The elements that a tool can reach: under a point, in a box or across a line. It reaches neither elements of a newer
 * version, since this version can't know what it would destroy, nor the text whose box is open.
 */
import type { BoardElement, ElementId, Style } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { boxBetween, boxContains, growBox, type Box, type Point } from '../geometry.ts';
import { isCrossed, isInBox, topmostHit } from '../hit-test.ts';
import type { Scene } from '../scene.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { Selected } from './selection.ts';

interface Surroundings {
  readonly zoom: number;
  readonly style: Style;
  readonly isReadOnly: boolean;
  readonly selected: Selected;
  readonly scene: Scene;
  readonly editing: ElementId | null;
}

/** The context that a tool gets with each event. */
export function toolContext({ zoom, style, isReadOnly, selected, scene, editing }: Surroundings): ToolContext {
  return {
    zoom,
    style,
    isReadOnly,
    selection: selected.elements,
    frame: selected.isFree ? selected.frame : null,
    pick: (p, margin) => pickAt(scene, editing, p, margin),
    touching: (box) => selectableIn(scene, editing, box).filter((element) => isInBox(element, box)),
    within: (box) => selectableIn(scene, editing, box).filter((element) => boxContains(box, paintBox(element))),
    crossed: (from, to, radius) => crossedBy(scene, editing, from, to, radius),
  };
}

/** The topmost element within `margin` board units of a point. */
export function pickAt(scene: Scene, editing: ElementId | null, p: Point, margin: number): BoardElement | null {
  const around = growBox(boxBetween(p, p), margin);
  return topmostHit(
    scene.query(around).filter((element) => isReachable(element, editing)),
    p,
    margin,
  );
}

/** Elements whose painted box touches the box, bottom to top, without the locked ones. */
function selectableIn(scene: Scene, editing: ElementId | null, box: Box): BoardElement[] {
  return scene.query(box).filter((element) => isReachable(element, editing) && !element.isLocked);
}

/** Elements within `radius` board units of a line, in no order, without the locked ones. */
function crossedBy(scene: Scene, editing: ElementId | null, from: Point, to: Point, radius: number): BoardElement[] {
  const around = growBox(boxBetween(from, to), radius);
  return scene
    .queryUnordered(around)
    .filter((element) => isReachable(element, editing) && !element.isLocked && isCrossed(element, from, to, radius));
}

function isReachable(element: BoardElement, editing: ElementId | null): boolean {
  return element.kind !== 'unknown' && element.id !== editing;
}
