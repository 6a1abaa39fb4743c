/**
 * Bounded reading and writing of the bytes in ink and wet ink: varints, zigzag, floats, short strings.
 *
 * A varint is little-endian groups of seven bits, at most eight bytes (53 bits), and never longer than needed:
 * one value has one encoding, so decoded bytes re-encode to the same bytes. The reader allocates only what it
 * returns, and throws its caller's error for every read past the end or out of range.
 */

/** 2^53 - 1 needs eight groups of seven bits. */
const MAX_VARINT_BYTES = 8;

/** Appends to a buffer that doubles. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(expectedBytes = 64) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** @param value An integer, 0 to 2^53 - 1. */
  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** @param value An integer, -(2^52 - 1) to 2^52 - 1: small ones of either sign take one byte. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float64(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    this.bytes(bytes);
  }

  bytes(value: Uint8Array): void {
    if (this.#length + value.length > this.#bytes.length) this.#grow(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** A copy of exactly what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + needed));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads forward through untrusted bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #refuse: (detail: string) => Error;
  #at = 0;

  /** @param refuse Makes the error to throw; its detail is for developers. */
  constructor(bytes: Uint8Array, refuse: (detail: string) => Error) {
    this.#bytes = bytes;
    this.#refuse = refuse;
  }

  /** Bytes not read yet: the bound of every claimed count. */
  remaining(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw this.#refuse('truncated');
    this.#at += 1;
    return value;
  }

  varint(): number {
    // Most differences between two points are one byte.
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 128) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    let factor = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (byte === 0 && i > 0) throw this.#refuse('number longer than needed');
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      factor *= 128;
    }
    throw this.#refuse('number too large');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  float64(): number {
    const bytes = this.bytes(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    if (length > this.remaining()) throw this.#refuse('truncated');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Throws when bytes are left. */
  end(): void {
    if (this.remaining() > 0) throw this.#refuse(`${this.remaining()} bytes too many`);
  }
}
