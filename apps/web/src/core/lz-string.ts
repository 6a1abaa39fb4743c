/**
 * Reads texts that `lz-string` compressed to base64, as tldraw puts into the clipboard. Pure.
 *
 * LZ78 over UTF-16 units: a code names a unit, or an earlier piece of the text with the unit that followed it. So every piece lies
 * in the text that was read before, and the dictionary is places in it: no piece is copied to be remembered, and a hostile text
 * can't ask for more memory than `maxUnits` of output.
 *
 * @see https://github.com/pieroxy/lz-string (MIT)
 */
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BITS_PER_DIGIT = 6;
/** Codes of one step, and units that they may repeat: less than a millisecond. */
const STEP_CODES = 2_048;
const STEP_UNITS = 262_144;

/** Codes with a meaning of their own; the pieces begin behind them. */
const UNIT_8 = 0;
const UNIT_16 = 1;
const END = 2;
const FIRST_PIECE = 3;

/**
 * The text, some thousand codes in each step.
 *
 * @param maxUnits UTF-16 units of the result.
 * @returns Null when it is malformed, cut off, or longer than that.
 */
export function* fromLzBase64InSteps(compressed: string, maxUnits: number): Generator<undefined, string | null> {
  const bits = new Bits(compressed);
  const output = new Output(maxUnits);
  const starts: number[] = [0, 0, 0];
  const lengths: number[] = [0, 0, 0];
  let width = 2;
  /** Codes until they get a bit longer. */
  let untilWider = 1;
  let before = { start: 0, length: 0 };
  let pauseAt = STEP_UNITS;
  for (let read = 1; ; read += 1) {
    if (read % STEP_CODES === 0 || output.length > pauseAt) {
      pauseAt = output.length + STEP_UNITS;
      yield;
    }
    let code = bits.take(width);
    if (code === END) return output.text();
    const unit = code === UNIT_8 ? bits.take(8) : code === UNIT_16 ? bits.take(16) : null;
    if (bits.isCutOff) return null;
    if (unit !== null) {
      code = starts.length;
      starts.push(output.length);
      lengths.push(1);
      untilWider -= 1;
      if (untilWider === 0) [untilWider, width] = [2 ** width, width + 1];
    }
    const isFirst = before.length === 0;
    const [start, length] = [starts[code], lengths[code]];
    // A code that is one too large names the piece that is being made.
    const piece =
      start !== undefined && length !== undefined
        ? { start, length }
        : code === starts.length && !isFirst
          ? { start: before.start, length: before.length + 1 }
          : null;
    if (piece === null || code < FIRST_PIECE) return null;
    const at = output.length;
    if (!(unit === null ? output.repeat(piece.start, piece.length) : output.add(unit))) return null;
    if (!isFirst) {
      starts.push(before.start);
      lengths.push(before.length + 1);
      untilWider -= 1;
      if (untilWider === 0) [untilWider, width] = [2 ** width, width + 1];
    }
    before = { start: at, length: piece.length };
  }
}

/** The bits of base64, first to last; numbers have their lowest bit first. */
class Bits {
  readonly #text: string;
  #at = 0;
  #value = 0;
  #left = 0;
  isCutOff = false;

  constructor(text: string) {
    this.#text = text;
  }

  take(count: number): number {
    let number = 0;
    for (let i = 0; i < count; i++) {
      if (this.#left === 0) {
        this.#value = digits.indexOf(this.#text.charAt(this.#at) || '=');
        this.#at += 1;
        this.#left = BITS_PER_DIGIT;
        if (this.#value < 0) this.isCutOff = true;
      }
      this.#left -= 1;
      if (((this.#value >> this.#left) & 1) === 1) number += 2 ** i;
    }
    return number;
  }
}

class Output {
  readonly #max: number;
  #units = new Uint16Array(1_024);
  length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** @returns False when there is no room. */
  add(unit: number): boolean {
    if (!this.#hasRoom(1)) return false;
    this.#units[this.length++] = unit;
    return true;
  }

  /** Repeats what is there from `start` on; the piece may reach into its own repetition. */
  repeat(start: number, length: number): boolean {
    if (!this.#hasRoom(length)) return false;
    const own = Math.min(length, this.length - start);
    this.#units.copyWithin(this.length, start, start + own);
    this.length += own;
    for (let i = own; i < length; i++) this.#units[this.length++] = this.#units[start + i] as number;
    return true;
  }

  /** Halves of a pair that stand alone become U+FFFD. */
  text(): string {
    return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(this.#units.subarray(0, this.length));
  }

  #hasRoom(length: number): boolean {
    const needed = this.length + length;
    if (needed > this.#max) return false;
    if (needed > this.#units.length) {
      const larger = new Uint16Array(Math.min(this.#max, Math.max(needed, 2 * this.#units.length)));
      larger.set(this.#units.subarray(0, this.length));
      this.#units = larger;
    }
    return true;
  }
}
