/** Everything that opens on a board, from one list: axe in light and dark, where the keyboard is, and targets for fingers. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { useWorld, waitForChip } from './harness.ts';
import { drawMixed, onBoard, phone } from './style-board.ts';

const world = useWorld();

interface Opening {
  readonly name: string;
  /** Opens it, where something is selected and the board has the keys. */
  readonly open: (page: Page) => Promise<unknown>;
  /** Only there once it is open. */
  readonly sign: (page: Page) => ReturnType<Page['getByTestId']>;
  /** It takes no focus, and is closed by its button. */
  readonly close?: (page: Page) => Promise<unknown>;
}

const byKey = (key: string) => (page: Page) => page.keyboard.press(key);
const byPress = (testId: string) => (page: Page) => page.getByTestId(testId).click();
const seen = (testId: string) => (page: Page) => page.getByTestId(testId);

const everywhere: readonly Opening[] = [
  { name: 'the menu', open: byPress('menu'), sign: seen('open-help') },
  { name: 'the menu at the pointer', open: byKey('ContextMenu'), sign: seen('context-duplicate') },
  { name: 'the list of actions', open: byKey('Control+k'), sign: seen('palette-field') },
  { name: 'the search', open: byKey('Control+f'), sign: seen('find-field') },
  { name: 'the list of what is here', open: byKey('Shift+O'), sign: seen('outline') },
  { name: 'the help', open: byKey('?'), sign: seen('help-search') },
  { name: 'sharing', open: byPress('share'), sign: seen('share-link') },
  { name: 'the status', open: byPress('status-chip'), sign: seen('status-lines') },
  { name: 'people', open: byPress('participants'), sign: seen('say-open') },
  {
    name: 'the chat',
    open: byPress('chat-toggle'),
    sign: seen('chat-input'),
    close: (page) => page.getByRole('button', { name: 'Close chat' }).click(),
  },
];
const withMouse: readonly Opening[] = [
  { name: 'the shapes', open: byPress('tool-shapes'), sign: seen('tool-star') },
  { name: 'the arrange panel', open: byPress('open-arrange'), sign: seen('arrangings'), close: byPress('open-arrange') },
];
const withFingers: readonly Opening[] = [
  { name: 'more tools', open: byPress('tool-more'), sign: seen('tool-shapes'), close: byPress('tool-more') },
  ...['color', 'order', 'arrange'].map((tray) => ({
    name: `the tray of ${tray}`,
    open: byPress(`open-${tray}`),
    sign: seen('style-tray'),
    close: byPress(`open-${tray}`),
  })),
];

/** Controls on the screen that are smaller than a fingertip. The title and the status are two lines of one bar: they share it. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      'button, a[href], select, textarea, input, [role^="menuitem"], [role="option"]',
    );
    return [...controls].flatMap((control) => {
      // The label is the target of what is in it.
      const target = control.closest('label') ?? control;
      const { width, height } = target.getBoundingClientRect();
      const isHidden = !control.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || width <= 1 || height <= 1;
      if (control.closest('.top .words') !== null) return [];
      if (isHidden || control.closest('[inert], [aria-hidden="true"]') !== null) return [];
      const name = control.dataset['testid'] ?? control.ariaLabel ?? control.textContent.trim().slice(0, 30);
      return width < 43.5 || height < 43.5 ? [`${name}: ${Math.round(width)} x ${Math.round(height)}`] : [];
    });
  });
}

it.each([
  { name: 'on a desktop', options: {}, openings: [...everywhere, ...withMouse], isTouch: false },
  {
    name: 'on a phone',
    options: { ...phone, viewport: { width: 360, height: 740 } },
    openings: [...everywhere, ...withFingers],
    isTouch: true,
  },
])('whatever opens has no serious fault in light and dark, and gives the keys back, $name', async ({ options, openings, isTouch }) => {
  const { page, context, errors } = await onBoard(world, options);
  await waitForChip(page, /^Saved/);
  await drawMixed(page);
  await page.waitForLoadState('networkidle');
  const faults: string[] = [];
  const focused = (): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid') ?? document.activeElement?.tagName ?? '',
    );
  for (const { name, open, sign, close } of openings) {
    await page.getByTestId('board-canvas').focus();
    await open(page);
    await sign(page)
      .first()
      .waitFor({ timeout: 8_000 })
      .catch(() => faults.push(`${name}: does not open`));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      faults.push(...(await seriousFaults(page)).map((fault) => `${name}, ${colorScheme}: ${fault}`));
    }
    if (isTouch) faults.push(...(await smallTargets(page)).map((target) => `${name}: ${target}`));
    const folder = process.env['SHOTS'];
    if (folder !== undefined)
      await page.screenshot({ path: `${folder}/open-${isTouch ? 'phone' : 'desk'}-${name.replace(/\W+/g, '-')}.png` });
    if (close === undefined) await page.keyboard.press('Escape');
    else await close(page);
    await sign(page)
      .first()
      .waitFor({ state: 'detached', timeout: 8_000 })
      .catch(() => faults.push(`${name}: does not close`));
    if ((await focused()) === 'BODY') faults.push(`${name}: loses the focus`);
  }
  expect(faults).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
