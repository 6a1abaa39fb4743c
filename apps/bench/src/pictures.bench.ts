/**
 * A board of 500 photographs of 12 megapixels in a real browser: memory of its page and of the decoded pictures, and panning,
 * zoomed out and near; then the longest tasks of the page while a picture of 40 megapixels is pasted. Run with
 * `bench:pictures` after a build; prints JSON lines. Times depend on the machine: without a graphics card Chromium paints on
 * the processor, also what it would leave to the card.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import * as Y from 'yjs';
import WebSocket from 'ws';
import { createBoard, type ImageContent } from '@wetink/board';
import { openRoom, type SocketConstructor } from '@wetink/sync';
import { createPerson, launchBrowser, openBoard, startRelay, waitForCount } from '../../e2e/src/harness.ts';
import { pngFile } from '../../e2e/src/image-files.ts';
import { countAbove, tasksDuring } from '../../e2e/src/long-tasks.ts';

const PICTURES = Number(process.env['PICTURES'] ?? 500);
const [WIDTH, HEIGHT] = [4_000, 3_000];
const COLUMNS = 25;
/** Board units from one picture to the next. */
const STEP = { x: 440, y: 340 };
const PANS = 120;

const relay = await startRelay();
const browser = await launchBrowser();
const nameHelper = 'globalThis.__name ??= (target) => target';
try {
  const board = randomBytes(16).toString('base64url');
  const { page, context } = await createPerson(browser);
  await context.addInitScript(nameHelper);
  await openBoard(page, relay.url, randomBytes(16).toString('base64url'));
  const emptyBytes = await memoryOf(page);
  report('memory of the page on an empty board, MB', { page: megabytes(emptyBytes) });
  await writePictures(board, await photograph(page));
  await openBoard(page, relay.url, board);
  await waitForCount(page, PICTURES, 60_000);
  await look(page, null);
  await loaded(page);
  // Playwright has the page keep up to 200 MB of the answers of servers, until it is loaded anew: now all comes from the device.
  await page.reload();
  await waitForCount(page, PICTURES, 60_000);
  for (const [name, zoom] of [
    ['all in view', null],
    ['a dozen in view', 0.6],
    ['one in view', 3],
  ] as const) {
    await look(page, zoom);
    await loaded(page);
    const pan = await panned(page);
    const bytes = await memoryOf(page);
    const stats = await page.evaluate(() => (window.wetink?.stage as unknown as { stats(): { imageBytes: number } }).stats().imageBytes);
    report(`${PICTURES} pictures of ${(WIDTH * HEIGHT) / 1e6} megapixels, ${name}`, {
      pageMb: megabytes(bytes),
      moreThanEmptyMb: megabytes(bytes - emptyBytes),
      decodedMb: megabytes(stats),
      ...pan,
    });
  }
  report('a picture of 40 megapixels, pasted', await pasted(page));
} finally {
  await browser.close();
  await relay.dispose();
}

/** A JPEG with the detail of a photograph, made by the browser. */
async function photograph(page: Page): Promise<Buffer> {
  const data = await page.evaluate(
    ({ w, h }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      for (let i = 0; i < 4_000; i++) {
        context.fillStyle = `hsl(${(i * 47) % 360} 60% ${20 + ((i * 13) % 60)}%)`;
        context.beginPath();
        context.ellipse((i * 997) % w, (i * 613) % h, 20 + ((i * 7) % 180), 20 + ((i * 11) % 140), i, 0, 7);
        context.fill();
      }
      return canvas.toDataURL('image/jpeg', 0.8);
    },
    { w: WIDTH, h: HEIGHT },
  );
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64');
}

