/** The style panel: on a phone, what it shows while a value is being chosen, and what it remembers. */
import type { BrowserContextOptions, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { seriousFaults } from './axe.ts';
import { draw, newBoardId, openBoard, pickTool, useWorld, waitForCount } from './harness.ts';
import { boxOf, crop, middleOf, screenOf } from './screen.ts';
import { drawMixed, drawShape, elements, keepPicture, onBoard, phone, styles } from './style-board.ts';

const world = useWorld();

const phones: readonly { name: string; options: BrowserContextOptions }[] = [
  { name: 'a phone', options: phone },
  { name: 'a small phone', options: { ...phone, viewport: { width: 360, height: 640 } } },
  { name: 'a phone on its side', options: { ...phone, viewport: { width: 740, height: 360 } } },
];

const order = async (page: Page): Promise<string[]> => (await elements(page)).map(({ kind }) => kind);

/** What is too small for a finger, beyond an edge of the window or of its panel, or under something else. */
function faultsOfHands(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    for (const control of document.querySelectorAll<HTMLElement>('.hands button, .hands input[type="range"]')) {
      const name = control.dataset['testid'] ?? control.getAttribute('aria-label') ?? control.outerHTML;
      const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
      if (height < 44 || width < 44) faults.push(`${name} is ${width} x ${height}`);
      if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) faults.push(`${name} is beyond an edge`);
      const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (found?.closest('button, input') !== control) faults.push(`${name} is under ${found?.outerHTML.slice(0, 60)}`);
    }
    for (const panel of document.querySelectorAll('.hands .panel'))
      if (panel.scrollWidth > panel.clientWidth || panel.scrollHeight > panel.clientHeight) faults.push(`${panel.className} scrolls`);
    return faults;
  });
}

