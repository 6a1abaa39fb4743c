/** Parts of the page whose code is fetched later, when the network is away, or slow, before they came. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { createPerson, newBoardId, openBoard, useWorld } from './harness.ts';

const world = useWorld();

/** Scripts and style sheets that come after the page has opened; without a service worker, which would bring them too. */
async function openWithoutParts(
  answer: 'none' | 'never',
): Promise<{ page: Page; comeBack: () => Promise<void>; tried: Set<string>; close: () => Promise<void> }> {
  const { context, page } = await createPerson(world.browser);
  let isAway = true;
  const tried = new Set<string>();
  await context.route(/\/sw\.js$/, (route) => route.abort());
  const late =
    /\/assets\/(?!index|BoardPage)[^/]*(Menu|ShareDialog|ChatDrawer|HelpDialog|Incoming|KeptNotice|PopoverCard|Tooltips)[^/]*\.(js|css)$/;
  await context.route(late, (route) => {
    if (!isAway) return route.fallback();
    tried.add(late.exec(route.request().url())?.[1] ?? '');
    return answer === 'none' ? route.abort('internetdisconnected') : undefined;
  });
  await openBoard(page, world.relay.url, newBoardId());
  return {
    page,
    tried,
    comeBack: async () => {
      isAway = false;
      await page.evaluate(() => dispatchEvent(new Event('online')));
    },
    close: () => context.close(),
  };
}

/** Two frames: what has failed is shown by then. */
const frames = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

const toast = (page: Page, text: RegExp) => page.getByTestId('toast').filter({ hasText: text });

it('a part that cannot be fetched shows a toast when it is asked for, covers nothing, and opens once the network is back', async () => {
  const { page, comeBack, tried, close } = await openWithoutParts('none');
  // Nobody asked for what the page fetches by itself.
  await expect.poll(() => [...tried], { timeout: 20_000 }).toEqual(expect.arrayContaining(['Incoming', 'KeptNotice', 'Tooltips']));
  await frames(page);
  expect(await page.locator('.dialog').count()).toBe(0);
  for (const part of ['menu', 'share', 'chat-toggle', 'status-chip', 'participants']) {
    await page.getByTestId(part).click();
    await toast(page, /could not be loaded. Check the connection and try again/).waitFor();
    await toast(page, /could not be loaded/)
      .getByRole('button', { name: 'Dismiss' })
      .click();
    expect(await page.locator('.dialog').count()).toBe(0);
  }
  await comeBack();
  await page.getByTestId('share').click();
  await page.locator('.dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('menu').click();
  await page.getByTestId('open-help').waitFor();
  await close();
});

it('a part that takes long to come says so, and is given up after a while', async () => {
  const { page, close } = await openWithoutParts('never');
  await page.getByTestId('menu').click();
  await toast(page, /is being loaded/).waitFor();
  await toast(page, /could not be loaded/).waitFor({ timeout: 15_000 });
  expect(await toast(page, /is being loaded/).count()).toBe(0);
  await close();
});
