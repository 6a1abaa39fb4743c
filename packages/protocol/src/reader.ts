/**
 * Reads outside bytes without trusting them.
 *
 * Invariant: nothing is read beyond `end`, nothing is allocated for a length that was only claimed, and every failure
 * is a `SyncError`. Bytes handed out are copies in an ArrayBuffer of exactly their size: the input is often a view on a
 * pool that also holds other people's frames (lib0 <= 0.2.117 returned those), and a small kept piece must not keep a
 * large frame alive.
 *
 * Built on lib0's decoder, with its three gaps closed: a varint may not exceed 2^53 - 1 or eight bytes (lib0 returns
 * unsafe numbers and reads padding for ever), and `readUint8` may not run past the end (lib0 returns undefined).
 */

import { createDecoder, hasContent, readUint8, readUint8Array, type Decoder } from 'lib0/decoding';
import { SyncError } from './sync-error.ts';

/** Eight groups of seven bits hold 2^53 - 1 with three bits to spare. */
const MAX_VARINT_BYTES = 8;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class BoundedReader {
  readonly #decoder: Decoder;
  readonly #isOwned: boolean;

  /**
   * Reads `bytes` in place. They may be a view on something larger and are not modified.
   *
   * @param options `isOwned`: the caller made the whole ArrayBuffer behind `bytes` itself and gives it away, so what
   *   is handed out may be views on it. Saves the second copy of a message of hundreds of megabytes.
   */
  constructor(bytes: Uint8Array, options: { isOwned?: boolean } = {}) {
    this.#decoder = createDecoder(bytes);
    this.#isOwned = options.isOwned === true;
  }

  get hasMore(): boolean {
    return hasContent(this.#decoder);
  }

  get position(): number {
    return this.#decoder.pos;
  }

  get remainingBytes(): number {
    return this.#decoder.arr.length - this.#decoder.pos;
  }

  /** @throws {SyncError} MALFORMED at the end. */
  byte(what: string): number {
    if (!this.hasMore) throw truncated(what);
    return readUint8(this.#decoder);
  }

  /**
   * An unsigned integer, seven bits a byte, low group first. Padding groups of zeros are accepted up to eight bytes.
   * @throws {SyncError} MALFORMED when truncated, longer than eight bytes, or above `max`.
   */
  uint(what: string, max: number = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.byte(what);
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) {
        if (value > max) throw new SyncError('MALFORMED', `${what} is above ${max}`);
        return value;
      }
    }
    throw new SyncError('MALFORMED', `${what} is longer than ${MAX_VARINT_BYTES} bytes`);
  }

  /**
   * How many items follow, when each takes at least `minItemBytes`.
   * @throws {SyncError} MALFORMED when they cannot fit in what is left, TOO_LARGE above `max`.
   */
  count(what: string, minItemBytes: number, max: number = Number.MAX_SAFE_INTEGER): number {
    const count = this.uint(what);
    if (count * minItemBytes > this.remainingBytes) {
      throw new SyncError('MALFORMED', `${count} ${what} cannot fit in ${this.remainingBytes} bytes`);
    }
    if (count > max) throw new SyncError('TOO_LARGE', `${count} ${what}, ${max} allowed`);
    return count;
  }

  /** A length and that many bytes, copied. @throws {SyncError} MALFORMED, or TOO_LARGE above `maxBytes`. */
  bytes(what: string, maxBytes: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    return this.#handOut(this.#view(what, maxBytes));
  }

  /** A length and that many bytes, as a reader of its own which cannot see past them. */
  nested(what: string, maxBytes: number = Number.MAX_SAFE_INTEGER): BoundedReader {
    return new BoundedReader(this.#view(what, maxBytes), { isOwned: this.#isOwned });
  }

  /** Exactly `length` bytes without a length in front, copied. */
  fixed(what: string, length: number): Uint8Array {
    if (length > this.remainingBytes) throw truncated(what);
    return this.#handOut(readUint8Array(this.#decoder, length));
  }

  /** Everything that is left, copied. @throws {SyncError} TOO_LARGE above `maxBytes`. */
  rest(what: string, maxBytes: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    if (this.remainingBytes > maxBytes) throw tooLarge(what, this.remainingBytes, maxBytes);
    return this.fixed(what, this.remainingBytes);
  }

  /** A length and that many bytes of UTF-8. @throws {SyncError} MALFORMED, or TOO_LARGE above `maxBytes`. */
  string(what: string, maxBytes: number): string {
    return decodeUtf8(this.#view(what, maxBytes), what);
  }

  /**
   * Passes over a length and that many bytes of UTF-8.
   * @returns how many UTF-16 units the text has. @throws {SyncError} MALFORMED when it is not UTF-8.
   */
  utf16Length(what: string): number {
    const length = this.uint(what);
    if (length > this.remainingBytes) throw truncated(what);
    const { arr, pos } = this.#decoder;
    const end = pos + length;
    let at = pos;
    while (at < end && (arr[at] ?? 0) < 0x80) at++;
    this.#decoder.pos = end;
    return at === end ? length : decodeUtf8(arr.subarray(pos, end), what).length;
  }

  /**
   * Passes over a length and that many bytes of UTF-8.
   * @returns whether the text is `ascii`. @throws {SyncError} MALFORMED when it is not UTF-8.
   */
  isText(what: string, ascii: string): boolean {
    if (this.utf16Length(what) !== ascii.length) return false;
    const { arr, pos } = this.#decoder;
    for (let i = 0; i < ascii.length; i++) if (arr[pos - ascii.length + i] !== ascii.charCodeAt(i)) return false;
    return true;
  }

  /** Passes over a length and that many bytes. */
  skipBytes(what: string): void {
    this.skip(what, this.uint(what));
  }

  /** A reader of what is left, for an attempt that may fail; this one stays where it is. */
  fork(): BoundedReader {
    const { arr, pos } = this.#decoder;
    return new BoundedReader(arr.subarray(pos), { isOwned: this.#isOwned });
  }

  /** Passes over `length` bytes. */
  skip(what: string, length: number): void {
    if (length > this.remainingBytes) throw truncated(what);
    this.#decoder.pos += length;
  }

  /** @throws {SyncError} MALFORMED when bytes are left. */
  finish(what: string): void {
    if (this.hasMore) throw new SyncError('MALFORMED', `${this.remainingBytes} bytes after ${what}`);
  }

  #handOut(view: Uint8Array): Uint8Array {
    // Not slice(): on a Node Buffer that is a view.
    return this.#isOwned ? view : new Uint8Array(view);
  }

  #view(what: string, maxBytes: number): Uint8Array {
    const length = this.uint(what);
    if (length > maxBytes) throw tooLarge(what, length, maxBytes);
    if (length > this.remainingBytes) throw truncated(what);
    return readUint8Array(this.#decoder, length);
  }
}

function decodeUtf8(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new SyncError('MALFORMED', `${what} is not UTF-8`, { cause });
  }
}

function truncated(what: string): SyncError {
  return new SyncError('MALFORMED', `the bytes end inside ${what}`);
}

function tooLarge(what: string, bytes: number, maxBytes: number): SyncError {
  return new SyncError('TOO_LARGE', `${what} has ${bytes} bytes, ${maxBytes} allowed`);
}
