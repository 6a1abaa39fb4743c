/**
 * The part of an element that its frames let through.
 *
 * A frame clips what reaches across its edge. Elements that lie wholly beside the frame they are in are shown whole: two people
 * who move a frame and something in it at the same time can bring that about, and nothing may become invisible by it.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { boxContains, boxesTouch, geometryBox, type Box } from '../geometry.ts';
import type { Context } from './context.ts';

/** Finds the frames that clip; undefined for one that does not. */
export type FindFrame = (id: ElementId) => Pick<BoardElement, 'geometry' | 'frame'> | undefined;

/** Frames in frames that are followed outwards. */
const MAX_DEPTH = 32;

/** The box that an element is clipped to; null where all of it is shown. */
export function clipOf(element: BoardElement, find: FindFrame): Box | null {
  if (element.frame === null) return null;
  const own = paintBox(element);
  let clip: Box | null = null;
  let id: ElementId | null = element.frame;
  for (let depth = 0; id !== null && depth < MAX_DEPTH; depth++) {
    const frame = find(id);
    if (frame === undefined) break;
    const box = geometryBox(frame.geometry);
    if (boxesTouch(box, own) && !boxContains(box, own)) clip = clip === null ? box : intersection(clip, box);
    id = frame.frame;
  }
  return clip;
}

/** The part of an element's painted box that is shown. */
export function shownBox(element: BoardElement, find: FindFrame | undefined): Box {
  const clip = find === undefined ? null : clipOf(element, find);
  return clip === null ? paintBox(element) : intersection(clip, paintBox(element));
}

/** Frames among some elements: those that a picture of these elements clips by. */
export function framesAmong(elements: readonly BoardElement[]): FindFrame | undefined {
  const frames = new Map<ElementId, BoardElement>();
  for (const element of elements) if (element.kind === 'frame') frames.set(element.id, element);
  return frames.size === 0 ? undefined : (id) => frames.get(id);
}

/** Elements in a row that are clipped to the same box. */
export function* clippedRuns(
  elements: readonly BoardElement[],
  find: FindFrame,
): Generator<{ readonly clip: Box | null; readonly run: readonly BoardElement[] }> {
  let clip: Box | null = null;
  let run: BoardElement[] = [];
  for (const element of elements) {
    const next = clipOf(element, find);
    if (run.length > 0 && !isSame(clip, next)) {
      yield { clip, run };
      run = [];
    }
    clip = next;
    run.push(element);
  }
  if (run.length > 0) yield { clip, run };
}

/** Paints inside a box alone; everywhere without one. */
export function withClip(ctx: Context, clip: Box | null, paint: () => void): void {
  if (clip === null) return paint();
  startClip(ctx, clip);
  paint();
  ctx.restore();
}

/** Clips until the context is restored. */
export function startClip(ctx: Context, clip: Box): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(clip.minX, clip.minY, clip.maxX - clip.minX, clip.maxY - clip.minY);
  ctx.clip();
}

/** Part that both have; without size where they do not meet. */
function intersection(a: Box, b: Box): Box {
  const minX = Math.max(a.minX, b.minX);
  const minY = Math.max(a.minY, b.minY);
  return { minX, minY, maxX: Math.max(minX, Math.min(a.maxX, b.maxX)), maxY: Math.max(minY, Math.min(a.maxY, b.maxY)) };
}

function isSame(a: Box | null, b: Box | null): boolean {
  if (a === null || b === null) return a === b;
  return a.minX === b.minX && a.minY === b.minY && a.maxX === b.maxX && a.maxY === b.maxY;
}
