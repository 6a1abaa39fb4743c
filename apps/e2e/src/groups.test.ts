/** Groups and frames: two people group, frame, move and undo at the same time; by keys, by buttons with a mouse and a finger, and after a reload. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import {
  cameraOf,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  boardReady,
  pickTool,
  useWorld,
  waitForChip,
  waitForCount,
} from './harness.ts';

const world = useWorld();

/** For each element, bottom to top: its left edge, and how many groups it is in. */
const shown = (page: Page): Promise<number[][]> =>
  page.evaluate(() => {
    const board = window.wetink?.board;
    return (board?.elements() ?? []).map(({ geometry, parent }) => {
      let depth = 0;
      for (let at = parent; at !== null && board !== undefined; at = board.parentOf(at)) depth++;
      return [Math.round(geometry.x), depth];
    });
  });
const waitForDepths = (page: Page, depths: string): Promise<unknown> =>
  page.waitForFunction(
    (expected) =>
      window.wetink?.board
        .elements()
        .map(({ parent }) => (parent === null ? 0 : 1))
        .join('') === expected,
    depths,
  );

async function drawBoxes(page: Page, lefts: readonly number[]): Promise<void> {
  for (const [i, left] of lefts.entries()) {
    await pickTool(page, 'rectangle');
    await draw(page, [
      [left, 300],
      [left + 80, 360],
    ]);
    await waitForCount(page, i + 1);
  }
  await page.keyboard.press('Escape');
}

it('one person groups while the other moves a member; undo takes back each their own, and a reload shows the group', async () => {
  const id = newBoardId();
  const [ana, ben] = [await createPerson(world.browser), await createPerson(world.browser)];
  await openBoard(ana.page, world.relay.url, id);
  await waitForChip(ana.page, /^Saved/);
  await drawBoxes(ana.page, [400, 520, 640]);
  await openBoard(ben.page, world.relay.url, id);
  await waitForCount(ben.page, 3);
  await pickTool(ben.page, 'select');
  const start = (await shown(ana.page)).map(([x]) => x ?? 0);

  // Ben holds the first box while Ana groups the first two.
  await ben.page.mouse.move(400, 330);
  await ben.page.mouse.down();
  await ben.page.mouse.move(400, 430, { steps: 4 });
  await ana.page.mouse.click(400, 330);
  await ana.page.keyboard.down('Shift');
  await ana.page.mouse.click(520, 330);
  await ana.page.keyboard.up('Shift');
  await ana.page.keyboard.press('Control+g');
  await waitForDepths(ben.page, '110');
  await ben.page.mouse.move(450, 430, { steps: 4 });
  await ben.page.mouse.up();
  const moved = [
    [(start[0] ?? 0) + 50, 1],
    [start[1] ?? 0, 1],
    [start[2] ?? 0, 0],
  ];
  await expect.poll(() => shown(ana.page)).toEqual(moved);

  // A press on a member moves the group, a double click goes into it, Escape climbs out.
  await ana.page.keyboard.press('Escape');
  await draw(ana.page, [
    [520, 330],
    [560, 330],
    [560, 390],
  ]);
  await expect.poll(() => shown(ben.page)).toEqual(moved.map(([x = 0, depth = 0]) => [depth === 1 ? x + 40 : x, depth]));
  await ana.page.keyboard.press('Control+z');
  await expect.poll(() => shown(ben.page)).toEqual(moved);
  await ana.page.keyboard.press('Control+z');
  await waitForDepths(ben.page, '000');
  expect((await shown(ben.page))[0]?.[0]).toBe(moved[0]?.[0]);
  await ana.page.keyboard.press('Control+Shift+z');
  await waitForDepths(ben.page, '110');
  await waitForChip(ana.page, /^Saved/);
  await ana.page.reload();
  await boardReady(ana.page);
  await expect.poll(() => shown(ana.page)).toEqual(moved);
  expect([ana.errors, ben.errors]).toEqual([[], []]);
});

