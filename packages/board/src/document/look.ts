/**
 * How an image is shown: the part of it that is, its corners, and its filters.
 *
 * Each is a value of its own under `id/name` in the root `style`, so two people on different sliders both keep their work.
 * A record holds what differs from the defaults in `y`, where readers of before looks keep it unread.
 */
import { MAX_COORDINATE, MIN_CROP } from '../limits.ts';
import { readImage } from './image-record.ts';
import type { Crop, Geometry, ImageContent, Look } from '../types.ts';

/**
 * Lowest and highest value of each part of a look; 0 leaves the picture as it is. Part of the format, and
 * so is their order: wet looks name them by it. Append only.
 */
export const lookRanges = {
  radius: [0, 1],
  brightness: [-1, 1],
  exposure: [-1, 1],
  contrast: [-1, 1],
  saturation: [-1, 1],
  warmth: [-1, 1],
  hue: [-1, 1],
  blur: [0, 1],
  greyscale: [0, 1],
  sepia: [0, 1],
  invert: [0, 1],
  vignette: [0, 1],
} as const satisfies Readonly<Record<keyof Look, readonly [number, number]>>;

export const lookProps = Object.keys(lookRanges) as (keyof Look)[];

export const plainLook: Look = Object.freeze(Object.fromEntries(lookProps.map((prop) => [prop, 0])) as unknown as Look);
export const wholeCrop: Crop = Object.freeze({ left: 0, top: 0, right: 1, bottom: 1 });

export function isLookValue(prop: keyof Look, value: unknown): value is number {
  const [low, high] = lookRanges[prop];
  return typeof value === 'number' && value >= low && value <= high;
}

export function isLookProp(prop: string): prop is keyof Look {
  return Object.hasOwn(lookRanges, prop);
}

/** `[left, top, right, bottom]`, with something left to show. */
export function isCropValue(value: unknown): value is readonly [number, number, number, number] {
  if (!Array.isArray(value) || value.length !== 4) return false;
  if (!value.every((edge) => typeof edge === 'number' && edge >= 0 && edge <= 1)) return false;
  const [left, top, right, bottom] = value as [number, number, number, number];
  return right - left >= MIN_CROP && bottom - top >= MIN_CROP;
}

export function isPictureValue(value: unknown): boolean {
  return readImage(value) !== null;
}

export function cropToValue({ left, top, right, bottom }: Crop): number[] {
  return [left, top, right, bottom];
}

/** @param value Must satisfy `isCropValue`. */
export function valueToCrop(value: unknown): Crop {
  const [left, top, right, bottom] = value as [number, number, number, number];
  return isWhole({ left, top, right, bottom }) ? wholeCrop : { left, top, right, bottom };
}

/** The look and crop in the `y` of a record; malformed parts count as absent. */
export function readLook(stored: Readonly<Record<string, unknown>>): { look: Look; crop: Crop } {
  let look = plainLook;
  for (const prop of lookProps) {
    if (!Object.hasOwn(stored, prop)) continue;
    const value = stored[prop];
    if (isLookValue(prop, value) && value !== 0) look = { ...look, [prop]: value };
  }
  return { look, crop: Object.hasOwn(stored, 'crop') && isCropValue(stored.crop) ? valueToCrop(stored.crop) : wholeCrop };
}

/** The parts that differ from the defaults. */
export function writeLook(look: Partial<Look>, crop: Crop): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const prop of lookProps) if ((look[prop] ?? 0) !== 0) stored[prop] = look[prop];
  if (!isWhole(crop)) stored.crop = cropToValue(crop);
  return stored;
}

/**
 * The box of the part of an image that is shown.
 *
 * A document holds the box of the whole image, also while a part is cropped away, so a crop never writes a place: cropping
 * merges with moving, resizing and turning.
 */
export function cropGeometry(whole: Geometry, crop: Crop): Geometry {
  if (isWhole(crop)) return whole;
  const { left, top, right, bottom } = crop;
  return about(whole, {
    x: whole.x + left * whole.w,
    y: whole.y + top * whole.h,
    w: (right - left) * whole.w,
    h: (bottom - top) * whole.h,
  });
}

/** The reverse of `cropGeometry`, within rounding. */
export function wholeGeometry(shown: Geometry, crop: Crop): Geometry {
  if (isWhole(crop)) return shown;
  const { left, top, right, bottom } = crop;
  const [w, h] = [shown.w / (right - left), shown.h / (bottom - top)];
  return about(shown, { x: shown.x - left * w, y: shown.y - top * h, w, h });
}

/**
 * The box of a whole image that is shown in place of the first one, in the middle of the document's box.
 *
 * The document's box always has the proportions of the first image, stretched if a person has stretched it; another image
 * is fitted within it and stretched alike. So an image of other proportions writes no place, and when two people replace an
 * image at once, neither box squeezes the image that wins.
 */
export function fittedGeometry(stored: Geometry, first: ImageContent, shown: ImageContent): Geometry {
  const { across, down } = shares(first, shown);
  return resized(stored, stored.w * across, stored.h * down);
}

/** The reverse of `fittedGeometry`, within rounding. */
export function storedGeometry(fitted: Geometry, first: ImageContent, shown: ImageContent): Geometry {
  const { across, down } = shares(first, shown);
  return resized(fitted, fitted.w / across, fitted.h / down);
}

/** Shares that `shown` fills of the sides of a box with the proportions of `first`. */
function shares(first: ImageContent, shown: ImageContent): { across: number; down: number } {
  // A pixel of rounding on either side is no other ratio.
  const [a, b] = [shown.width * first.height, first.width * shown.height];
  if (Math.abs(a - b) <= Math.max(shown.width, shown.height, first.width, first.height)) return { across: 1, down: 1 };
  return { across: Math.min(1, a / b), down: Math.min(1, b / a) };
}

function resized(box: Geometry, w: number, h: number): Geometry {
  if (w === box.w && h === box.h) return box;
  return { ...bounded({ x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h }), rotation: box.rotation };
}

export function isWhole({ left, top, right, bottom }: Crop): boolean {
  return left === 0 && top === 0 && right === 1 && bottom === 1;
}

/** `box`, given in the frame of `turned` before its rotation, as a geometry with that rotation about its own centre. */
function about(turned: Geometry, box: Omit<Geometry, 'rotation'>): Geometry {
  const { rotation } = turned;
  if (rotation === 0) return { ...bounded(box), rotation };
  const centre = { x: turned.x + turned.w / 2, y: turned.y + turned.h / 2 };
  const [dx, dy] = [box.x + box.w / 2 - centre.x, box.y + box.h / 2 - centre.y];
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const x = centre.x + dx * cos - dy * sin - box.w / 2;
  const y = centre.y + dx * sin + dy * cos - box.h / 2;
  return { ...bounded({ ...box, x, y }), rotation };
}

/** A hidden part may reach beyond the board; a stored box never does. */
function bounded({ x, y, w, h }: Omit<Geometry, 'rotation'>): Omit<Geometry, 'rotation'> {
  const within = (value: number): number => Math.min(MAX_COORDINATE, Math.max(-MAX_COORDINATE, value));
  return { x: within(x), y: within(y), w: within(w), h: within(h) };
}
