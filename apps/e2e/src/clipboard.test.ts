/** Copying, cutting and pasting elements: by keys, by buttons, within a board, across boards and tabs, and from elsewhere. */
import lz from 'lz-string';
import type { Locator, Page } from 'playwright';
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { cameraOf, createPerson, draw, newBoardId, openBoard, openTab, pickTool, useWorld, waitForChip, waitForCount } from './harness.ts';

const world = useWorld();

const elementsOn = (page: Page): Promise<{ kind: string; x: number; y: number; text: string }[]> =>
  page.evaluate(
    () =>
      window.wetink?.board
        .elements()
        .map(({ kind, geometry, text }) => ({ kind, x: Math.round(geometry.x), y: Math.round(geometry.y), text })) ?? [],
  );

async function drawSome(page: Page): Promise<void> {
  await pickTool(page, 'rectangle');
  await draw(page, [
    [400, 300],
    [500, 360],
  ]);
  await pickTool(page, 'pen');
  await draw(page, [
    [420, 320],
    [480, 340],
  ]);
  await waitForCount(page, 2);
}

it('elements are copied by keys and pasted at the mouse, in the middle and where they were; one press takes a paste back', async () => {
  const ana = await createPerson(world.browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await drawSome(page);
  const [rectangle, stroke] = await elementsOn(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.mouse.move(800, 500);
  await page.keyboard.press('Control+v');
  await waitForCount(page, 4);
  const [, , copy, copiedStroke] = await elementsOn(page);
  // Their middle is at the mouse.
  expect([copy?.x, copy?.y]).toEqual([(rectangle?.x ?? 0) + 350, (rectangle?.y ?? 0) + 170]);
  expect((copiedStroke?.x ?? 0) - (copy?.x ?? 0)).toBe((stroke?.x ?? 0) - (rectangle?.x ?? 0));
  await page.keyboard.press('Control+z');
  await waitForCount(page, 2);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Alt+v');
  await waitForCount(page, 4);
  expect((await elementsOn(page)).slice(2)).toEqual([rectangle, stroke]);

  // What was pasted is selected: cut takes it away, and it can be pasted again.
  await page.keyboard.press('Control+x');
  await waitForCount(page, 2);
  await page.keyboard.press('Control+v');
  await waitForCount(page, 4);

  // Another board in another tab.
  const other = await openTab(ana.context);
  await openBoard(other.page, world.relay.url, newBoardId());
  await waitForChip(other.page, /^Saved/);
  await other.page.waitForLoadState('networkidle');
  await other.page.keyboard.press('Control+v');
  await waitForCount(other.page, 2);
  await other.page.keyboard.press('Control+Shift+v');
  expect(await elementsOn(other.page)).toHaveLength(2);
  expect([ana.errors, other.errors]).toEqual([[], []]);
  await ana.context.close();
});

it('text, an address, a table and a picture are pasted at the mouse, and in the middle when it is elsewhere', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  const paste = (text: string): Promise<unknown> =>
    page.evaluate((words) => {
      const data = new DataTransfer();
      data.setData('text/plain', words);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  const newest = async (): Promise<{ x: number; text: string } | undefined> => (await elementsOn(page)).at(-1);
  let count = 0;
  for (const text of ['Two boats', 'https://example.org/a?b=c', 'a\tb\n1\t2']) {
    await page.mouse.move(300 + 40 * count, 300 + 80 * count);
    await paste(text);
    await waitForCount(page, ++count);
    expect(await newest()).toMatchObject({ x: 300 + 40 * (count - 1), text });
  }
  await page.mouse.move(300, 200);
  await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 20 });
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
    const data = new DataTransfer();
    data.items.add(new File([blob ?? ''], 'blank.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await waitForCount(page, ++count);
  expect(await newest()).toMatchObject({ kind: 'image', x: 280, y: 190 });
  // Over the bar of tools the mouse points at nothing on the board.
  await page.getByTestId('tool-pen').hover();
  await paste('in the middle');
  await waitForCount(page, ++count);
  expect((await newest())?.x).toBeGreaterThan(400);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('a drawing copied in Excalidraw is pasted as one step, and a file of it can be dropped', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  const common = {
    width: 100,
    height: 60,
    angle: 0,
    strokeColor: '#1e1e1e',
    backgroundColor: 'transparent',
    opacity: 100,
    groupIds: ['g'],
  };
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const scene = JSON.stringify({
    type: 'excalidraw/clipboard',
    elements: [
      { ...common, type: 'diamond', x: 0, y: 0 },
      { ...common, type: 'text', x: 10, y: 20, text: 'Hello', fontSize: 20, fontFamily: 1 },
      { ...common, type: 'image', x: 200, y: 0, fileId: 'f' },
      { ...common, type: 'embeddable', x: 0, y: 0 },
      { ...common, type: 'rectangle', x: 'left', y: 0 },
    ],
    files: { f: { mimeType: 'image/png', dataURL: `data:image/png;base64,${pixel}` } },
  });
  const drawn = async (): Promise<string[]> => (await elementsOn(page)).map(({ kind }) => kind).filter((kind) => kind !== 'group');
  await page.mouse.move(600, 400);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, scene);
  await expect.poll(drawn, { timeout: 15_000 }).toEqual(['diamond', 'text', 'image']);
  await page
    .getByText('1 element was left out: this board has nothing of its kind. 1 element was left out: it is damaged or incomplete.')
    .waitFor();
  await page.keyboard.press('Control+z');
  await waitForCount(page, 0);
  await page.getByTestId('file-input').setInputFiles({
    name: 'plan.excalidraw',
    mimeType: 'application/json',
    buffer: Buffer.from(scene.replace('excalidraw/clipboard', 'excalidraw')),
  });
  await expect.poll(drawn, { timeout: 15_000 }).toEqual(['diamond', 'text', 'image']);
  expect(errors).toEqual([]);
  await context.close();
});

it('what is copied is also a picture, which no other copy has to wait for; “Copy as SVG” is text and a picture', async () => {
  const { page, context, errors } = await createPerson(world.browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await drawSome(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const typesIn = (): Promise<string[]> =>
    page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types).sort());
  // There is no text in it.
  await expect.poll(typesIn, { timeout: 15_000 }).toEqual(['image/png', 'image/svg+xml', 'text/html']);
  const size = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const { width, height } = await createImageBitmap((await item?.getType('image/png')) ?? new Blob());
    return { width, height, svg: (await (await item?.getType('image/svg+xml'))?.text()) ?? '' };
  });
  // Twice the drawing of 100 by 60 and the padding around it.
  expect([size.width > 250 && size.width < 300, size.height > 170 && size.height < 210]).toEqual([true, true]);
  expect(size.svg).toContain('<path');
  await page.keyboard.press('Control+v');
  await waitForCount(page, 4);

  await page.mouse.click(450, 330, { button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy as SVG' }).click();
  await page.getByText('Copied as an SVG.').waitFor();
  expect(await typesIn()).toEqual(['image/svg+xml', 'text/plain']);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^<svg/);
  expect(errors).toEqual([]);
  await context.close();
});

it('a drawing copied in tldraw is pasted as one step, by the keys and by the menu', async () => {
  const { page, context, errors } = await createPerson(world.browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  const common = { typeName: 'shape', x: 0, y: 0, rotation: 0, isLocked: false, opacity: 1, parentId: 'shape:f', meta: {} };
  const shapes = [
    { ...common, id: 'shape:f', type: 'frame', parentId: 'page:p', index: 'a1', props: { w: 300, h: 200, name: 'Plan' } },
    {
      ...common,
      id: 'shape:b',
      type: 'geo',
      index: 'a1',
      props: { geo: 'diamond', w: 200, h: 120, text: 'A & B', fill: 'solid', color: 'red' },
    },
    { ...common, id: 'shape:v', type: 'video', index: 'a2', props: { w: 1, h: 1 } },
  ];
  const other = lz.compressToBase64(JSON.stringify({ shapes, bindings: [], rootShapeIds: ['shape:f'], schema: {} }));
  const json = JSON.stringify({ type: 'application/tldraw', kind: 'content', version: 3, data: { assets: [], otherCompressed: other } });
  // As tldraw does it: the browser writes the markup anew.
  await page.evaluate(async (html) => {
    const blobs = { 'text/html': new Blob([html], { type: 'text/html' }), 'text/plain': new Blob([' '], { type: 'text/plain' }) };
    await navigator.clipboard.write([new ClipboardItem(blobs)]);
  }, `<div data-tldraw>${json}</div>`);
  await page.mouse.move(600, 400);
  await page.keyboard.press('Control+v');
  const drawn = async (): Promise<string[]> => (await elementsOn(page)).map(({ kind, text }) => `${kind} ${text}`.trim());
  await expect.poll(drawn, { timeout: 15_000 }).toEqual(['frame Plan', 'diamond', 'text A & B']);
  await page.getByText('1 element was left out: this board has nothing of its kind.').waitFor();
  await page.keyboard.press('Control+z');
  await waitForCount(page, 0);
  await page.mouse.click(600, 400, { button: 'right' });
  await page.getByRole('menuitem', { name: 'Paste', exact: true }).click();
  await expect.poll(drawn, { timeout: 15_000 }).toEqual(['frame Plan', 'diamond', 'text A & B']);
  expect(errors).toEqual([]);
  await context.close();
});

it('the menu at the pointer opens by a right click, the menu key and a long press, and does what it says', async () => {
  const ana = await createPerson(world.browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await drawSome(page);
  const menu = page.getByTestId('context-menu');

  // A drag with the right button moves the board, and opens nothing.
  const before = await cameraOf(page);
  await page.mouse.move(450, 300);
  await page.mouse.down({ button: 'right' });
  await page.mouse.move(520, 340, { steps: 4 });
  await page.mouse.up({ button: 'right' });
  expect(await cameraOf(page)).not.toEqual(before);
  expect(await menu.count()).toBe(0);

  await page.mouse.click(470, 372, { button: 'right' });
  await menu.waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await menu.getByTestId('context-copy').click();
  await page.getByText('Copied.').waitFor();
  await page.mouse.click(900, 600, { button: 'right' });
  await menu.getByText('Select all').waitFor();
  await menu.getByTestId('context-paste').click();
  await waitForCount(page, 3);

  // By keyboard: the menu of the selection, and the keys are the board's again.
  await page.keyboard.press('Shift+F10');
  await menu.waitFor();
  for (let i = 0; i < 20 && !(await isFocused(menu.getByTestId('context-delete'))); i += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await waitForCount(page, 2);
  await page.keyboard.press('Control+z');
  await waitForCount(page, 3);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('on a phone a long press opens the menu, and a cut element can be pasted where it was', async () => {
  const ben = await createPerson(world.browser, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    colorScheme: 'dark',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = ben;
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await pickTool(page, 'rectangle');
  await draw(page, [
    [100, 200],
    [200, 300],
  ]);
  await waitForCount(page, 1);
  const [made] = await elementsOn(page);
  const menu = page.getByTestId('context-menu');
  await longPress(page, 150, 200);
  await menu.waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  for (const item of await menu.getByRole('menuitem').all()) expect((await item.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  await menu.getByText('Cut').tap();
  await waitForCount(page, 0);
  await longPress(page, 60, 500);
  await menu.getByText('Paste where it was').tap();
  await waitForCount(page, 1);
  expect(await elementsOn(page)).toEqual([made]);
  expect(ben.errors).toEqual([]);
  await ben.context.close();
});

const isFocused = (item: Locator): Promise<boolean> =>
  item.evaluate((node) => node.closest('[role="menuitem"]') === document.activeElement);

async function longPress(page: Page, x: number, y: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  await page.getByTestId('context-menu').waitFor();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}
