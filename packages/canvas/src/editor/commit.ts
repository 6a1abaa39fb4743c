/**
 * The end of a gesture: a tool's commit becomes one transaction of the board, hence one step of undo.
 */
import {
  decodeInk,
  defaultStyle,
  encodeInk,
  inkBounds,
  type AttachedFile,
  type Board,
  type BoardElement,
  type Edit,
  type ElementId,
  type Geometry,
  type Crop,
  type ImageContent,
  type Look,
  type NewElement,
  type ReorderTarget,
  type Style,
} from '@wetink/board';
import { shownPoints } from '../draw/ink-points.ts';
import { emptyTextSize } from '../draw/text-layout.ts';
import type { Point } from '../geometry.ts';
import type { Commit, MovedItem } from '../tools/tool.ts';
import { moveGeometry } from '../frame.ts';
import type { copyGroups } from '../grouping.ts';
import { fillFrame, nextTitle, putCopiesIntoFrames, putIntoFrames, type Surface } from './homes.ts';
import { ownStyle, pick } from './style-fields.ts';

/** Copied ink is stored as fine as ink drawn at this zoom, since it may be scaled and copied again. */
const COPY_ZOOM = 8;

/** The parts of the editor that a commit needs. */
export interface Desk {
  readonly board: Board;
  /** The board as shown, for the frames on it. */
  readonly scene: Surface;
  readonly state: { readonly camera: { readonly zoom: number } };
}

/**
 * Writes one commit; copies are made by `duplicate`.
 *
 * Ink is kept to an eighth of a CSS pixel.
 *
 * @returns The element it created, null when it created none.
 */
export function applyCommit({ board, scene, state }: Desk, commit: Exclude<Commit, { type: 'copy' }>, gesture: string): ElementId | null {
  return board.run((edit) => {
    const create = (element: NewElement): ElementId => {
      const id = edit.create(element);
      putIntoFrames(edit, board, scene, [{ id, geometry: element.geometry }]);
      return id;
    };
    switch (commit.type) {
      case 'stroke': {
        const { style, hasPressure, xyp } = commit;
        const ink = encodeInk({ xyp, hasPressure }, state.camera.zoom);
        // The box of the points as everyone will decode them, not as they were sampled.
        return create({ kind: 'stroke', style: ownStyle('stroke', style), ink, gesture, geometry: inkBounds(decodeInk(ink)) });
      }
      case 'shape':
        if (commit.shape === 'frame') return drawFrame(board, edit, scene, { geometry: commit.geometry, gesture });
        return create({
          kind: commit.shape,
          style: ownStyle(commit.shape, commit.style),
          geometry: commit.geometry,
          gesture,
          ...(commit.points !== undefined && { points: commit.points }),
        });
      case 'text': {
        const { w, h } = emptyTextSize(commit.style);
        // The click marks the middle of the first line, where the caret will be.
        const y = commit.at.y - h / 2;
        return create({
          kind: 'text',
          style: ownStyle('text', commit.style),
          geometry: { x: commit.at.x, y, w, h, rotation: 0 },
          text: commit.text ?? '',
          gesture,
        });
      }
      case 'move':
        moveTo(edit, board, scene, commit.items);
        return null;
      case 'style':
        for (const id of commit.ids)
          for (const [prop, value] of Object.entries(commit.patch)) edit.setStyle(id, prop as keyof Style, value as never);
        return null;
      case 'remove':
        edit.remove(commit.ids);
        return null;
    }
  });
}

function drawFrame(board: Board, edit: Edit, scene: Surface, frame: Pick<NewElement, 'geometry'> & { gesture: string }): ElementId {
  const id = edit.create({ kind: 'frame', style: defaultStyle, text: nextTitle(scene.frames), ...frame });
  fillFrame(edit, board, scene, { id, geometry: frame.geometry });
  return id;
}

export function moveTo(edit: Edit, board: Board, scene: Surface, items: readonly MovedItem[]): void {
  for (const { id, geometry, fontSize, points } of items) {
    edit.setGeometry(id, geometry);
    if (points !== undefined) edit.setPoints(id, points);
    if (fontSize !== undefined) edit.setStyle(id, 'fontSize', fontSize);
  }
  putIntoFrames(edit, board, scene, items);
  for (const item of items) {
    const before = board.get(item.id);
    const isResized = before?.kind === 'frame' && (before.geometry.w !== item.geometry.w || before.geometry.h !== item.geometry.h);
    if (isResized) fillFrame(edit, board, scene, item);
  }
}

/** Sets style properties of all elements that have them, as one step. */
export function restyle(board: Board, elements: readonly BoardElement[], patch: Partial<Style>): void {
  board.run((edit) => {
    for (const element of elements)
      for (const prop of Object.keys(pick(element.kind, patch)) as (keyof Style)[]) setProp(edit, element, prop, patch);
  });
}

