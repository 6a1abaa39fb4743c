/** Keyboard, touch, axe, files, and what a person meets when something is broken. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import {
  boardContent,
  cameraOf,
  countElements,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  pickTool,
  useWorld,
  waitForChip,
  waitForCount,
} from './harness.ts';

const world = useWorld();

describe.each([
  { name: 'light', options: {} },
  { name: 'dark', options: { colorScheme: 'dark' as const } },
  { name: 'phone', options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
])('axe finds no serious fault, $name', ({ options }) => {
  it('on home', async () => {
    const ana = await createPerson(world.browser, options);
    await ana.page.goto(world.relay.url);
    await ana.page.getByTestId('new-board').waitFor();
    expect(await seriousFaults(ana.page)).toEqual([]);
    await ana.context.close();
  });

  it('on the board, with the chat open', async () => {
    const ana = await createPerson(world.browser, options);
    await openBoard(ana.page, world.relay.url, newBoardId());
    await waitForChip(ana.page, /^Saved/);
    expect(await seriousFaults(ana.page)).toEqual([]);
    await ana.page.getByTestId('chat-toggle').click();
    await ana.page.getByTestId('chat-input').waitFor();
    expect(await seriousFaults(ana.page)).toEqual([]);
    await ana.context.close();
  });
});

it('the keyboard alone reaches every tool and can place a shape, undo it and redo it', async () => {
  const ana = await createPerson(world.browser);
  await openBoard(ana.page, world.relay.url, newBoardId());
  const keys = {
    v: 'select',
    h: 'hand',
    p: 'pen',
    'Shift+D': 'highlighter',
    e: 'eraser',
    r: 'rectangle',
    o: 'ellipse',
    l: 'line',
    a: 'arrow',
    t: 'text',
    f: 'frame',
  };
  for (const [key, tool] of Object.entries(keys)) {
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press(key);
    await expect
      .poll(
        () =>
          ana.page.getByTestId(`tool-${tool}`).evaluate((node) => node.getAttribute('aria-pressed') ?? node.getAttribute('aria-checked')),
        { timeout: 3000 },
      )
      .toBe('true');
  }
  const reached = new Set<string>();
  for (let index = 0; index < 60; index += 1) {
    await ana.page.keyboard.press('Tab');
    const id = await ana.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
    if (id) reached.add(id);
    if (id.startsWith('tool-')) {
      for (let step = 0; step < 16; step += 1) {
        await ana.page.keyboard.press('ArrowRight');
        reached.add(await ana.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? ''));
      }
    }
  }
  for (const tool of [...Object.values(keys), 'shapes']) expect([...reached]).toContain(`tool-${tool}`);
  await ana.page.getByTestId('board-canvas').focus();
  await ana.page.keyboard.press('r');
  await ana.page.keyboard.press('Enter');
  await waitForCount(ana.page, 1);
  await ana.page.keyboard.press('Control+z');
  await waitForCount(ana.page, 0);
  await ana.page.keyboard.press('Control+y');
  await waitForCount(ana.page, 1);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('the keyboard alone draws a small flowchart: boxes where and as large as they should be, an arrow, words, a stroke', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  const cross = page.getByTestId('crosshair');
  const keys = async (...pressed: (string | readonly [key: string, times: number])[]): Promise<void> => {
    for (const one of pressed) {
      const [key, times] = typeof one === 'string' ? [one, 1] : one;
      for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
    }
  };
  const said = (text: string | RegExp): Promise<void> =>
    page.getByTestId('walk').filter({ hasText: text }).waitFor({ state: 'attached', timeout: 3000 });
  const drawn = (): Promise<(readonly [string, number, number, number, number])[]> =>
    page.evaluate(() => (window.wetink?.board.elements() ?? []).map(({ kind, geometry: { x, y, w, h } }) => [kind, x, y, w, h] as const));
  await keys('Tab');
  // The first arrow shows the crosshair in the middle, at 640, 400.
  await keys('r', 'ArrowUp');
  await cross.waitFor();
  await said(/^Crosshair\. .* At 640, 400$/);
  await keys(['Shift+ArrowUp', 2], ['Shift+ArrowLeft', 3]);
  await said(/^At 340, 200$/);
  await keys('Enter');
  await said(/^Drawing\./);
  await keys(['Shift+ArrowRight', 2], ['ArrowDown', 8]);
  await said(/^200 by 80$/);
  await keys('Enter');
  await said(/^Rectangle, finished\.$/);
  await cross.waitFor({ state: 'detached' }); // The tool has handed over to select.
  expect(await drawn()).toEqual([['rectangle', 340, 200, 200, 80]]);

  // Without the crosshair Enter places in the middle; arrows move what is selected.
  await keys('r', 'Enter');
  await waitForCount(page, 2);
  await keys(['Shift+ArrowDown', 10]);
  expect((await drawn())[1]).toEqual(['rectangle', 560, 450, 160, 100]);

  await keys('a', 'ArrowDown', ['Shift+ArrowLeft', 1]);
  await said(/^At 440, 280, on Rectangle$/);
  await keys('Enter', ['Shift+ArrowRight', 2], 'Shift+ArrowDown', ['ArrowDown', 7], 'Enter');
  await waitForCount(page, 3);
  expect((await drawn())[2]).toEqual(['arrow', 440, 280, 200, 170]);

  await keys('t', 'ArrowUp', ['Shift+ArrowUp', 2], 'Enter');
  await page.getByTestId('text-editor').waitFor();
  await page.keyboard.type('Yes');
  await keys('Escape');
  await waitForCount(page, 4);

  // Point by point: each is set by two presses, and another press on the last one ends the line.
  await keys('l', 'ArrowUp', 'Enter', 'Enter');
  await said(/^A point of the line\./);
  await keys('Shift+ArrowRight', 'Enter', 'Enter', 'Shift+ArrowDown', 'Enter', 'Enter', 'Enter');
  await waitForCount(page, 5);
  await said(/^Line, finished\.$/);
  expect(await page.evaluate(() => window.wetink?.board.elements().at(-1)?.points?.length)).toBe(6);
  await page.keyboard.press('Control+z');
  await waitForCount(page, 4);
  // A frame lies beneath everything, and is named all the same.
  await keys('f', 'ArrowUp', 'Enter', ['Shift+ArrowRight', 2], ['Shift+ArrowDown', 2], 'Enter');
  await said(/^Frame .*finished\.$/);
  await page.keyboard.press('Control+z');
  await waitForCount(page, 4);
  await keys('Escape', 'Escape');

  // Escape gives up what is being drawn, and leaves the tool.
  await keys('p', 'ArrowUp', 'Enter', ['Shift+ArrowLeft', 2], 'Escape');
  await said('Given up.');
  expect(await cross.getAttribute('data-pressed')).toBe('false');
  await keys('Enter', ['Shift+ArrowLeft', 2], 'Enter');
  await waitForCount(page, 5);
  await said(/^Drawing, finished\.$/);
  await keys('Escape');
  await cross.waitFor({ state: 'detached' });
  // With nothing selected arrows move the view.
  await keys('Escape', 'ArrowRight');
  expect((await cameraOf(page)).x).toBe(40);

  // A box gets another size by its number, reached from its style by Tab.
  // After Escape Tab leaves the board; coming back begins with the first element.
  await keys('Tab', 'Shift+Tab', 'Tab');
  await said(/^Rectangle, 1 of 5$/);
  await keys('Control+Enter');
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
  const tabTo = async (wanted: string): Promise<void> => {
    for (let i = 0; i < 40 && (await focused()) !== wanted; i += 1) await keys('Tab');
    expect(await focused()).toBe(wanted);
  };
  await tabTo('arrange-front');
  await keys('End', 'Enter');
  await tabTo('place-w');
  await keys('Control+a');
  await page.keyboard.type('260');
  await keys('Enter');
  await expect.poll(async () => (await drawn())[0]).toEqual(['rectangle', 340, 200, 260, 80]);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('a screen reader hears what others do, at the pace that was chosen on this device, and nothing of one’s own', async () => {
  const ana = await createPerson(world.browser);
  const bo = await createPerson(world.browser);
  const boardId = newBoardId();
  await openBoard(ana.page, world.relay.url, boardId);
  await openBoard(bo.page, world.relay.url, boardId);
  for (const { page } of [ana, bo]) await waitForChip(page, /^Saved/);
  const { page } = ana;
  await page.waitForLoadState('networkidle');
  const news = page.getByTestId('news');
  await news.waitFor({ state: 'attached' });
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('?');
  const pace = page.getByTestId('news-pace');
  expect(await pace.inputValue()).toBe('slow');
  await pace.selectOption('At once');
  await page.keyboard.press('Escape');
  await pace.waitFor({ state: 'detached' });
  // Own work and that of another person at once: the news has only the other's.
  await page.keyboard.press('o');
  await page.keyboard.press('Enter');
  await waitForCount(bo.page, 1);
  await bo.page.getByTestId('board-canvas').focus();
  for (const key of ['r', 'Enter', 'l', 'Enter', 'l', 'Enter']) await bo.page.keyboard.press(key);
  await waitForCount(page, 4);
  await expect.poll(() => news.innerText(), { timeout: 5_000 }).toMatch(/line/);
  expect(await news.innerText()).not.toContain('ellipse');
  expect(await news.innerText()).toMatch(/^\S.* drew (a rectangle|2 lines|a line)( and (2 lines|a line|a rectangle))?\.$/);

  // What another person deletes is gone from the selection, and the keys stay the board's.
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+a');
  await bo.page.keyboard.press('Control+a');
  await bo.page.keyboard.press('Delete');
  await waitForCount(page, 0);
  await expect.poll(() => news.innerText(), { timeout: 5_000 }).toMatch(/deleted/);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('board-canvas');
  await page.reload();
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('?');
  expect(await pace.inputValue()).toBe('live');
  expect([...ana.errors, ...bo.errors]).toEqual([]);
  await bo.context.close();
  await ana.context.close();
});

it('Tab goes through what is on the board, says what it is, brings it into view, and leaves after the last', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
      for (const [x, kind] of [
        [100, 'rectangle'],
        [4000, 'ellipse'],
        [300, 'line'],
      ] as const)
        edit.create({ kind, geometry: { x, y: 300, w: 80, h: 60, rotation: 0 }, style });
    }),
  );
  await waitForCount(page, 3);
  const said = (text: RegExp): Promise<void> =>
    page.getByTestId('walk').filter({ hasText: text }).waitFor({ state: 'attached', timeout: 3000 });
  const focused = (): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
  const cameraX = async (): Promise<number> => (await cameraOf(page)).x;

  // From nowhere Tab leads to the board, then along it.
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('board-canvas');
  await page.keyboard.press('Tab');
  await said(/^Red rectangle, 1 of 3$/);
  expect(await cameraX()).toBe(0);
  await page.keyboard.press('Tab');
  await said(/^Red line, 2 of 3$/);
  await page.keyboard.press('Tab');
  await said(/^Red ellipse, 3 of 3\. Tab leaves the board\.$/);
  expect(await cameraX()).toBeGreaterThan(2000);
  await page.keyboard.press('Shift+Tab');
  await said(/^Red line, 2 of 3$/);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('board-canvas');
  await page.keyboard.press('Tab');
  expect(await focused()).not.toBe('board-canvas');

  // Escape drops the selection, and Tab goes on from there; pressed twice it lets Tab leave from any element.
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Escape');
  await page.getByTestId('board-canvas').blur();
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Tab');
  await said(/^Red rectangle, 1 of 3$/);
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => window.wetink?.stage?.state.selection)).toEqual([]);
  expect(await focused()).toBe('board-canvas');
  await page.keyboard.press('Tab');
  await said(/^Red line, 2 of 3$/);
  await page.keyboard.press('Shift+Tab');
  await said(/^Red rectangle, 1 of 3$/);
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await page.keyboard.press('Alt+Shift+ArrowUp');
  const sizeOf = (): Promise<number[]> =>
    page.evaluate(() => [window.wetink?.board.elements()[0]?.geometry].flatMap((g) => [Math.round(g?.w ?? 0), Math.round(g?.h ?? 0)]));
  await expect.poll(sizeOf).toEqual([90, 50]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(sizeOf).toEqual([80, 60]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await focused()).not.toBe('board-canvas');
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Tab');
  await said(/^Red rectangle, 1 of 3$/);
  await page.keyboard.press('Delete');
  await waitForCount(page, 2);
  expect(await boardContent(page)).not.toContain('rectangle');

  // Backwards it is left as well, and an empty board holds nobody.
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await waitForCount(page, 0);
  await page.keyboard.press('Tab');
  expect(await focused()).not.toBe('board-canvas');
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('M9: the help is searched by keyboard, has mouse, touch and pen, and gives the focus back', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('?');
  const help = page.getByTestId('help');
  await help.waitFor();
  // All of it is to be scrolled to, downwards alone.
  expect(await help.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  for (const name of ['Mouse and trackpad', 'Touch', 'Pen', 'Tools']) await help.getByRole('heading', { name, exact: true }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('help-search');
  await page.keyboard.type('undo');
  await page
    .getByTestId('help-found')
    .filter({ hasText: /^2 found$/ })
    .waitFor();
  // By key, and with two fingers.
  expect(await help.getByRole('term').allTextContents()).toEqual(['Undo', 'Undo']);
  await page.keyboard.type(' nowhere');
  await page.getByTestId('help-found').filter({ hasText: 'Nothing found' }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await page.getByTestId('help-search').inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('board-canvas');
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('a finger draws, two fingers zoom, on a phone', async () => {
  const ana = await createPerson(world.browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await openBoard(ana.page, world.relay.url, newBoardId());
  await pickTool(ana.page, 'pen');
  const cdp = await ana.context.newCDPSession(ana.page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]): Promise<unknown> =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await touch('touchStart', [[100, 300]]);
  for (let step = 1; step <= 12; step += 1) await touch('touchMove', [[100 + step * 10, 300 + step * 5]]);
  await touch('touchEnd', []);
  await waitForCount(ana.page, 1);
  const zoom = async (): Promise<number> => (await cameraOf(ana.page)).zoom;
  const before = await zoom();
  await touch('touchStart', [
    [150, 400],
    [210, 400],
  ]);
  for (let step = 1; step <= 10; step += 1)
    await touch('touchMove', [
      [150 - step * 8, 400],
      [210 + step * 8, 400],
    ]);
  await touch('touchEnd', []);
  await expect.poll(zoom).toBeGreaterThan(before * 1.5);
  expect(await countElements(ana.page)).toBe(1);
  await ana.context.close();
});

it('PNG, SVG and .wetink files come out whole, and a saved file opens into another board as one step', async () => {
  const ana = await createPerson(world.browser, { acceptDownloads: true });
  await openBoard(ana.page, world.relay.url, newBoardId());
  await pickTool(ana.page, 'pen');
  await draw(ana.page, [
    [300, 300],
    [420, 360],
    [520, 290],
  ]);
  await pickTool(ana.page, 'arrow');
  await draw(ana.page, [
    [300, 420],
    [520, 440],
  ]);
  await waitForCount(ana.page, 2);
  const download = async (testId: string): Promise<Buffer> => {
    await ana.page.getByTestId('menu').click();
    const started = ana.page.waitForEvent('download');
    await ana.page.getByTestId(testId).click();
    return readFile(await (await started).path());
  };
  const png = await download('export-png');
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  expect(png.readUInt32BE(16)).toBeGreaterThan(200);
  const svg = (await download('export-svg')).toString();
  expect(svg).toMatch(/^<svg|^<\?xml/);
  // The app's own page may not parse text: its policy asks for trusted types.
  const empty = await ana.context.newPage();
  expect(
    await empty.evaluate(
      (source) => new DOMParser().parseFromString(source, 'image/svg+xml').querySelectorAll('path, line, polyline, polygon').length,
      svg,
    ),
  ).toBeGreaterThanOrEqual(2);
  await empty.close();
  const file = await download('save-file');

  const openFile = async (name: string, buffer: Buffer): Promise<void> => {
    await ana.page.getByTestId('menu').click();
    const chooser = ana.page.waitForEvent('filechooser');
    await ana.page.getByTestId('open-file').click();
    await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer });
  };
  const before = await boardContent(ana.page);
  await openFile('board.wetink', file);
  await waitForCount(ana.page, 4);
  await ana.page.getByTestId('board-canvas').focus();
  await ana.page.keyboard.press('Control+z');
  await waitForCount(ana.page, 2);
  expect(await boardContent(ana.page)).toBe(before);

  await openFile('broken.wetink', file.subarray(0, file.length / 2));
  await ana.page
    .getByText(/could not be opened|can.t be opened|not a Wetink file|damaged|broken/i)
    .first()
    .waitFor({ timeout: 5000 });
  expect(await boardContent(ana.page)).toBe(before);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('E3: a drawing of 5,000 by 5,000 is saved as a PNG that is scaled to fit, and the page says so', async () => {
  const ana = await createPerson(world.browser, { acceptDownloads: true });
  await openBoard(ana.page, world.relay.url, newBoardId());
  await ana.page.evaluate(() => {
    const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
    window.wetink?.board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 5000, h: 5000, rotation: 0 }, style }));
  });
  await waitForCount(ana.page, 1);
  await ana.page.getByTestId('menu').click();
  const started = ana.page.waitForEvent('download');
  await ana.page.getByTestId('export-png').click();
  const png = await readFile(await (await started).path());
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([width, height]).toEqual([expect.closeTo(8190, -1), expect.closeTo(8190, -1)]);
  expect(width * height).toBeLessThanOrEqual(67_108_864);
  await ana.page.getByText(/It is 8,19\d by 8,19\d pixels, 8\d % of that/).waitFor();
  await ana.context.close();
});

it('[C5] in the app a string becomes no script, and a page talks to nobody but its relay', async () => {
  const context = await world.browser.newContext();
  const page = await context.newPage();
  await page.goto(world.relay.url);
  await page.getByTestId('new-board').waitFor();
  const outcome = await page.evaluate(async () => {
    const directives: string[] = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => void directives.push(effectiveDirective));
    const ran: string[] = [];
    const attempt = (name: string, work: () => void): void => {
      try {
        work();
        ran.push(name);
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof EvalError)) throw error;
      }
    };
    const script = document.createElement('script');
    attempt('markup', () => (document.createElement('div').innerHTML = '<img src=x onerror="window.hurt = 1">'));
    attempt('the text of a script', () => (script.text = 'window.hurt = 1'));
    attempt('the address of a script', () => (script.src = 'data:text/javascript,window.hurt=1'));
    attempt('a policy of its own', () =>
      (window as unknown as { trustedTypes: { createPolicy(name: string): void } }).trustedTypes.createPolicy('x'),
    );
    new Image().src = 'https://evil.example/picture.png';
    await fetch('https://evil.example/').catch((error: unknown) => directives.push(String(error)));
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { ran, hurt: 'hurt' in window, directives: [...new Set(directives)].sort() };
  });
  expect(outcome).toEqual({
    ran: [],
    hurt: false,
    directives: ['TypeError: Failed to fetch', 'connect-src', 'frame-src', 'img-src', 'require-trusted-types-for', 'trusted-types'],
  });
  await context.close();
});

it('[B8] a page of nowhere gets no WebSocket; a page of the relay, and another of this computer, do', async () => {
  const context = await world.browser.newContext();
  const page = await context.newPage();
  const refusals: string[] = [];
  page.on('websocket', (socket) => socket.on('socketerror', (text) => refusals.push(text)));
  const isLetIn = (): Promise<boolean> =>
    page.evaluate(
      (url) =>
        new Promise<boolean>((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve(true);
          socket.onerror = () => resolve(false);
        }),
      `${world.relay.url.replace('http', 'ws')}/${newBoardId()}`,
    );
  const developers = createServer((request, response) => {
    response.writeHead(200, request.url === '/sandboxed' ? { 'Content-Security-Policy': 'sandbox allow-scripts' } : {});
    response.end('a page of a developer');
  });
  await new Promise<void>((resolve) => developers.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(developers.address() as AddressInfo).port}`;
  await page.goto(world.relay.url);
  expect(await isLetIn()).toBe(true);
  await page.goto(url);
  expect(await isLetIn()).toBe(true);
  await page.goto(`${url}/sandboxed`);
  expect(await isLetIn()).toBe(false);
  expect(refusals).toEqual([expect.stringContaining('403')]);
  await context.close();
  developers.closeAllConnections();
  await new Promise((resolve) => developers.close(resolve));
});

it('the page says plainly that an address is no board', async () => {
  const ana = await createPerson(world.browser);
  await ana.page.goto(world.relay.url);
  await ana.page.getByTestId('open-input').fill('not a board !!');
  await ana.page.getByTestId('open-button').click();
  await ana.page
    .getByText(/not a board|no board|isn.t a board/i)
    .first()
    .waitFor({ timeout: 3000 });
  await ana.page.goto(`${world.relay.url}/b/bad%20id`);
  await ana.page
    .getByText(/not a board|no board|isn.t a board|not found/i)
    .first()
    .waitFor({ timeout: 3000 });
  await ana.context.close();
});
