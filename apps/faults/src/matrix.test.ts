/** Checks the table in README.md: every row of the matrix is in it, and the files and tests that it names exist. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '@wetink/relay';
import { expect, it } from 'vitest';

const ROWS = 27;
const root = join(import.meta.dirname, '..', '..', '..');
const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const table = readme
  .split('\n')
  .filter((line) => /^\| F\d+ /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, row = '', , file = '', title = '']) => ({ row, file: file.replaceAll('`', ''), title }));

/** @returns Titles of tests and groups, as written in the source. */
function titlesOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/\b(?:it|test|describe)(?:\.\w+)*(?:\([^()'"`]*\))?\(\s*(['"`])(.*?)\1,/gs)].map(([, , title = '']) => title);
}

it('every row of the matrix has a test', () => {
  const rows = new Set(table.map(({ row }) => row));
  expect([...rows]).toEqual(Array.from({ length: ROWS }, (_, index) => `F${index + 1}`));
});

it.each(table)('$row: $file has “$title”', ({ file, title }) => {
  expect(existsSync(join(root, file))).toBe(true);
  const found = titlesOf(file).filter((one) => one.includes(title));
  expect(found.length, `titles: ${titlesOf(file).join(' · ')}`).toBeGreaterThan(0);
});

it('every test of a row in this package is in the table', () => {
  for (const name of ['links', 'mongo', 'people', 'redis', 'relays']) {
    const file = `apps/faults/src/${name}.faults.test.ts`;
    const listed = table.filter((entry) => entry.file === file);
    for (const title of titlesOf(file).filter((one) => one.startsWith('[F')))
      expect(
        listed.some((entry) => title.startsWith(entry.title)),
        `${title} is not in the table`,
      ).toBe(true);
  }
});

it('[F20] the timeouts of nginx are longer than a relay is ever silent', () => {
  const conf = readFileSync(join(root, 'infra', 'nginx', 'nginx.conf'), 'utf8');
  const { pingMs, pongMs, keepaliveMs } = defaultLimits;
  // A relay checks every second, so a keepalive may be a second late; after two missed ones it counts as gone.
  // A client's data may wait for a relay until the relay gives up on the client.
  for (const [name, silentMs] of [
    ['proxy_read_timeout', keepaliveMs + 1_000],
    ['proxy_send_timeout', pingMs + pongMs],
  ] as const) {
    const seconds = Number(new RegExp(`${name} (\\d+)s;`).exec(conf)?.[1]);
    expect(seconds * 1_000, name).toBeGreaterThan(2 * silentMs);
  }
});
