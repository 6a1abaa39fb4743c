import { expect, it } from 'vitest';
import { isBeforeKey, type KeyPress } from './key-readings.ts';

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code: 'Backslash', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

it('a backslash shows pictures without their looks, also one that is typed with AltGr', () => {
  expect(isBeforeKey(press('\\'))).toBe(true);
  // A German keyboard in a browser on Windows, and in one that reports no AltGr.
  const altGr = { code: 'Minus', ctrlKey: true, altKey: true };
  expect(isBeforeKey(press('\\', { ...altGr, altKey: false, getModifierState: (name) => name === 'AltGraph' }))).toBe(true);
  expect(isBeforeKey(press('\\', altGr))).toBe(true);
});

it('a shortcut of the browser with a backslash, or another key in its place, does not', () => {
  expect(isBeforeKey(press('\\', { ctrlKey: true }))).toBe(false);
  expect(isBeforeKey(press('\\', { metaKey: true }))).toBe(false);
  expect(isBeforeKey(press('ß', { code: 'Minus' }))).toBe(false);
});
