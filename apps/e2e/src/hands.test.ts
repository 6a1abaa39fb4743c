/** Where the keys go after a click, what an offered undo takes back, and one's name in two tabs. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { cameraOf, countElements, createPerson, draw, newBoardId, openBoard, openTab, pickTool, useWorld, waitForCount } from './harness.ts';

const world = useWorld();

const stroke = (page: Page, y: number): Promise<void> =>
  draw(page, [
    [500, y],
    [700, y + 40],
  ]);
const nameIn = (page: Page): Promise<unknown> => page.evaluate(() => window.wetink?.room.awareness.getLocalState()?.['user']?.name);
const namesOnBoard = (page: Page): Promise<unknown[]> => page.evaluate(() => [...(window.wetink?.board.doc.getMap('people').values() ?? [])]);

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
