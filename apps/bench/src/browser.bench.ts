/**
 * Figures from real browsers: pen move to wet ink in another browser, and opening a board of 10,000 strokes
 * from the relay and from the offline copy. Run with `npm run bench` after a build; prints JSON lines.
 * Times depend on the machine and the day: quote medians, and compare only figures of one run.
 */
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright';
import * as Y from 'yjs';
import { createBoard, encodeInk, decodeInk, inkBounds } from '@wetink/board';
import { penStroke } from '@wetink/board/testing';
import { openRoom, type SocketConstructor } from '@wetink/sync';
import WebSocket from 'ws';
import {
  createPerson,
  launchBrowser,
  openBoard,
  pickTool,
  startRelay,
  waitForChip,
  useServiceWorkers,
  type Person,
} from '../../e2e/src/harness.ts';

useServiceWorkers();

const STROKES = Number(process.env['STROKES'] ?? 10_000);
const MOVES = 200;

const relay = await startRelay();
const browser = await launchBrowser();
/** esbuild names functions through this helper, so pages that run such functions need it. */
const nameHelper = 'globalThis.__name ??= (target) => target';
try {
  report('pen move to wet ink painted in another browser, ms', await penToPeer());
  report(`a board of ${STROKES} strokes`, await bigBoard());
} finally {
  await browser.close();
  await relay.dispose();
}

async function penToPeer(): Promise<Record<string, number>> {
  const board = randomBytes(16).toString('base64url');
  const ana = await newPerson();
  const ben = await newPerson();
  await openBoard(ana.page, relay.url, board);
  await openBoard(ben.page, relay.url, board);
  await waitForChip(ana.page, /^Saved/);
  await waitForChip(ben.page, /^Saved/);
  await ana.page.evaluate(recordMoves);
  await ben.page.evaluate(recordPaints);
  await pickTool(ana.page, 'pen');
  await ana.page.mouse.move(200, 300);
  await ana.page.mouse.down();
  for (let move = 0; move < MOVES; move += 1) {
    await ana.page.mouse.move(200 + move * 4, 300 + 80 * Math.sin(move / 12));
    await ana.page.waitForTimeout(16);
  }
  await ana.page.waitForTimeout(500);
  const moves = await ana.page.evaluate(() => (window as unknown as { moves: [number, number][] }).moves);
  const paints = await ben.page.evaluate(() => (window as unknown as { paints: [number, number][] }).paints);
  await ana.page.mouse.up();
  const paintedAt = new Map(paints);
  const latencies = moves.flatMap(([index, movedAt]) => {
    const at = paintedAt.get(index);
    return at === undefined ? [] : [at - movedAt];
  });
  await ana.context.close();
  await ben.context.close();
  return { moves: latencies.length, median: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), max: Math.max(...latencies) };
}

/** Runs in the author's page: records for every pointer move the wet message that has it, by index of its first point. */
function recordMoves(): void {
  const page = window as unknown as { moves: [number, number][]; wetink: { room: { sendWet(m: { index: number }): void } } };
  page.moves = [];
  let waiting: number[] = [];
  window.addEventListener('pointermove', () => waiting.push(performance.timeOrigin + performance.now()), { capture: true });
  const { room } = page.wetink;
  const send = room.sendWet.bind(room);
  room.sendWet = (message) => {
    for (const at of waiting) page.moves.push([message.index, at]);
    waiting = [];
    send(message);
  };
}

/** Runs in the other page: records when the frame with a wet message has been painted. */
function recordPaints(): void {
  const page = window as unknown as { paints: [number, number][]; wetink: { room: { onWet(cb: (m: { index: number }) => void): void } } };
  page.paints = [];
  page.wetink.room.onWet(({ index }) => {
    requestAnimationFrame(() => requestAnimationFrame(() => page.paints.push([index, performance.timeOrigin + performance.now()])));
  });
}

async function bigBoard(): Promise<Record<string, number>> {
  const name = randomBytes(16).toString('base64url');
  const room = openRoom({
    url: relay.url.replace('http', 'ws'),
    room: name,
    createDoc: () => new Y.Doc(),
    offline: false,
    tabs: false,
    environment: { WebSocket: WebSocket as unknown as SocketConstructor },
  });
  const board = createBoard({ doc: room.doc, userId: 'bench' });
  for (let index = 0; index < STROKES; index += 1) {
    const ink = encodeInk(penStroke(index, 180, { x: (index % 100) * 220, y: Math.floor(index / 100) * 160 }), 1);
    board.run((edit) => {
      edit.create({
        kind: 'stroke',
        geometry: inkBounds(decodeInk(ink)),
        style: { color: 'ink', width: 3, fill: 'none', opacity: 1, fontSize: 20, font: 'hand' },
        ink,
      });
    });
  }
  const bytes = Y.encodeStateAsUpdate(room.doc).length;
  await until(() => room.status.kind === 'saved');
  await room.close();

  const joins: number[] = [];
  const opens: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const person = await newPerson();
    await person.page.goto(relay.url);
    joins.push(await timeToElements(person.page, `${relay.url}/b/${name}#debug`));
    await waitForChip(person.page, /^Saved/);
    await person.page.waitForTimeout(1500);
    await relay.kill();
    await person.page.goto('about:blank');
    opens.push(await timeToElements(person.page, `${relay.url}/b/${name}#debug`));
    await person.context.close();
    await relay.restart();
  }
  return {
    bytes,
    bytesPerStroke: Math.round(bytes / STROKES),
    joinFromRelayMs: quantile(joins, 0.5),
    openFromOfflineCopyMs: quantile(opens, 0.5),
  };
}

/** @returns Milliseconds from the start of navigation until the board has all its elements, measured in the page. */
async function timeToElements(page: Page, url: string): Promise<number> {
  await page.goto(url);
  return page.evaluate(
    (expected) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if ((window.wetink?.board.count ?? 0) >= expected) resolve(performance.now());
          else setTimeout(look, 5);
        };
        look();
      }),
    STROKES,
  );
}

async function newPerson(): Promise<Person> {
  const person = await createPerson(browser);
  await person.context.addInitScript(nameHelper);
  return person;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN) * 10) / 10;
}

function report(figure: string, values: Record<string, number>): void {
  console.log(JSON.stringify({ figure, ...values }));
}
