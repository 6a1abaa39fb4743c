/** Text boxes at their edges: too much text, a page that goes away with a box open, a text undone while it is typed in. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { boardReady, createPerson, newBoardId, openBoard, pickTool, useWorld, waitForChip, waitForCount, type Person } from './harness.ts';

const world = useWorld();

const texts = (page: Page): Promise<string[]> => page.evaluate(() => window.wetink?.board.elements().map(({ text }) => text) ?? []);

async function boardFor(...people: Person[]): Promise<void> {
  const board = newBoardId();
  for (const { page } of people) {
    await openBoard(page, world.relay.url, board);
    await waitForChip(page, /^Saved/);
  }
}

async function writeAt(page: Page, x: number, y: number, text: string): Promise<void> {
  await pickTool(page, 'text');
  await page.mouse.click(x, y);
  await page.getByTestId('text-editor').waitFor();
  if (text !== '') await page.keyboard.type(text);
}

it('what a text has no room for is refused with a sentence, and typing goes on', async () => {
  const ana = await createPerson(world.browser);
  await boardFor(ana);
  const { page } = ana;
  await writeAt(page, 500, 300, 'start ');
  await page.keyboard.insertText('x'.repeat(100_001));
  await page.getByText(/One text holds 100,000 characters/).waitFor();
  expect(await page.getByTestId('text-editor').inputValue()).toBe('start ');
  await page.keyboard.type('end');
  await page.keyboard.press('Escape');
  expect(await texts(page)).toEqual(['start end']);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

