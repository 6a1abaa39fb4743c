/** Low and small windows: nothing lies over anything else, and what an empty or waiting board says is true. */
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import {
  boardReady,
  cameraOf,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  pickTool,
  useWorld,
  waitForChip,
  waitForCount,
  useServiceWorkers,
} from './harness.ts';
import { createLink } from './link.ts';

useServiceWorkers();

const world = useWorld();

interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

async function boxesOf(page: Page, testIds: readonly string[]): Promise<Box[]> {
  const boxes: Box[] = [];
  for (const name of testIds) {
    const box = await page.getByTestId(name).boundingBox();
    if (box === null) throw new Error(`${name} is not on the page`);
    boxes.push({ name, ...box });
  }
  return boxes;
}

/** Pairs that lie over each other, and boxes that reach out of the window. */
function faultsOf(boxes: readonly Box[], size: { width: number; height: number }): string[] {
  const faults: string[] = [];
  boxes.forEach((a, index) => {
    if (a.x < 0 || a.y < 0 || a.x + a.width > size.width + 0.5 || a.y + a.height > size.height + 0.5) faults.push(`${a.name} is cut off`);
    for (const b of boxes.slice(index + 1)) {
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
        faults.push(`${a.name} over ${b.name}`);
    }
  });
  return faults;
}

