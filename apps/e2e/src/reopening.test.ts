/** A board opens again where it was left, and moving the view asks little of the page. */
import { expect, it } from 'vitest';
import {
  boardReady,
  cameraOf,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  openTab,
  useWorld,
  waitForChip,
  waitForCount,
} from './harness.ts';

const world = useWorld();

it('a new tab shows the view in which this device last had the board', async () => {
  const { context, page } = await createPerson(world.browser);
  const board = newBoardId();
  await openBoard(page, world.relay.url, board);
  await page.keyboard.press('p');
  await draw(page, [
    [300, 300],
    [600, 400],
  ]);
  await waitForChip(page, /^Saved/);
  await page.evaluate(() => window.wetink?.stage.setCamera({ x: -700, y: -300, zoom: 0.4 }));
  const left = await cameraOf(page);
  await page.close();
  const again = await openTab(context);
  await openBoard(again.page, world.relay.url, board);
  await waitForCount(again.page, 1);
  await waitForChip(again.page, /^Saved/);
  expect(await cameraOf(again.page)).toEqual(left);
  expect(again.errors).toEqual([]);
  await context.close();
});

it('the card of a first visit is not measured with each move of the view', async () => {
  const { context, page } = await createPerson(world.browser);
  await page.addInitScript(() => {
    const measure = HTMLElement.prototype.getBoundingClientRect;
    const counts = ((globalThis as { measured?: number[] }).measured = [0]);
    HTMLElement.prototype.getBoundingClientRect = function () {
      if (this.dataset['testid'] === 'hello') counts[0] = (counts[0] ?? 0) + 1;
      return measure.call(this);
    };
  });
  const measured = (): Promise<number> => page.evaluate(() => (globalThis as { measured?: number[] }).measured?.[0] ?? -1);
  await page.goto(`${world.relay.url}/b/${newBoardId()}#debug`);
  await boardReady(page);
  await page.getByTestId('hello').waitFor();
  await page.waitForTimeout(500);
  const before = await measured();
  expect(before).toBeGreaterThan(0);
  await page.evaluate(async () => {
    for (let i = 1; i <= 60; i++) {
      window.wetink?.stage.setCamera({ x: i, y: 0, zoom: 1 });
      await new Promise(requestAnimationFrame);
    }
  });
  await page.waitForTimeout(500);
  expect((await measured()) - before).toBeLessThan(20);
  await context.close();
});