function setProp<Prop extends keyof Style>(edit: Edit, element: BoardElement, prop: Prop, patch: Partial<Style>): void {
  const value = patch[prop];
  if (value !== undefined && value !== element.style[prop]) edit.setStyle(element.id, prop, value);
}

/** A change to how images are shown. */
export interface LookPatch {
  readonly look?: Partial<Look>;
  readonly crop?: Crop;
}

/** Sets parts of the look of images, and their crop, as one step. Elements of other kinds stay as they are. */
export function relook(board: Board, ids: readonly ElementId[], { look = {}, crop }: LookPatch): void {
  board.run((edit) => {
    for (const id of ids) {
      for (const [prop, value] of Object.entries(look)) edit.setLook(id, prop as keyof Look, value);
      if (crop !== undefined) edit.setCrop(id, crop);
    }
  });
}

/**
 * Copies, shifted by board units, above each other as the elements are, as one step.
 *
 * @param how.regroup Puts them into groups: code that comes late.
 * @param how.wet The gesture whose wet ink the first copy replaces; none by default.
 * @returns Their ids, in the order of the elements.
 */
export function duplicate(
  board: Board,
  elements: readonly BoardElement[],
  { x: dx, y: dy }: Point,
  { regroup, scene, wet }: { regroup: typeof copyGroups; scene: Surface; wet?: string },
): ElementId[] {
  return board.run((edit) => {
    const copies = new Map<ElementId, ElementId>();
    // A selection has no order of its own, as that of a group has none.
    const place = ({ id }: BoardElement): string => board.placeOf(id) ?? '';
    const upwards = [...elements].sort((a, b) => (place(a) < place(b) ? -1 : 1));
    for (const element of upwards) for (const copy of copyOf(element)) copies.set(element.id, copy);
    const groups = regroup(board, edit, copies);
    putCopiesIntoFrames(edit, board, scene, { copies, groups, shift: { x: dx, y: dy } });
    return elements.flatMap(({ id }) => copies.get(id) ?? []);
    function copyOf(element: BoardElement): ElementId[] {
      const of = copies.size === 0 && wet !== undefined ? { gesture: wet } : {};
      const { kind, geometry, style, text, image, file, look, crop, alt } = element;
      if (kind === 'unknown') return [];
      if (kind !== 'stroke') {
        const bends = element.points !== null && { points: element.points };
        const own = {
          ...((kind === 'text' || kind === 'frame') && { text }),
          ...bends,
          ...(image !== null && { image, look, crop }),
          ...(file !== null && { file }),
        };
        return [edit.create({ kind, geometry: moveGeometry(geometry, dx, dy), style, alt, ...own, ...of })];
      }
      const points = shownPoints(element);
      if (points === null) return [];
      const xyp = points.xyp.map((value, i) => value + (i % 3 === 0 ? dx : i % 3 === 1 ? dy : 0));
      const ink = encodeInk({ xyp, hasPressure: points.hasPressure }, COPY_ZOOM);
      return [edit.create({ kind, geometry: inkBounds(decodeInk(ink)), style, ink, alt, ...of })];
    }
  });
}

/** Puts images on the board, as one step. */
export function createImages(board: Board, scene: Surface, images: readonly { image: ImageContent; geometry: Geometry }[]): ElementId[] {
  return createAll(
    board,
    scene,
    images.map((part) => ({ kind: 'image', style: defaultStyle, ...part })),
  );
}

/** Puts cards of files on the board, as one step. */
export function createFiles(board: Board, scene: Surface, files: readonly { file: AttachedFile; geometry: Geometry }[]): ElementId[] {
  return createAll(
    board,
    scene,
    files.map((part) => ({ kind: 'file', style: defaultStyle, ...part })),
  );
}

function createAll(board: Board, scene: Surface, elements: readonly NewElement[]): ElementId[] {
  return board.run((edit) => {
    const ids = elements.map((element) => edit.create(element));
    putIntoFrames(
      edit,
      board,
      scene,
      elements.map(({ geometry }, i) => ({ id: ids[i] as ElementId, geometry })),
    );
    return ids;
  });
}

export function moveAll(board: Board, scene: Surface, elements: readonly BoardElement[], { x, y }: Point): void {
  // Not as shown: a crop that is not chosen yet is not in the document.
  const moved = elements.map(({ id, geometry }) => ({ id, geometry: moveGeometry(board.get(id)?.geometry ?? geometry, x, y) }));
  board.run((edit) => moveTo(edit, board, scene, moved));
}

export function removeAll(board: Board, elements: readonly BoardElement[]): void {
  board.run((edit) => edit.remove(elements.map((element) => element.id)));
}

/** @param units Elements and groups. */
export function reorderAll(board: Board, units: readonly ElementId[], to: ReorderTarget): void {
  board.run((edit) => edit.reorder(units, to));
}
