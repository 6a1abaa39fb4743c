/** The link and the relay come and go: nothing is lost, and the chip says the truth at each moment. */
import { expect, it } from 'vitest';
import {
  boardContent,
  boardReady,
  countElements,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  openTab,
  pickTool,
  startRelay,
  useBrowser,
  waitForChip,
  waitForCount,
  useServiceWorkers,
} from './harness.ts';
import { createLink } from './link.ts';

useServiceWorkers();

const world = useBrowser();

const box = (x: number, y: number): [number, number][] => [
  [x, y],
  [x + 60, y + 40],
];

it('what is drawn offline survives an offline reload and merges on both sides', async () => {
  const relay = await startRelay();
  const link = await createLink(relay.port);
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  try {
    const board = newBoardId();
    await openBoard(ana.page, link.url, board);
    await openBoard(ben.page, relay.url, board);
    await waitForChip(ana.page, /^Saved/);
    await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await pickTool(ana.page, 'rectangle');
    await draw(ana.page, box(420, 200));
    await waitForCount(ben.page, 1);
    await waitForChip(ana.page, /^Saved/);

    link.cut();
    await waitForChip(ana.page, /Offline/);
    await pickTool(ana.page, 'rectangle');
    await draw(ana.page, box(300, 200));
    await pickTool(ben.page, 'ellipse');
    await draw(ben.page, box(400, 400));
    await waitForCount(ana.page, 2);
    await waitForChip(ana.page, /Offline.*kept on this device/);

    await ana.page.reload();
    await boardReady(ana.page);
    await waitForCount(ana.page, 2);
    await waitForChip(ana.page, /Offline.*kept on this device/);
    await pickTool(ana.page, 'ellipse');
    await draw(ana.page, box(300, 300));
    await waitForCount(ana.page, 3);
    expect(await countElements(ben.page)).toBe(2);

    link.mend();
    await waitForCount(ana.page, 4, 30_000);
    await waitForCount(ben.page, 4, 30_000);
    await waitForChip(ana.page, /^Saved/);
    expect(await boardContent(ana.page)).toBe(await boardContent(ben.page));
    expect([...ana.errors, ...ben.errors]).toEqual([]);
  } finally {
    await ana.context.close();
    await ben.context.close();
    await link.close();
    await relay.dispose();
  }
});

it('home lists boards opened before with their titles, also offline', async () => {
  const relay = await startRelay();
  const link = await createLink(relay.port);
  const ana = await createPerson(world.browser);
  try {
    await openBoard(ana.page, link.url, newBoardId());
    await ana.page.evaluate(() => window.wetink?.board.setTitle('Harbour plan'));
    await waitForChip(ana.page, /^Saved/);
    await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await ana.page.goto(link.url);
    await ana.page.getByText('Harbour plan').waitFor();
    link.cut();
    await ana.page.reload();
    await ana.page.getByText('Harbour plan').click();
    await ana.page.getByTestId('board-canvas').waitFor();
    await waitForChip(ana.page, /Offline|device/);
  } finally {
    await ana.context.close();
    await link.close();
    await relay.dispose();
  }
});

it('a relay killed while people draw comes back with everything that was shown as saved', async () => {
  const relay = await startRelay();
  const ana = await createPerson(world.browser);
  try {
    const board = newBoardId();
    await openBoard(ana.page, relay.url, board);
    await waitForChip(ana.page, /^Saved/);
    for (let index = 0; index < 6; index += 1) {
      await pickTool(ana.page, 'rectangle');
      await draw(ana.page, box(300 + index * 90, 200), 2);
    }
    await waitForChip(ana.page, /^Saved/);
    const saved = await countElements(ana.page);
    await relay.kill();
    await pickTool(ana.page, 'pen');
    await draw(ana.page, [
      [300, 400],
      [400, 500],
      [500, 400],
    ]);
    await relay.restart();
    // A second browser has no copy of its own: what it sees is what the relay kept.
    const ben = await createPerson(world.browser);
    await openBoard(ben.page, relay.url, board);
    await expect.poll(() => countElements(ben.page), { timeout: 20_000 }).toBeGreaterThanOrEqual(saved);
    await waitForCount(ben.page, saved + 1, 30_000);
    await waitForChip(ana.page, /^Saved/, 30_000);
    expect(await boardContent(ana.page)).toBe(await boardContent(ben.page));
    await ben.context.close();
    expect(await relay.stop()).toBe(0);
  } finally {
    await ana.context.close();
    await relay.dispose();
  }
});

it('two tabs share edits while offline, and the one that stays hands over what the other had drawn', async () => {
  const relay = await startRelay();
  const link = await createLink(relay.port);
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  try {
    const board = newBoardId();
    await openBoard(ana.page, link.url, board);
    await waitForChip(ana.page, /^Saved/);
    const second = await openTab(ana.context);
    await openBoard(second.page, link.url, board);
    await openBoard(ben.page, relay.url, board);
    link.cut();
    await waitForChip(second.page, /Offline/);
    await pickTool(second.page, 'rectangle');
    await draw(second.page, box(300, 300));
    await waitForCount(ana.page, 1);
    await pickTool(ana.page, 'ellipse');
    await draw(ana.page, box(500, 300));
    await waitForCount(second.page, 2);
    await ana.page.close();
    link.mend();
    await waitForCount(ben.page, 2, 40_000);
    await waitForChip(second.page, /^Saved/, 30_000);
    expect(await boardContent(ben.page)).toBe(await boardContent(second.page));
  } finally {
    await ana.context.close();
    await ben.context.close();
    await link.close();
    await relay.dispose();
  }
});

it('a browser that refuses storage still draws and shares, and says that nothing is kept on this device', async () => {
  const relay = await startRelay();
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  try {
    await ana.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('storage is blocked', 'SecurityError');
      };
    });
    const board = newBoardId();
    await openBoard(ana.page, relay.url, board);
    await openBoard(ben.page, relay.url, board);
    await pickTool(ana.page, 'rectangle');
    await draw(ana.page, box(300, 300));
    await waitForCount(ben.page, 1);
    await waitForChip(ana.page, /Saved|not kept on this device/i);
    await relay.kill();
    await pickTool(ana.page, 'rectangle');
    await draw(ana.page, box(500, 300));
    await waitForChip(ana.page, /only in this tab/i);
    expect(ana.errors).toEqual([]);
  } finally {
    await ana.context.close();
    await ben.context.close();
    await relay.dispose();
  }
});
