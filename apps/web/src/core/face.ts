/**
 * A picture that a person chose of themselves, as it travels between browsers: a few kilobytes of a still image, named by its
 * hash. The bytes come from strangers, and a face is shown in an `img` element: nothing is a face but a whole, small
 * PNG, JPEG or WebP of one frame whose bytes have the announced name. Pure.
 */
import { digest } from 'lib0/hash/sha256';
import { bytesToBase64Url } from './board-id.ts';
import { readImageHead } from './image-head.ts';
import { FACE_TEXT_MAX } from './presence-parts.ts';

export interface Face {
  /** 16 characters: 96 bits of the hash of the bytes. */
  readonly id: string;
  /** `data:` address with a type that was read from the bytes. */
  readonly url: string;
}

/** CSS pixels of each side as it is made: the largest avatar is 32 CSS pixels, at three device pixels each. */
export const FACE_PX = 96;
/** The most that a presence state has room for. A photograph of 96 pixels has 2 to 3 kB as WebP. */
export const FACE_MAX_BYTES = (FACE_TEXT_MAX / 4) * 3;
/** Pixels of a side that are decoded, at most: what other apps make may be larger than what this one makes. */
const SIDE_MAX_PX = 256;
const FORMATS: readonly string[] = ['png', 'jpeg', 'webp'];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** @param text Base64 of the bytes. @returns Null when they are no face. */
export function readFace(text: string): Face | null {
  if (text === '' || text.length > FACE_TEXT_MAX || !BASE64.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const head = readImageHead(bytes);
  if (head === null || !head.isWhole || !FORMATS.includes(head.format)) return null;
  if (head.width > SIDE_MAX_PX || head.height > SIDE_MAX_PX || isAnimated(bytes)) return null;
  return { id: faceIdOf(bytes), url: `data:image/${head.format};base64,${text}` };
}

/** The face that this device keeps, from its `data:` address. */
export function keptFace(url: string): Face | null {
  return readFace(textOfFace(url));
}

/** Base64 of the bytes of a `data:` address. */
export function textOfFace(url: string): string {
  return url.slice(url.indexOf(',') + 1);
}

function faceIdOf(bytes: Uint8Array): string {
  return bytesToBase64Url(digest(bytes).slice(0, 12));
}

/** Something that moves beside every message would be hard to read past, and can flash. */
function isAnimated(bytes: Uint8Array): boolean {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  // WebP says so in the flags of its first chunk, PNG in a chunk of its own.
  return text.startsWith('VP8X', 12) ? ((bytes[20] ?? 0) & 0x02) !== 0 : text.startsWith('\x89PNG') && text.includes('acTL');
}
