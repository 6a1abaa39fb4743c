/**
 * Pens, fingers, trackpads and odd buttons, as Chromium reports them, and Safari's gesture events beside them in the order that
 * WebKit documents.
 */
import type { CDPSession, Page } from 'playwright';
import { expect, it } from 'vitest';
import { boardReady, cameraOf, countElements, createPerson, newBoardId, openBoard, pickTool, useWorld, waitForCount } from './harness.ts';

const world = useWorld();

/** Fingers and a pen, in CSS pixels. */
function handsOn(cdp: CDPSession) {
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly (readonly [id: number, x: number, y: number])[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([id, x, y]) => ({ id, x, y })) });
  const pen = (
    type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
    x: number,
    y: number,
    force: number,
    button: 'left' | 'none' = 'left',
  ) =>
    cdp.send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      force,
      button,
      buttons: button === 'left' && type !== 'mouseReleased' ? 1 : 0,
      clickCount: type === 'mouseMoved' ? 0 : 1,
      pointerType: 'pen',
    });
  return { touch, pen };
}

/** One of Safari's gesture events. Returns whether the browser would still do what it does by itself: zoom its page. */
function gesture(page: Page, type: string, scale: number, selector: string, at: readonly [number, number]): Promise<boolean> {
  return page.evaluate(
    ([name, factor, where, [clientX, clientY]]) => {
      const event = Object.assign(new Event(name, { bubbles: true, cancelable: true }), { scale: factor, clientX, clientY });
      return document.querySelector(where)?.dispatchEvent(event) ?? true;
    },
    [type, scale, selector, at] as const,
  );
}

/** A wheel event as a trackpad's pinch makes it. Returns whether the browser would still zoom its page. */
function ctrlWheel(page: Page, selector: string, deltaY: number): Promise<boolean> {
  return page.evaluate(
    ([where, delta]) => {
      const target = document.querySelector(where);
      const box = target?.getBoundingClientRect();
      const at = { clientX: (box?.x ?? 0) + 8, clientY: (box?.y ?? 0) + 8 };
      return (
        target?.dispatchEvent(new WheelEvent('wheel', { deltaY: delta, ctrlKey: true, bubbles: true, cancelable: true, ...at })) ?? true
      );
    },
    [selector, deltaY] as const,
  );
}

const canvas = '[data-testid="board-canvas"]';

it('D4: two fingers twice as far apart zoom by two, with the gesture events that Safari sends beside them', async () => {
  const ana = await createPerson(world.browser, { viewport: { width: 800, height: 600 }, hasTouch: true });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  const { touch } = handsOn(await ana.context.newCDPSession(page));
  await touch('touchStart', [[1, 350, 300]]);
  await gesture(page, 'gesturestart', 1, canvas, [400, 300]);
  await touch('touchStart', [
    [1, 350, 300],
    [2, 450, 300],
  ]);
  for (let i = 1; i <= 10; i++) {
    await gesture(page, 'gesturechange', 1 + i / 10, canvas, [400, 300]);
    await touch('touchMove', [
      [1, 350 - i * 5, 300],
      [2, 450 + i * 5, 300],
    ]);
  }
  await gesture(page, 'gestureend', 2, canvas, [400, 300]);
  await touch('touchEnd', [[1, 300, 300]]);
  await gesture(page, 'gesturechange', 2, canvas, [400, 300]);
  await touch('touchEnd', []);
  expect((await cameraOf(page)).zoom).toBeCloseTo(2, 1);
  expect(await countElements(page)).toBe(0);
  // A trackpad of the same device: gesture events alone.
  await gesture(page, 'gesturestart', 1, canvas, [400, 300]);
  expect(await gesture(page, 'gesturechange', 1.5, canvas, [400, 300])).toBe(false);
  await gesture(page, 'gestureend', 1.5, canvas, [400, 300]);
  expect((await cameraOf(page)).zoom).toBeCloseTo(3, 1);
  await ana.context.close();
});

