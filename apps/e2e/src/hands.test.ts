/** Where the keys go after a click, what an offered undo takes back, and one's name in two tabs. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import {
  cameraOf,
  countElements,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  openTab,
  pickTool,
  useWorld,
  waitForCount,
} from './harness.ts';

const world = useWorld();

const stroke = (page: Page, y: number): Promise<void> =>
  draw(page, [
    [500, y],
    [700, y + 40],
  ]);
const nameIn = (page: Page): Promise<unknown> => page.evaluate(() => window.wetink?.room.awareness.getLocalState()?.['user']?.name);
const namesOnBoard = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => [...(window.wetink?.board.doc.getMap('people').values() ?? [])]);

it('after the width slider was dragged, undo, delete and the tool letters work', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await pickTool(page, 'rectangle');
  await stroke(page, 300);
  await waitForCount(page, 1);
  const width = (): Promise<number | undefined> => page.evaluate(() => window.wetink?.board.elements()[0]?.style.width);
  const before = await width();
  const slider = await page.getByTestId('style-width').boundingBox();
  if (slider === null) throw new Error('no slider');
  await draw(page, [
    [slider.x + slider.width * 0.2, slider.y + slider.height / 2],
    [slider.x + slider.width * 0.9, slider.y + slider.height / 2],
  ]);
  await expect.poll(width).not.toBe(before);
  await page.keyboard.press('Control+z');
  await expect.poll(width).toBe(before);
  await page.keyboard.press('Delete');
  await waitForCount(page, 0);
  await page.keyboard.press('e');
  expect(await page.getByTestId('tool-eraser').getAttribute('aria-pressed')).toBe('true');
  await ana.context.close();
});

it('after a colour was clicked, Space moves the board; after Enter on it, the keys stay there', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await pickTool(page, 'pen');
  await page.getByTestId('color-red').click();
  const before = await cameraOf(page);
  await page.mouse.move(600, 400);
  await page.keyboard.down('Space');
  await stroke(page, 400);
  await page.keyboard.up('Space');
  expect(await countElements(page)).toBe(0);
  expect((await cameraOf(page)).x).not.toBe(before.x);
  await page.getByTestId('color-blue').focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('color-blue');
  await ana.context.close();
});

it('the offer to undo a clear goes when something was drawn since', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await pickTool(page, 'pen');
  await stroke(page, 300);
  const clear = async (): Promise<void> => {
    await page.getByTestId('menu').click();
    await page.getByTestId('clear-board').click();
    await page.getByRole('alertdialog').getByRole('button', { name: /clear/i }).click();
    await waitForCount(page, 0);
    // Until it has faded away the pointer is the dialog's.
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  };
  const offer = page.getByText('The board is clear.');
  await clear();
  await offer.waitFor();
  await stroke(page, 500);
  await waitForCount(page, 1);
  await offer.waitFor({ state: 'detached', timeout: 3000 });
  await page.keyboard.press('Control+z');
  await waitForCount(page, 0);
  await page.keyboard.press('Control+z');
  await waitForCount(page, 1);
  await ana.context.close();
});

it('a name chosen in one tab is mine in the other, and in the document once', async () => {
  const ana = await createPerson(world.browser);
  const second = await openTab(ana.context);
  const board = newBoardId();
  for (const { page } of [ana, second]) {
    await openBoard(page, world.relay.url, board);
    await pickTool(page, 'pen');
  }
  await stroke(ana.page, 300);
  await waitForCount(second.page, 1);
  await ana.page.getByTestId('participants').click();
  await ana.page.getByTestId('my-name').fill('Anna');
  await ana.page.keyboard.press('Enter');
  await expect.poll(() => nameIn(ana.page)).toBe('Anna');
  await expect.poll(() => nameIn(second.page), { timeout: 3000 }).toBe('Anna');
  await second.page.bringToFront();
  await stroke(second.page, 500);
  await waitForCount(ana.page, 2);
  expect(await namesOnBoard(ana.page)).toEqual(['Anna']);
  await ana.context.close();
});
