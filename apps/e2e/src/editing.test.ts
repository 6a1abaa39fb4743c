/** Editing by hand: select, move, resize, turn, erase, pen pressure, and undo that respects what others did. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { createPerson, draw, newBoardId, openBoard, pickTool, useWorld, waitForChip, waitForCount, type Person } from './harness.ts';
import { createLink } from './link.ts';

const world = useWorld();

interface Shown {
  id: string;
  kind: string;
  x: number;
  y: number;
  w: number;
  h: number;
  rotation: number;
  color: string;
}

function shown(page: Page): Promise<Shown[]> {
  return page.evaluate(
    () =>
      window.wetink?.board.elements().map(({ id, kind, geometry, style }) => ({
        id,
        kind,
        x: Math.round(geometry.x),
        y: Math.round(geometry.y),
        w: Math.round(geometry.w),
        h: Math.round(geometry.h),
        rotation: geometry.rotation,
        color: style.color,
      })) ?? [],
  );
}

async function only(page: Page): Promise<Shown> {
  const [first] = await shown(page);
  if (!first) throw new Error('the board is empty');
  return first;
}

async function boardFor(...people: Person[]): Promise<string> {
  const board = newBoardId();
  for (const { page } of people) {
    await openBoard(page, world.relay.url, board);
    await waitForChip(page, /^Saved/);
  }
  return board;
}

it('a shape is moved, resized and turned by its handles, each one step back', async () => {
  const ana = await createPerson(world.browser);
  await boardFor(ana);
  const { page } = ana;
  await pickTool(page, 'rectangle');
  await draw(page, [
    [400, 300],
    [560, 400],
  ]);
  await waitForCount(page, 1);
  const made = await only(page);
  await pickTool(page, 'select');
  await draw(page, [
    [440, 300],
    [540, 340],
  ]);
  const moved = await only(page);
  expect([moved.x - made.x, moved.y - made.y, moved.w, moved.h]).toEqual([100, 40, made.w, made.h]);
  await draw(page, [
    [660, 440],
    [720, 500],
  ]);
  const resized = await only(page);
  expect([resized.x, resized.y]).toEqual([moved.x, moved.y]);
  expect(resized.w - moved.w).toBe(60);
  expect(resized.h - moved.h).toBe(60);
  // The handle for turning stands above the middle of the upper edge.
  await draw(page, [
    [resized.x + resized.w / 2, resized.y - 24],
    [resized.x + resized.w + 100, resized.y + resized.h / 2],
  ]);
  const turned = await only(page);
  expect(turned.rotation).toBeCloseTo(Math.PI / 2, 1);
  await page.keyboard.press('Delete');
  await waitForCount(page, 0);
  for (const expected of [turned, resized, moved, made]) {
    await page.keyboard.press('Control+z');
    await expect.poll(() => shown(page)).toEqual([expected]);
  }
  await page.keyboard.press('Control+z');
  await waitForCount(page, 0);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

/** Elements in positions of the page, which are those of the board at first. */
function put(
  page: Page,
  kinds: readonly (readonly ['rectangle' | 'frame' | 'ellipse', number, number, number, number])[],
): Promise<string[]> {
  return page.evaluate(
    (all) =>
      window.wetink?.board.run((edit) =>
        all.map(([kind, x, y, w, h]) => {
          const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
          return edit.create({ kind, geometry: { x, y, w, h, rotation: 0 }, style });
        }),
      ) ?? [],
    kinds,
  );
}

const selected = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.wetink?.stage?.state.selection ?? []);
const places = async (page: Page): Promise<number[][]> => (await shown(page)).map(({ x, y }) => [x, y]);

