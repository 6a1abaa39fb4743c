/** The style panel with the keyboard alone. */
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { useWorld } from './harness.ts';
import { drawMixed, onBoard, phone } from './style-board.ts';

const world = useWorld();

describe('with the keyboard alone', () => {
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { activeElement } = document;
      const row = activeElement?.closest('[role="radiogroup"], [role="toolbar"]');
      return row?.getAttribute('data-testid') ?? row?.getAttribute('aria-label') ?? activeElement?.getAttribute('data-testid') ?? '';
    });
  const testId = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);

  it('M4: each row of choices is one stop, and the tools come before the style', async () => {
    const { page, context } = await onBoard(world);
    await drawMixed(page);
    await page.getByTestId('tool-select').focus();
    const stops = [await focused(page)];
    for (let count = 0; count < 14; count += 1) {
      await page.keyboard.press('Tab');
      stops.push(await focused(page));
    }
    expect(stops).toEqual([
      'Tools',
      'color-row',
      'fill-row',
      'width-row',
      'style-width',
      'dash-row',
      'round-corners',
      'size-row',
      'face-row',
      'style-opacity',
      'arrange',
      'fold-style',
      'history-row',
      'zoom-row',
      expect.anything(),
    ]);
    await context.close();
  });

  it('M4: arrows, Home and End go along a row, Enter chooses, and Tab comes back to what is held', async () => {
    const { page, context, errors } = await onBoard(world);
    await page.getByTestId('board-canvas').focus();
    await page.keyboard.press('r');
    await page.getByTestId('tool-rectangle').focus();
    await page.keyboard.press('Tab');
    expect(await testId(page)).toBe('color-ink');
    const visit = async (key: string): Promise<string | null> => {
      await page.keyboard.press(key);
      return testId(page);
    };
    expect(await visit('ArrowRight')).toBe('color-grey');
    expect(await visit('ArrowDown')).toBe('color-red');
    expect(await visit('ArrowLeft')).toBe('color-grey');
    expect(await visit('End')).toBe('color-own');
    expect(await visit('ArrowRight')).toBe('color-ink');
    expect(await visit('ArrowLeft')).toBe('color-own');
    expect(await visit('Home')).toBe('color-ink');
    // Going past choices chooses nothing.
    expect(await page.getByTestId('color-ink').getAttribute('aria-checked')).toBe('true');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('color-red').getAttribute('aria-checked')).toBe('true');
    expect(await page.getByTestId('color-row').locator('[aria-checked="true"]').count()).toBe(1);
    expect(await testId(page)).toBe('color-red');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    expect(await testId(page)).toBe('fill-none');
    await page.keyboard.press('Shift+Tab');
    expect(await testId(page)).toBe('color-red');
    // All rows are entered by one stop each.
    expect(
      await page.evaluate(() =>
        [...document.querySelectorAll('[role="radiogroup"], .hands [role="toolbar"]')].map(
          (row) => row.querySelectorAll('button:not(:disabled):not([tabindex="-1"])').length,
        ),
      ),
    ).toEqual([1, 1, 1, 1, 1, expect.toSatisfy((count) => count === 0 || count === 1), 1]);
    expect(await seriousFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('M4: on a phone with a keyboard the row and its tray are a stop each, and Escape closes the tray', async () => {
    const { page, context } = await onBoard(world, { ...phone, isMobile: false });
    await drawMixed(page);
    await page.getByTestId('tool-select').focus();
    await page.keyboard.press('Tab');
    expect(await testId(page)).toBe('open-color');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await testId(page)).toBe('open-fill');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('fill-row');
    await page.keyboard.press('End');
    await page.keyboard.press('Escape');
    await page.getByTestId('style-tray').waitFor({ state: 'detached' });
    expect(await testId(page)).toBe('open-fill');
    await context.close();
  });
});
