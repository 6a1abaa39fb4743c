/** Parts of the page whose code is fetched later, when the network is away, or slow, before they came. */
import type { Page, Route } from 'playwright';
import { expect, it } from 'vitest';
import { boardReady, createPerson, newBoardId, pickTool, useWorld, useServiceWorkers } from './harness.ts';

useServiceWorkers();

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
  // A style sheet that never comes holds the load event back, if the page is idle before it.
  await page.goto(`${world.relay.url}/b/${newBoardId()}#debug`, { waitUntil: 'domcontentloaded' });
  await boardReady(page);
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

it('what is drawn waits for no code, and what is erased before its code has come goes once it has', async () => {
  const { context, page, errors } = await createPerson(world.browser);
  const held: Route[] = [];
  await context.route(/\/sw\.js$/, (route) => route.abort());
  await context.route(/\/assets\/(editing|Typing)-[^/]*\.js$/, (route) => void held.push(route));
  await page.goto(`${world.relay.url}/b/${newBoardId()}#debug`, { waitUntil: 'domcontentloaded' });
  await boardReady(page);
  const drag = async (x: number): Promise<void> => {
    await page.mouse.move(x, 300);
    await page.mouse.down();
    await page.mouse.move(x + 80, 360, { steps: 4 });
    await page.mouse.up();
  };
  const kinds = (): Promise<string[]> => page.evaluate(() => window.wetink?.board.elements().map(({ kind }) => kind) ?? []);
  // What draws waits for nothing.
  await drag(300);
  expect(await kinds()).toEqual(['stroke']);
  await pickTool(page, 'rectangle');
  await drag(450);
  expect(await kinds()).toEqual(['stroke', 'rectangle']);
  await pickTool(page, 'eraser');
  await drag(300);
  await toast(page, /is being loaded/).waitFor();
  expect(await kinds()).toEqual(['stroke', 'rectangle']);
  await context.unroute(/\/assets\/(editing|Typing)-[^/]*\.js$/);
  for (const route of held) await route.continue();
  await expect.poll(kinds).toEqual(['rectangle']);
  // A click with the text tool, and the box has the keys.
  await pickTool(page, 'text');
  await page.mouse.click(600, 300);
  await page.getByTestId('text-editor').waitFor();
  await page.keyboard.type('here');
  await page.keyboard.press('Escape');
  await expect.poll(kinds).toEqual(['rectangle', 'text']);
  // The service worker, which this test does without.
  expect(errors.filter((error) => !error.includes('fetching the script'))).toEqual([]);
  await context.close();
});
