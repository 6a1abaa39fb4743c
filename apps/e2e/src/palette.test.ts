/** Finding an action by its name, words on the board, the way back to the drawing, the map, and the preferences. */
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import {
  boardReady,
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
import { boxOf, crop, screenOf } from './screen.ts';

const world = useWorld();

it('every action is found by name with the keyboard alone, and words on the board one after the other', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-field').waitFor();
  await page.keyboard.type('star');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter'); // The board has the keys again, and places the shape.
  await waitForCount(page, 1);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-field').waitFor();
  await page.keyboard.type('help');
  await page.keyboard.press('Enter');
  await page.getByTestId('help-search').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('help-search').waitFor({ state: 'detached' });

  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
      for (const [i, text] of ['A café', 'Tea', 'cafe again'].entries())
        edit.create({ kind: 'text', text, style, geometry: { x: 3_000 * i, y: 2_000, w: 200, h: 30, rotation: 0 } });
    }),
  );
  await waitForCount(page, 4);
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-field').waitFor();
  await page.keyboard.type('CAFE');
  await expect.poll(() => page.getByTestId('find-said').innerText()).toBe('2 found');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('find-said').innerText()).toMatch(/^1 of 2\s*: A café$/);
  const first = await cameraOf(page);
  await page.getByTestId('find-next').click();
  await expect.poll(() => page.getByTestId('find-said').innerText()).toMatch(/^2 of 2\s*: cafe again$/);
  expect((await cameraOf(page)).x).not.toBe(first.x);
  await page.getByTestId('find-field').press('Enter');
  await expect.poll(() => page.getByTestId('find-said').innerText()).toMatch(/^1 of 2/);
  await page.keyboard.press('Escape');
  await page.getByTestId('find-bar').waitFor({ state: 'detached' });
  // The keys are the board's: what was found is selected, and Delete removes it.
  await page.keyboard.press('Delete');
  await waitForCount(page, 3);
  const left = await page.evaluate(() => window.wetink?.board.elements().map(({ text }) => text));
  expect(left).toEqual(['', 'Tea', 'cafe again']);
  expect(errors).toEqual([]);
  await context.close();
});

it('far from the drawing a button leads back to it, and so does the list of actions, with reduced motion at once', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  const back = page.getByTestId('back-to-content');
  const goFar = () => page.evaluate(() => window.wetink?.stage.setCamera({ x: 90_000, y: -70_000, zoom: 2 }));
  const isInView = () =>
    page.evaluate(() => {
      const { x, y, zoom } = window.wetink?.stage.state.camera ?? { x: 0, y: 0, zoom: 1 };
      const [element] = window.wetink?.board.elements() ?? [];
      const at = { x: ((element?.geometry.x ?? 0) - x) * zoom, y: ((element?.geometry.y ?? 0) - y) * zoom };
      return at.x > 0 && at.y > 0 && at.x < innerWidth && at.y < innerHeight;
    });

  await goFar();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-field').waitFor();
  await page.keyboard.type('back to content');
  await page.keyboard.press('Enter');
  await page.getByText('There is nothing here yet.').waitFor();
  expect(await back.count()).toBe(0); // An empty sheet has nothing to go back to.

  await page.evaluate(() => window.wetink?.stage.setCamera({ x: 0, y: 0, zoom: 1 }));
  await pickTool(page, 'rectangle');
  await draw(page, [
    [500, 300],
    [640, 420],
  ]);
  await waitForCount(page, 1);
  await goFar();
  await back.waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await back.click();
  await expect.poll(isInView).toBe(true);
  await back.waitFor({ state: 'detached' });
  await expect.poll(async () => (await cameraOf(page)).zoom).toBe(1); // It has come to rest.
  // The keys are the board's.
  expect(await page.evaluate(() => document.activeElement?.closest('[data-testid="board-canvas"]') !== null)).toBe(true);

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await goFar();
  await back.focus();
  await page.keyboard.press('Enter');
  await expect.poll(isInView).toBe(true);
  expect(errors).toEqual([]);
  await context.close();
});

