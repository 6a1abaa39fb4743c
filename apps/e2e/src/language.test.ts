/** The page is in the language of the browser, or in the chosen one, from its first paint on. */
import { expect, it } from 'vitest';
import { boardReady, createPerson, draw, newBoardId, openBoard, pickTool, useWorld, waitForCount } from './harness.ts';

const world = useWorld();

it('a browser in German opens a board in German, and never shows English', async () => {
  const { page, context, errors } = await createPerson(world.browser, { locale: 'de-AT' });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => seen.push(document.body?.innerText ?? '')).observe(document, { childList: true, subtree: true });
  });
  await openBoard(page, world.relay.url, newBoardId());
  await page.getByTestId('status-chip').filter({ hasText: 'Gespeichert' }).waitFor();
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual(['de', 'ltr']);
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen.join('\n'));
  expect(seen).not.toMatch(/Saved|Opening|Connecting|Undo|Share/);
  // Keys are the same in every language.
  await pickTool(page, 'rectangle');
  await draw(page, [
    [300, 300],
    [400, 380],
  ]);
  await waitForCount(page, 1);
  expect(errors).toEqual([]);
  await context.close();
});

it('another language is chosen at home and in the preferences, and keeps the board and what is on it', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await pickTool(page, 'rectangle');
  await draw(page, [
    [300, 300],
    [400, 380],
  ]);
  await waitForCount(page, 1);
  const address = page.url();
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-field').waitFor();
  await page.keyboard.type('language');
  await page.keyboard.press('Enter');
  const reloaded = page.waitForEvent('load');
  await page.getByTestId('language').selectOption('fr');
  await reloaded;
  await boardReady(page);
  await waitForCount(page, 1);
  expect(page.url()).toBe(address);
  await page.getByTestId('share').filter({ hasText: 'Partager' }).waitFor();
  await page.goto(world.relay.url);
  await page.getByTestId('new-board').filter({ hasText: 'Nouveau tableau' }).waitFor();
  await page.getByTestId('language').selectOption('en');
  await page.getByTestId('new-board').filter({ hasText: 'New board' }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it('words that can’t be fetched leave the page in English, and it says so', async () => {
  const { page, context } = await createPerson(world.browser, { locale: 'es-MX', serviceWorkers: 'block' });
  await page.route(/assets\/es-/, (route) => route.abort());
  await page.goto(world.relay.url);
  await page.getByTestId('new-board').filter({ hasText: 'New board' }).waitFor();
  await page.getByText('The words of this language could not be loaded.').waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await context.close();
});
