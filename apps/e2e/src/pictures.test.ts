/** Pictures edited together: sliders live on every screen, crops, presets, and the same colours wherever a picture is seen. */
import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { seriousFaults } from './axe.ts';
import { linkFor, openByLink, useGuests } from './guests.ts';
import { useWorld, waitForCount, type Person } from './harness.ts';
import { blue, pngFile, red, type ImageFile } from './image-files.ts';
import { screenOf } from './screen.ts';

const world = useWorld({ WETINK_AUTH: 'guests' });
const { person, owner } = useGuests(world);

type Look = BoardElement['look'];

/** The picture as the board has it, and the look that this screen shows. */
function pictureOf(page: Page): Promise<Pick<BoardElement, 'look' | 'crop' | 'geometry'> & { hash: string; live: Partial<Look> }> {
  return page.evaluate(() => {
    const element = window.wetink?.board.elements().find(({ kind }) => kind === 'image');
    if (element === undefined) throw new Error('no picture');
    const { look, crop, geometry, image, id } = element;
    return { look, crop, geometry, hash: image?.hash ?? '', live: window.wetink?.stage.state.othersLooks.get(id)?.look ?? {} };
  });
}

async function paste(page: Page, file: ImageFile): Promise<void> {
  await page.evaluate(
    ({ name, type, data }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type }));
      const target = document.querySelector('[role="application"]') ?? document.body;
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
    },
    { name: file.name, type: file.mimeType, data: file.buffer.toString('base64') },
  );
}

function slider(page: Page, name: string): Locator {
  return page.getByTestId(`look-${name}`).locator('input[type="range"]');
}

/** Presses the thumb of a slider and pulls it to a share of its length, without letting go. */
async function pull(page: Page, name: string, to: number): Promise<void> {
  const range = slider(page, name);
  await range.scrollIntoViewIfNeeded();
  const box = await range.boundingBox();
  if (box === null) throw new Error(`${name} is not shown`);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 8 });
}

/** Ana and Ben on a board with one picture, which both have selected and open to edit. */
async function two(): Promise<{ ana: Person; ben: Person }> {
  const { ana } = await owner();
  const ben = await person('Ben');
  await openByLink(ben, await linkFor(ana, 'editor'));
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('Escape');
  await paste(ana.page, pngFile('halves.png', 400, 300));
  await waitForCount(ben.page, 2);
  for (const { page } of [ana, ben]) {
    await page.evaluate(() => {
      const { board, stage } = window.wetink ?? {};
      stage?.select(board?.elements().flatMap(({ id, kind }) => (kind === 'image' ? [id] : [])) ?? []);
    });
    await page.getByTestId('edit-picture').click();
    await page.getByTestId('picture-panel').waitFor();
  }
  return { ana, ben };
}

/** The colour in the left half of the picture on a screen. */
async function colorOf(page: Page): Promise<readonly number[]> {
  const at = await page.evaluate(() => {
    const { board, stage } = window.wetink ?? {};
    const geometry = board?.elements().find(({ kind }) => kind === 'image')?.geometry;
    if (geometry === undefined || stage === undefined) throw new Error('no picture');
    const { x, y, zoom } = stage.state.camera;
    return { x: (geometry.x + geometry.w * 0.25 - x) * zoom, y: (geometry.y + geometry.h * 0.6 - y) * zoom };
  });
  return (await screenOf(page)).at(Math.round(at.x), Math.round(at.y));
}

async function untilColor(page: Page, wanted: readonly number[]): Promise<void> {
  for (let tries = 0; ; tries++) {
    const now = await colorOf(page);
    if (now.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 12)) return;
    if (tries > 40) throw new Error(`the picture is ${now.join()}, not ${wanted.join()}`);
    await page.waitForTimeout(250);
  }
}

const inverted = red.map((value) => 255 - value);