describe.each(phones)('on $name', ({ name, options }) => {
  it('D9: every button and choice is in sight and large enough for a finger', async () => {
    const { page, context, errors } = await onBoard(world, options);
    for (const tool of ['pen', 'rectangle', 'text']) {
      await page.getByTestId(`tool-${tool}`).tap();
      await page.getByTestId('style-panel').waitFor();
      expect(await faultsOfHands(page)).toEqual([]);
    }
    await keepPicture(page, `${name}-text`);
    await page.getByTestId('tool-select').tap();
    await drawMixed(page);
    expect(await faultsOfHands(page)).toEqual([]);
    expect(await seriousFaults(page)).toEqual([]);
    for (const tray of ['color', 'fill', 'width', 'dash', 'fontSize', 'font', 'opacity', 'order']) {
      await page.getByTestId(`open-${tray}`).tap();
      await page.getByTestId('style-tray').waitFor();
      expect([tray, await faultsOfHands(page)]).toEqual([tray, []]);
      await keepPicture(page, `${name}-${tray}`);
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});

it('D9: on a tablet too, where all of the style is open beside the board', async () => {
  const { page, context } = await onBoard(world, { ...phone, viewport: { width: 768, height: 1024 } });
  await drawMixed(page);
  expect(await faultsOfHands(page)).toEqual([]);
  await keepPicture(page, 'tablet');
  await page.getByTestId('arrange-duplicate').tap();
  await waitForCount(page, 8);
  await page.getByTestId('arrange-delete').tap();
  await waitForCount(page, 4);
  await context.close();
});

it('D9: on a phone a selection is copied, ordered, filled, faded, widened and deleted, and the view zoomed', async () => {
  const { page, context, errors } = await onBoard(world, phone);
  await drawShape(page, 'rectangle', [80, 200]);
  await drawShape(page, 'ellipse', [120, 220]);
  await waitForCount(page, 2);
  expect(await order(page)).toEqual(['rectangle', 'ellipse']);

  const tap = (testId: string): Promise<void> => page.getByTestId(testId).tap();
  await tap('open-order');
  await tap('arrange-back');
  expect(await order(page)).toEqual(['ellipse', 'rectangle']);
  await tap('arrange-front');
  expect(await order(page)).toEqual(['rectangle', 'ellipse']);
  await tap('arrange-backward');
  expect(await order(page)).toEqual(['ellipse', 'rectangle']);
  await tap('arrange-forward');
  expect(await order(page)).toEqual(['rectangle', 'ellipse']);

  await tap('open-fill');
  await tap('fill-yellow');
  await tap('open-color');
  await tap('color-blue');
  await tap('open-width');
  await page.getByRole('radio', { name: '16 px' }).tap();
  await tap('open-opacity');
  const slider = await page.getByTestId('style-opacity').boundingBox();
  if (slider === null) throw new Error('no slider');
  await page.touchscreen.tap(slider.x + slider.width / 2, slider.y + slider.height / 2);
  await expect.poll(async () => (await styles(page))[1]?.opacity).toBeCloseTo(0.55, 1);
  expect((await styles(page))[1]).toMatchObject({ fill: 'yellow', color: 'blue', width: 16 });

  await tap('arrange-duplicate');
  await waitForCount(page, 3);
  await tap('arrange-delete');
  await waitForCount(page, 2);

  const zoom = (): Promise<number | undefined> => page.evaluate(() => window.wetink?.stage.state.camera.zoom);
  await tap('zoom-in');
  expect(await zoom()).toBeGreaterThan(1);
  await tap('zoom-reset');
  expect(await zoom()).toBe(1);
  await tap('zoom-out');
  expect(await zoom()).toBeLessThan(1);

  // The tray is gone with the next press on the board.
  await tap('tool-pen');
  await tap('open-color');
  await draw(page, [
    [200, 400],
    [260, 440],
  ]);
  await page.getByTestId('style-tray').waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
  await context.close();
});

it('D9: what does not fit in a low window has a shade at the edge of the panel, on both sides', async () => {
  const { page, context } = await onBoard(world, { viewport: { width: 1024, height: 560 } });
  await drawMixed(page);
  const panel = page.getByTestId('style-panel');
  expect(
    await panel.evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => [
      scrollHeight > clientHeight,
      scrollWidth - clientWidth,
    ]),
  ).toEqual([true, 0]);
  /** How light the panel is near its upper and its lower edge, beside the controls. */
  const edges = async (): Promise<{ top: number; bottom: number }> => {
    const picture = crop(await screenOf(page), await boxOf(panel));
    return { top: picture.at(12, 3)[0], bottom: picture.at(12, picture.height - 4)[0] };
  };
  const atTop = await edges();
  expect(atTop.bottom).toBeLessThan(atTop.top - 8);
  await keepPicture(page, 'low');
  await panel.evaluate((node) => node.scrollTo(0, node.scrollHeight));
  const atEnd = await edges();
  expect(atEnd.top).toBeLessThan(atEnd.bottom - 8);
  await context.close();
});

describe('a value that is being chosen', () => {
  it.each([
    { field: 'width', shown: /^Width 1\d$/, of: (style: BoardElement['style']) => style.width },
    { field: 'opacity', shown: /^Opacity \d\d %$/, of: (style: BoardElement['style']) => style.opacity },
  ])('D16: $field follows the slider on the screen, and is one step once it is let go', async ({ field, shown, of }) => {
    const { page, context } = await onBoard(world);
    await drawShape(page, 'rectangle', [500, 300]);
    await waitForCount(page, 1);
    const values = async (): Promise<number[]> => (await styles(page)).map(of);
    const [before] = await values();
    const slider = await page.getByTestId(`style-${field}`).boundingBox();
    if (slider === null) throw new Error('no slider');
    const y = slider.y + slider.height / 2;
    const ink = (): Promise<Buffer> => page.screenshot({ clip: { x: 490, y: 290, width: 110, height: 80 } });
    const first = await ink();
    const at = (part: number): Promise<void> => page.mouse.move(slider.x + slider.width * part, y, { steps: 4 });
    await at(field === 'width' ? 0.2 : 0.95);
    await page.mouse.down();
    await at(field === 'width' ? 0.8 : 0.3);
    await page.getByTestId(`field-${field}`).getByText(shown).waitFor({ timeout: 3000 });
    await expect.poll(async () => first.equals(await ink())).toBe(false);
    expect(await values()).toEqual([before]);
    await page.mouse.up();
    await expect.poll(values).not.toEqual([before]);
    await page.getByTestId('undo').click();
    expect(await values()).toEqual([before]);
    await page.getByTestId('undo').click();
    await waitForCount(page, 0);
    await context.close();
  });

  it('D16: a slider that comes back to where it began leaves nothing behind', async () => {
    const { page, context } = await onBoard(world);
    await drawShape(page, 'rectangle', [500, 300]);
    await waitForCount(page, 1);
    await page.getByTestId('style-width').focus();
    await page.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>('[data-testid="style-width"]');
      for (const value of ['9', '4']) {
        if (slider !== null) slider.value = value;
        slider?.dispatchEvent(new Event('input', { bubbles: true }));
      }
      slider?.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    });
    expect(await page.evaluate(() => window.wetink?.stage.state)).toMatchObject({ stylePreview: null });
    await page.getByTestId('undo').click();
    await waitForCount(page, 0);
    await context.close();
  });
});