/** `SHOTS=folder` keeps pictures of these screens, to be looked at. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

describe.each([
  { width: 740, height: 360, hasTouch: true },
  { width: 1024, height: 480, hasTouch: false },
  { width: 640, height: 400, hasTouch: false },
  { width: 1280, height: 560, hasTouch: false },
  { width: 360, height: 740, hasTouch: true },
])('$width x $height', ({ width, height, hasTouch }) => {
  it('the style panel leaves menu, chip, undo and tools free', async () => {
    const ana = await createPerson(world.browser, { viewport: { width, height }, hasTouch });
    await openBoard(ana.page, world.relay.url, newBoardId());
    await waitForChip(ana.page, /^Saved/);
    for (const tool of ['pen', 'rectangle', 'text']) {
      await pickTool(ana.page, tool);
      await ana.page.getByTestId('style-panel').waitFor();
      const boxes = await boxesOf(ana.page, [
        'style-panel',
        'menu',
        'title',
        'status-chip',
        'share',
        'undo',
        'redo',
        `tool-${tool}`,
        'tool-select',
      ]);
      expect(faultsOf(boxes, { width, height })).toEqual([]);
      await keepPicture(ana.page, `${width}x${height}-${tool}`);
    }
    expect(ana.errors).toEqual([]);
    await ana.context.close();
  });

  it("a toast and the list of people keep clear of the first visit's card", async () => {
    const ana = await createPerson(world.browser, { viewport: { width, height }, hasTouch });
    await openBoard(ana.page, world.relay.url, newBoardId());
    await ana.page.getByTestId('hello').waitFor();
    await ana.page.getByTestId('menu').click();
    await ana.page.getByTestId('export-png').click(); // Nothing to export: a toast says so.
    await ana.page.getByTestId('toast').waitFor();
    await ana.page.waitForTimeout(200); // The toast rises and the menu fades.
    expect(faultsOf(await boxesOf(ana.page, ['hello', 'toast']), { width, height })).toEqual([]);
    await keepPicture(ana.page, `${width}x${height}-hello`);
    await ana.page.getByTestId('participants').click();
    await ana.page.getByTestId('hello').waitFor({ state: 'detached' });
    await ana.page.getByTestId('participants').click();
    await ana.page.getByTestId('hello').waitFor();
    await ana.context.close();
  });
});

describe('a board that nobody knows', () => {
  it('is asked about, stays off the list, and is listed with the first stroke', async () => {
    const ana = await createPerson(world.browser);
    const short = newBoardId().slice(0, 15);
    await openBoard(ana.page, world.relay.url, short);
    await ana.page.getByTestId('empty-hint').filter({ hasText: 'Was the link complete?' }).waitFor();
    await ana.page.getByTestId('empty-note').filter({ hasText: '22 characters, and this one in 15' }).waitFor();
    await keepPicture(ana.page, 'stranger');
    await ana.page.goto(world.relay.url);
    await ana.page.getByTestId('new-board').waitFor();
    expect(await ana.page.getByTestId('board-card').count()).toBe(0);
    await openBoard(ana.page, world.relay.url, short);
    await waitForChip(ana.page, /^Saved/);
    await pickTool(ana.page, 'rectangle');
    await draw(ana.page, [
      [300, 300],
      [420, 380],
    ]);
    await waitForChip(ana.page, /^Saved/);
    await ana.page.goto(world.relay.url);
    await ana.page.getByTestId('board-card').waitFor();
    await ana.context.close();
  });

  it('is not asked about when it was made here, also after a reload', async () => {
    const ana = await createPerson(world.browser);
    await ana.page.goto(world.relay.url);
    await ana.page.getByTestId('new-board').click();
    await ana.page.getByTestId('empty-hint').filter({ hasText: 'A fresh sheet' }).waitFor();
    await ana.page.reload();
    await ana.page.getByTestId('empty-hint').filter({ hasText: 'A fresh sheet' }).waitFor();
    await ana.context.close();
  });
});

it('the first stroke is one change, the list says what waits, and Try now brings it home', async () => {
  const link = await createLink(world.relay.port);
  const ana = await createPerson(world.browser);
  try {
    await openBoard(ana.page, link.url, newBoardId());
    await waitForChip(ana.page, /^Saved/);
    // Parts of the app that are fetched later come from it while there is no network.
    await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    link.cut();
    await waitForChip(ana.page, /Offline/);
    await pickTool(ana.page, 'rectangle');
    await draw(ana.page, [
      [300, 300],
      [420, 380],
    ]);
    await waitForChip(ana.page, /Offline: 1 change kept on this device/);
    await ana.page.getByTestId('menu').click();
    await ana.page.getByRole('menuitem', { name: 'All boards' }).click();
    await ana.page.getByTestId('card-waiting').filter({ hasText: '1 change waits on this device' }).waitFor();
    await keepPicture(ana.page, 'waiting');
    await ana.page.getByTestId('board-card').click();
    await ana.page.getByTestId('board-canvas').waitFor();
    await waitForChip(ana.page, /Offline: 1 change kept on this device/);
    await ana.page.getByTestId('status-chip').click();
    await ana.page.getByTestId('try-now').waitFor();
    await keepPicture(ana.page, 'try-now');
    // The wait after the next failed try has no end, so that only the button can bring the change home.
    await ana.page.evaluate(() => {
      Math.random = () => 1000;
    });
    const refused = link.refused;
    await expect.poll(() => link.refused, { timeout: 40_000 }).toBeGreaterThan(refused);
    link.mend();
    await ana.page.getByTestId('try-now').click();
    await waitForChip(ana.page, /^Saved/);
    await ana.page.keyboard.press('Escape');
    await ana.page.getByTestId('menu').click();
    await ana.page.getByRole('menuitem', { name: 'All boards' }).click();
    await ana.page.getByTestId('board-card').waitFor();
    expect(await ana.page.getByTestId('card-waiting').count()).toBe(0);
  } finally {
    await ana.context.close();
    await link.close();
  }
});

it('messages from before a person came are not unread, later ones are', async () => {
  const [ana, ben] = [await createPerson(world.browser), await createPerson(world.browser)];
  const board = newBoardId();
  const say = async (page: Page, text: string): Promise<void> => {
    await page.getByTestId('chat-input').fill(text);
    await page.getByTestId('chat-send').click();
  };
  await openBoard(ana.page, world.relay.url, board);
  await ana.page.getByTestId('chat-toggle').click();
  await say(ana.page, 'One');
  await say(ana.page, 'Two');
  await waitForChip(ana.page, /^Saved/);
  await openBoard(ben.page, world.relay.url, board);
  await waitForChip(ben.page, /^Saved/);
  await say(ana.page, 'Three');
  await expect.poll(() => ben.page.getByTestId('chat-toggle').getAttribute('aria-label')).toBe('Chat, 1 unread');
  await ben.page.reload();
  await boardReady(ben.page);
  await expect.poll(() => ben.page.getByTestId('chat-toggle').getAttribute('aria-label')).toBe('Chat, 1 unread');
  await waitForCount(ben.page, 0);
  await ana.context.close();
  await ben.context.close();
});

it('a kept tool stays after a shape, by its button and by its key', async () => {
  const ana = await createPerson(world.browser);
  await openBoard(ana.page, world.relay.url, newBoardId());
  const held = (tool: string): Promise<string | null> => ana.page.getByTestId(`tool-${tool}`).getAttribute('aria-pressed');
  const box = (x: number): [number, number][] => [
    [x, 200],
    [x + 60, 260],
  ];
  await pickTool(ana.page, 'rectangle');
  await ana.page.getByTestId('tool-keep').click();
  expect(await held('keep')).toBe('true');
  await draw(ana.page, box(300));
  await draw(ana.page, box(400));
  await waitForCount(ana.page, 2);
  expect(await held('rectangle')).toBe('true');
  await keepPicture(ana.page, 'kept-tool');
  await ana.page.keyboard.press('q');
  await draw(ana.page, box(500));
  await waitForCount(ana.page, 3);
  await expect.poll(() => held('select')).toBe('true');
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('a board opened on a phone shows what is drawn on it, and a reload keeps the view', async () => {
  const ana = await createPerson(world.browser);
  const board = newBoardId();
  await openBoard(ana.page, world.relay.url, board);
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [600, 300],
    [1100, 600],
  ]);
  await waitForCount(ana.page, 1);
  await waitForChip(ana.page, /^Saved/);
  // The view of a person who drew there, or sees all of it, does not move.
  expect(await cameraOf(ana.page)).toEqual({ x: 0, y: 0, zoom: 1 });

  const ben = await createPerson(world.browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await openBoard(ben.page, world.relay.url, board);
  await waitForCount(ben.page, 1);
  await expect.poll(async () => (await cameraOf(ben.page)).zoom).toBeLessThan(1);
  const { x, zoom } = await cameraOf(ben.page);
  expect((600 - x) * zoom).toBeGreaterThanOrEqual(0);
  expect((1100 - x) * zoom).toBeLessThanOrEqual(360);
  await keepPicture(ben.page, 'phone-first-view');

  await ana.page.getByTestId('board-canvas').focus();
  await ana.page.keyboard.press('-');
  await ana.page.mouse.wheel(40, 130);
  const before = await cameraOf(ana.page);
  expect(before).not.toEqual({ x: 0, y: 0, zoom: 1 });
  await ana.page.reload();
  await boardReady(ana.page);
  await expect.poll(() => cameraOf(ana.page)).toEqual(before);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
  await ben.context.close();
});

it('a long title leaves no empty panel behind it', async () => {
  const ana = await createPerson(world.browser);
  await openBoard(ana.page, world.relay.url, newBoardId());
  await ana.page.getByTestId('title').click();
  await ana.page.keyboard.type('A title that somebody wrote without thinking of narrow screens at all, and then went on');
  await ana.page.keyboard.press('Enter');
  const right = async (testId: string): Promise<number> => {
    const box = await ana.page.getByTestId(testId).boundingBox();
    return (box?.x ?? NaN) + (box?.width ?? NaN);
  };
  await waitForChip(ana.page, /^Saved/);
  await expect.poll(() => right('title')).toBeGreaterThan(200);
  const gap = async (): Promise<number> => {
    const chip = await ana.page.getByTestId('status-chip').boundingBox();
    return (chip?.x ?? NaN) - (await right('title'));
  };
  await expect.poll(gap, { timeout: 10_000 }).toBeLessThan(16);
  await ana.context.close();
});

it('D9: the chat that covers the board takes the keys: none deletes or draws unseen, Tab stays in it, Escape closes it', async () => {
  const ana = await createPerson(world.browser, { viewport: { width: 390, height: 844 } });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await draw(page, [
    [100, 300],
    [250, 300],
  ]);
  await waitForCount(page, 1);
  await pickTool(page, 'select');
  await page.mouse.click(150, 300);
  await page.getByTestId('chat-toggle').click();
  const chat = page.getByRole('dialog', { name: 'Chat' });
  await expect.poll(() => chat.evaluate((sheet) => sheet.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('Delete');
  expect(await page.evaluate(() => window.wetink?.board.count)).toBe(1);
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press('Tab');
    // The body has the focus while the browser's own controls do.
    const isIn = await chat.evaluate((sheet) => sheet.contains(document.activeElement) || document.activeElement === document.body);
    expect(isIn).toBe(true);
  }
  await page.getByTestId('chat-input').focus();
  await page.keyboard.press('Escape');
  await chat.waitFor({ state: 'detached' });
  // The board has the keys again, and what was selected.
  await page.keyboard.press('Delete');
  await waitForCount(page, 0);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('M: on a phone the hint of an empty board ends above the buttons, and a toast on the home page leaves New board free', async () => {
  const size = { width: 390, height: 844 };
  const ana = await createPerson(world.browser, { viewport: size, hasTouch: true });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  // Late parts: each moves the others when it comes.
  for (const part of ['empty-hint', 'style-panel']) await page.getByTestId(part).waitFor();
  expect(faultsOf(await boxesOf(page, ['empty-hint', 'zoom-row', 'history-row', 'style-panel']), size)).toEqual([]);
  await draw(page, [
    [100, 300],
    [250, 300],
  ]);
  await waitForCount(page, 1);
  await page.goto(world.relay.url);
  await page.getByTestId('card-menu').click();
  await page.getByTestId('card-remove').click();
  await page.getByTestId('toast').waitFor();
  expect(faultsOf(await boxesOf(page, ['toast', 'new-board', 'open-input', 'open-button']), size)).toEqual([]);
  await keepPicture(page, 'home-toast');
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});
