/** Pages: two people add, draw on, turn, move, name, duplicate, delete and undo them; with keys, a mouse and a finger. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { boardReady, createPerson, draw, newBoardId, openBoard, pickTool, useWorld, waitForChip } from './harness.ts';

const world = useWorld();

/** For each page in order: its name, and the number of elements on it. */
const pagesOf = (page: Page): Promise<(readonly [string, number])[]> =>
  page.evaluate(() => {
    const board = window.wetink?.board;
    return (board?.pages() ?? []).map(({ id, name }) => [name, board?.countOn(id) ?? 0] as const);
  });
const waitForPages = (page: Page, pages: readonly (readonly [string, number])[]): Promise<void> =>
  expect.poll(() => pagesOf(page), { timeout: 10_000 }).toEqual(pages);
const place = async (page: Page): Promise<string> => ((await page.getByTestId('pages').textContent()) ?? '').trim();

async function drawBox(page: Page, left: number): Promise<void> {
  await pickTool(page, 'rectangle');
  await draw(page, [
    [left, 300],
    [left + 80, 360],
  ]);
  await page.keyboard.press('Escape');
}

it('two people work on pages of one board, with keys and mouse, and each step is undone by one press', async () => {
  const id = newBoardId();
  const [ana, ben] = [await createPerson(world.browser), await createPerson(world.browser)];
  await openBoard(ana.page, world.relay.url, id);
  await waitForChip(ana.page, /^Saved/);
  await drawBox(ana.page, 500);
  expect(await ana.page.getByTestId('pages').count()).toBe(0);
  await ana.page.keyboard.press('Control+k');
  await ana.page.getByTestId('palette-field').fill('add a page');
  await ana.page.getByTestId('palette-field').press('Enter');
  await expect.poll(() => place(ana.page)).toBe('Page 2 of 2');
  await drawBox(ana.page, 640);
  await drawBox(ana.page, 760);
  await waitForPages(ana.page, [
    ['', 1],
    ['', 2],
  ]);

  // Another person sees the first page, and not the cursor of those on the second.
  await openBoard(ben.page, world.relay.url, id);
  await waitForPages(ben.page, [
    ['', 1],
    ['', 2],
  ]);
  expect(await place(ben.page)).toBe('Page 1 of 2');
  await ben.page.getByTestId('participants').click();
  await expect.poll(() => ben.page.getByTestId('participant-doing').innerText()).toContain('page 2');
  await ben.page.keyboard.press('Escape');
  await ben.page.getByTestId('board-canvas').focus();
  await ben.page.keyboard.press('PageDown');
  expect(await place(ben.page)).toBe('Page 2 of 2');
  await ben.page.keyboard.press('PageDown');
  await ben.page.keyboard.press('PageUp');
  expect(await place(ben.page)).toBe('Page 1 of 2');

  // A picture of each page that shows something.
  const saved: string[] = [];
  ana.page.on('download', (download) => saved.push(download.suggestedFilename()));
  await ana.page.getByTestId('menu').click();
  await ana.page.getByTestId('pages-svg').click();
  await expect.poll(() => saved, { timeout: 15_000 }).toEqual(['Page 1.svg', 'Page 2.svg']);

  // The list: name, duplicate, order.
  await ana.page.getByTestId('pages').click();
  await ana.page.locator('[data-testid="page"][data-current="true"] .page').press('F2');
  await ana.page.getByTestId('page-name').fill('Plan');
  await ana.page.getByTestId('page-name').press('Enter');
  await waitForPages(ben.page, [
    ['', 1],
    ['Plan', 2],
  ]);
  await ana.page.getByTestId('duplicate-page').click();
  await waitForPages(ben.page, [
    ['', 1],
    ['Plan', 2],
    ['Copy of Plan', 2],
  ]);
  await ana.page.locator('[data-testid="page"][data-current="true"] .page').press('Alt+ArrowUp');
  await waitForPages(ben.page, [
    ['', 1],
    ['Copy of Plan', 2],
    ['Plan', 2],
  ]);
  const grip = ana.page.getByTestId('page-grip').first();
  const [from, to] = [await grip.boundingBox(), await ana.page.getByTestId('page').last().boundingBox()];
  if (from === null || to === null) throw new Error('no list');
  await draw(ana.page, [
    [from.x + 8, from.y + 20],
    [from.x + 8, to.y + to.height - 4],
  ]);
  await waitForPages(ben.page, [
    ['Copy of Plan', 2],
    ['Plan', 2],
    ['', 1],
  ]);
  expect(await seriousFaults(ana.page)).toEqual([]);

  // Ben draws on the page that Ana deletes meanwhile: it stays, with that alone.
  await ben.page.getByTestId('pages').click();
  await ben.page.getByTestId('page').first().locator('.page').click();
  await ben.page.keyboard.press('Escape');
  await pickTool(ben.page, 'rectangle');
  await ben.page.mouse.move(500, 420);
  await ben.page.mouse.down();
  await ben.page.mouse.move(560, 460, { steps: 4 });
  await ana.page.getByTestId('delete-page').click();
  await ana.page.getByText('“Copy of Plan” is deleted.').waitFor();
  await waitForPages(ben.page, [
    ['Plan', 2],
    ['', 1],
  ]);
  await ben.page.mouse.up();
  for (const { page } of [ana, ben]) {
    await waitForPages(page, [
      ['Copy of Plan', 1],
      ['Plan', 2],
      ['', 1],
    ]);
  }
  expect(await place(ben.page)).toBe('Copy of Plan, page 1 of 3');

  // Undo goes to the page where something comes back; moving the selection to another page is one step.
  await ana.page.keyboard.press('Escape');
  await ana.page.getByTestId('board-canvas').focus();
  await ana.page.keyboard.press('Control+z');
  await waitForPages(ben.page, [
    ['Copy of Plan', 3],
    ['Plan', 2],
    ['', 1],
  ]);
  await expect.poll(() => place(ana.page)).toBe('Copy of Plan, page 1 of 3');
  await ana.page.keyboard.press('Control+a');
  await ana.page.getByTestId('pages').click();
  await ana.page.getByTestId('move-to-page').last().click();
  await waitForPages(ben.page, [
    ['Copy of Plan', 0],
    ['Plan', 2],
    ['', 4],
  ]);
  await ana.page.keyboard.press('Escape');

  // A reload shows the page that was seen last.
  await ana.page.reload();
  await boardReady(ana.page);
  await expect.poll(() => place(ana.page)).toBe('Page 3 of 3');
  await ana.page.getByTestId('board-canvas').focus();
  await ana.page.keyboard.press('Control+z');
  await waitForPages(ben.page, [
    ['Copy of Plan', 3],
    ['Plan', 2],
    ['', 1],
  ]);
  expect([...ana.errors, ...ben.errors]).toEqual([]);
  await Promise.all([ana, ben].map(({ context }) => context.close()));
});

