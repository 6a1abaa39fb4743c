/** Forced colours take every background and shade away: what only these showed has to show in another way. */
import type { Locator, Page } from 'playwright';
import { expect, it } from 'vitest';
import { createPerson, newBoardId, openBoard, useWorld } from './harness.ts';
import { boxOf, countOther, crop, middleOf, screenOf, type Picture } from './screen.ts';
import { drawMixed, keepPicture, onBoard, phone } from './style-board.ts';

const world = useWorld();
const tokens = ['ink', 'grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'pink', 'white'];

/** Buttons fade from one background to the next. */
const faded = (page: Page): Promise<void> => page.waitForTimeout(200);
const pictureOf = async (control: Locator, screen: Picture, around = 0): Promise<Picture> => crop(screen, await boxOf(control, around));

/** Pixels of a control, and of what is drawn around it, that a change of it changes. */
async function changed(page: Page, control: Locator, change: () => Promise<unknown>): Promise<number> {
  const box = await boxOf(control, 4);
  const before = await screenOf(page);
  await change();
  await faded(page);
  return countOther(crop(before, box), crop(await screenOf(page), box));
}
const flip = (control: Locator, state: string) => (): Promise<void> =>
  control.evaluate((node, name) => node.setAttribute(name, String(node.getAttribute(name) !== 'true')), state);

it.each(['light', 'dark'] as const)('M3: colours, widths, what is held and what has the focus are seen, %s', async (colorScheme) => {
  const { page, context } = await onBoard(world, { colorScheme });
  await page.emulateMedia({ forcedColors: 'active', colorScheme });
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('r');
  await page.mouse.move(700, 500);
  await page.getByTestId('style-panel').waitFor();
  await faded(page);
  await keepPicture(page, `forced-${colorScheme}`);

  const screen = await screenOf(page);
  for (const row of ['color', 'fill']) {
    const seen = new Set<string>();
    for (const token of tokens) seen.add(String(middleOf(await pictureOf(page.getByTestId(`${row}-${token}`), screen))));
    expect([row, seen.size]).toEqual([row, tokens.length]);
  }
  const width = (px: number): Locator => page.getByRole('radio', { name: `${px} px`, exact: true });
  expect(countOther(await pictureOf(width(2), screen), await pictureOf(width(8), screen))).toBeGreaterThan(40);
  expect(countOther(await pictureOf(width(8), screen), await pictureOf(width(16), screen))).toBeGreaterThan(40);

  for (const [control, state] of [
    [page.getByTestId('tool-keep'), 'aria-pressed'],
    [page.getByTestId('tool-pen'), 'aria-pressed'],
    [page.getByTestId('chat-toggle'), 'aria-pressed'],
    [page.getByTestId('color-red'), 'aria-checked'],
    [page.getByTestId('color-own'), 'aria-checked'],
    [page.getByTestId('fill-none'), 'aria-checked'],
    [width(8), 'aria-checked'],
  ] as const)
    expect([String(control), await changed(page, control, flip(control, state))]).toEqual([
      String(control),
      expect.toSatisfy((n) => n > 60),
    ]);

  for (const id of [
    'tool-ellipse',
    'tool-rectangle',
    'color-blue',
    'style-width',
    'zoom-in',
    'menu',
    'share',
    'chat-toggle',
    'board-canvas',
  ]) {
    await page.keyboard.press('Shift'); // The focus that follows is the keyboard's.
    const control = page.getByTestId(id);
    expect([id, await changed(page, control, () => control.focus())]).toEqual([id, expect.toSatisfy((n) => n > 60)]);
  }
  await context.close();
});

it('M3: people keep their colour, what is unread its mark, and a menu shows where one is and what is chosen', async () => {
  const { page, context } = await onBoard(world);
  const bo = await createPerson(world.browser);
  await openBoard(bo.page, world.relay.url, new URL(page.url()).pathname.split('/').at(-1) ?? newBoardId());
  await page.emulateMedia({ forcedColors: 'active' });
  await bo.page.getByTestId('chat-toggle').click();
  await bo.page.getByTestId('chat-input').fill('Milk');
  await page.getByTestId('people-count').or(page.locator('.avatar').nth(1)).first().waitFor();
  await bo.page.keyboard.press('Enter');
  await page.locator('.unread').waitFor();
  await page.getByTestId('board-canvas').focus();
  await faded(page);
  const screen = await screenOf(page);
  await keepPicture(page, 'forced-people');
  const hue = (await pictureOf(page.locator('.avatar').first(), screen)).at(3, 14);
  expect(Math.max(...hue) - Math.min(...hue)).toBeGreaterThan(30);
  const mark = await pictureOf(page.locator('.unread'), screen);
  const bare = await pictureOf(page.getByTestId('menu'), screen);
  expect(mark.at(Math.floor(mark.width / 2), 2)).not.toEqual(bare.at(8, 8));

  await page.getByTestId('menu').click();
  const item = page.getByRole('menuitemradio', { name: 'Dark' });
  await item.waitFor();
  await item.scrollIntoViewIfNeeded();
  await faded(page);
  const opened = await screenOf(page);
  expect(
    countOther(await pictureOf(page.getByRole('menuitemradio', { name: 'As the system' }), opened), await pictureOf(item, opened)),
  ).toBeGreaterThan(40);
  expect(await changed(page, item, () => item.hover())).toBeGreaterThan(400);
  await keepPicture(page, 'forced-menu');
  await bo.context.close();
  await context.close();
});

it('M3: the crosshair is seen, and in lists the entry that the keys are on', async () => {
  const { page, context } = await onBoard(world);
  await page.emulateMedia({ forcedColors: 'active' });
  await drawMixed(page);
  await page.keyboard.press('Control+k');
  const action = page.getByRole('option').first();
  await action.waitFor();
  await faded(page);
  expect(await changed(page, action, () => page.keyboard.press('ArrowDown'))).toBeGreaterThan(60);
  await page.keyboard.press('Escape');
  await action.waitFor({ state: 'detached' });
  await page.keyboard.press('Shift+O');
  const outline = page.getByTestId('outline');
  await outline.locator('button:focus').waitFor();
  await page.keyboard.press('Home');
  const entry = outline.getByRole('button').first();
  expect(await changed(page, entry, () => page.keyboard.press('ArrowDown'))).toBeGreaterThan(60);
  await page.keyboard.press('Escape');
  await entry.waitFor({ state: 'detached' });
  await page.keyboard.press('p');
  await page.keyboard.press('ArrowDown');
  const cross = page.getByTestId('crosshair');
  expect(await changed(page, cross, () => cross.evaluate((node) => (node.style.visibility = 'hidden')))).toBeGreaterThan(60);
  await context.close();
});

it('M3: an open text has a frame', async () => {
  const { page, context } = await onBoard(world);
  await page.emulateMedia({ forcedColors: 'active' });
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('t');
  await page.keyboard.press('Enter');
  await page.getByTestId('text-editor').fill('Milk');
  const box = page.locator('.box', { has: page.getByTestId('text-editor') });
  expect(await changed(page, box, () => box.evaluate((node) => (node.style.outline = 'none')))).toBeGreaterThan(100);
  await context.close();
});

it('M3: on a phone the row, its tray and the button that opened it are seen', async () => {
  const { page, context } = await onBoard(world, phone);
  await page.emulateMedia({ forcedColors: 'active' });
  await drawMixed(page);
  await page.getByTestId('open-fill').tap();
  await page.getByTestId('style-tray').waitFor();
  await faded(page);
  await keepPicture(page, 'forced-phone');
  const screen = await screenOf(page);
  const seen = new Set<string>();
  for (const token of tokens) seen.add(String(middleOf(await pictureOf(page.getByTestId(`fill-${token}`), screen))));
  expect(seen.size).toBe(tokens.length);
  const corner = async (id: string): Promise<string> => String((await pictureOf(page.getByTestId(id), screen)).at(22, 6));
  expect(await corner('open-fill')).not.toBe(await corner('open-color'));
  await context.close();
});

it.each(['light', 'dark'] as const)(
  'M3: a button that is open or chosen is as plain under the pointer as beside it, %s',
  async (colorScheme) => {
    const { page, context } = await onBoard(world, { colorScheme });
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    await page.getByTestId('board-canvas').focus();
    await page.keyboard.press('p');
    await page.getByTestId('style-panel').waitFor();
    // From its first opening on it is the same button.
    await page.getByTestId('menu').click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor({ state: 'detached' });
    const looks = (control: Locator): Promise<string[]> =>
      control.evaluate((node) => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]);
    for (const [control, state] of [
      [page.getByTestId('menu'), 'aria-expanded'],
      [page.getByRole('radio', { name: '4 px', exact: true }), 'aria-checked'],
    ] as const) {
      await control.evaluate((node, name) => node.setAttribute(name, 'true'), state);
      await page.mouse.move(700, 500);
      await faded(page);
      const beside = await looks(control);
      await control.hover();
      await faded(page);
      expect([state, ...(await looks(control))]).toEqual([state, ...beside]);
    }
    await context.close();
  },
);
