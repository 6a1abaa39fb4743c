/** No bar, panel or map lies over a control of another, and no control is beyond an edge: at every size, with all open that can be open. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { newBoardId, openBoard, pickTool, useWorld, waitForCount, createPerson } from './harness.ts';
import { keepPicture } from './style-board.ts';

const world = useWorld();

const sizes = [
  { width: 320, height: 320, hasTouch: true },
  { width: 320, height: 568, hasTouch: true },
  { width: 390, height: 844, hasTouch: true },
  { width: 640, height: 400, hasTouch: false },
  { width: 740, height: 360, hasTouch: true },
  { width: 768, height: 1024, hasTouch: true },
  { width: 820, height: 1180, hasTouch: true },
  { width: 760, height: 700, hasTouch: false },
  { width: 1101, height: 700, hasTouch: true },
  { width: 1280, height: 800, hasTouch: false },
];

/** Controls that are beyond an edge of the window, or that a press does not reach. Scrolled out of its own panel is no fault. */
function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const nameOf = (node: Element | null): string =>
      node?.closest('[data-testid]')?.getAttribute('data-testid') ??
      node?.getAttribute('aria-label') ??
      node?.outerHTML.slice(0, 60) ??
      'nothing';
    /** The part of the window in which the panels around it let it be seen. */
    const windowOf = (control: Element): { left: number; top: number; right: number; bottom: number } => {
      const seen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
      for (let at = control.parentElement; at !== null && at !== document.body; at = at.parentElement) {
        if (!/auto|scroll/.test(getComputedStyle(at).overflow)) continue;
        const box = at.getBoundingClientRect();
        seen.left = Math.max(seen.left, box.left);
        seen.top = Math.max(seen.top, box.top);
        seen.right = Math.min(seen.right, box.right);
        seen.bottom = Math.min(seen.bottom, box.bottom);
      }
      return seen;
    };
    for (const control of document.querySelectorAll<HTMLElement>('button, input, textarea, a[href], [role="menuitem"], .map canvas')) {
      const box = control.getBoundingClientRect();
      if (
        !control.checkVisibility({ visibilityProperty: true }) ||
        control.closest('[inert], .unseen, [aria-hidden="true"]:not(.map)') !== null
      )
        continue;
      if (box.width < 4 || box.height < 4 || getComputedStyle(control).pointerEvents === 'none') continue;
      const seen = windowOf(control);
      const isScrolled = seen.top > 0 || seen.bottom < innerHeight || seen.left > 0 || seen.right < innerWidth;
      if (!isScrolled && (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5))
        faults.push(`${nameOf(control)} is beyond an edge`);
      for (const [across, down] of [
        [0.5, 0.5],
        [0.2, 0.25],
        [0.8, 0.25],
        [0.2, 0.75],
        [0.8, 0.75],
      ] as const) {
        const [x, y] = [box.left + box.width * across, box.top + box.height * down];
        // Two pixels of an edge that scrolls belong to nobody.
        if (x < seen.left + 2 || y < seen.top + 2 || x > seen.right - 2 || y > seen.bottom - 2) continue;
        const found = document.elementFromPoint(x, y);
        // A menu, a card or a dialog that a person opened over the page goes with the next press.
        if (found === control || control.contains(found) || found?.closest('label')?.contains(control) === true) continue;
        const over = found?.closest('.menu, .popover, .dialog, .scrim, [aria-modal="true"]') ?? null;
        if (over !== null && !over.contains(control)) continue;
        faults.push(`${nameOf(control)} is under ${nameOf(found)}`);
        break;
      }
    }
    return [...new Set(faults)];
  });
}

/** On two pages, a frame, a rectangle, an arrow and a text, of which all can be selected. */
async function fill(page: Page): Promise<void> {
  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
      const at = (y: number) => ({ x: 60, y, w: 90, h: 40, rotation: 0 });
      edit.create({ kind: 'rectangle', geometry: at(100), style });
      edit.create({ kind: 'arrow', geometry: at(160), style });
      edit.create({ kind: 'text', geometry: at(220), style, text: 'Milk' });
    }),
  );
  await waitForCount(page, 3);
}

it.each(sizes)('at $width x $height', { timeout: 120_000 }, async ({ width, height, hasTouch }) => {
  const { page, context, errors } = await createPerson(world.browser, { viewport: { width, height }, hasTouch, isMobile: hasTouch });
  const size = `${width}x${height}`;
  const faults: string[] = [];
  const look = async (state: string): Promise<void> => {
    await page.waitForTimeout(250); // Panels and menus rise and fade.
    await keepPicture(page, `uncovered-${size}-${state}`);
    faults.push(...(await faultsOf(page)).map((fault) => `${state}: ${fault}`));
  };
  await openBoard(page, world.relay.url, newBoardId());
  for (const part of ['hello', 'style-panel', 'status-chip']) await page.getByTestId(part).waitFor();
  await look('the first visit');
  await page
    .getByTestId('hello')
    .getByRole('button', { name: /^That.s me$/ })
    .click();
  await fill(page);
  await page.getByTestId('menu').click();
  await look('the menu');
  await page.getByTestId('hasMap').click();
  await page.keyboard.press('Escape');
  for (const tool of ['pen', 'rectangle', 'text']) {
    await pickTool(page, tool);
    await look(tool);
  }
  await page.getByTestId('tool-select').click();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-field').fill('add a page');
  await page.getByTestId('palette-field').press('Enter');
  await page.getByTestId('pages').waitFor();
  await fill(page);
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+a');
  await page.getByTestId('open-arrange').click();
  await page.getByTestId('arrange-left').waitFor();
  await look('Arrange and the map');
  await page.keyboard.press('Escape');
  if (await page.getByTestId('tool-more').isVisible()) {
    await page.getByTestId('tool-more').click();
    await look('more tools');
  }
  await page.getByTestId('tool-shapes').click();
  await look('shapes');
  await page.keyboard.press('Escape');
  await page.getByTestId('tool-select').click();
  await page.getByTestId('pages').click();
  await look('pages');
  await page.keyboard.press('Escape');
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-field').waitFor();
  await look('find');
  await page.keyboard.press('Escape');
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('chat-input').waitFor();
  await look('chat');
  expect(faults).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