it('a finger and a pen drag a selected hollow shape by its inside', async () => {
  const ana = await createPerson(world.browser, { hasTouch: true });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
      edit.create({ kind: 'rectangle', geometry: { x: 400, y: 300, w: 200, h: 120, rotation: 0 }, style });
    }),
  );
  await pickTool(page, 'select');
  await page.touchscreen.tap(500, 360);
  await expect.poll(() => page.evaluate(() => window.wetink?.stage?.state.selection.length)).toBe(1);
  const { touch, pen } = handsOn(await page.context().newCDPSession(page));
  await touch('touchStart', [[1, 430, 400]]);
  for (const y of [405, 415, 430]) await touch('touchMove', [[1, 430, y]]);
  await touch('touchEnd', []);
  const at = (): Promise<number | undefined> => page.evaluate(() => window.wetink?.board.elements()[0]?.geometry.y);
  await expect.poll(at).toBe(330);
  await pen('mousePressed', 430, 420, 0.5);
  for (const y of [430, 440, 460]) await pen('mouseMoved', 430, y, 0.5);
  await pen('mouseReleased', 430, 460, 0);
  await expect.poll(at).toBe(370);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('a finger that is held still draws a neat line, two fingers that tap undo, and three redo', async () => {
  const ana = await createPerson(world.browser, { viewport: { width: 800, height: 600 }, hasTouch: true });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  // The code that recognises shapes comes after the pen.
  await page.getByTestId('style-panel').waitFor();
  const { touch } = handsOn(await ana.context.newCDPSession(page));
  const kinds = (): Promise<string[]> => page.evaluate(() => window.wetink?.board.elements().map(({ kind }) => kind) ?? []);
  await touch('touchStart', [[1, 300, 200]]);
  for (let i = 1; i <= 20; i++) await touch('touchMove', [[1, 300 + i * 15, 200 + (i % 2)]]);
  const straight = async (): Promise<boolean> => {
    await touch('touchEnd', []);
    if ((await kinds()).includes('line')) return true;
    // The code was not there yet: once more.
    await page.keyboard.press('Control+z');
    await touch('touchStart', [[1, 300, 200]]);
    for (let i = 1; i <= 20; i++) await touch('touchMove', [[1, 300 + i * 15, 200 + (i % 2)]]);
    return false;
  };
  await expect.poll(straight, { interval: 1_000, timeout: 20_000 }).toBe(true);
  expect(await kinds()).toEqual(['line']);
  const tap = async (fingers: number): Promise<void> => {
    const all = Array.from({ length: fingers }, (_, i): [number, number, number] => [i + 1, 350 + i * 60, 350]);
    await touch('touchStart', all);
    await touch('touchEnd', []);
  };
  await expect.poll(async () => (await tap(2), kinds())).toEqual([]);
  await expect.poll(async () => (await tap(3), kinds())).toEqual(['line']);
  expect((await cameraOf(page)).zoom).toBe(1);
  await ana.context.close();
});

it('D10: Ctrl and the wheel, and a pinch, over panels, chat and an open text zoom the board, over a dialog nothing, the page never', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('chat-input').waitFor();
  await pickTool(page, 'text');
  await page.mouse.click(500, 300);
  await page.getByTestId('text-editor').waitFor();
  const zooms = [(await cameraOf(page)).zoom];
  for (const testId of ['text-editor', 'chat-input', 'style-panel', 'tool-pen', 'menu', 'board-canvas']) {
    expect([testId, await ctrlWheel(page, `[data-testid="${testId}"]`, -10)]).toEqual([testId, false]);
    zooms.push((await cameraOf(page)).zoom);
  }
  expect(zooms).toEqual(zooms.map((_, i) => expect.closeTo(Math.exp(i / 10), 3) as number));
  await gesture(page, 'gesturestart', 1, '[data-testid="chat-input"]', [1100, 700]);
  expect(await gesture(page, 'gesturechange', 0.5, '[data-testid="chat-input"]', [1100, 700])).toBe(false);
  await gesture(page, 'gestureend', 0.5, '[data-testid="chat-input"]', [1100, 700]);
  expect((await cameraOf(page)).zoom).toBeCloseTo(Math.exp(0.6) / 2, 2);
  // An ordinary wheel there is the browser's own: the messages scroll.
  expect(
    await page.evaluate(() =>
      document
        .querySelector('[data-testid="chat-input"]')
        ?.dispatchEvent(new WheelEvent('wheel', { deltaY: 9, bubbles: true, cancelable: true })),
    ),
  ).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  const { zoom } = await cameraOf(page);
  expect(await ctrlWheel(page, '[role="dialog"]', -10)).toBe(false);
  expect((await cameraOf(page)).zoom).toBe(zoom);
  expect(await page.evaluate(() => [visualViewport?.scale, getComputedStyle(document.documentElement).touchAction])).toEqual([
    1,
    'pan-x pan-y',
  ]);
  await ana.context.close();
});

