/**
 * The main thread of one real Chromium in a crowd that moves at 20 Hz and draws a stroke every two seconds each, and then moves
 * as often as the app does among that many. Build first; prints one JSON line for each crowd. The load, the relay and the
 * browser share the machine: `framesPerSecond` says whether the page still painted.
 */
import { randomBytes } from 'node:crypto';
import type { CDPSession } from 'playwright';
import * as Y from 'yjs';
import { createBoard, decodeInk, encodeInk, inkBounds } from '@wetink/board';
import { penStroke } from '@wetink/board/testing';
import { createPerson, launchBrowser, openBoard, startRelay, waitForChip } from '../../e2e/src/harness.ts';
import type { Client } from './clients/client.ts';
import { openYWebsocket } from './clients/y-websocket.ts';
import { onSchedule, scheduleOf } from './schedule.ts';

const CROWDS = (process.env['CROWDS'] ?? '25,50,100,200,500').split(',').map(Number);
const SECONDS = 8;
/** Until the page has everybody's cursor. */
const WARM_UP_MS = 2_000;
/** How often an app sends its cursor, by [A2] in the SPEC of packages/sync. */
const appHz = (people: number): number => Math.max(5, Math.min(20, 600 / people));

const browser = await launchBrowser();
try {
  for (const people of CROWDS)
    for (const hz of new Set([20, appHz(people)])) process.stdout.write(`${JSON.stringify(await crowdOf(people, hz))}\n`);
} finally {
  await browser.close();
}

async function crowdOf(people: number, hz: number): Promise<Record<string, number>> {
  const relay = await startRelay({ WETINK_LIMIT_USER_CONNECTIONS: '100000', WETINK_LIMIT_USER_WORK_MS: '60000' });
  const { page, context } = await createPerson(browser);
  // esbuild names functions through this helper, so a page that runs such functions needs it.
  await context.addInitScript('globalThis.__name ??= (target) => target');
  const board = randomBytes(16).toString('base64url');
  try {
    await openBoard(page, relay.url, board);
    await waitForChip(page, /^Saved/);
    const address = { url: relay.url.replace('http', 'ws'), token: '' };
    const clients = Array.from({ length: people - 1 }, () => openYWebsocket(address, board));
    await Promise.all(clients.map(({ joined }) => joined));
    const seconds = WARM_UP_MS / 1_000 + SECONDS;
    const strokes = strokesOf(Math.round((people / 2) * seconds));
    const moving = onSchedule(scheduleOf(clients.length * hz * seconds, clients.length * hz), (i) => move(clients, i));
    const drawing = onSchedule(scheduleOf(strokes.length, people / 2), (i) => clients[0]?.sendUpdate(strokes[i] as Uint8Array));
    await page.waitForTimeout(WARM_UP_MS);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    await page.evaluate(countFrames);
    const [before, from] = [await taskSeconds(session), performance.now()];
    await page.waitForTimeout((SECONDS - 1) * 1_000);
    const elapsed = (performance.now() - from) / 1_000;
    const busy = (await taskSeconds(session)) - before;
    const frames = await page.evaluate(() => (window as unknown as { frames: number }).frames);
    await Promise.all([moving, drawing]);
    const seen = await page.evaluate(() => window.wetink?.room.awareness.getStates().size ?? 0);
    clients.forEach((client) => client.close());
    return { people, hz, seen, mainThreadPercent: Math.round((busy / elapsed) * 100), framesPerSecond: Math.round(frames / elapsed) };
  } finally {
    await context.close();
    await relay.dispose();
  }
}

function move(clients: readonly Client[], i: number): void {
  const [writer, number] = [i % clients.length, Math.floor(i / clients.length)];
  const turn = number / 30 + writer;
  const state = {
    session: `crowd${writer}`,
    user: { id: `crowd-${writer}`, name: `Person ${writer}` },
    cursor: { x: Math.round(640 + 500 * Math.cos(turn)), y: Math.round(400 + 300 * Math.sin(turn * 1.3)) },
    tool: 'pen',
    isTyping: false,
  };
  clients[writer]?.sendCursor(number + 1, JSON.stringify(state));
}

/** Made before the measurement by one document. */
function strokesOf(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const board = createBoard({ doc, userId: 'crowd' });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let n = 0; n < count; n++) {
    const ink = encodeInk(penStroke(n, 60, { x: 100 + (n % 40) * 25, y: 100 + (Math.floor(n / 40) % 25) * 25 }), 1);
    board.run((edit) =>
      edit.create({
        kind: 'stroke',
        geometry: inkBounds(decodeInk(ink)),
        style: { color: 'ink', width: 3, fill: 'none', opacity: 1, fontSize: 20, font: 'hand' },
        ink,
      }),
    );
  }
  return updates;
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

/** Runs in the page. */
function countFrames(): void {
  const page = window as unknown as { frames: number };
  page.frames = 0;
  const count = (): void => {
    page.frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
}
