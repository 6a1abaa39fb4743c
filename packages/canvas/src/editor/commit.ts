/**
 * The end of a gesture: a tool's commit becomes one transaction of the board, hence one step of undo.
 */
import {
  decodeInk,
  defaultStyle,
  encodeInk,
  inkBounds,
  type Board,
  type BoardElement,
  type Edit,
  type ElementId,
  type Geometry,
  type ImageContent,
  type ReorderTarget,
  type Style,
} from '@wetink/board';
import { shownPoints } from '../draw/ink-points.ts';
import { emptyTextSize } from '../draw/text-layout.ts';
import type { Commit } from '../tools/tool.ts';
import { moveGeometry } from '../transform.ts';
import { ownStyle, pick } from './style-fields.ts';

/** Copied ink is stored as fine as ink drawn at this zoom, since it may be scaled and copied again. */
const COPY_ZOOM = 8;

/**
 * Writes one commit.
 *
 * @param zoom CSS pixels per board unit: ink is kept to an eighth of a CSS pixel.
 * @returns The element it created, null when it created none.
 */
export function applyCommit(board: Board, commit: Commit, gesture: string, zoom: number): ElementId | null {
  return board.run((edit) => {
    switch (commit.type) {
      case 'stroke': {
        const { style, hasPressure, xyp } = commit;
        const ink = encodeInk({ xyp, hasPressure }, zoom);
        // The box of the points as everyone will decode them, not as they were sampled.
        return edit.create({ kind: 'stroke', style: ownStyle('stroke', style), ink, gesture, geometry: inkBounds(decodeInk(ink)) });
      }
      case 'shape':
        return edit.create({ kind: commit.shape, style: ownStyle(commit.shape, commit.style), geometry: commit.geometry, gesture });
      case 'text': {
        const { w, h } = emptyTextSize(commit.style);
        // The click marks the middle of the first line, where the caret will be.
        const y = commit.at.y - h / 2;
        return edit.create({
          kind: 'text',
          style: ownStyle('text', commit.style),
          geometry: { x: commit.at.x, y, w, h, rotation: 0 },
          text: commit.text ?? '',
          gesture,
        });
      }
      case 'move':
        for (const { id, geometry, fontSize } of commit.items) {
          edit.setGeometry(id, geometry);
          if (fontSize !== undefined) edit.setStyle(id, 'fontSize', fontSize);
        }
        return null;
      case 'remove':
        edit.remove(commit.ids);
        return null;
    }
  });
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

/** Copies, shifted by (dx, dy) board units, in their order, as one step. Returns their ids. */
export function duplicate(board: Board, elements: readonly BoardElement[], dx: number, dy: number): ElementId[] {
  return board.run((edit) =>
    elements.flatMap((element) => {
      const { kind, geometry, style, text, image, alt } = element;
      if (kind === 'unknown') return [];
      if (kind !== 'stroke') {
        const own = { ...(kind === 'text' && { text }), ...(image !== null && { image }) };
        return [edit.create({ kind, geometry: moveGeometry(geometry, dx, dy), style, alt, ...own })];
      }
      const points = shownPoints(element);
      if (points === null) return [];
      const xyp = points.xyp.map((value, i) => value + (i % 3 === 0 ? dx : i % 3 === 1 ? dy : 0));
      const ink = encodeInk({ xyp, hasPressure: points.hasPressure }, COPY_ZOOM);
      return [edit.create({ kind, geometry: inkBounds(decodeInk(ink)), style, ink, alt })];
    }),
  );
}

/** Puts images on the board, as one step. */
export function createImages(board: Board, images: readonly { image: ImageContent; geometry: Geometry }[]): ElementId[] {
  return board.run((edit) => images.map(({ image, geometry }) => edit.create({ kind: 'image', image, geometry, style: defaultStyle })));
}

export function moveAll(board: Board, elements: readonly BoardElement[], dx: number, dy: number): void {
  board.run((edit) => {
    for (const { id, geometry } of elements) edit.setGeometry(id, moveGeometry(geometry, dx, dy));
  });
}

export function removeAll(board: Board, elements: readonly BoardElement[]): void {
  board.run((edit) => edit.remove(elements.map((element) => element.id)));
}

export function reorderAll(board: Board, elements: readonly BoardElement[], to: ReorderTarget): void {
  board.run((edit) =>
    edit.reorder(
      elements.map((element) => element.id),
      to,
    ),
  );
}