it('M shows a map of the board, on which a press and a drag move the view, and the device remembers it', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  const boardId = newBoardId();
  await openBoard(page, world.relay.url, boardId);
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'red', width: 4, fill: 'red', opacity: 1, fontSize: 24, font: 'sans' } as const;
      for (const x of [0, 7_000])
        edit.create({ kind: 'rectangle', text: '', style, geometry: { x, y: 0, w: 1_000, h: 4_000, rotation: 0 } });
    }),
  );
  await page.evaluate(() => window.wetink?.stage.setCamera({ x: 0, y: 0, zoom: 1 }));
  await page.getByTestId('board-canvas').focus();
  const map = page.getByTestId('board-map');
  await page.keyboard.press('m');
  await map.waitFor();
  /** Red pixels of the map, left and right half. */
  const halves = async () => {
    const picture = crop(await screenOf(page), await boxOf(map));
    const counts = [0, 0];
    for (let y = 0; y < picture.height; y++)
      for (let x = 0; x < picture.width; x++) {
        const [r, g, b] = picture.at(x, y);
        if (r - g > 60 && r - b > 60) counts[x < picture.width / 2 ? 0 : 1]! += 1;
      }
    return counts;
  };
  await expect.poll(async () => (await halves()).every((count) => count > 200), { timeout: 15_000 }).toBe(true);
  expect(await seriousFaults(page)).toEqual([]);

  const { x, y, width, height } = await boxOf(map);
  await page.mouse.click(x + width / 2, y + height / 2);
  const middle = async () => {
    const camera = await cameraOf(page);
    return { x: camera.x + 640 / camera.zoom, y: camera.y + 400 / camera.zoom };
  };
  await expect.poll(async () => Math.round((await middle()).x / 100)).toBe(40);
  await draw(page, [
    [x + width / 2, y + height / 2],
    [x + width / 2 + 40, y + height / 2],
  ]);
  // The map is 200 px for 8,032 units.
  await expect.poll(async () => Math.round((await middle()).x / 200)).toBe(28);
  expect(await countElements(page)).toBe(2); // The press was the map's alone.

  await page.reload();
  await boardReady(page);
  await map.waitFor();
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('m');
  await map.waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
  await context.close();
});

it('a list names everything on the board in reading order; it selects, shows and follows changes, and keeps the focus', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
      const at = (i: number) => ({ x: 4_000, y: 500 * i, w: 120, h: 30, rotation: 0 });
      const [a, b] = ['Start', 'End'].map((text, i) => edit.create({ kind: 'text', text, style, geometry: at(i + 1) }));
      if (a !== undefined && b !== undefined) edit.group([a, b]);
      edit.setLocked(edit.create({ kind: 'star', style, geometry: at(0) }), true);
      for (let i = 0; i < 147; i += 1) edit.create({ kind: 'ellipse', style, geometry: at(i + 3) });
    }),
  );
  await waitForCount(page, 150);
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Shift+O');
  const said = page.getByTestId('outline-said');
  await said.filter({ hasText: /^1 to 100 of 151$/ }).waitFor();
  const rows = page.getByTestId('outline').getByRole('button');
  const words = async (place: number) => (await rows.nth(place).innerText()).replace(/\s+/g, ' ').trim();
  expect([await words(0), await words(1), await words(2), await words(3)]).toEqual([
    expect.stringMatching(/^Red star ?, ?top, locked$/),
    expect.stringMatching(/^Group with 2 elements ?, ?top$/),
    expect.stringMatching(/^Red text "Start" ?, ?top$/),
    expect.stringMatching(/^Red text "End" ?, ?top$/),
  ]);
  await page.getByRole('heading', { name: /^Group with 2 elements/ }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);

  // Another person deletes the row that has the focus: the next one gets it, and the list is never left.
  await rows.nth(4).focus();
  await page.evaluate(() =>
    window.wetink?.board.run((edit) =>
      edit.remove(
        (window.wetink?.board.elements() ?? [])
          .filter(({ kind }) => kind === 'ellipse')
          .slice(0, 1)
          .map(({ id }) => id),
      ),
    ),
  );
  await said.filter({ hasText: /^1 to 100 of 150$/ }).waitFor();
  expect(await rows.nth(4).evaluate((row) => row === document.activeElement)).toBe(true);

  await page.getByTestId('outline-after').click();
  await said.filter({ hasText: /^101 to 150 of 150$/ }).waitFor();
  expect(await rows.count()).toBe(50);
  await page.getByTestId('outline-before').click();
  await said.filter({ hasText: /^1 to 100 of 150$/ }).waitFor();
  await rows.nth(1).focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('outline').waitFor({ state: 'detached' });
  await page.getByTestId('walk').filter({ hasText: 'Group with 2 elements is selected.' }).waitFor({ state: 'attached' });
  await expect.poll(async () => (await cameraOf(page)).x).toBeGreaterThan(2_000);
  // The keys are the board's: what was chosen is deleted, and nothing else.
  await page.keyboard.press('Delete');
  await waitForCount(page, 147);
  expect(errors).toEqual([]);
  await context.close();
});