it('a hollow shape is selected by its middle and dragged by its inside, and several elements by the gap between them', async () => {
  const ana = await createPerson(world.browser);
  await boardFor(ana);
  const { page } = ana;
  const [a, b] = await put(page, [
    ['rectangle', 400, 300, 200, 120],
    ['ellipse', 700, 300, 200, 120],
  ]);
  await pickTool(page, 'select');
  await page.mouse.click(500, 360);
  await expect.poll(() => selected(page)).toEqual([a]);
  // Off the label, inside the selected shape.
  await draw(page, [
    [430, 400],
    [430, 460],
  ]);
  expect(await places(page)).toEqual([
    [400, 360],
    [700, 300],
  ]);
  await page.keyboard.press('Control+a');
  await draw(page, [
    [650, 380],
    [650, 400],
    [680, 420],
  ]);
  expect(await places(page)).toEqual([
    [430, 400],
    [730, 340],
  ]);
  expect(await selected(page)).toHaveLength(2);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await places(page)).toEqual([
    [400, 300],
    [700, 300],
  ]);
  // Without a drag, what is under the mouse counts.
  await page.mouse.click(800, 360);
  await expect.poll(() => selected(page)).toEqual([b]);
  await page.keyboard.press('Control+a');
  await page.mouse.click(650, 380);
  await expect.poll(() => selected(page)).toEqual([]);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('what a frame holds is not selected beside it: aligned with others, the frame keeps it', async () => {
  const ana = await createPerson(world.browser);
  await boardFor(ana);
  const { page } = ana;
  const [frame, held] = await put(page, [
    ['frame', 300, 200, 300, 300],
    ['rectangle', 420, 300, 80, 60],
    ['rectangle', 700, 560, 80, 60],
  ]);
  await page.evaluate(
    ([inside, around]) => window.wetink?.board.run((edit) => edit.setParent([inside as never], around as never)),
    [held, frame],
  );
  await page.keyboard.press('Control+a');
  expect(await selected(page)).toHaveLength(2);
  await page.keyboard.press('Alt+d');
  await expect
    .poll(() => places(page))
    .toEqual([
      [480, 200],
      [600, 300],
      [700, 560],
    ]);
  expect(await page.evaluate((id) => window.wetink?.board.get(id as never)?.frame, held)).toBe(frame);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('a stroke in progress outlives a reload, and a drag is kept on the device when the page is left without a network', async () => {
  const ana = await createPerson(world.browser);
  const board = await boardFor(ana);
  const { page } = ana;
  await pickTool(page, 'pen');
  await page.mouse.move(300, 300);
  await page.mouse.down();
  await page.mouse.move(400, 340, { steps: 5 });
  await page.mouse.move(500, 320, { steps: 5 });
  await page.reload();
  await page.mouse.up();
  await waitForCount(page, 1);
  const [stroke] = await shown(page);
  expect([stroke?.kind, stroke?.w]).toEqual(['stroke', 200]);
  await page.keyboard.press('Control+z');
  await waitForCount(page, 0);
  await page.keyboard.press('Control+Shift+z');
  await waitForCount(page, 1);
  await waitForChip(page, /^Saved/);

  await ana.context.setOffline(true);
  await pickTool(page, 'select');
  await page.mouse.move(400, 340);
  await page.mouse.down();
  await page.mouse.move(420, 400, { steps: 5 });
  await page.mouse.move(400, 440, { steps: 5 });
  await page.goto('about:blank');
  // Another browser shows that the relay has not got it.
  const bo = await createPerson(world.browser);
  await openBoard(bo.page, world.relay.url, board);
  await waitForCount(bo.page, 1);
  expect((await only(bo.page)).y).toBe(stroke?.y);
  await ana.context.setOffline(false);
  await openBoard(page, world.relay.url, board);
  await expect.poll(async () => (await shown(page))[0]?.y).toBe((stroke?.y ?? 0) + 100);
  await expect.poll(async () => (await shown(bo.page))[0]?.y, { timeout: 15_000 }).toBe((stroke?.y ?? 0) + 100);
  expect([ana.errors, bo.errors]).toEqual([[], []]);
  await bo.context.close();
  await ana.context.close();
});

it('one drag of the eraser is one step, however many strokes it takes', async () => {
  const ana = await createPerson(world.browser);
  await boardFor(ana);
  const { page } = ana;
  for (let index = 0; index < 4; index += 1) {
    await pickTool(page, 'pen');
    await draw(page, [
      [300 + index * 80, 250],
      [310 + index * 80, 400],
    ]);
  }
  await waitForCount(page, 4);
  await pickTool(page, 'eraser');
  await draw(
    page,
    [
      [260, 320],
      [700, 330],
    ],
    30,
  );
  await waitForCount(page, 0);
  await page.keyboard.press('Control+z');
  await waitForCount(page, 4);
  await ana.context.close();
});

it('undo leaves a thing that another person changed since as it is, and says who changed it', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  await boardFor(ana, ben);
  const bensName = await ben.page.evaluate(() => window.wetink?.room.awareness.getLocalState()?.['user']?.name as string);
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [400, 300],
    [560, 400],
  ]);
  await waitForCount(ben.page, 1);
  const recolour = (page: Page, color: 'red' | 'blue'): Promise<void> =>
    page.evaluate((value) => {
      const board = window.wetink?.board;
      const id = board?.elements()[0]?.id;
      if (board && id) board.run((edit) => edit.setStyle(id, 'color', value));
    }, color);
  await recolour(ana.page, 'red');
  await expect.poll(async () => (await only(ben.page)).color).toBe('red');
  await recolour(ben.page, 'blue');
  await expect.poll(async () => (await only(ana.page)).color).toBe('blue');
  await ana.page.keyboard.press('Control+z');
  await ana.page
    .getByText(new RegExp(`${bensName}.*(theirs|stays|kept|since)`, 'i'))
    .first()
    .waitFor({ timeout: 3000 });
  expect((await only(ana.page)).color).toBe('blue');
  // The next press would undo the drawing itself, which Ben has worked on: it stays, and the page says so, too.
  await ana.page.keyboard.press('Control+z');
  await ana.page.waitForTimeout(500);
  expect(await shown(ana.page)).toHaveLength(1);
  await ana.context.close();
  await ben.context.close();
});

