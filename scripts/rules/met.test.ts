// Each fault that people met with this product is kept mended by at least one test whose title begins with the fault's id.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** T: untrue statements to people. D: drawing. E: export. M: manners. K: kept on the device. L: laws of the board. P: freezes. */
const faults = [
  ...numbered('T', 10),
  ...numbered('D', 20),
  ...numbered('E', 4),
  ...numbered('M', 11),
  ...numbered('K', 12),
  ...numbered('L', 17),
  ...['P1', 'P2', 'P3', 'P4', 'P6'],
];

/** `'K2: …'`, `'[U12] [T2] L1: …'`, `'D3 D4: …'`, `'D11: D15: …'`, and the first argument of `it` alone or after `it.each`. */
const titlePattern = /\(\s*['"`](?:\[[A-Z]{1,4}\d+[a-z]?\]\s*)*((?:[A-Z]\d+:?\s+)*[A-Z]\d+:)\s/g;

it('each fault that people met has a test named after it', () => {
  const named = new Set(
    ['packages', 'apps', 'infra'].flatMap(testFiles).flatMap((path) => {
      const titles = readFileSync(path, 'utf8').matchAll(titlePattern);
      return [...titles].flatMap(([, ids = '']) => ids.match(/[A-Z]\d+/g) ?? []);
    }),
  );
  expect(faults.filter((id) => !named.has(id))).toEqual([]);
});

function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

/** Walks by hand: `recursive` would read what is installed and what is built, too. */
function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return ['node_modules', 'dist'].includes(entry.name) || entry.name.startsWith('.') ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith('.test.ts') || /src[\\/]testing$/.test(folder) ? [join(folder, entry.name)] : [];
  });
}