describe('editing a picture together', () => {
  it('a slider moves on both screens while one person drags it, is written on release, and is one press of undo', async () => {
    const { ana, ben } = await two();
    await ben.page.getByTestId('picture-editors').getByText('2 people editing').waitFor();
    expect(await seriousFaults(ben.page)).toEqual([]);
    await pull(ana.page, 'invert', 0.999);
    await ben.page.waitForFunction(() =>
      [...(window.wetink?.stage.state.othersLooks.values() ?? [])].some(({ look }) => (look.invert ?? 0) > 0.9),
    );
    await ben.page.getByTestId('look-invert-by').getByText('Ana is moving it').waitFor();
    expect(Number(await slider(ben.page, 'invert').inputValue())).toBeGreaterThan(90);
    for (const { page } of [ana, ben]) {
      await untilColor(page, inverted);
      expect((await pictureOf(page)).look.invert).toBe(0);
    }
    await ana.page.mouse.up();
    await ben.page.waitForFunction(() => window.wetink?.board.elements().some(({ look }) => look.invert > 0.9));
    await ben.page.waitForFunction(() => window.wetink?.stage.state.othersLooks.size === 0);
    await ben.page.getByTestId('look-invert-by').getByText('Ana', { exact: true }).waitFor();
    await untilColor(ben.page, inverted);

    await ana.page.keyboard.press('Control+z');
    await ben.page.waitForFunction(() => window.wetink?.board.elements().every(({ look }) => look.invert === 0));
    for (const { page } of [ana, ben]) await untilColor(page, red);
  });

  it('Escape gives a slider up on both screens, and a person who leaves while dragging leaves nothing', async () => {
    const { ana, ben } = await two();
    await pull(ana.page, 'invert', 0.999);
    await untilColor(ben.page, inverted);
    await ana.page.keyboard.press('Escape');
    await untilColor(ben.page, red);
    await ana.page.mouse.up();
    expect((await pictureOf(ana.page)).look.invert).toBe(0);
    await pull(ana.page, 'invert', 0.999);
    await untilColor(ben.page, inverted);
    await ana.page.goto(world.relay.url);
    await untilColor(ben.page, red);
    expect((await pictureOf(ben.page)).look.invert).toBe(0);
  });

  it('on one slider the last to let go wins, on different ones both do', async () => {
    const { ana, ben } = await two();
    await pull(ana.page, 'contrast', 0.9);
    await pull(ben.page, 'contrast', 0.1);
    await pull(ben.page, 'contrast', 0.2);
    await ana.page.mouse.up();
    await ana.page.waitForTimeout(300);
    await ben.page.mouse.up();
    await ana.page.waitForFunction(() => window.wetink?.board.elements().some(({ look }) => look.contrast < -0.5));
    await ana.page.getByTestId('look-contrast-by').getByText('Ben').waitFor();
    await pull(ana.page, 'hue', 0.75);
    await pull(ben.page, 'sepia', 0.5);
    await ana.page.mouse.up();
    await ben.page.mouse.up();
    for (const { page } of [ana, ben])
      await page.waitForFunction(() =>
        window.wetink?.board.elements().some(({ look }) => look.hue > 0.4 && look.sepia > 0.4 && look.contrast < -0.5),
      );
    const [one, other] = [await pictureOf(ana.page), await pictureOf(ben.page)];
    expect(one.look).toEqual(other.look);
  });

  it('a crop is dragged on the picture, is one step, and merges with a move of the other person', async () => {
    const { ana, ben } = await two();
    const before = await pictureOf(ana.page);
    await ana.page.getByTestId('crop').click();
    const handle = await ana.page.getByTestId('crop--1-0').boundingBox();
    if (handle === null) throw new Error('no handle');
    const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
    await ana.page.mouse.move(x, y);
    await ana.page.mouse.down();
    const { zoom } = await ana.page.evaluate(() => window.wetink?.stage.state.camera ?? { zoom: 1 });
    await ana.page.mouse.move(x + (before.geometry.w * zoom) / 2, y, { steps: 5 });
    // Ben sees the crop while Ana drags it: what was the red half is the board behind it.
    await expect.poll(async () => (await colorOf(ben.page)).every((value) => value > 230), { timeout: 10_000 }).toBe(true);
    expect((await pictureOf(ben.page)).crop.left).toBe(0);
    await ana.page.mouse.up();
    // Keys on a button elsewhere do nothing to the picture that is being cropped.
    await ana.page.getByTestId('tool-select').focus();
    await ana.page.keyboard.press('Delete');
    expect((await pictureOf(ana.page)).crop.left).toBe(0);
    await ben.page.getByTestId('board-canvas').focus();
    await ben.page.keyboard.press('Shift+ArrowDown');
    await ana.page.getByTestId('crop-done').click();
    for (const { page } of [ana, ben])
      await page.waitForFunction(
        (top) => window.wetink?.board.elements().some(({ crop, geometry }) => crop.left > 0.45 && geometry.y === top + 10),
        before.geometry.y,
      );
    const cropped = await pictureOf(ben.page);
    expect(cropped.crop.left).toBeCloseTo(0.5, 2);
    expect(cropped.geometry.x).toBeCloseTo(before.geometry.x + before.geometry.w / 2, 0);
    await untilColor(ben.page, blue);
    await ana.page.getByTestId('board-canvas').focus();
    await ana.page.keyboard.press('Control+z');
    await ben.page.waitForFunction(() => window.wetink?.board.elements().every(({ crop }) => crop.left === 0));
    expect((await pictureOf(ben.page)).geometry).toEqual({ ...before.geometry, y: before.geometry.y + 10 });
  });

  it('the people who edit a picture are shown at it, also to those who do not edit it', async () => {
    const { ana, ben } = await two();
    await ben.page.getByTestId('editors-at-picture').getByText('2 people editing').waitFor();
    await ben.page.getByTestId('close-picture').click();
    const chip = ben.page.getByTestId('editors-at-picture').filter({ hasText: 'Ana is editing' });
    await chip.waitFor();
    const box = await chip.boundingBox();
    const { geometry } = await pictureOf(ben.page);
    const camera = await ben.page.evaluate(() => window.wetink?.stage.state.camera ?? { x: 0, y: 0, zoom: 1 });
    expect(box?.x).toBeCloseTo((geometry.x - camera.x) * camera.zoom, -1);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan((geometry.y - camera.y) * camera.zoom);
    await ana.page.getByTestId('close-picture').click();
    await chip.waitFor({ state: 'detached' });
  });

  it('Mod+Alt+C and Mod+Alt+V carry a look over to other pictures, as one step', async () => {
    const { ana } = await two();
    const { page } = ana;
    await page.getByTestId('preset-noir').click();
    await page.getByTestId('close-picture').click();
    await page.keyboard.press('Control+Alt+c');
    await page.getByTestId('toasts').filter({ hasText: 'Style copied.' }).waitFor();
    await paste(page, pngFile('second.png', 300, 300));
    await waitForCount(page, 3);
    await page.keyboard.press('Control+Alt+v');
    const looks = (): Promise<number[]> =>
      page.evaluate(() => (window.wetink?.board.elements() ?? []).flatMap(({ kind, look }) => (kind === 'image' ? [look.greyscale] : [])));
    await expect.poll(looks).toEqual([1, 1]);
    await page.keyboard.press('Control+z');
    await expect.poll(looks).toEqual([1, 0]);
  });

  it('presets, keys, before, copied looks, the original and the conversation work from the panel', async () => {
    const { ana, ben } = await two();
    const { page } = ana;
    const undoOnce = async (): Promise<Look> => {
      await page.getByTestId('board-canvas').focus();
      await page.keyboard.press('Control+z');
      return (await pictureOf(page)).look;
    };
    await page.getByTestId('preset-noir').click();
    expect((await pictureOf(page)).look).toMatchObject({ greyscale: 1, contrast: 0.5, vignette: 0.6 });
    await pull(page, 'strength', 0.5);
    await page.mouse.up();
    expect((await pictureOf(page)).look.vignette).toBeCloseTo(0.3, 1);
    expect(await undoOnce()).toMatchObject({ greyscale: 1, vignette: 0.6 });
    expect(await undoOnce()).toMatchObject({ greyscale: 0, vignette: 0, contrast: 0 });

    await slider(page, 'invert').focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => window.wetink?.board.elements().some(({ look }) => look.invert === 0.05));
    expect((await undoOnce()).invert).toBe(0);
    await page.getByTestId('look-invert').locator('input[type="number"]').fill('100');
    await page.keyboard.press('Enter');
    await untilColor(page, inverted);
    await page.getByTestId('board-canvas').focus();
    await page.keyboard.down('\\');
    await untilColor(page, red);
    await untilColor(ben.page, inverted);
    await page.keyboard.up('\\');
    await untilColor(page, inverted);

    await page.getByTestId('copy-look').click();
    await slider(page, 'invert').dblclick();
    expect((await pictureOf(page)).look.invert).toBe(0);
    await page.getByTestId('paste-look').click();
    expect((await pictureOf(page)).look.invert).toBe(1);
    await page.getByTestId('reset-look').click();
    expect((await pictureOf(page)).look.invert).toBe(0);

    const download = page.waitForEvent('download');
    await page.getByTestId('download-picture').click();
    expect((await download).suggestedFilename()).toBe('halves.png');

    const { hash, geometry } = await pictureOf(page);
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('replace-picture').click();
    await (await chooser).setFiles([pngFile('other.png', 100, 300, [blue, red])]);
    await ben.page.waitForFunction(
      (old) => window.wetink?.board.elements().some(({ image }) => image !== null && image.hash !== old),
      hash,
    );
    await untilColor(ben.page, blue);
    const replaced = await pictureOf(ben.page);
    expect(replaced.geometry.h).toBeCloseTo(geometry.h, 6);
    expect(replaced.geometry.w).toBeCloseTo(geometry.h / 3, 6);

    await page.getByTestId('picture-thread').click();
    await page.getByTestId('picture-message').fill('Warmer, please');
    await page.keyboard.press('Enter');
    await ben.page.getByTestId('picture-thread-count').getByText('1').waitFor();
    await ben.page.getByTestId('picture-thread').click();
    await ben.page.getByTestId('picture-messages').getByText('Warmer, please').waitFor();
  });
});