it('D17: what differs in a selection is shown as mixed, and a fill goes to what has one', async () => {
  const { page, context } = await onBoard(world);
  await drawMixed(page);
  await page.getByTestId('field-width').getByText('Width mixed').waitFor();
  await page.getByTestId('field-opacity').getByText('Opacity mixed').waitFor();
  for (const row of ['color-row', 'fill-row', 'width-row'])
    expect([row, await page.getByTestId(row).locator('[aria-checked="true"]').count()]).toEqual([row, 0]);
  expect(await page.getByTestId('color-row').getAttribute('aria-label')).toBe('Colour, mixed');
  // What only one of them has, and what all have the same, is shown as it is.
  expect(await page.getByRole('radio', { name: 'Text size M' }).getAttribute('aria-checked')).toBe('true');
  await keepPicture(page, 'mixed');
  await page.getByTestId('fill-green').click();
  expect((await styles(page)).map(({ fill }) => fill)).toEqual(['green', 'green', 'none', 'none']);
  expect(await page.getByTestId('fill-green').getAttribute('aria-checked')).toBe('true');
  await page.getByTestId('undo').click();
  expect((await styles(page)).map(({ fill }) => fill)).toEqual(['yellow', 'none', 'none', 'none']);
  await context.close();
});

it('D18: shapes that are placed with Enter lie beside each other', async () => {
  const { page, context } = await onBoard(world);
  await page.getByTestId('board-canvas').focus();
  for (let count = 1; count <= 4; count += 1) {
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await waitForCount(page, count);
  }
  const places = (await elements(page)).map(({ geometry: { x, y } }) => `${x} ${y}`);
  expect(new Set(places).size).toBe(4);
  await context.close();
});

it('D19: the chosen style is the same after a reload and on a new board, and an invalid value is the default', async () => {
  const { page, context, errors } = await onBoard(world);
  await pickTool(page, 'text');
  await page.getByTestId('color-teal').click();
  await page.getByRole('radio', { name: 'Text size XL' }).click();
  await page.getByRole('radio', { name: 'Hand face' }).click();
  await pickTool(page, 'rectangle');
  await page.getByTestId('fill-pink').click();
  await page.getByRole('radio', { name: '8 px' }).click();
  await page.getByRole('radio', { name: 'Dashed' }).click();
  await page.getByTestId('round-corners').click();
  await page.getByTestId('style-opacity').focus();
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowLeft');
  const chosen = {
    color: 'teal',
    fill: 'pink',
    width: 8,
    opacity: 0.6,
    fontSize: 64,
    font: 'hand',
    dash: 'dashed',
    corners: 'round',
    startHead: 'auto',
    endHead: 'auto',
  };
  const style = (): Promise<unknown> => page.evaluate(() => (window.wetink?.stage.state as { style?: unknown } | undefined)?.style);
  expect(await style()).toEqual(chosen);

  await page.reload();
  await page.waitForFunction(() => window.wetink !== undefined);
  expect(await style()).toEqual(chosen);
  await openBoard(page, world.relay.url, newBoardId());
  expect(await style()).toEqual(chosen);
  await drawShape(page, 'rectangle', [500, 300]);
  await waitForCount(page, 1);
  expect((await styles(page))[0]).toMatchObject({ color: 'teal', fill: 'pink', width: 8, opacity: 0.6 });

  await page.evaluate(() => {
    const stored = localStorage.getItem('wetink.style') ?? '';
    localStorage.setItem('wetink.style', stored.replace('"teal"', '"url(x)"').replace('0.6', '0'));
  });
  await page.reload();
  await page.waitForFunction(() => window.wetink !== undefined);
  expect(await style()).toEqual({ ...chosen, color: 'ink', opacity: 1 });
  expect(errors).toEqual([]);
  await context.close();
});

