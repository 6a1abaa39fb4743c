/** "Kept on this device" is true in a browser that is reloaded, killed, frozen or cleared the moment after. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { expect, it } from 'vitest';
import {
  boardReady,
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

/** The page opens without a network from here on. */
async function becomeOffline(page: Page, cut: () => void): Promise<void> {
  await waitForChip(page, /^Saved/);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  cut();
  await waitForChip(page, /Offline/);
}

it('K2: a stroke made 0, 20, 50 and 120 ms before a reload offline survives', { timeout: 60_000 }, async () => {
  const relay = await startRelay();
  const link = await createLink(relay.port);
  const { page, context } = await createPerson(world.browser);
  try {
    page.on('dialog', (dialog) => void dialog.accept());
    await openBoard(page, link.url, newBoardId());
    await becomeOffline(page, link.cut);
    for (const [index, delayMs] of [0, 20, 50, 120].entries()) {
      await pickTool(page, 'rectangle');
      await page.evaluate((ms) => {
        addEventListener('pointerup', () => setTimeout(() => location.reload(), ms), { once: true });
      }, delayMs);
      const reloaded = page.waitForEvent('load');
      await draw(page, [
        [300 + index * 120, 200],
        [380 + index * 120, 260],
      ]);
      await reloaded;
      await boardReady(page);
      await waitForCount(page, index + 1);
    }
  } finally {
    await context.close();
    await link.close();
    await relay.dispose();
  }
});

it(
  'K1 K2: a stroke in a tab that is closed as soon as it is drawn is in the other tab and on the device',
  { timeout: 60_000 },
  async () => {
    const relay = await startRelay();
    const link = await createLink(relay.port);
    const { page, context } = await createPerson(world.browser);
    try {
      const board = newBoardId();
      await openBoard(page, link.url, board);
      await becomeOffline(page, link.cut);
      const second = await openTab(context);
      await openBoard(second.page, link.url, board);
      await waitForChip(second.page, /Offline/);
      await pickTool(second.page, 'rectangle');
      await draw(second.page, [
        [300, 300],
        [400, 360],
      ]);
      await second.page.close();
      await waitForCount(page, 1);
      await waitForChip(page, /1 change kept on this device/);
      await page.reload();
      await boardReady(page);
      await waitForCount(page, 1);
    } finally {
      await context.close();
      await link.close();
      await relay.dispose();
    }
  },
);

it('K1: a browser killed as soon as another tab says "kept" has the stroke', { timeout: 60_000 }, async () => {
  const relay = await startRelay();
  const link = await createLink(relay.port);
  const profile = await mkdtemp(join(tmpdir(), 'wetink-profile-'));
  let browser = await spawnBrowser(profile);
  try {
    const board = newBoardId();
    const [context] = (await chromium.connectOverCDP(browser.url)).contexts();
    if (context === undefined) throw new Error('no context');
    const first = await context.newPage();
    await openBoard(first, link.url, board);
    await becomeOffline(first, link.cut);
    const second = await context.newPage();
    await openBoard(second, link.url, board);
    await waitForChip(second, /Offline/);
    const isSaidKept = first.evaluate(
      () =>
        new Promise<void>((resolve) => {
          window.wetink?.room.onStatus((status) => {
            if ('waiting' in status && status.waiting > 0 && status.copy === 'kept') resolve();
          });
        }),
    );
    await pickTool(second, 'rectangle');
    await Promise.all([
      isSaidKept.then(() => browser.kill()),
      // The page may be gone before the mouse is up.
      draw(second, [
        [300, 300],
        [400, 360],
      ]).catch(() => undefined),
    ]);
    browser = await spawnBrowser(profile);
    const [again] = (await chromium.connectOverCDP(browser.url)).contexts();
    const page = await again?.newPage();
    if (page === undefined) throw new Error('no page');
    await openBoard(page, link.url, board);
    await waitForCount(page, 1);
    await waitForChip(page, /1 change kept on this device/);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    await link.close();
    await relay.dispose();
  }
});