it('the keys of actions and the use of the wheel are changed in the preferences, and kept on the device', async () => {
  const { page, context, errors } = await createPerson(world.browser);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await page.waitForLoadState('networkidle');
  const canvas = page.getByTestId('board-canvas');
  const isHeld = (tool: string) => page.getByTestId(`tool-${tool}`).getAttribute('aria-pressed');
  await page.getByTestId('menu').click();
  await page.getByTestId('open-preferences').click();
  await page.getByTestId('preferences').waitFor();
  expect(await seriousFaults(page)).toEqual([]);

  const eraser = page.getByTestId('key-tool:eraser');
  await page.getByTestId('keys-search').fill('eraser');
  await eraser.click();
  await page.keyboard.press('Control+v'); // The clipboard's.
  await expect.poll(() => page.getByTestId('key-said').innerText()).toMatch(/needs this key/);
  await page.keyboard.press('p');
  await expect.poll(() => page.getByTestId('key-said').innerText()).toMatch(/^P is the key of “Pen”/);
  await page.getByTestId('key-take').click();
  await expect.poll(() => eraser.innerText()).toBe('P');
  expect(await eraser.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.getByTestId('keys-search').fill('rectangle');
  await page.getByTestId('key-off-tool:rectangle').click();
  await expect.poll(() => page.getByTestId('key-tool:rectangle').innerText()).toBe('None');
  await page.getByTestId('wheel-zoom').check();
  await page.keyboard.press('Escape');
  await page.getByTestId('preferences').waitFor({ state: 'detached' });

  const works = async () => {
    await canvas.focus();
    await page.keyboard.press('v');
    await page.keyboard.press('p');
    await expect.poll(() => isHeld('eraser')).toBe('true');
    await page.keyboard.press('v');
    await page.keyboard.press('r');
    await expect.poll(() => isHeld('select')).toBe('true');
    await page.keyboard.press('d'); // The pen keeps its other keys.
    await expect.poll(() => isHeld('pen')).toBe('true');
    await page.mouse.move(500, 400);
    const before = await cameraOf(page);
    await page.mouse.wheel(0, -100);
    await expect.poll(async () => (await cameraOf(page)).zoom > before.zoom).toBe(true);
  };
  await works();
  await page.reload();
  await boardReady(page);
  await page.waitForLoadState('networkidle');
  await works();
  expect(await page.getByTestId('tool-eraser').getAttribute('aria-keyshortcuts')).toBe('p');

  await page.keyboard.press('?');
  await page.getByTestId('change-keys').click();
  await page.getByTestId('keys-restore-all').click();
  await page.keyboard.press('Escape');
  await page.getByTestId('preferences').waitFor({ state: 'detached' });
  await canvas.focus();
  await page.keyboard.press('e');
  await expect.poll(() => isHeld('eraser')).toBe('true');
  await page.keyboard.press('r');
  await expect.poll(() => isHeld('rectangle')).toBe('true');
  expect(errors).toEqual([]);
  await context.close();
});
