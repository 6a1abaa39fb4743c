/** The further shapes and the styles of lines: by mouse, keyboard and touch, seen by another person and after a reload. */
import { shapeKinds, type ShapeKind } from '@wetink/board';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { createPerson, draw, newBoardId, openBoard, useWorld, waitForChip, waitForCount } from './harness.ts';

const world = useWorld();
const further = shapeKinds.filter((kind) => kind !== 'rectangle' && kind !== 'ellipse');

const kinds = (page: Page): Promise<string[]> => page.evaluate(() => window.wetink?.board.elements().map(({ kind }) => kind) ?? []);
const styles = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.wetink?.board.elements().map(({ style }) => `${style.dash} ${style.corners}`) ?? []);

async function drawShape(page: Page, kind: ShapeKind, at: number): Promise<void> {
  await page.getByTestId('tool-shapes').click();
  await page.getByTestId(`tool-${kind}`).click();
  const [x, y] = [260 + (at % 4) * 150, 150 + Math.floor(at / 4) * 150];
  await draw(page, [
    [x, y],
    [x + 100, y + 90],
  ]);
}

it('every shape is drawn from the menu, seen by another person, and looks the same after a reload', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  const board = newBoardId();
  for (const { page } of [ana, ben]) {
    await openBoard(page, world.relay.url, board);
    await waitForChip(page, /^Saved/);
  }
  const { page } = ana;
  await page.getByTestId('tool-shapes').click();
  await page.getByTestId('tool-star').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  for (const [i, kind] of further.entries()) await drawShape(page, kind, i);
  await waitForCount(ben.page, further.length);
  expect(await kinds(ben.page)).toEqual(further);

  await page.keyboard.press('Control+a');
  await page.getByTestId('dash-row').getByRole('radio', { name: 'Dotted' }).click();
  await page.getByTestId('round-corners').click();
  // Curves have no corners.
  const expected = further.map((kind) => `dotted ${kind === 'cloud' || kind === 'cylinder' ? 'sharp' : 'round'}`);
  await expect.poll(() => styles(ben.page)).toEqual(expected);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(() => styles(ben.page)).toEqual(further.map(() => 'solid sharp'));
  await ben.page.reload();
  await waitForCount(ben.page, further.length);

  // By keyboard alone: the tool, a place for it, and its style in the next one.
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('Enter');
  await waitForCount(page, further.length + 1);
  expect((await kinds(page)).at(-1)).toBe('diamond');
  // The highlighter stays for the next stroke, and the pen is as it was.
  await page.keyboard.press('Shift+D');
  await draw(page, [
    [300, 600],
    [500, 600],
  ]);
  await waitForCount(ben.page, further.length + 2);
  const marked = await ben.page.evaluate(() => window.wetink?.board.elements().at(-1)?.style);
  expect(marked).toMatchObject({ color: '#ffe771', width: 16, opacity: 0.4 });
  // The fill is seen by the other person; the eyedropper takes the colour of the highlighter, and gives the fill back.
  await page.keyboard.press('Shift+B');
  await page.mouse.click(310, 195);
  await expect.poll(() => ben.page.evaluate(() => window.wetink?.board.elements()[0]?.style.fill)).toBe('ink');
  await page.keyboard.press('i');
  await page.mouse.click(400, 600);
  await expect
    .poll(() => page.evaluate(() => [window.wetink?.stage.state.tool, window.wetink?.stage.state.style.color]))
    .toEqual(['fill', '#ffe771']);
  expect([ana.errors, ben.errors]).toEqual([[], []]);
  for (const { context } of [ana, ben]) await context.close();
});

it('an arrow is drawn point by point, gets heads and another bend, and another person sees them, also after a reload', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  const board = newBoardId();
  for (const { page } of [ana, ben]) {
    await openBoard(page, world.relay.url, board);
    await waitForChip(page, /^Saved/);
  }
  const { page } = ana;
  /** Points and heads of all lines. */
  const linesOf = (at: Page): Promise<unknown[]> =>
    at.evaluate(
      () =>
        window.wetink?.board
          .elements()
          .map(({ kind, points, style }) => [kind, (points?.length ?? 4) / 2, style.startHead, style.endHead, style.corners]) ?? [],
    );
  await page.keyboard.press('a');
  await page.mouse.click(300, 200);
  await page.mouse.click(500, 200);
  await page.mouse.dblclick(500, 400);
  await expect.poll(() => linesOf(ben.page)).toEqual([['arrow', 3, 'auto', 'auto', 'sharp']]);
  // It is selected: its heads, a curve, and a bend in the middle of its first piece.
  await page.getByTestId('startHead-row').getByRole('radio', { name: 'Dot' }).click();
  await page.getByTestId('endHead-row').getByRole('radio', { name: 'Triangle' }).click();
  await page.getByTestId('round-corners').click();
  expect(await seriousFaults(page)).toEqual([]);
  await draw(page, [
    [400, 200],
    [400, 120],
  ]);
  const whole = [['arrow', 4, 'dot', 'triangle', 'round']];
  await expect.poll(() => linesOf(ben.page)).toEqual(whole);
  await page.mouse.dblclick(400, 120);
  await expect.poll(() => linesOf(ben.page)).toEqual([['arrow', 3, 'dot', 'triangle', 'round']]);
  await page.keyboard.press('Control+z');
  await expect.poll(() => linesOf(ben.page)).toEqual(whole);
  await ben.page.reload();
  await expect.poll(() => linesOf(ben.page)).toEqual(whole);

  // The keyboard ends a line, too; and the next arrow has the heads of the one before.
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.mouse.click(300, 550);
  await page.mouse.click(450, 600);
  await page.keyboard.press('Enter');
  await expect.poll(() => linesOf(ben.page)).toEqual([...whole, ['arrow', 2, 'dot', 'triangle', 'round']]);
  expect([ana.errors, ben.errors]).toEqual([[], []]);
  for (const { context } of [ana, ben]) await context.close();
});

it('on a phone the shapes are behind More, and none of the sheet is cut off', async () => {
  const { page, context, errors } = await createPerson(world.browser, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.getByTestId('tool-more').tap();
  for (const button of await page.locator('.sheet button').all()) {
    const box = await button.boundingBox();
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(360);
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(44);
  }
  await page.getByTestId('tool-shapes').tap();
  await page.getByTestId('tool-star').tap();
  await draw(page, [
    [100, 200],
    [220, 320],
  ]);
  await waitForCount(page, 1);
  expect(await kinds(page)).toEqual(['star']);
  expect(errors).toEqual([]);
  await context.close();
});
