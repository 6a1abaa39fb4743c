/** What quick hands expect of a selection: by mouse, by keyboard, and by touch on a phone. */
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { boardReady, cameraOf, draw, useWorld } from './harness.ts';
import { elements, onBoard, phone } from './style-board.ts';

const world = useWorld();

/** Rectangles with these corners, 40 by 40, all selected; the view is at 1:1, so board units are pixels of the page. */
async function lay(page: Page, corners: readonly (readonly [number, number])[]): Promise<void> {
  await page.evaluate((places) => {
    const { board, stage } = window.wetink ?? {};
    if (board === undefined || stage === undefined) throw new Error('open the board with #debug');
    const style = { color: 'ink', width: 4, fill: 'yellow', opacity: 1, fontSize: 24, font: 'sans' } as const;
    const ids = board.run((edit) => {
      edit.remove(board.elements().map(({ id }) => id));
      return places.map(([x, y]) => edit.create({ kind: 'rectangle', geometry: { x, y, w: 40, h: 40, rotation: 0 }, style }));
    });
    stage.setCamera({ x: 0, y: 0, zoom: 1 });
    stage.setTool('select');
    stage.select(ids);
  }, corners);
  await page.getByTestId('board-canvas').focus();
}
const places = async (page: Page): Promise<number[][]> => (await elements(page)).map(({ geometry: { x, y } }) => [x, y]);
const loose = [
  [400, 200],
  [470, 330],
  [600, 260],
] as const;

