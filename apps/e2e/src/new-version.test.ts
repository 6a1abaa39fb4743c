/** A new version of the app, put in the place of the old one while the relay runs and people draw. */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright';
import {
  createPerson,
  newBoardId,
  openBoard,
  openTab,
  pickTool,
  startRelay,
  useBrowser,
  waitForChip,
  waitForCount,
  type Person,
  type RelayProcess,
  useServiceWorkers,
} from './harness.ts';

useServiceWorkers();

const world = useBrowser();
let app: string;
let relay: RelayProcess;
let ana: Person;
let version = 1;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'wetink-app-'));
  await cp(join(import.meta.dirname, '../../web/dist'), app, { recursive: true, filter: (path) => !path.endsWith('.map') });
  relay = await startRelay({}, app);
});
afterAll(async () => {
  await relay?.dispose();
  await rm(app, { recursive: true, force: true });
});
beforeEach(async () => {
  ana = await createPerson(world.browser);
});
afterEach(async () => {
  await ana.context.close();
});

/** Other bytes of the service worker are another version of the app. Browsers look for one when a page loads, or on request. */
async function release(page: Page): Promise<void> {
  await appendFile(join(app, 'sw.js'), `\n// version ${++version}`);
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => void registration?.update()));
}

function toast(page: Page, text: RegExp) {
  return page.getByTestId('toast').filter({ hasText: text });
}

/** Whether this is still the page that was loaded when it was marked. */
const mark = (page: Page): Promise<void> => page.evaluate(() => void Object.assign(window, { isOld: true }));
const isOld = (page: Page): Promise<boolean> => page.evaluate(() => 'isOld' in window);
const reloaded = (page: Page): Promise<unknown> => page.waitForFunction(() => !('isOld' in window), null, { timeout: 20_000 });

/** Two tabs of one person, each with a board of its own; the second is under the service worker. */
async function twoTabs(): Promise<[Page, Page]> {
  await openBoard(ana.page, relay.url, newBoardId());
  await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await ana.page.reload();
  await openBoard(ana.page, relay.url, newBoardId());
  const second = await openTab(ana.context);
  await openBoard(second.page, relay.url, newBoardId());
  for (const page of [ana.page, second.page]) {
    await waitForChip(page, /^Saved/);
    await mark(page);
  }
  return [ana.page, second.page];
}

it('K7: a reload asked for in another tab waits for the stroke, says so, and costs nothing of it', async () => {
  const [first, second] = await twoTabs();
  await release(first);
  await toast(first, /A new version of Wetink is ready/).waitFor();
  await pickTool(first, 'pen');
  await first.mouse.move(300, 300);
  await first.mouse.down();
  await first.mouse.move(500, 340, { steps: 8 });
  await toast(second, /A new version of Wetink is ready/)
    .getByRole('button', { name: 'Reload' })
    .click();
  await reloaded(second);
  // Longer than any pause after which a page reloads, with the pen down and still.
  await first.waitForTimeout(2_500);
  expect(await isOld(first)).toBe(true);
  await first.mouse.move(600, 300, { steps: 8 });
  await first.mouse.up();
  await toast(first, /has started\. This page reloads/).waitFor();
  await waitForCount(first, 1);
  await reloaded(first);
  await waitForCount(first, 1);
  expect(ana.errors).toEqual([]);
});

it('K7: it waits for an open text and for a message that is being written; asked for here it takes both along', async () => {
  const [first, second] = await twoTabs();
  await release(first);
  await toast(first, /is ready/).waitFor();
  await pickTool(first, 'text');
  await first.getByTestId('chat-toggle').click();
  await first.getByTestId('chat-input').fill('one more');
  await toast(second, /is ready/)
    .getByRole('button', { name: 'Reload' })
    .click();
  await reloaded(second);
  const waits = toast(first, /has started\. This page reloads when you have finished typing/);
  await waits.waitFor();
  // One click leaves the message and opens the text: with nothing typed anywhere for long, the page would reload.
  await first.mouse.click(400, 300);
  await first.keyboard.type('two boats');
  await waits.waitFor();
  // Longer than any pause after which a page reloads.
  await first.waitForTimeout(2_500);
  expect(await isOld(first)).toBe(true);
  await waits.getByRole('button', { name: 'Reload' }).click();
  await reloaded(first);
  await waitForCount(first, 1);
  await first.getByTestId('chat-toggle').click();
  await expect.poll(() => first.getByTestId('chat-input').inputValue()).toBe('one more');
  expect(ana.errors).toEqual([]);
});

it('K11: "Reload" pressed with work that is not saved says that it waits, and for what, and reloads once it is saved', async () => {
  const [first] = await twoTabs();
  await release(first);
  await toast(first, /is ready/).waitFor();
  await relay.kill();
  try {
    await waitForChip(first, /Offline/);
    await pickTool(first, 'rectangle');
    await first.mouse.move(400, 300);
    await first.mouse.down();
    await first.mouse.move(500, 360, { steps: 8 });
    await first.mouse.up();
    await waitForChip(first, /Offline: 1 change kept on this device/);
    await toast(first, /is ready/)
      .getByRole('button', { name: 'Reload' })
      .click();
    await toast(first, /Wetink reloads as soon as your changes are saved\./).waitFor();
    expect(await isOld(first)).toBe(true);
  } finally {
    await relay.restart();
  }
  await reloaded(first);
  await waitForCount(first, 1);
  expect(ana.errors).toEqual([]);
});

it('K6: "Reload" reloads a page that no worker controls and whose new version another tab has started', async () => {
  // Reloaded with Shift: no worker controls this page, whatever is installed.
  await ana.page.goto(relay.url);
  await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await openBoard(ana.page, relay.url, newBoardId());
  const cdp = await ana.context.newCDPSession(ana.page);
  await Promise.all([ana.page.waitForEvent('load'), cdp.send('Page.reload', { ignoreCache: true })]);
  expect(await ana.page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await waitForChip(ana.page, /^Saved/);
  await mark(ana.page);
  const second = await openTab(ana.context);
  await second.page.goto(relay.url);
  await mark(second.page);
  await release(second.page);
  await toast(ana.page, /is ready/).waitFor();
  await toast(second.page, /is ready/)
    .getByRole('button', { name: 'Reload' })
    .click();
  await reloaded(second.page);
  await toast(ana.page, /is ready/)
    .getByRole('button', { name: 'Reload' })
    .click();
  await reloaded(ana.page);
});

it('M10: a version that replaced the old one under a running relay is offered to a page that comes back to the front', async () => {
  await ana.page.clock.install();
  await ana.page.goto(relay.url);
  await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await appendFile(join(app, 'sw.js'), `\n// version ${++version}`);
  await ana.page.clock.fastForward('11:00');
  await ana.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect
    .poll(() => ana.page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration?.waiting?.state)), {
      timeout: 20_000,
    })
    .toBe('installed');
  await ana.page.clock.fastForward('00:01');
  await toast(ana.page, /A new version of Wetink is ready/).waitFor();
});