/** Each picture is a copy with a comment of its own, so that no two have the same hash. */
async function writePictures(boardId: string, jpeg: Buffer): Promise<void> {
  const room = openRoom({
    url: relay.url.replace('http', 'ws'),
    room: boardId,
    createDoc: () => new Y.Doc(),
    offline: false,
    tabs: false,
    environment: { WebSocket: WebSocket as unknown as SocketConstructor },
  });
  const saved = async (): Promise<void> => {
    while (room.status.kind !== 'saved') await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await saved();
  const images: ImageContent[] = [];
  for (let i = 0; i < PICTURES; i++) {
    const comment = Buffer.from(`picture ${i}`);
    const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
    const bytes = Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const answer = await fetch(`${relay.url}/v1/boards/${boardId}/blobs/${hash}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: bytes,
    });
    if (!answer.ok) throw new Error(`picture ${i}: ${answer.status} ${await answer.text()}`);
    images.push({ hash, type: 'image/jpeg', width: WIDTH, height: HEIGHT, bytes: bytes.length, name: `${i}.jpg` });
  }
  const board = createBoard({ doc: room.doc, userId: 'writer' });
  const style = { color: 'ink', width: 3, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
  board.run((edit) => {
    for (const [i, image] of images.entries()) {
      const geometry = { x: (i % COLUMNS) * STEP.x, y: Math.floor(i / COLUMNS) * STEP.y, w: 400, h: 300, rotation: 0 };
      edit.create({ kind: 'image', image, geometry, style });
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  await saved();
  await room.close();
  report('bytes of the pictures, MB', { all: megabytes(images.reduce((sum, { bytes }) => sum + bytes, 0)) });
}

/** @param zoom Null for all of it. */
async function look(page: Page, zoom: number | null): Promise<void> {
  await page.evaluate(
    ([to, x, y]) => {
      const stage = window.wetink?.stage as unknown as { zoomToFit(): void; setCamera(camera: object): void };
      if (to === null) stage.zoomToFit();
      else stage.setCamera({ x, y, zoom: to });
    },
    [zoom, STEP.x * 8, STEP.y * 8] as const,
  );
}

/** Waits until no further picture comes for three seconds. */
async function loaded(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const stage = window.wetink?.stage as unknown as { stats(): { imageBytes: number; frames: number } };
    let [before, quiet] = ['', 0];
    while (quiet < 6) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { imageBytes, frames } = stage.stats();
      const now = `${imageBytes}/${frames}`;
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
  });
}

/** Milliseconds from frame to frame, and of this thread in each, while the view moves by 8 CSS pixels a frame. */
async function panned(page: Page): Promise<Record<string, number>> {
  const [frames, paints] = await page.evaluate(async (count) => {
    const stage = window.wetink?.stage as unknown as { panBy(dx: number, dy: number): void; stats(): { recentPaintMs: readonly number[] } };
    const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const between: number[] = [];
    const own: number[] = [];
    let last = await next();
    for (let i = 0; i < count; i++) {
      stage.panBy(i < count / 2 ? 8 : -8, 4);
      const now = await next();
      between.push(now - last);
      own.push(stage.stats().recentPaintMs.at(-1) ?? 0);
      last = now;
    }
    return [between, own];
  }, PANS);
  return {
    frameP50: quantile(frames, 0.5),
    frameP95: quantile(frames, 0.95),
    paintP50: quantile(paints, 0.5),
    paintP95: quantile(paints, 0.95),
    paintMax: quantile(paints, 1),
  };
}

async function pasted(page: Page): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-bench-'));
  try {
    const { name, buffer } = pngFile('large.png', 8_000, 5_000);
    const path = join(folder, name);
    await writeFile(path, buffer);
    const tasks = await tasksDuring(browser, page, async () => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByTestId('add-pictures').click();
      await (await chooser).setFiles(path);
      await waitForCount(page, PICTURES + 1, 120_000);
      await page.waitForTimeout(3_000);
    });
    return { tasksAbove50Ms: countAbove(tasks, 50), tasksAbove100Ms: countAbove(tasks, 100), longest: tasks[0] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Memory that the page's process has for itself, as Linux counts it: no shared libraries, no files. */
async function memoryOf(page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; id: number }[] };
  await session.detach();
  await page.waitForTimeout(500);
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = await Promise.all(
    renderers.map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024;
    }),
  );
  return Math.max(0, ...sizes);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function report(figure: string, values: Record<string, unknown>): void {
  console.log(JSON.stringify({ figure, ...values }));
}
