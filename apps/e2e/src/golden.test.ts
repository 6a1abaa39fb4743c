/**
 * Every look is painted as in pictures that a person has looked at, in light and in dark.
 *
 * After a wanted change `GOLDEN=update` paints them anew; look at them before you commit them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { CELL, COLUMNS, cornerOf, goldenScene } from './golden-scene.ts';
import { useWorld } from './harness.ts';
import { crop, decodePng, type Picture } from './screen.ts';
import { onBoard } from './style-board.ts';

const world = useWorld();
const scene = goldenScene();
const rows = Math.ceil(scene.length / COLUMNS);

/** How far a channel may be off: another version of the browser smooths edges a little differently. */
const CHANNEL_TOLERANCE = 64;
/** Pixels of a cell that may be further off than that: less than any dash, head or letter has. */
const PIXEL_TOLERANCE = 25;

async function paintScene(page: Page): Promise<Buffer> {
  await page.evaluate(
    (elements) => {
      const { board, stage } = window.wetink ?? {};
      if (board === undefined || stage === undefined) throw new Error('open the board with #debug');
      board.run((edit) => {
        for (const { ink, ...element } of elements) edit.create(ink === undefined ? element : { ...element, ink: new Uint8Array(ink) });
      });
      stage.setCamera({ x: 0, y: 0, zoom: 1 });
      stage.setTool('select');
    },
    scene.map(({ element }) => element),
  );
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+.');
  await page.getByTestId('tool-select').waitFor({ state: 'hidden' });
  const clip = { x: 0, y: 0, width: CELL.width * COLUMNS, height: CELL.height * rows };
  let last = await page.screenshot({ clip });
  // Text is laid out again when its font is there, and tiles follow when the hand rests.
  await expect
    .poll(
      async () => {
        const before = last;
        last = await page.screenshot({ clip });
        return last.equals(before);
      },
      { interval: 500, timeout: 20_000 },
    )
    .toBe(true);
  return last;
}

/** Pixels of a cell that a person would see as other. */
function differing(a: Picture, b: Picture): number {
  let count = 0;
  for (let y = 0; y < CELL.height; y++)
    for (let x = 0; x < CELL.width; x++) {
      const [one, two] = [a.at(x, y), b.at(x, y)];
      if (one.some((value, channel) => Math.abs(value - (two[channel] ?? 0)) > CHANNEL_TOLERANCE)) count++;
    }
  return count;
}

it.each(['light', 'dark'] as const)('every look is painted as in the golden picture, %s', async (colorScheme) => {
  const { page, context, errors } = await onBoard(world, { colorScheme, viewport: { width: 1280, height: CELL.height * rows + 40 } });
  const painted = await paintScene(page);
  const file = new URL(`../golden/paint-${colorScheme}.png`, import.meta.url);
  if (process.env['GOLDEN'] === 'update') await writeFile(file, painted);
  const [wanted, seen] = [decodePng(await readFile(file)), decodePng(painted)];
  const others = scene.flatMap(({ name }, index) => {
    const [x, y] = cornerOf(index);
    const cell = { x, y, ...CELL };
    const count = differing(crop(wanted, cell), crop(seen, cell));
    return count > PIXEL_TOLERANCE ? [`${name}: ${count} pixels`] : [];
  });
  expect(others).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