it('groups are made and dissolved by the buttons of the selection and the menu at the pointer', async () => {
  const { page, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await drawBoxes(page, [400, 520]);
  await page.keyboard.press('Control+a');
  await page.getByTestId('arrange-group').click();
  await waitForDepths(page, '11');
  await page.getByTestId('arrange-group').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.mouse.click(400, 330, { button: 'right' });
  await page.getByTestId('context-ungroup').click();
  await waitForDepths(page, '00');
  await page.getByTestId('arrange-ungroup').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+g');
  await page.keyboard.press('Control+Shift+g');
  await waitForDepths(page, '00');
  expect(errors).toEqual([]);
});

it('on a phone groups are made and dissolved with a finger', async () => {
  const { page, errors } = await createPerson(world.browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await openBoard(page, world.relay.url, newBoardId());
  await drawBoxes(page, [60, 200]);
  await page.keyboard.press('Control+a');
  await page.getByTestId('open-order').tap();
  await page.getByTestId('arrange-group').tap();
  await waitForDepths(page, '11');
  await page.getByTestId('arrange-ungroup').tap();
  await waitForDepths(page, '00');
  expect(errors).toEqual([]);
});

/** For each frame its title and how many elements are in it, then the number of elements in none. */
const framesOf = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => {
    const elements = window.wetink?.board.elements() ?? [];
    const frames = elements.filter(({ kind }) => kind === 'frame');
    return [
      ...frames.map(({ id, text }) => [text, elements.filter(({ frame }) => frame === id).length]),
      elements.filter(({ kind, frame }) => kind !== 'frame' && frame === null).length,
    ];
  });

it('frames hold what is drawn in them, are named, moved and removed, and are presented one after the other', async () => {
  const id = newBoardId();
  const [ana, ben] = [await createPerson(world.browser), await createPerson(world.browser)];
  const { page } = ana;
  await openBoard(page, world.relay.url, id);
  await drawBoxes(page, [420, 900]);
  await openBoard(ben.page, world.relay.url, id);
  await waitForCount(ben.page, 2);
  await page.keyboard.press('f');
  await draw(page, [
    [380, 200],
    [500, 300],
    [640, 420],
  ]);
  await expect.poll(() => framesOf(ben.page)).toEqual([['Frame 1', 1], 1]);
  await pickTool(page, 'frame');
  await draw(page, [
    [700, 200],
    [760, 240],
    [840, 420],
  ]);
  await pickTool(page, 'pen');
  await draw(page, [
    [720, 240],
    [760, 300],
    [800, 260],
  ]);
  await expect.poll(() => framesOf(ben.page)).toEqual([['Frame 1', 1], ['Frame 2', 1], 1]);

  // Its title by a double click, by the keyboard, and given up with Escape.
  await pickTool(page, 'select');
  await page.mouse.dblclick(400, 188);
  await page.getByTestId('frame-title').fill('  Plan  ');
  await page.keyboard.press('Enter');
  await expect.poll(() => framesOf(ben.page)).toEqual([['Plan', 1], ['Frame 2', 1], 1]);
  await page.keyboard.press('Enter');
  await page.getByTestId('frame-title').fill('nothing of this');
  await page.keyboard.press('Escape');
  await page.getByTestId('frame-title').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await expect.poll(() => framesOf(ben.page)).toEqual([['Frame 1', 1], ['Frame 2', 1], 1]);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => framesOf(ben.page)).toEqual([['Plan', 1], ['Frame 2', 1], 1]);

  // A box goes in with a drag; the menu takes the frame alone away.
  await page.keyboard.press('Escape');
  await draw(page, [
    [900, 330],
    [760, 380],
    [730, 380],
  ]);
  await expect.poll(() => framesOf(ben.page)).toEqual([['Plan', 1], ['Frame 2', 2], 0]);
  await page.mouse.click(720, 188, { button: 'right' });
  await page.getByTestId('context-remove-frame').click();
  await expect.poll(() => framesOf(ben.page)).toEqual([['Plan', 1], 2]);
  await page.keyboard.press('Control+z');
  await expect.poll(() => framesOf(ben.page)).toEqual([['Plan', 1], ['Frame 2', 2], 0]);

  // Both frames fill the page in turn; Escape brings the view back.
  const before = await cameraOf(page);
  await page.getByTestId('menu').click();
  await page.getByTestId('hasMap').click();
  await page.getByTestId('board-map').waitFor({ state: 'attached' });
  await page.getByTestId('present-frames').click();
  const count = page.getByTestId('present-count');
  await expect.poll(() => count.textContent()).toContain('1 of 2');
  expect(await page.getByTestId('board-map').count()).toBe(0);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => count.textContent()).toBe('2 of 2Frame 2');
  await page.getByTestId('present-back').click();
  await expect.poll(() => count.textContent()).toBe('1 of 2Plan');
  await page.mouse.click(300, 300);
  await expect.poll(() => count.textContent()).toContain('2 of 2');
  expect((await cameraOf(page)).zoom).toBeGreaterThan(before.zoom);
  await page.keyboard.press('Escape');
  await page.getByTestId('present').waitFor({ state: 'detached' });
  expect(await cameraOf(page)).toEqual(before);
  expect([ana.errors, ben.errors]).toEqual([[], []]);
});

it('on a phone a frame is drawn, named and presented with a finger', async () => {
  const { page, errors } = await createPerson(world.browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await openBoard(page, world.relay.url, newBoardId());
  await page.getByTestId('tool-more').tap();
  await page.getByTestId('tool-frame').tap();
  await draw(page, [
    [60, 240],
    [200, 300],
    [330, 420],
  ]);
  await expect.poll(() => framesOf(page)).toEqual([['Frame 1', 0], 0]);
  await page.touchscreen.tap(90, 228);
  await page.touchscreen.tap(90, 228);
  await page.getByTestId('frame-title').fill('Plan');
  await page.touchscreen.tap(200, 600);
  await expect.poll(() => framesOf(page)).toEqual([['Plan', 0], 0]);
  await page.getByTestId('menu').tap();
  await page.getByTestId('present-frames').tap();
  await expect.poll(() => page.getByTestId('present-count').textContent()).toBe('1 of 1Plan');
  await page.getByTestId('present-end').tap();
  await page.getByTestId('present').waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});
