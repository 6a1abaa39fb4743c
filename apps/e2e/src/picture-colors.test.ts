/** The filters of pictures give the same colours on the screen, in a PNG and in an SVG: those of the golden pictures. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { wholeCrop } from '@wetink/board';
import {
  cellsOf,
  GOLDEN_CELL,
  GOLDEN_HEIGHT,
  GOLDEN_WIDTH,
  goldenColor,
  goldenLooks,
  goldenPicture,
} from '../../../packages/canvas/src/fixtures/golden-picture.ts';
import { filterPixels } from '../../../packages/canvas/src/images/filter-pixels.ts';
import { useGuests } from './guests.ts';
import { cameraOf, useWorld, waitForCount } from './harness.ts';
import { cellsFile } from './image-files.ts';
import { screenOf } from './screen.ts';

const world = useWorld({ WETINK_AUTH: 'guests' });
const { person, makeBoard } = useGuests(world);

/** The screen shows each pixel of these pictures as one of its own; browsers round a channel up or down. */
const SCREEN_TOLERANCE = 2;
/** PNG and SVG are twice as large, so pixels lie between those of the picture. */
const EXPORT_TOLERANCE = 5;
const PER_ROW = 4;
const GAP = 20;

const names = Object.keys(goldenLooks);
/** Where the pictures lie, board units from the first. */
const placeOf = (i: number): [number, number] => [(i % PER_ROW) * (GOLDEN_WIDTH + GAP), Math.floor(i / PER_ROW) * (GOLDEN_HEIGHT + GAP)];

function wanted(name: string): number[] {
  const picture = goldenPicture();
  const look = goldenLooks[name];
  if (look !== undefined) filterPixels(picture, { look, crop: wholeCrop });
  return cellsOf(picture);
}

/** The largest difference from the golden colours. @param at The colour at a place, board units from the first picture. */
function worst(at: (x: number, y: number) => readonly number[]): Record<string, number> {
  return Object.fromEntries(
    names.map((name, i) => {
      const [left, top] = placeOf(i);
      const cells: number[] = [];
      for (let y = GOLDEN_CELL / 2; y < GOLDEN_HEIGHT; y += GOLDEN_CELL)
        for (let x = GOLDEN_CELL / 2; x < GOLDEN_WIDTH; x += GOLDEN_CELL) cells.push(...at(left + x, top + y));
      return [name, Math.max(...wanted(name).map((value, n) => Math.abs(value - (cells[n] ?? 0))))];
    }),
  );
}

const within = (differences: Record<string, number>, tolerance: number): string[] =>
  Object.entries(differences).flatMap(([name, off]) => (off > tolerance ? [`${name}: ${off}`] : []));

/** Decodes a picture of the board; the first picture on it begins 16 board units from its corner. */
async function pixelsOf(page: Page, data: Buffer, type: string): Promise<(x: number, y: number) => readonly number[]> {
  const { width, pixels } = await page.evaluate(
    async ([base64, mime]) => {
      const image = new Image();
      image.src = `data:${mime};base64,${base64}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (context === null) throw new Error('no canvas');
      context.drawImage(image, 0, 0);
      return { width: canvas.width, pixels: [...context.getImageData(0, 0, canvas.width, canvas.height).data] };
    },
    [data.toString('base64'), type] as const,
  );
  const scale = width / (PER_ROW * (GOLDEN_WIDTH + GAP) - GAP + 32);
  return (x, y) => {
    const at = 4 * (Math.floor((y + 16) * scale) * width + Math.floor((x + 16) * scale));
    return pixels.slice(at, at + 3);
  };
}

it('every filter has its golden colours on the screen, in a PNG and in an SVG', async () => {
  const ana = await person('Ana');
  const { page } = ana;
  await makeBoard(ana);
  const file = cellsFile(
    'golden.png',
    { columns: GOLDEN_WIDTH / GOLDEN_CELL, rows: GOLDEN_HEIGHT / GOLDEN_CELL, side: GOLDEN_CELL },
    goldenColor,
  );
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('add-pictures').click();
  await (await chooser).setFiles([file]);
  await waitForCount(page, 1);
  await page.evaluate(
    ({ looks, places }) => {
      const { board, stage } = window.wetink ?? {};
      const [first] = board?.elements() ?? [];
      const { image, style, geometry } = first ?? {};
      if (board === undefined || stage === undefined || !image || !style || !geometry || first === undefined) throw new Error('no picture');
      board.run((edit) => {
        edit.remove([first.id]);
        for (const [i, look] of looks.entries()) {
          const [x = 0, y = 0] = places[i] ?? [];
          edit.create({ kind: 'image', image, style, look, geometry: { ...geometry, x: x + 100, y: y + 100 } });
        }
      });
      stage.select([]);
      stage.setCamera({ x: -200, y: -60, zoom: 1 });
    },
    { looks: Object.values(goldenLooks), places: names.map((_, i) => placeOf(i)) },
  );
  await waitForCount(page, names.length);
  const camera = await cameraOf(page);
  let screen: Record<string, number> = {};
  for (let tries = 0; tries < 40; tries++) {
    await page.waitForTimeout(250);
    const shot = await screenOf(page);
    screen = worst((x, y) => shot.at(Math.floor(x + 100 - camera.x), Math.floor(y + 100 - camera.y)));
    if (within(screen, SCREEN_TOLERANCE).length === 0) break;
  }
  expect(within(screen, SCREEN_TOLERANCE)).toEqual([]);

  for (const [item, type] of [
    ['export-png', 'image/png'],
    ['export-svg', 'image/svg+xml'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByTestId('menu').click();
    await page.getByTestId(item).click();
    const data = await readFile(await (await download).path());
    expect([item, within(worst(await pixelsOf(page, data, type)), EXPORT_TOLERANCE)]).toEqual([item, []]);
  }
});