describe('copying', () => {
  it('a drag with Alt copies, and Mod+D goes as far again', async () => {
    const { page, context, errors } = await onBoard(world);
    await lay(page, [[400, 200]]);
    await page.keyboard.down('Alt');
    await draw(page, [
      [420, 220],
      [480, 250],
    ]);
    await page.keyboard.up('Alt');
    await expect
      .poll(() => places(page))
      .toEqual([
        [400, 200],
        [460, 230],
      ]);
    await page.keyboard.press('Control+d');
    await expect.poll(() => places(page)).toContainEqual([520, 260]);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => places(page)).toEqual([[400, 200]]);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('the view', () => {
  it('Shift+2 shows the selection, Z held zooms by a click and by a box, and an edge scrolls a drag', async () => {
    const { page, context, errors } = await onBoard(world);
    await lay(page, [[3000, 200]]);
    await page.keyboard.press('Shift+Digit2');
    await expect.poll(async () => (await cameraOf(page)).x).toBeGreaterThan(2000);
    await lay(page, [[400, 200]]);
    await page.keyboard.down('z');
    await page.mouse.click(600, 400);
    expect((await cameraOf(page)).zoom).toBe(1.5);
    await draw(page, [
      [500, 300],
      [700, 400],
    ]);
    const { zoom } = await cameraOf(page);
    expect(zoom).toBeGreaterThan(6);
    await page.keyboard.up('z');
    await lay(page, [[400, 200]]);
    await page.mouse.move(420, 220);
    await page.mouse.down();
    await page.mouse.move(1277, 400, { steps: 5 });
    await expect.poll(async () => (await cameraOf(page)).x).toBeGreaterThan(200);
    await page.mouse.up();
    const { x } = await cameraOf(page);
    expect((await places(page))[0]?.[0]).toBeCloseTo(400 + 857 + x, 0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('Mod+. hides the bars; the button, Escape and a finger bring them back', async () => {
    const { page, context } = await onBoard(world, phone);
    const tools = page.getByTestId('tool-select');
    await page.getByTestId('menu').tap();
    await page.getByTestId('focus').tap();
    await tools.waitFor({ state: 'hidden' });
    await page.getByTestId('focus-exit').tap();
    await tools.waitFor();
    await page.getByTestId('focus-exit').waitFor({ state: 'detached' });
    await page.getByTestId('board-canvas').focus();
    await page.keyboard.press('Control+.');
    await tools.waitFor({ state: 'hidden' });
    await page.getByTestId('focus-exit').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await tools.waitFor();
    await context.close();
  });
});

describe('snapping', () => {
  it('Mod turns it on for a drag; the menu for all, on this device; and the grid holds what is dragged', async () => {
    const { page, context, errors } = await onBoard(world);
    const dragTo = async (x: number, y: number): Promise<number[] | undefined> => {
      await lay(page, [
        [600, 200],
        [400, 400],
      ]);
      await page.evaluate(() => window.wetink?.stage.select([]));
      await draw(page, [
        [420, 420],
        [x, y],
      ]);
      return (await places(page))[1];
    };
    await page.waitForLoadState('networkidle');
    expect(await dragTo(617, 330)).toEqual([597, 310]);
    await page.keyboard.down('Control');
    expect(await dragTo(617, 330)).toEqual([600, 310]);
    await page.keyboard.up('Control');
    await page.getByTestId('menu').click();
    await page.getByTestId('doesSnap').click();
    await page.keyboard.press('Escape');
    await page.reload();
    await boardReady(page);
    await page.waitForLoadState('networkidle');
    expect(await dragTo(617, 330)).toEqual([600, 310]);
    await page.getByTestId('board-canvas').focus();
    await page.keyboard.press("Control+'");
    expect(await dragTo(500, 330)).toEqual([480, 312]);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await places(page))[1]).toEqual([504, 312]);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('the lasso', () => {
  it('is chosen in the menu of a phone, and a finger draws it around what is to be selected', async () => {
    const { page, context, errors } = await onBoard(world, phone);
    await lay(page, [
      [100, 200],
      [250, 200],
    ]);
    await page.evaluate(() => window.wetink?.stage.select([]));
    await page.waitForLoadState('networkidle');
    await page.getByTestId('menu').tap();
    await page.getByTestId('isLasso').tap();
    await page.keyboard.press('Escape');
    // Around the first, in a loop whose box has both.
    const finger = await context.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: readonly [number, number] | null): Promise<unknown> =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints: at === null ? [] : [{ x: at[0], y: at[1] }] });
    await touch('touchStart', [80, 180]);
    for (const at of [
      [160, 180],
      [160, 260],
      [320, 260],
      [320, 270],
      [80, 270],
    ] as const)
      await touch('touchMove', at);
    await touch('touchEnd', null);
    await page.getByTestId('arrange-delete').tap();
    await expect.poll(() => places(page)).toEqual([[250, 200]]);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('arranging', () => {
  it('keys align, distribute and flip, each as one step of undo', async () => {
    const { page, context, errors } = await onBoard(world);
    await lay(page, loose);
    await page.keyboard.press('Alt+a');
    await expect
      .poll(() => places(page))
      .toEqual([
        [400, 200],
        [400, 330],
        [400, 260],
      ]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => places(page)).toEqual(loose);
    await page.keyboard.press('Control+Shift+ArrowDown');
    await expect
      .poll(() => places(page))
      .toEqual([
        [400, 330],
        [470, 330],
        [600, 330],
      ]);
    await page.keyboard.press('Alt+Shift+h');
    await expect
      .poll(() => places(page))
      .toEqual([
        [400, 330],
        [500, 330],
        [600, 330],
      ]);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Shift+h');
    await expect.poll(async () => (await elements(page))[0]?.geometry).toMatchObject({ x: 640, w: -40 });
    await page.keyboard.press('Shift+r');
    await expect.poll(() => page.evaluate(() => window.wetink?.room.awareness.getLocalState()?.['hand'])).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('by mouse and by Tab, Arrange in the style panel offers what fits the number of elements', async () => {
    const { page, context } = await onBoard(world);
    await lay(page, loose);
    await page.getByTestId('open-arrange').click();
    await page.getByTestId('arrange-tidy-up').click();
    await expect
      .poll(() => places(page))
      .toEqual([
        [400, 200],
        [400, 312],
        [400, 256],
      ]);
    await page.getByTestId('arrange-left').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('arrange-right');
    await lay(page, loose.slice(0, 2));
    expect(await page.getByTestId('arrange-distribute-x').isDisabled()).toBe(true);
    expect(await page.getByTestId('arrange-bottom').isDisabled()).toBe(false);
    await context.close();
  });

  it('numbers set place, size and turn; Escape takes back, and what is no number gets a sentence', async () => {
    const { page, context, errors } = await onBoard(world);
    await lay(page, [[400, 200]]);
    await page.getByTestId('open-arrange').click();
    await page.getByTestId('place-x').fill('512,5 px');
    await page.keyboard.press('Enter');
    await expect.poll(() => places(page)).toEqual([[512.5, 200]]);
    await page.getByTestId('place-y').fill('far');
    await page.keyboard.press('Tab');
    // The number that was refused is gone, and the sentence is in sight.
    const why = page.getByText('Type a number, such as 120 or 12.5.');
    await why.waitFor();
    expect(await page.getByTestId('place-y').inputValue()).toBe('200');
    const isInSight = (node: Element): boolean => {
      const { x, y } = node.getBoundingClientRect();
      return document.elementFromPoint(x + 4, y + 4) === node;
    };
    await expect.poll(() => why.evaluate(isInSight)).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByTestId('place-y').focus();
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('place-y').inputValue()).toBe('200');
    await page.getByTestId('place-degrees').fill('90');
    await page.getByTestId('place-w').fill('80');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await elements(page))[0]?.geometry).toMatchObject({ w: 80, h: 40, rotation: Math.PI / 2 });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await elements(page))[0]?.geometry).toMatchObject({ x: 400, y: 200, w: 40, rotation: 0 });
    expect(errors).toEqual([]);
    await context.close();
  });

  it('Unlock all in the menu unlocks everything as one step', async () => {
    const { page, context } = await onBoard(world);
    await lay(page, loose);
    await page.keyboard.press('Control+Shift+l');
    await page.getByTestId('menu').click();
    await page.getByTestId('unlock-all').click();
    await page.getByText('Unlocked 3 elements.').waitFor();
    const locked = async (): Promise<number> => (await elements(page)).filter(({ isLocked }) => isLocked).length;
    expect(await locked()).toBe(0);
    await page.getByTestId('undo').click();
    await expect.poll(locked).toBe(3);
    await context.close();
  });

  it('on a phone, a finger opens Arrange and aligns', async () => {
    const { page, context } = await onBoard(world, phone);
    await lay(page, [
      [100, 200],
      [200, 300],
    ]);
    await page.getByTestId('open-arrange').tap();
    const button = await page.getByTestId('arrange-top').boundingBox();
    expect(Math.min(button?.width ?? 0, button?.height ?? 0)).toBeGreaterThanOrEqual(44);
    await page.getByTestId('arrange-top').tap();
    await expect
      .poll(() => places(page))
      .toEqual([
        [100, 200],
        [200, 200],
      ]);
    await context.close();
  });
});
