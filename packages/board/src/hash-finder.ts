/**
 * Finds any of many SHA-256 hashes in stored values: as bytes, and as hex digits in text or in bytes that hold text.
 *
 * Keys are searched too. A value is walked without recursion, so a forged one may nest as deep as it likes.
 */
import { writeHash } from './document/content-hash.ts';

const HASH_BYTES = 32;
const HASH_DIGITS = 2 * HASH_BYTES;
/** The value of each character code that is a hex digit, plus one; 0 for others. */
const digits = new Uint8Array(128);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  digits[digit.charCodeAt(0)] = value + 1;
  digits[digit.toUpperCase().charCodeAt(0)] = value + 1;
}

interface Known {
  hash: string;
  bytes: Uint8Array;
}

export class HashFinder {
  /** Hashes by their first 6 bytes: a file for each that shares these with others would take 2^48 tries. */
  readonly #byStart = new Map<number, Known[]>();
  /** Whether a hash begins with these two bytes: one look for nearly every byte of a large value. */
  readonly #starts = new Uint8Array(1 << 16);
  #left = 0;

  /** @param hashes SHA-256 in hex. */
  constructor(hashes: Iterable<string>) {
    for (const hash of new Set(hashes)) {
      const bytes = writeHash(hash);
      this.#starts[twoBytes(bytes, 0)] = 1;
      const start = sixBytes(bytes, 0);
      const same = this.#byStart.get(start);
      if (same === undefined) this.#byStart.set(start, [{ hash, bytes }]);
      else same.push({ hash, bytes });
      this.#left += 1;
    }
  }

  /** No hash is left to look for. */
  get isDone(): boolean {
    return this.#left === 0;
  }

  /** Looks for this hash no more. */
  drop(hash: string): void {
    const start = sixBytes(writeHash(hash), 0);
    const same = this.#byStart.get(start) ?? [];
    const others = same.filter((known) => known.hash !== hash);
    this.#left -= same.length - others.length;
    if (others.length > 0) this.#byStart.set(start, others);
    else this.#byStart.delete(start);
  }

  /** @returns How often each hash is in the values; those that are in none are missing. */
  count(values: readonly unknown[]): Map<string, number> {
    const found = new Map<string, number>();
    if (this.isDone) return found;
    const waiting: unknown[] = [...values];
    while (waiting.length > 0) {
      const value = waiting.pop();
      if (typeof value === 'string') this.#inText(value, found);
      else if (value instanceof Uint8Array) this.#inBytes(value, found);
      else if (Array.isArray(value)) for (const part of value) waiting.push(part);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, part] of Object.entries(value)) waiting.push(key, part);
        // A stored key `__proto__` becomes the prototype.
        const prototype: unknown = Object.getPrototypeOf(value);
        if (prototype !== null && prototype !== Object.prototype) waiting.push(prototype);
      }
    }
    return found;
  }

  #inText(text: string, found: Map<string, number>): void {
    if (text.length < HASH_DIGITS) return;
    this.#inDigits(text.length, (at) => digits[text.charCodeAt(at)] ?? 0, found);
  }

  #inBytes(bytes: Uint8Array, found: Map<string, number>): void {
    this.#look(bytes, found);
    if (bytes.length >= HASH_DIGITS) this.#inDigits(bytes.length, (at) => digits[bytes[at] ?? 0] ?? 0, found);
  }

  /** Looks in each run of hex digits that is long enough, read from its first digit and from its second. */
  #inDigits(length: number, digitAt: (at: number) => number, found: Map<string, number>): void {
    for (let from = 0; from + HASH_DIGITS <= length;) {
      let end = from;
      while (end < length && digitAt(end) !== 0) end += 1;
      for (let start = from; start < from + 2 && end - start >= HASH_DIGITS; start++) {
        const bytes = new Uint8Array((end - start) >> 1);
        for (let i = 0; i < bytes.length; i++) bytes[i] = ((digitAt(start + 2 * i) - 1) << 4) | (digitAt(start + 2 * i + 1) - 1);
        this.#look(bytes, found);
      }
      from = end + 1;
    }
  }

  #look(bytes: Uint8Array, found: Map<string, number>): void {
    for (let at = 0; at + HASH_BYTES <= bytes.length; at++) {
      if (this.#starts[twoBytes(bytes, at)] === 0) continue;
      for (const { hash, bytes: own } of this.#byStart.get(sixBytes(bytes, at)) ?? nothing)
        if (isAt(bytes, at, own)) found.set(hash, (found.get(hash) ?? 0) + 1);
    }
  }
}

const nothing: readonly never[] = [];

function twoBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function sixBytes(bytes: Uint8Array, at: number): number {
  return (twoBytes(bytes, at) * 0x10000 + twoBytes(bytes, at + 2)) * 0x10000 + twoBytes(bytes, at + 4);
}

function isAt(bytes: Uint8Array, at: number, own: Uint8Array): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (bytes[at + i] !== own[i]) return false;
  return true;
}