it.each(['light', 'dark'] as const)('D20: each fill is offered as it is painted, %s', async (colorScheme) => {
  const { page, context } = await onBoard(world, { colorScheme });
  await drawShape(page, 'rectangle', [500, 300]);
  await waitForCount(page, 1);
  await page.getByTestId('style-panel').waitFor();
  for (const token of ['yellow', 'orange', 'red', 'blue']) {
    await page.getByTestId(`fill-${token}`).click();
    await expect.poll(async () => (await styles(page))[0]?.fill).toBe(token);
    const swatch = await boxOf(page.getByTestId(`fill-${token}`));
    // Both change within some frames of the press.
    const difference = async (): Promise<number> => {
      const screen = await screenOf(page);
      return Math.max(...screen.at(545, 330).map((value, i) => Math.abs(value - (middleOf(crop(screen, swatch))[i] ?? NaN))));
    };
    await expect.poll(difference).toBe(0);
  }
  await keepPicture(page, `fills-${colorScheme}`);
  await context.close();
});

it('the panel of the highlighter and of the bucket shows what they draw with, and changes it', async () => {
  const { page, context, errors } = await onBoard(world);
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Shift+D');
  const isHeld = (testId: string): Promise<string | null> => page.getByTestId(testId).getAttribute('aria-checked');
  await expect.poll(() => isHeld('color-yellow')).toBe('true');
  expect(await page.getByTestId('color-ink').count()).toBe(0);
  await page.getByTestId('field-width').getByText('16').waitFor();
  await page.getByTestId('color-green').click();
  await page.getByRole('radio', { name: '48 px' }).click();
  await draw(page, [
    [400, 300],
    [560, 300],
  ]);
  await waitForCount(page, 1);
  expect((await styles(page))[0]).toMatchObject({ color: 'green', width: 48 });
  await page.keyboard.press('Shift+B');
  await expect.poll(() => isHeld('fill-green')).toBe('true');
  expect(await page.getByTestId('fill-none').count()).toBe(0);
  await keepPicture(page, 'bucket');
  expect(errors).toEqual([]);
  await context.close();
});

it('a frame alone has its panel: order, copy, lock, delete, and its place in numbers', async () => {
  const { page, context, errors } = await onBoard(world);
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('f');
  await page.keyboard.press('Enter');
  await waitForCount(page, 1);
  await page.getByTestId('open-arrange').click();
  await page.getByTestId('place-w').fill('333');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await elements(page))[0]?.geometry.w).toBe(333);
  for (const action of ['front', 'duplicate', 'lock']) expect(await page.getByTestId(`arrange-${action}`).isEnabled()).toBe(true);
  await keepPicture(page, 'frame');
  await page.getByTestId('arrange-delete').click();
  await waitForCount(page, 0);
  expect(errors).toEqual([]);
  await context.close();
});

it('the style panel is folded to a pill, which this device remembers', async () => {
  const { page, context } = await onBoard(world, { ...phone, viewport: { width: 820, height: 1180 } });
  await page.getByTestId('fold-style').tap();
  await page.getByTestId('style-panel').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByTestId('fold-style').waitFor();
  expect(await page.getByTestId('style-panel').count()).toBe(0);
  await keepPicture(page, 'folded');
  await page.getByTestId('fold-style').tap();
  await page.getByTestId('style-panel').waitFor();
  await context.close();
});
