/**
 * Sets up browser tests: a relay process of its own on a free port with a data folder of its own, serving the built app,
 * and real Chromium driven by Playwright. Everything started here is ended by pid when the test file is done.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright';
import type { Board, BoardElement, ElementId } from '@wetink/board';
import type { Room } from '@wetink/sync';

const root = join(import.meta.dirname, '../../..');

export interface RelayProcess {
  readonly url: string;
  readonly port: number;
  /** SIGKILL, as a crash or a power cut would. */
  kill(): Promise<void>;
  /** The same port and data folder again. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL and the data folder removed. */
  dispose(): Promise<void>;
}

/**
 * @param env Settings beside host, port and folder, such as `WETINK_AUTH`.
 * @param app Folder of the web app.
 */
export async function startRelay(env: Readonly<Record<string, string>> = {}, app = 'apps/web/dist'): Promise<RelayProcess> {
  const data = await mkdtemp(join(tmpdir(), 'wetink-e2e-'));
  const port = await freePort();
  let child = await spawnRelay(port, data, env, app);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    kill: () => ended(child, 'SIGKILL').then(() => undefined),
    async restart() {
      child = await spawnRelay(port, data, env, app);
    },
    stop: () => ended(child, 'SIGTERM'),
    async dispose() {
      await ended(child, 'SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
}

function spawnRelay(port: number, data: string, env: Readonly<Record<string, string>>, app: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['apps/relay/bin/wetink-relay.mjs', '--port', String(port), '--host', '127.0.0.1', '--data', data, '--static', app],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-10_000);
      if (output.includes('Wetink is ready')) resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`relay ended with ${code} before it was ready: ${output}`)));
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const VIOLATION = 'the page went against its policy: ';
/** Violations of the Content-Security-Policy by pages of this test file. */
const violations: string[] = [];

/** A browser for the tests of this file, closed after the last. No page may have gone against its Content-Security-Policy. */
export function useBrowser(): { readonly browser: Browser } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(violations.splice(0), '[C5] no page goes against its policy').toEqual([]);
  });
  return {
    get browser() {
      if (browser === undefined) throw new Error('the browser is there once the tests run');
      return browser;
    },
  };
}

/** A relay and a browser for the tests of this file, ended after the last. */
export function useWorld(env: Readonly<Record<string, string>> = {}): { readonly browser: Browser; readonly relay: RelayProcess } {
  let relay: RelayProcess | undefined;
  beforeAll(async () => {
    relay = await startRelay(env);
  });
  afterAll(() => relay?.dispose());
  const opened = useBrowser();
  return {
    get browser() {
      return opened.browser;
    },
    get relay() {
      if (relay === undefined) throw new Error('the relay is there once the tests run');
      return relay;
    },
  };
}

export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Page errors and console errors seen so far; a test that provokes one empties it. */
  readonly errors: string[];
}

/** Elsewhere blocked: each person's worker fetches and stores the whole app, which takes a quarter of a test's time. */
let serviceWorkers: 'allow' | 'block' = 'block';

/** For a test file whose pages are cut from the network, open without one, hear of a new version or get pushes. */
export function useServiceWorkers(): void {
  serviceWorkers = 'allow';
}

/** A person is a browser profile: storage of its own, so a user id of its own. */
export async function createPerson(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers, ...options });
  return openTab(context);
}

/** One more tab of a person's browser. */
export async function openTab(context: BrowserContext): Promise<Person> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript((prefix) => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber, sample }) =>
      console.error(`${prefix}${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${sample}`),
    );
  }, VIOLATION);
  page.on('console', (message) => {
    if (message.text().startsWith(VIOLATION)) violations.push(message.text());
    // Lost connections are logged by the browser itself; they are what half of these tests provoke.
    if (message.type() === 'error' && !/WebSocket|ERR_|Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  return { context, page, errors };
}

/** Opens a board with the debug handle on and waits until it can be drawn on. */
export async function openBoard(page: Page, url: string, boardId: string): Promise<void> {
  await page.goto(`${url}/b/${boardId}#debug`);
  await boardReady(page);
}

export async function boardReady(page: Page): Promise<void> {
  await page.getByTestId('board-canvas').waitFor();
  await page.waitForFunction(() => window.wetink !== undefined);
}

export function newBoardId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
}

/** Draws with the mouse along the points, in CSS pixels of the page, as a hand would: several moves, one press. */
export async function draw(page: Page, points: readonly (readonly [number, number])[], steps = 6): Promise<void> {
  const [first, ...rest] = points;
  if (!first) return;
  await page.mouse.move(first[0], first[1]);
  await page.mouse.down();
  for (const [x, y] of rest) await page.mouse.move(x, y, { steps });
  await page.mouse.up();
}

export function pickTool(page: Page, tool: string): Promise<void> {
  return page.getByTestId(`tool-${tool}`).click();
}

export function countElements(page: Page): Promise<number> {
  return page.evaluate(() => window.wetink?.board.count ?? -1);
}

/** The elements that the board shows, comparable between browsers: kind, geometry and style of each element, bottom to top. */
export function boardContent(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify(
      window.wetink?.board
        .elements()
        .map((element) => [element.id, element.kind, element.geometry, element.style, element.text, element.ink?.length ?? 0]),
    ),
  );
}

/** Board units of the top left corner, and CSS pixels per board unit. */
export function cameraOf(page: Page): Promise<{ x: number; y: number; zoom: number }> {
  return page.evaluate(() => {
    if (window.wetink === undefined) throw new Error('open the board with #debug');
    const { x, y, zoom } = window.wetink.stage.state.camera;
    return { x, y, zoom };
  });
}

export async function waitForCount(page: Page, count: number, timeout = 10_000): Promise<void> {
  await page.waitForFunction((expected) => window.wetink?.board.count === expected, count, { timeout });
}

export async function waitForChip(page: Page, text: RegExp, timeout = 20_000): Promise<void> {
  await page.getByTestId('status-chip').filter({ hasText: text }).waitFor({ timeout });
}

/** The part of the stage that tests use. */
export interface DebugStage {
  readonly state: {
    camera: { x: number; y: number; zoom: number };
    tool: string;
    selection: readonly ElementId[];
    style: Pick<BoardElement['style'], 'color'>;
    othersLooks: ReadonlyMap<ElementId, { look: Partial<BoardElement['look']> }>;
  };
  select(ids: readonly ElementId[]): void;
  setTool(tool: 'select'): void;
  setCamera(camera: { x: number; y: number; zoom: number }): void;
}

declare global {
  interface Window {
    /** Only there when the address ends with #debug. */
    wetink?: { board: Board; room: Room; stage: DebugStage };
  }
}