it('strokes that the person who clears has not seen survive the clearing', async () => {
  const link = await createLink(world.relay.port);
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  const board = newBoardId();
  await openBoard(ana.page, world.relay.url, board);
  await openBoard(ben.page, link.url, board);
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [300, 250],
    [380, 320],
  ]);
  await waitForCount(ben.page, 1);
  link.cut();
  await waitForChip(ben.page, /Offline/);
  await pickTool(ben.page, 'ellipse');
  await draw(ben.page, [
    [500, 250],
    [600, 320],
  ]);
  await waitForCount(ben.page, 2);
  await ana.page.getByTestId('menu').click();
  await ana.page.getByTestId('clear-board').click();
  await ana.page.getByRole('alertdialog').getByRole('button', { name: /clear/i }).click();
  await waitForCount(ana.page, 0);
  link.mend();
  await waitForCount(ana.page, 1, 30_000);
  await waitForCount(ben.page, 1, 30_000);
  expect((await only(ana.page)).kind).toBe('ellipse');
  await ana.context.close();
  await ben.context.close();
  await link.close();
});

it('a pen brings its pressure, and two people can type in one text at once', async () => {
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  await boardFor(ana, ben);
  await pickTool(ana.page, 'pen');
  const cdp = await ana.context.newCDPSession(ana.page);
  const pen = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number, force: number): Promise<unknown> =>
    cdp.send('Input.dispatchMouseEvent', {
      type,
      x,
      y: 300,
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      pointerType: 'pen',
      force,
      clickCount: 1,
    });
  await pen('mousePressed', 300, 0.2);
  for (let step = 1; step <= 10; step += 1) await pen('mouseMoved', 300 + step * 20, 0.2 + step * 0.07);
  await pen('mouseReleased', 500, 0);
  await waitForCount(ben.page, 1);

  await pickTool(ana.page, 'text');
  await ana.page.mouse.click(400, 450);
  await ana.page.keyboard.type('boat');
  await waitForCount(ben.page, 2);
  await pickTool(ben.page, 'select');
  await ben.page.mouse.dblclick(410, 460);
  await ben.page.keyboard.press('Home');
  await Promise.all([ana.page.keyboard.type(' sails', { delay: 30 }), ben.page.keyboard.type('red ', { delay: 30 })]);
  const text = (page: Page): Promise<string | undefined> =>
    page.evaluate(() => window.wetink?.board.elements().find(({ kind }) => kind === 'text')?.text);
  await expect.poll(() => text(ana.page)).toBe('red boat sails');
  await expect.poll(() => text(ben.page)).toBe('red boat sails');
  expect([...ana.errors, ...ben.errors]).toEqual([]);
  await ana.context.close();
  await ben.context.close();
});
