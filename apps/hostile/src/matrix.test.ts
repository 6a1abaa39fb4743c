/** Checks that the table in README.md names every row, and only existing files. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readerRows, relayRows, rowIds, serviceRows } from './rows.ts';

const folder = join(import.meta.dirname, '..');
const listed = readFileSync(join(folder, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [ABC]\d+ /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, id = '', , file = '']) => ({ id, file }));

const rowsByFile: Record<string, readonly { id: string }[]> = { ...relayRows, ...serviceRows, ...readerRows };

it.each(listed)('$id is in $file', ({ id, file }) => {
  const rows = rowsByFile[file];
  if (rows !== undefined) expect(rows.map((row) => row.id)).toContain(id);
  else expect(existsSync(join(folder, '..', '..', file))).toBe(true);
});

it.each(Object.entries(rowsByFile))('README.md lists every row of %s', (file, rows) => {
  const ids = new Set(listed.filter((entry) => entry.file === file).map(({ id }) => id));
  expect([...new Set(rows.map(({ id }) => id))].sort()).toEqual([...ids].sort());
});

it('every row id has a test', () => {
  expect(rowIds.filter((id) => !listed.some((entry) => entry.id === id))).toEqual([]);
});