it('K3: a tab takes the socket from one that is frozen, and saves', { timeout: 60_000 }, async () => {
  const relay = await startRelay();
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  let frozen: number | null = null;
  try {
    const board = newBoardId();
    await openBoard(ben.page, relay.url, board);
    await openBoard(ana.page, relay.url, board);
    await waitForChip(ana.page, /^Saved/);
    const second = await openTab(ana.context);
    await openBoard(second.page, relay.url, board);
    await waitForChip(second.page, /^Saved/);
    frozen = await freeze(ana.page, second.page);
    await pickTool(second.page, 'rectangle');
    await draw(second.page, [
      [300, 300],
      [400, 360],
    ]);
    await waitForCount(ben.page, 1);
    await waitForChip(second.page, /^Saved/);
    process.kill(frozen, 'SIGCONT');
    frozen = null;
    await waitForCount(ana.page, 1);
    await waitForChip(ana.page, /^Saved/);
  } finally {
    if (frozen !== null) process.kill(frozen, 'SIGCONT');
    await ana.context.close();
    await ben.context.close();
    await relay.dispose();
  }
});

it('K4: a page whose site data is cleared says that nothing is kept, and writes all of it again', { timeout: 60_000 }, async () => {
  const relay = await startRelay();
  const link = await createLink(relay.port);
  const { page, context } = await createPerson(world.browser);
  try {
    await openBoard(page, link.url, newBoardId());
    await becomeOffline(page, link.cut);
    await pickTool(page, 'rectangle');
    await draw(page, [
      [300, 300],
      [400, 360],
    ]);
    await waitForChip(page, /1 change kept on this device/);
    // In place before the data goes: the page says each state only once.
    const copies = await page.evaluateHandle(() => {
      const seen: string[] = [];
      window.wetink?.room.onStatus((status) => {
        if ('copy' in status) seen.push(status.copy);
      });
      return seen;
    });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Storage.clearDataForOrigin', { origin: new URL(link.url).origin, storageTypes: 'indexeddb' });
    await expect.poll(() => copies.evaluate((seen) => seen.includes('writing') && seen.at(-1) === 'kept'), { timeout: 20_000 }).toBe(true);
    await page.reload();
    await boardReady(page);
    await waitForCount(page, 1);
    await waitForChip(page, /1 change kept on this device/);
  } finally {
    await context.close();
    await link.close();
    await relay.dispose();
  }
});

interface SpawnedBrowser {
  /** Address of its debugging port. */
  url: string;
  /** SIGKILL of the browser process; its children end with it. */
  kill(): Promise<void>;
}

/** A browser whose process id is known, on a profile that stays. */
async function spawnBrowser(profile: string): Promise<SpawnedBrowser> {
  const child = spawn(
    process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = await debuggingUrl(child);
  const hasEnded = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    kill: () => {
      child.kill('SIGKILL');
      return hasEnded;
    },
  };
}

function debuggingUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
      const [, url] = /DevTools listening on (\S+)/.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`the browser ended: ${output}`)));
  });
}

/** Stops the process of a page, which holds its locks and sockets from then on, and not that of `awake`. */
async function freeze(page: Page, awake: Page): Promise<number> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const renderer = await busiestWhile(page);
    process.kill(renderer, 'SIGSTOP');
    if ((await answers(awake)) && !(await answers(page))) return renderer;
    process.kill(renderer, 'SIGCONT');
  }
  throw new Error('no process runs this page alone');
}

/** Whether a page runs what it is given, within two seconds. */
async function answers(page: Page): Promise<boolean> {
  const answer = page.evaluate(() => true);
  answer.catch(() => undefined);
  return Promise.race([answer, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2_000))]);
}

/** The process that works most while a page works: nearly always its own, unless others have much to do. */
async function busiestWhile(page: Page): Promise<number> {
  const devtools = await world.browser.newBrowserCDPSession();
  const times = async (): Promise<Map<number, number>> => {
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await times();
  await page.evaluate(() => {
    for (const end = performance.now() + 500; performance.now() < end;);
  });
  const worked = [...(await times())].map(([id, time]) => ({ id, time: time - (before.get(id) ?? 0) }));
  await devtools.detach();
  const [most] = worked.sort((a, b) => b.time - a.time);
  if (most === undefined) throw new Error('no renderer');
  return most.id;
}
