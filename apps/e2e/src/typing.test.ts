/** Text boxes at their edges: too much text, a page that goes away with a box open, a text undone while it is typed in. */
import type { Page } from 'playwright';
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

it('a page that goes away with a text box open leaves nothing empty behind, and keeps what was typed', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  await boardFor(ana, ben);
  await writeAt(ana.page, 500, 300, 'kept');
  await waitForCount(ben.page, 1);
  await ana.page.reload();
  await boardReady(ana.page);
  await waitForCount(ana.page, 1);
  await writeAt(ana.page, 500, 500, '');
  await waitForCount(ben.page, 2);
  await ana.page.reload();
  await boardReady(ana.page);
  await waitForCount(ana.page, 1);
  await waitForCount(ben.page, 1);
  // An older text, emptied and left so.
  await pickTool(ana.page, 'select');
  await ana.page.mouse.dblclick(510, 300);
  await ana.page.getByTestId('text-editor').waitFor();
  await ana.page.keyboard.press('Control+a');
  await ana.page.keyboard.press('Delete');
  await ana.page.close({ runBeforeUnload: true });
  await waitForCount(ben.page, 0);
  expect([...ana.errors, ...ben.errors]).toEqual([]);
  await ana.context.close();
  await ben.context.close();
});

it('undoing a text that somebody is typing in leaves it to them and says so', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  await boardFor(ana, ben);
  await writeAt(ana.page, 500, 300, 'alpha');
  await ana.page.keyboard.press('Escape');
  await waitForCount(ben.page, 1);
  await pickTool(ben.page, 'select');
  await ben.page.mouse.dblclick(510, 300);
  await ben.page.getByTestId('text-editor').waitFor();
  await ben.page.keyboard.type(' and ben');
  await expect.poll(() => texts(ana.page)).toEqual(['alpha and ben']);
  // Others see at the text who has it open.
  await ana.page
    .getByTestId('writers-at-text')
    .filter({ hasText: / is writing$/ })
    .waitFor();
  expect(await ben.page.getByTestId('writers-at-text').count()).toBe(0);
  await ana.page.keyboard.press('Control+z');
  await ana.page.getByText(/worked on this since, so it stays/).waitFor();
  await ben.page.keyboard.type(', still');
  await ben.page.keyboard.press('Escape');
  await expect.poll(() => texts(ana.page)).toEqual(['alpha and ben, still']);
  await ana.page.getByTestId('writers-at-text').waitFor({ state: 'detached' });
  await ana.context.close();
  await ben.context.close();
});
