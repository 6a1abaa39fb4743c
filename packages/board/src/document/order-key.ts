/**
 * The place of an element in paint order, as one string per element that sorts bottom to top.
 *
 * An element that was never reordered stores nothing: its key follows from when it was made. That implicit key is itself
 * a valid fractional key whose integer part is the step's clock, so stored and implicit keys mix, `generateKeyBetween`
 * works between any two of them, and an element drawn later lies on top of one brought to the front before.
 *
 *     g  ccccccc   ssssssss  n dd…  V
 *     │  7 digits  session   │      └ a fraction must not end in 0
 *     │  (ms)                └ number of digits, then the digits of the element's counter
 *     └ head: an integer of 8 characters
 *
 * Frames have a layer of their own beneath everything else, the outer ones beneath those in them: before their key stands one
 * character that sorts before all keys.
 */
import { MAX_ORDER_KEY_LENGTH } from '../limits.ts';
import { SESSION_LENGTH, stepTime } from './keys.ts';
import type { ElementId, StepKey } from '../types.ts';

const digits62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PAIRS = 62 * 62;
const pairs = Array.from({ length: PAIRS }, (_, i) => (digits62[Math.floor(i / 62)] as string) + (digits62[i % 62] as string));
const SMALLEST_INTEGER = 'A' + '0'.repeat(26);
/** All of them sort before the head of a key. Frames that lie deeper share the last one. */
const FRAME_LAYERS = '0123456789';
const LARGEST_INTEGER = 'z' + 'z'.repeat(26);

/** The order key of an element that was never reordered: by step, then by counter. */
export function implicitOrderKey(step: StepKey, id: ElementId): string {
  // An id is its session and the digits of its counter, exactly the text that follows the time in a key.
  const counterLength = id.length - SESSION_LENGTH;
  return `g${toBase62(stepTime(step))}${id.slice(0, SESSION_LENGTH)}${counterLength}${id.slice(SESSION_LENGTH)}V`;
}

/**
 * Whether `generateKeyBetween` of fractional-indexing 4 accepts the value as either end without throwing.
 * The two extreme integers are refused: nothing fits beyond them.
 */
export function isOrderKey(value: unknown): value is string {
  if (typeof value !== 'string' || value.length < 2 || value.length > MAX_ORDER_KEY_LENGTH) return false;
  if (!/^[A-Za-z][0-9A-Za-z]+$/.test(value)) return false;
  const head = value.charCodeAt(0);
  const integerLength = head >= 97 ? head - 97 + 2 : 90 - head + 2;
  if (value.length < integerLength) return false;
  if (value.length > integerLength && value.endsWith('0')) return false;
  return !value.startsWith(SMALLEST_INTEGER) && !value.startsWith(LARGEST_INTEGER);
}

/**
 * The sort key of an element: `(key, id)` as one string. A space sorts before every digit of a key, so no key runs
 * into the id of another element.
 */
export function paintPlace(orderKey: string, id: ElementId): string {
  return `${orderKey} ${id}`;
}

/** The sort key of a frame that `depth` other frames are around. */
export function framePlace(orderKey: string, id: ElementId, depth: number): string {
  return FRAME_LAYERS[Math.min(depth, FRAME_LAYERS.length - 1)] + paintPlace(orderKey, id);
}

/** The layer of a place: '' for everything that is no frame. Places of one layer sort in a row. */
export function layerOfPlace(place: string): string {
  const first = place[0] ?? '';
  return first < 'A' ? first : '';
}

export function orderKeyOfPlace(place: string): string {
  return place.slice(layerOfPlace(place).length, place.indexOf(' '));
}

/** Seven base-62 digits, made two at a time for speed: opening a board calls this for every element. */
function toBase62(value: number): string {
  const low = value % PAIRS;
  const middle = Math.floor(value / PAIRS) % PAIRS;
  const high = Math.floor(value / PAIRS / PAIRS) % PAIRS;
  const top = digits62[Math.floor(value / PAIRS / PAIRS / PAIRS)] as string;
  return top + (pairs[high] as string) + (pairs[middle] as string) + (pairs[low] as string);
}
