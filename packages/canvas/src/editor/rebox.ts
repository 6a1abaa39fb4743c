/**
 * Boxes of images that a person moves, resizes or turns while other people crop or exchange them.
 *
 * A box is that of the part of the image that its crop leaves. A gesture works from the elements that it saw, the scene shows
 * live crops, the document and the wet ink hold chosen ones: a box that goes from one to another is converted here, so that
 * the whole image keeps its place, its size and its proportions.
 */
import { cropGeometry, wholeGeometry, type BoardElement, type Crop, type ElementId, type Geometry } from '@wetink/board';
import { geometryCentre } from '../geometry.ts';
import type { MovedItem, Preview } from '../tools/tool.ts';
import type { WetEntry } from '../wet/wet-ink.ts';

type ElementOf = (id: ElementId) => BoardElement | undefined;

/** The box that shows `now` as `geometry` shows `seen`, which is the same image at another time. */
export function rebox(geometry: Geometry, seen: BoardElement, now: BoardElement): Geometry {
  const isExchanged = seen.image?.hash !== now.image?.hash;
  if (!isExchanged && isSameCrop(seen.crop, now.crop)) return geometry;
  const whole = wholeGeometry(geometry, seen.crop);
  return cropGeometry(isExchanged ? likeExchanged(whole, wholeOf(seen), wholeOf(now)) : whole, now.crop);
}

/** The items with boxes of the elements that `now` returns; other kinds of elements, and those it lacks, stay as they are. */
export function reboxItems(items: readonly MovedItem[], now: ElementOf): readonly MovedItem[] {
  if (items.every(({ seen }) => seen === undefined)) return items;
  return items.map((item) => {
    const element = item.seen === undefined ? undefined : now(item.id);
    if (item.seen === undefined || element === undefined) return item;
    return { ...item, geometry: rebox(item.geometry, item.seen, element), seen: element };
  });
}

/** A preview with other boxes, if it is one of elements that move. */
export function reboxed(preview: Preview | null, rebox: (items: readonly MovedItem[]) => readonly MovedItem[]): Preview | null {
  return preview?.kind === 'move' || preview?.kind === 'copy' ? { ...preview, items: rebox(preview.items) } : preview;
}

/** Another person's move of images of which some are shown in a crop that is not chosen yet. */
export function shownMove(
  entry: Extract<WetEntry, { kind: 'move' }>,
  cropped: readonly ElementId[],
  find: { readonly stored: ElementOf; readonly shown: ElementOf },
): WetEntry {
  const moved = cropped.filter((id) => entry.items.has(id));
  if (moved.length === 0) return entry;
  const items = new Map(entry.items);
  for (const id of moved) {
    const [geometry, stored, shown] = [entry.items.get(id), find.stored(id), find.shown(id)];
    if (geometry !== undefined && stored !== undefined && shown !== undefined) items.set(id, rebox(geometry, stored, shown));
  }
  return { ...entry, items };
}

/** Resizes as much, about its middle, as the exchange has resized the box of the whole image. */
function likeExchanged(whole: Geometry, seen: Geometry, now: Geometry): Geometry {
  if (seen.w === 0 || seen.h === 0) return whole;
  const [w, h] = [whole.w * Math.abs(now.w / seen.w), whole.h * Math.abs(now.h / seen.h)];
  const { x, y } = geometryCentre(whole);
  return { x: x - w / 2, y: y - h / 2, w, h, rotation: whole.rotation };
}

function wholeOf({ geometry, crop }: BoardElement): Geometry {
  return wholeGeometry(geometry, crop);
}

function isSameCrop(a: Crop, b: Crop): boolean {
  return a === b || (a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom);
}
