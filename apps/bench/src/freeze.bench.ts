/**
 * Long tasks of the page's main thread on a board of 100,000 strokes, act by act: how many tasks took more than 50 and
 * 100 ms of CPU, and the longest as "CPU ms/ms from begin to end". Run with `bench:freeze` after a build.
 *
 * `PROFILE=draw,undo-clear` writes `<act>.trace.json` of those acts into the current folder, for Chromium's developer tools.
 */
import type { Page } from 'playwright';
import {
  createPerson,
  draw,
  launchBrowser,
  newBoardId,
  openBoard,
  pickTool,
  startRelay,
  waitForChip,
  waitForCount,
} from '../../e2e/src/harness.ts';
import { writeLargeBoard } from '../../e2e/src/large-board.ts';
import { countAbove, tasksDuring } from '../../e2e/src/long-tasks.ts';

const STROKES = Number(process.env['STROKES'] ?? 100_000);
const PROFILED = process.env['PROFILE']?.split(',') ?? [];
const ONLY = process.env['ACTS']?.split(',');

/** A preview and a compaction wait for some seconds of quiet. */
const QUIET_MS = 12_000;

const relay = await startRelay({}, process.env['APP']);
const browser = await launchBrowser();
const nameHelper = 'globalThis.__name ??= (target) => target';

const press = (page: Page, chord: string): Promise<void> => page.keyboard.press(chord);
const acts: [name: string, act: (page: Page) => Promise<void>][] = [
  ['quiet', (page) => page.waitForTimeout(QUIET_MS)],
  ['draw', drawTen],
  ['quiet-after-drawing', (page) => page.waitForTimeout(QUIET_MS)],
  ['pan', pan],
  ['zoom', zoom],
  ['fit', (page) => press(page, 'Shift+Digit1')],
  ['draw-fitted', drawTen],
  ['erase-fitted', erase],
  ['undo-erase', (page) => press(page, 'Control+z')],
  ['select-all', (page) => press(page, 'Control+a')],
  ['deselect', (page) => press(page, 'Escape')],
  ['clear', async (page) => page.evaluate(() => window.wetink?.board.clear())],
  ['undo-clear', (page) => press(page, 'Control+z')],
  ['redo-clear', (page) => press(page, 'Control+Shift+z')],
  ['undo-clear-again', (page) => press(page, 'Control+z')],
  ['select-all-delete', (page) => press(page, 'Control+a').then(() => press(page, 'Delete'))],
  ['undo-delete', (page) => press(page, 'Control+z')],
  ['quiet-at-the-end', (page) => page.waitForTimeout(QUIET_MS)],
  ['home', toHome],
];

try {
  const board = newBoardId();
  const bytes = await writeLargeBoard(relay.url, board, STROKES);
  console.log(JSON.stringify({ figure: `a board of ${STROKES} strokes`, bytes }));
  const { page, context } = await createPerson(browser);
  await context.addInitScript(nameHelper);
  await run(page, 'open-from-relay', () => shown(page, board));
  for (const [name, act] of acts) {
    if (ONLY === undefined || ONLY.includes(name)) await run(page, name, () => act(page));
  }
  await page.goto('about:blank');
  await run(page, 'open-from-device', () => shown(page, board));
} finally {
  await browser.close();
  await relay.dispose();
}

async function shown(page: Page, board: string): Promise<void> {
  await openBoard(page, relay.url, board);
  await page.waitForFunction((least) => (window.wetink?.board.count ?? 0) >= least, STROKES, { timeout: 120_000 });
  await waitForChip(page, /^Saved/, 120_000);
}

async function run(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  const isProfiled = PROFILED.includes(name) || PROFILED.includes('all');
  const tasks = await tasksDuring(
    browser,
    page,
    async () => {
      await act();
      // Frames until nothing changes any more, and what is sent and stored.
      await page.waitForTimeout(2_000);
    },
    isProfiled ? `${name}.trace.json` : undefined,
  );
  const longest = tasks.slice(0, 5).map(({ cpuMs, wallMs }) => `${cpuMs}/${wallMs}`);
  console.log(JSON.stringify({ act: name, over50: countAbove(tasks, 50), over100: countAbove(tasks, 100), longest: longest.join(' ') }));
}

async function drawTen(page: Page): Promise<void> {
  const before = await page.evaluate(() => window.wetink?.board.count ?? 0);
  await pickTool(page, 'pen');
  for (let stroke = 0; stroke < 10; stroke++) {
    await draw(page, [
      [300 + stroke * 60, 250],
      [340 + stroke * 60, 400],
      [310 + stroke * 60, 500],
    ]);
  }
  await waitForCount(page, before + 10);
}

async function toHome(page: Page): Promise<void> {
  await page.getByTestId('menu').click();
  await page.getByText('All boards').click();
}

async function pan(page: Page): Promise<void> {
  await page.mouse.move(640, 400);
  for (let step = 0; step < 40; step++) await page.mouse.wheel(60, 40);
}

async function zoom(page: Page): Promise<void> {
  await page.mouse.move(640, 400);
  await page.keyboard.down('Control');
  for (let step = 0; step < 20; step++) await page.mouse.wheel(0, 60);
  for (let step = 0; step < 10; step++) await page.mouse.wheel(0, -60);
  await page.keyboard.up('Control');
}

async function erase(page: Page): Promise<void> {
  await pickTool(page, 'eraser');
  await draw(
    page,
    [
      [500, 300],
      [700, 500],
      [500, 500],
    ],
    12,
  );
}
