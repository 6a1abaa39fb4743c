/** Opening of a board: when its ink is on the screen, when it answers, and the code that it fetches. */

import { gzipSync } from 'node:zlib';
import type { CDPSession, Page, Request } from 'playwright';
import { settle, type Figures } from './acts.ts';
import { Pointer } from './pointer.ts';

interface Shot {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly jpeg: string;
}

/** The scene is a file of its own, as the document of Wetink comes over its socket: neither is code. */
const isScene = (url: string): boolean => new URL(url).pathname.startsWith('/scenes/');

/** Part of the page that no board has panels on, in CSS pixels. */
const AREA = { left: 320, top: 110, right: 960, bottom: 620 };
const SHOT_WIDTH = 640;
/** Level of red below which a pixel is ink; papers, their dots and the noise of JPEG are lighter. */
const PAPER = 225;
const PAGE_WIDTH = 1_280;
/** Share of the ink of the last picture from which on ink counts as visible, and as whole. */
const SOME_INK = 0.1;
const ALL_INK = 0.97;
/** Less than any scene shows, in black pixels. */
const LEAST_INK = 50;
const PROBE_MS = 50;
/** Code that is fetched when nothing else goes on. */
const QUIET_MS = 3_000;

/** @param blank A page that reads the pictures, once the board is open. */
export async function open(page: Page, blank: Page, url: string, strokes: number): Promise<Figures> {
  const session = await page.context().newCDPSession(page);
  const shots = await takeShots(session);
  const finished: Request[] = [];
  page.on('requestfinished', (request) => finished.push(request));
  await page.goto(url, { waitUntil: 'commit' });
  const probe = probing(page);
  await page.waitForFunction((least) => (window.bench?.count() ?? 0) >= least, strokes, { timeout: 0, polling: 200 });
  await settle(page);
  await page.waitForTimeout(QUIET_MS);
  await probe.stop();
  await session.send('Page.stopScreencast');
  const { origin, answers, longestTaskMs, firstPaintMs } = await page.evaluate(() => ({
    origin: performance.timeOrigin,
    answers: window.bench.answers(),
    longestTaskMs: window.bench.longestTask(),
    firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  }));
  const { first, final } = momentsOf(await inkOf(blank, shots));
  const since = (index: number): number => (shots[index]?.at ?? NaN) - origin;
  const firstInkMs = since(first);
  return {
    firstPaintMs,
    firstInkMs,
    finalMs: since(final),
    usableMs: answers.find((at) => at >= firstInkMs) ?? NaN,
    longestTaskMs,
    ...(await codeOf(finished, { Paint: origin + firstPaintMs, Ink: origin + firstInkMs })),
  };
}

/**
 * Which picture is the first with ink, and from which on they look like the last.
 *
 * @param ink Darkness of each picture.
 */
export function momentsOf(ink: readonly number[]): { first: number; final: number } {
  const last = ink.at(-1) ?? 0;
  if (last < LEAST_INK) throw new Error('no ink is in the middle of the page');
  const isDifferent = (darkness: number): boolean => Math.abs(darkness - last) > (1 - ALL_INK) * last;
  return { first: ink.findIndex((darkness) => darkness >= SOME_INK * last), final: ink.findLastIndex(isDifferent) + 1 };
}

async function takeShots(session: CDPSession): Promise<Shot[]> {
  const shots: Shot[] = [];
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    shots.push({ at: (metadata.timestamp ?? NaN) * 1_000, jpeg: data });
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined); // The page may be gone.
  });
  await session.send('Page.startScreencast', { format: 'jpeg', quality: 50, maxWidth: SHOT_WIDTH, maxHeight: SHOT_WIDTH });
  return shots;
}

/** Wheels by one pixel, back and forth, each when the page has handled the one before. */
function probing(page: Page): { stop(): Promise<void> } {
  let isOver = false;
  const done = (async () => {
    const pointer = await Pointer.of(page);
    for (let i = 0; !isOver; i++) {
      await pointer.send({ type: 'mouseWheel', x: 640, y: 400, deltaY: i % 2 === 0 ? 1 : -1 });
      await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
    }
  })();
  // A browser that is closed in the middle of it: its end reaches the caller by another way.
  done.catch(() => undefined);
  return {
    stop() {
      isOver = true;
      return done;
    },
  };
}

/** Darkness of each picture in the area, in black pixels: from far away ink is a grey. */
async function inkOf(blank: Page, shots: readonly Shot[]): Promise<number[]> {
  const scale = SHOT_WIDTH / PAGE_WIDTH;
  const area = { x: AREA.left * scale, y: AREA.top * scale, w: (AREA.right - AREA.left) * scale, h: (AREA.bottom - AREA.top) * scale };
  const counts: number[] = [];
  for (const { jpeg } of shots) {
    counts.push(
      await blank.evaluate(
        async ({ data, paper, x, y, w, h }) => {
          const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
          const context = new OffscreenCanvas(w, h).getContext('2d');
          if (context === null) throw new Error('no canvas');
          context.drawImage(bitmap, -x, -y);
          const pixels = context.getImageData(0, 0, w, h).data;
          let dark = 0;
          for (let i = 0; i < pixels.length; i += 4) dark += Math.max(0, paper - (pixels[i] ?? paper)) / paper;
          return dark;
        },
        { data: jpeg, paper: PAPER, ...area },
      ),
    );
  }
  return counts;
}

/** Kilobytes of what the page fetched, each answer compressed by gzip where that makes it smaller. */
async function codeOf(requests: readonly Request[], until: { Paint: number; Ink: number }): Promise<Figures> {
  let [kbBeforePaint, kbBeforeInk, kbInAll] = [0, 0, 0];
  for (const request of requests) {
    if (!request.url().startsWith('http') || isScene(request.url())) continue;
    const body = await (await request.response())?.body().catch(() => null);
    if (body === null || body === undefined) continue;
    const kb = Math.min(body.length, gzipSync(body, { level: 9 }).length) / 1_000;
    const { startTime, responseEnd } = request.timing();
    kbInAll += kb;
    if (startTime + responseEnd <= until.Paint) kbBeforePaint += kb;
    if (startTime + responseEnd <= until.Ink) kbBeforeInk += kb;
  }
  return { kbBeforePaint, kbBeforeInk, kbInAll };
}