it('on a phone pages are turned, added and deleted with a finger, and every target is large enough', async () => {
  const { page, context, errors } = await createPerson(world.browser, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.getByTestId('menu').tap();
  await page.getByTestId('open-pages').tap();
  await page.getByTestId('add-page').tap();
  await page.getByTestId('add-page').tap();
  await expect.poll(() => page.getByTestId('page').count()).toBe(3);
  for (const button of await page.locator('[data-testid="page"] button, [data-testid="add-page"], [data-testid="page-grip"]').all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
  await page.getByTestId('page').first().locator('.page').tap();
  await expect.poll(() => place(page)).toBe('Page 1 of 3');
  // The number is never cut off, however long the name is.
  const cutOff = (): Promise<boolean[]> =>
    page.getByTestId('pages').evaluate((button) => {
      const row = button.getBoundingClientRect();
      return [...button.querySelectorAll('.place > *')].map((part) => {
        const { left, right } = part.getBoundingClientRect();
        return part.scrollWidth > part.clientWidth + 1 || left < row.left || right > row.right;
      });
    });
  expect(await cutOff()).toEqual([false, false]);
  await page.getByTestId('rename-page').tap();
  await page.keyboard.type('A page with a name that no phone has the room to show');
  await page.keyboard.press('Enter');
  await expect.poll(() => place(page)).toBe('A page with a name that no phone has the room to show, page 1 of 3');
  expect(await cutOff()).toEqual([true, false]);
  // The button has the focus again; a tooltip would lie over the list until the next touch.
  await page.waitForTimeout(700);
  expect(await page.locator('.tooltip').count()).toBe(0);
  await page.getByTestId('delete-page').tap();
  await expect.poll(() => page.getByTestId('page').count()).toBe(2);
  await page.keyboard.press('Escape');
  await page.getByTestId('page').first().waitFor({ state: 'detached' });
  await page.getByTestId('menu').tap();
  expect(await page.getByTestId('clear-board').innerText()).toBe('Clear the page');
  expect(errors).toEqual([]);
  await context.close();
});

it('the trash shows what was deleted, and brings back one element, a gesture, or everything, each as one step', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  const open = async (): Promise<void> => {
    await page.getByTestId('menu').click();
    await page.getByTestId('open-trash').click();
  };
  await open();
  await page.getByTestId('trash-empty').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('trash-empty').waitFor({ state: 'detached' });
  for (const left of [500, 620, 740]) await drawBox(page, left);
  await waitForPages(page, [['', 3]]);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await waitForPages(page, [['', 0]]);
  await drawBox(page, 500);
  await waitForPages(page, [['', 1]]);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await waitForPages(page, [['', 0]]);
  await open();
  await expect
    .poll(() => page.getByTestId('trash-gesture').allInnerTexts())
    .toEqual([expect.stringMatching(/^You, just now: 1 element/), expect.stringMatching(/^You, just now: 3 elements/)]);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Rectangle' }).last().click();
  await page.getByTestId('restore-chosen').click();
  await waitForPages(page, [['', 1]]);
  await expect.poll(() => page.getByTestId('trash-element').count()).toBe(3);
  await page.getByTestId('restore-gesture').first().click();
  await waitForPages(page, [['', 2]]);
  await page.getByTestId('restore-all').click();
  await waitForPages(page, [['', 4]]);
  await page.getByTestId('trash-empty').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('board-canvas').focus();
  for (const left of [2, 1, 0]) {
    await page.keyboard.press('Control+z');
    await waitForPages(page, [['', left]]);
  }
  expect(errors).toEqual([]);
  await context.close();
});
