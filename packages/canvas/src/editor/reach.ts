/**
 * The elements that a tool can reach: under a point, in a box or across a line. It reaches neither elements of a newer
 * version, since this version can't know what it would destroy, nor the text whose box is open.
 */
import { isShapeKind, type Board, type BoardElement, type ElementId } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { shownBox } from '../draw/clip.ts';
import { titleBox } from '../draw/frame-look.ts';
import { boxBetween, boxContains, boxContainsPoint, boxesTouch, geometryBox, growBox, type Box, type Point } from '../geometry.ts';
import { isCrossed, isInBox, isInsideShape, topmostHit } from '../hit-test.ts';
import type { Scene } from '../scene.ts';
import { Lasso } from '../lasso.ts';
import { gridSpacing } from '../painter/paper.ts';
import type { SnapChoice, Snapping } from '../snap/snapping.ts';
import type { Modifiers, PlainContext, SelectChoice, ToolContext } from '../tools/tool.ts';
import { elementsIn, insideOf, unitOf, wholeGroups, type Forest } from '../grouping.ts';
import { heldBy } from './homes.ts';
import type { Selected } from './selection.ts';

/** The state of the editor when an event reaches a tool. */
export interface Surroundings extends PlainContext {
  readonly selected: Selected;
  readonly scene: Scene;
  readonly editing: ElementId | null;
  readonly board: Forest & Pick<Board, 'placeOf'>;
  /** The group that the person has entered; null for none. */
  readonly entered: ElementId | null;
  readonly view: Box;
  readonly snap: SnapChoice;
  readonly selecting: SelectChoice;
}

/** The context that a tool gets with each event. */
export function toolContext(surroundings: Surroundings): ToolContext {
  const { zoom, style, isReadOnly, pen, selected, scene, editing, board, entered } = surroundings;
  const find = (id: ElementId): BoardElement | undefined => scene.get(id);
  return {
    zoom,
    style,
    isReadOnly,
    pen,
    selection: selected.elements,
    frame: selected.isFree ? selected.frame : null,
    pick: (p, margin) => pickAt(scene, editing, p, { margin, zoom }),
    withHeld: (elements) => [
      ...elements.filter(({ kind }) => kind === 'frame'),
      ...elements.filter(({ kind }) => kind !== 'frame'),
      ...heldBy(board, elements),
    ],
    isInFront({ id }) {
      const place = board.placeOf(id) ?? '';
      return selected.elements.every((other) => (board.placeOf(other.id) ?? '') < place);
    },
    shapeAround: (p) => shapeAround(scene, p),
    unit: ({ id }) => elementsIn(board, unitOf(board, id, entered)),
    inside: ({ id }) => insideOf(board, id, entered),
    touching(box) {
      const touched = selectableIn(scene, editing, box).filter((element) =>
        element.kind === 'frame' ? boxContains(box, geometryBox(element.geometry)) : isInBox(element, box),
      );
      return wholeGroups(board, touched, { isHeld: false, find });
    },
    within(box) {
      const held = selectableIn(scene, editing, box).filter((element) => boxContains(box, paintBox(element)));
      return wholeGroups(board, held, { isHeld: true, find });
    },
    selecting: surroundings.selecting,
    inLoop(path, how) {
      const lasso = new Lasso(path);
      const inside = selectableIn(scene, editing, lasso.box).filter((element) => lasso[element.kind === 'frame' ? 'holds' : how](element));
      return wholeGroups(board, inside, { isHeld: how === 'holds', find });
    },
    snapping: (moving, modifiers) => snappingOf(surroundings, moving, modifiers),
    crossed: (from, to, radius) => crossedBy(scene, editing, from, to, radius),
  };
}

/** Thousands of elements have no edge that a person could want on a line. */
const MAX_SNAPPING = 500;

function snappingOf(
  { snap: { snapper, hasObjects, hasGrid }, scene, view, zoom }: Surroundings,
  moving: readonly BoardElement[],
  { mod }: Modifiers,
): Snapping | null {
  const isOn = hasObjects !== mod;
  const grid = hasGrid && !mod ? gridSpacing(zoom) : null;
  if (snapper === null || (!isOn && grid === null) || moving.length > MAX_SNAPPING) return null;
  return snapper.among({
    near: (box, max) => scene.some(box, max),
    view,
    zoom,
    moving: new Set(moving.map(({ id }) => id)),
    hasObjects: isOn,
    grid,
  });
}

/**
 * The topmost element within `margin` board units of a point; a frame at its title or its edge.
 *
 * @param where.zoom CSS pixels per board unit: titles have the same size at every zoom.
 */
export function pickAt(
  scene: Scene,
  editing: ElementId | null,
  p: Point,
  { margin, zoom }: { readonly margin: number; readonly zoom: number },
): BoardElement | null {
  const around = growBox(boxBetween(p, p), margin);
  const reachable = scene.query(around).filter((element) => isReachable(element, editing) && isShownAt(scene, element, around));
  const others = reachable.filter(({ kind }) => kind !== 'frame');
  const titled = (frame: BoardElement): boolean => {
    const title = titleBox(frame, zoom);
    return title !== null && boxContainsPoint(title, p);
  };
  return topmostHit(others, p, margin) ?? scene.frames.findLast(titled) ?? topmostHit(reachable, p, margin);
}

/** Whether frames let something of it through within the box. */
function isShownAt(scene: Scene, element: BoardElement, box: Box): boolean {
  return (
    element.frame === null ||
    boxesTouch(
      shownBox(element, (id) => scene.get(id)),
      box,
    )
  );
}

/** Shapes alone have an inside that a person sees as such. */
function shapeAround(scene: Scene, p: Point): BoardElement | null {
  return scene.query(boxBetween(p, p)).findLast((element) => isShapeKind(element.kind) && isInsideShape(element, p)) ?? null;
}

/** Elements whose painted box touches the box, bottom to top, without the locked ones. */
function selectableIn(scene: Scene, editing: ElementId | null, box: Box): BoardElement[] {
  return scene.query(box).filter((element) => isReachable(element, editing) && !element.isLocked && isShownAt(scene, element, box));
}

/** Elements within `radius` board units of a line, in no order, without the locked ones and frames: they hold what no eraser touched. */
function crossedBy(scene: Scene, editing: ElementId | null, from: Point, to: Point, radius: number): BoardElement[] {
  const around = growBox(boxBetween(from, to), radius);
  return scene
    .queryUnordered(around)
    .filter((element) => isReachable(element, editing) && !element.isLocked && element.kind !== 'frame')
    .filter((element) => isShownAt(scene, element, around) && isCrossed(element, from, to, radius));
}

function isReachable(element: BoardElement, editing: ElementId | null): boolean {
  return element.kind !== 'unknown' && element.id !== editing;
}
