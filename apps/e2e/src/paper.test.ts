/** The paper of a board: chosen by mouse, by touch and by keyboard, seen by everybody, undone with one press, and in pictures. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { paperTones, type Paper } from '@wetink/board';
import { seriousFaults } from './axe.ts';
import { createPerson, draw, newBoardId, openBoard, useWorld, waitForChip, waitForCount } from './harness.ts';
import { screenOf } from './screen.ts';
import { keepPicture, onBoard, phone } from './style-board.ts';

const world = useWorld();
const paperOf = (page: Page): Promise<Paper | undefined> => page.evaluate(() => window.wetink?.board.paper);
const close = (page: Page): Promise<void> =>
  page.keyboard.press('Escape').then(() => page.getByTestId('paper').waitFor({ state: 'detached' }));

/** The colour of most of the screen around the middle, as `#rrggbb`. */
async function colorOf(page: Page): Promise<string> {
  const screen = await screenOf(page);
  const { width, height } = screen;
  const counts = new Map<string, number>();
  for (let y = Math.round(height * 0.3); y < height * 0.5; y += 3) {
    for (let x = Math.round(width * 0.4); x < width * 0.6; x += 3) {
      const hex = `#${screen
        .at(x, y)
        .map((value) => value.toString(16).padStart(2, '0'))
        .join('')}`;
      counts.set(hex, (counts.get(hex) ?? 0) + 1);
    }
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

it('by mouse: everybody sees the pattern and the colour at once and after a reload, in light and dark, and undo takes each back', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  const boardId = newBoardId();
  for (const { page } of [ana, ben]) await openBoard(page, world.relay.url, boardId);
  await ana.page.getByTestId('menu').click();
  await ana.page.getByTestId('open-paper').click();
  await ana.page.getByTestId('paper-grid').click();
  await ana.page.getByTestId('paper-mint').click();
  await keepPicture(ana.page, 'paper-dialog');
  for (const colorScheme of ['light', 'dark'] as const) {
    await ana.page.emulateMedia({ colorScheme });
    expect(await seriousFaults(ana.page)).toEqual([]);
  }
  await ana.page.emulateMedia({ colorScheme: 'light' });
  await close(ana.page);
  for (const { page } of [ana, ben]) {
    await expect.poll(() => paperOf(page)).toEqual({ pattern: 'grid', tone: 'mint' });
    await expect.poll(() => colorOf(page)).toBe(paperTones.mint.light);
  }
  await ben.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => colorOf(ben.page)).toBe(paperTones.mint.dark);
  await keepPicture(ben.page, 'paper-dark');
  await waitForChip(ana.page, /^Saved/);
  await ben.page.reload();
  await expect.poll(() => paperOf(ben.page)).toEqual({ pattern: 'grid', tone: 'mint' });
  expect(await ben.page.getByTestId('undo').isDisabled()).toBe(true);

  await ana.page.getByTestId('undo').click();
  await expect.poll(() => paperOf(ben.page)).toEqual({ pattern: 'grid', tone: 'white' });
  await ana.page.getByTestId('undo').click();
  await expect.poll(() => paperOf(ben.page)).toEqual({ pattern: 'dots', tone: 'white' });
  await ana.page.getByTestId('redo').click();
  await expect.poll(() => paperOf(ben.page)).toEqual({ pattern: 'grid', tone: 'white' });
  expect([ana.errors, ben.errors]).toEqual([[], []]);
  await ana.context.close();
  await ben.context.close();
});

it('by touch on a phone, with targets for fingers, and a stroke is drawn on it as before', async () => {
  const { page, context, errors } = await onBoard(world, phone);
  await waitForChip(page, /^Saved/);
  await page.getByTestId('menu').tap();
  await page.getByTestId('open-paper').tap();
  await page.getByTestId('paper-ruled').tap();
  await page.getByTestId('paper-cream').tap();
  await keepPicture(page, 'paper-phone');
  const heights = await page
    .getByTestId('paper')
    .locator('label')
    .evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().height));
  expect(heights.filter((height) => height < 44)).toEqual([]);
  await page.getByRole('button', { name: 'Close' }).tap();
  expect(await paperOf(page)).toEqual({ pattern: 'ruled', tone: 'cream' });
  await draw(page, [
    [80, 300],
    [250, 380],
  ]);
  await waitForCount(page, 1);
  expect(errors).toEqual([]);
  await context.close();
});

it('by keyboard from the list of actions, and a picture shows it where the person asks for that', async () => {
  const { page, context, errors } = await onBoard(world);
  await waitForChip(page, /^Saved/);
  await draw(page, [
    [400, 300],
    [600, 380],
  ]);
  await waitForCount(page, 1);
  const svg = async (): Promise<string> => {
    const waiting = page.waitForEvent('download');
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-field').fill('export svg');
    await page.keyboard.press('Enter');
    return readFile(await (await waiting).path(), 'utf8');
  };
  const open = async (): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-field').fill('paper');
    await page.keyboard.press('Enter');
    await page.getByTestId('paper').waitFor();
  };
  await open();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => paperOf(page)).toEqual({ pattern: 'grid', tone: 'mint' });
  await close(page);
  expect(await svg()).not.toContain('<pattern');
  await open();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await page.getByTestId('paper-in-pictures').isChecked()).toBe(true);
  await close(page);
  const picture = await svg();
  expect(picture).toContain('<pattern id="paper"');
  expect(picture).toContain(`fill="${paperTones.mint.light}"`);
  expect(errors).toEqual([]);
  await context.close();
});
