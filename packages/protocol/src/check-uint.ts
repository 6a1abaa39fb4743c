/** Guards what we write: lib0 encodes a negative, fractional or unsafe number as some other number without a word. */

/** @throws {RangeError} a bug of the caller. @returns `value` */
export function checkUint(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${what} is not an unsigned integer: ${value}`);
  return value;
}
