/**
 * Marks: text in each update and cursor that says which writer sent it and its number, found in the bytes of any frame. So
 * arrival is counted the same way for every protocol, whether a server passes on each message or merges many, and without
 * the cost of 100 documents in the process of the load.
 */

const PREFIX = '@mark';
const prefix = Buffer.from(PREFIX);
const WRITER_DIGITS = 4;
const NUMBER_DIGITS = 6;
const ZERO = 0x30;
export const MARK_BYTES = PREFIX.length + WRITER_DIGITS + NUMBER_DIGITS;

/** @param writer Below 10,000. @param number Below 1,000,000. */
export function markOf(writer: number, number: number): string {
  return PREFIX + String(writer).padStart(WRITER_DIGITS, '0') + String(number).padStart(NUMBER_DIGITS, '0');
}

export function eachMark(frame: Buffer, visit: (writer: number, number: number) => void): void {
  for (let at = frame.indexOf(prefix); at >= 0; at = frame.indexOf(prefix, at + MARK_BYTES)) {
    const from = at + PREFIX.length;
    visit(digits(frame, from, WRITER_DIGITS), digits(frame, from + WRITER_DIGITS, NUMBER_DIGITS));
  }
}

function digits(frame: Buffer, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) value = value * 10 + (frame[i] as number) - ZERO;
  return value;
}