it('D6: the back and forward buttons of a mouse draw nothing, and a second button let go first does not end a stroke late', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await pickTool(page, 'pen');
  // As events on the board: the real buttons lead Chromium to another page.
  await page.getByTestId('board-canvas').evaluate((board) => {
    for (const [button, buttons] of [
      [3, 8],
      [4, 16],
    ] as const) {
      const press = (type: string, x: number): boolean =>
        board.dispatchEvent(
          new PointerEvent(type, { pointerId: 1, clientX: x, clientY: 300, button, buttons, bubbles: true, cancelable: true }),
        );
      press('pointerdown', 500);
      for (let x = 510; x < 600; x += 10) press('pointermove', x);
      press('pointerup', 600);
    }
  });
  expect(await countElements(page)).toBe(0);
  await page.mouse.move(400, 300);
  await page.mouse.down();
  await page.mouse.move(500, 300, { steps: 5 });
  await page.mouse.down({ button: 'right' });
  await page.mouse.up();
  await page.mouse.move(500, 600, { steps: 5 });
  await page.mouse.up({ button: 'right' });
  await waitForCount(page, 1);
  expect(await page.evaluate(() => window.wetink?.board.elements()[0]?.geometry.h)).toBeLessThan(50);
  await ana.context.close();
});

it('D5 D7 D8: a pen tapers off, keeps its palm quiet, and says on screen that fingers now move the board, also after a reload', async () => {
  const ana = await createPerson(world.browser, { viewport: { width: 1024, height: 768 }, hasTouch: true });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  const { touch, pen } = handsOn(await ana.context.newCDPSession(page));
  await pickTool(page, 'pen');
  expect(await page.getByTestId('pen-mode').count()).toBe(0);
  await pen('mousePressed', 300, 300, 0.4);
  for (let i = 1; i <= 10; i++) await pen('mouseMoved', 300 + i * 20, 300, Math.max(0, 0.4 - i * 0.05));
  await pen('mouseReleased', 500, 300, 0);
  await waitForCount(page, 1);
  const camera = await cameraOf(page);
  await pen('mouseMoved', 510, 310, 0, 'none');
  await touch('touchStart', [[1, 600, 420]]);
  for (let i = 1; i <= 5; i++) await touch('touchMove', [[1, 600 + i * 10, 420 + i * 8]]);
  await touch('touchEnd', []);
  expect([await cameraOf(page), await countElements(page)]).toEqual([camera, 1]);
  await page.getByText(/fingers now move the board/).waitFor();
  const fingersDraw = (): Promise<string | null> => page.getByTestId('pen-mode').getAttribute('aria-pressed');
  expect(await fingersDraw()).toBe('false');
  await page.reload();
  await boardReady(page);
  await waitForCount(page, 1);
  expect(await fingersDraw()).toBe('false');
  await page.getByTestId('pen-mode').click();
  expect(await fingersDraw()).toBe('true');
  await pickTool(page, 'pen');
  await touch('touchStart', [[1, 600, 520]]);
  for (let i = 1; i <= 5; i++) await touch('touchMove', [[1, 600 + i * 20, 520]]);
  await touch('touchEnd', []);
  await waitForCount(page, 2);
  await ana.context.close();
});

it('D3: another person still sees a stroke whose pointer is held still for longer than the silence timeout', async () => {
  const [ana, ben] = [await createPerson(world.browser), await createPerson(world.browser)];
  const board = newBoardId();
  await openBoard(ana.page, world.relay.url, board);
  await openBoard(ben.page, world.relay.url, board);
  await pickTool(ana.page, 'pen');
  const seen = (): Promise<boolean> =>
    ben.page.evaluate(() => {
      const layer = document.querySelector<HTMLCanvasElement>('canvas[data-layer="active"]');
      return (
        layer
          ?.getContext('2d')
          ?.getImageData(400, 260, 300, 80)
          .data.some((value) => value > 0) ?? false
      );
    });
  await ana.page.mouse.move(420, 300);
  await ana.page.mouse.down();
  await ana.page.mouse.move(640, 300, { steps: 10 });
  await expect.poll(seen).toBe(true);
  await ana.page.waitForTimeout(7500); // The silence timeout is 5 s, checked once a second.
  expect(await seen()).toBe(true);
  await ana.page.mouse.up();
  await waitForCount(ben.page, 1);
  await ana.context.close();
  await ben.context.close();
});
