/**
 * The console output of Yjs, in place of `lib0/logging`: that one brings a page console, a DOM builder and a schema checker,
 * 5 kB of the first load. Yjs calls the two functions and names the four styles; text comes out plain.
 */
export const [ORANGE, RED, BOLD, UNBOLD] = [Symbol('orange'), Symbol('red'), Symbol('bold'), Symbol('unbold')];

const unstyled = (parts: readonly unknown[]): unknown[] => parts.filter((part) => typeof part !== 'symbol');

export function print(...parts: readonly unknown[]): void {
  console.log(...unstyled(parts));
}
export function warn(...parts: readonly unknown[]): void {
  console.warn(...unstyled(parts));
}
