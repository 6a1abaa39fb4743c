/**
 * Golden colours of every filter. They change only with a formula, and with it every picture that people have edited.
 * `apps/e2e/src/picture-colors.test.ts` compares the screen, a PNG and an SVG with the same function.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wholeCrop } from '@wetink/board';
import { cellsOf, goldenLooks, goldenPicture } from '../fixtures/golden-picture.ts';
import { filterPixels } from './filter-pixels.ts';

/** Two machines may round a power or a sine differently. */
const TOLERANCE = 1;

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/golden-filters.json'), 'utf8')) as Record<string, string>;

it.each(Object.entries(goldenLooks))('[IM7] the golden picture has its golden colours with %s', (name, look) => {
  const picture = goldenPicture();
  filterPixels(picture, { look, crop: wholeCrop });
  const cells = cellsOf(picture);
  const wanted = Buffer.from(golden[name] ?? '', 'hex');
  expect(wanted).toHaveLength(cells.length);
  const off = cells.filter((value, i) => Math.abs(value - (wanted[i] ?? 0)) > TOLERANCE);
  expect(off).toEqual([]);
});
