/** Pictures on the board, as people meet them: pasted, dropped and picked, seen by others, offline, refused, and saved. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linkFor, openByLink, told, useGuests } from './guests.ts';
import {
  boardReady,
  cameraOf,
  createPerson,
  newBoardId,
  openBoard,
  openTab,
  startRelay,
  useWorld,
  waitForChip,
  waitForCount,
  type Person,
  useServiceWorkers,
} from './harness.ts';
import { blue, cameraFile, noiseFile, pngBomb, pngFile, red, type ImageFile, type Rgb } from './image-files.ts';
import { createLink } from './link.ts';
import { countAbove, tasksDuring } from './long-tasks.ts';
import { screenOf } from './screen.ts';

useServiceWorkers();

const world = useWorld({ WETINK_AUTH: 'guests' });
const { person, makeBoard, owner } = useGuests(world);

interface ShownImage {
  x: number;
  y: number;
  w: number;
  h: number;
  width: number;
  height: number;
  hash: string;
  type: string;
  name: string;
}

function imagesOf(page: Page): Promise<ShownImage[]> {
  return page.evaluate(
    () =>
      window.wetink?.board
        .elements()
        .flatMap(({ geometry, image }) =>
          image === null
            ? []
            : [{ ...geometry, width: image.width, height: image.height, hash: image.hash, type: image.type, name: image.name }],
        ) ?? [],
  );
}

/** Hands files to the page as a paste or a drop does. */
async function hand(page: Page, files: readonly ImageFile[], way: 'paste' | 'drop', at = { x: 640, y: 400 }): Promise<void> {
  await page.evaluate(
    ({ given, how, place }) => {
      const transfer = new DataTransfer();
      for (const { name, type, data } of given)
        transfer.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type }));
      const options = { bubbles: true, cancelable: true };
      const target = document.querySelector('[role="application"]') ?? document.body;
      if (how === 'paste') return void target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, ...options }));
      for (const type of ['dragover', 'drop'])
        target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, clientX: place.x, clientY: place.y, ...options }));
    },
    { given: files.map(({ name, mimeType: type, buffer }) => ({ name, type, data: buffer.toString('base64') })), how: way, place: at },
  );
}

async function pick({ page }: Person, files: readonly ImageFile[] | string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('add-pictures').click();
  await (await chooser).setFiles(typeof files === 'string' ? files : [...files]);
}

/** For a large file: bytes that are handed over without a disk are decoded by the page, half a minute long on a busy machine. */
async function pickFromDisk(person: Person, { name, buffer }: ImageFile): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-pictures-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, buffer);
  await pick(person, path);
}

/** Waits until the image is painted in this colour at a place inside it, in fractions of its box. */
async function seen({ page }: Person, image: ShownImage, [fx, fy]: readonly [number, number], color: Rgb): Promise<void> {
  const { x, y, zoom } = await cameraOf(page);
  const [px, py] = [(image.x + image.w * fx - x) * zoom, (image.y + image.h * fy - y) * zoom];
  for (let tries = 0; ; tries++) {
    const now = (await screenOf(page)).at(Math.round(px), Math.round(py));
    if (now.every((value, i) => Math.abs(value - (color[i] ?? 0)) < 24)) return;
    if (tries > 60) throw new Error(`at ${px}, ${py} the screen is ${now.join()}, not ${color.join()}`);
    await page.waitForTimeout(250);
  }
}

async function deselect({ page }: Person): Promise<void> {
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Escape');
}

describe('pictures on the board', () => {
  it('pasted, dropped and picked pictures are seen by another person, upright and without metadata; undo takes them back', async () => {
    const { ana } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'editor'));
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    await waitForCount(ben.page, 1);

    await hand(ana.page, [pngFile('halves.png', 400, 300)], 'paste');
    await waitForCount(ben.page, 2);
    const [pasted] = (await imagesOf(ben.page)) as [ShownImage];
    expect(pasted).toMatchObject({ width: 400, height: 300, type: 'image/png', name: 'halves.png', w: 400, h: 300 });
    await seen(ben, pasted, [0.3, 0.6], red);
    await seen(ben, pasted, [0.7, 0.6], blue);
    await ana.page.keyboard.press('Delete');
    await waitForCount(ben.page, 1);

    const photo = await cameraFile(ana.page, 'photo.jpg', 640, 480, 'SECRETPLACE 48.2 N 16.3 E');
    await hand(ana.page, [photo, pngFile('b.png', 90, 60)], 'drop', { x: 640, y: 380 });
    await waitForCount(ben.page, 3);
    const [upright] = (await imagesOf(ben.page)) as [ShownImage];
    expect([upright.width, upright.height, upright.type]).toEqual([480, 640, 'image/jpeg']);
    await deselect(ana);
    await seen(ben, upright, [0.8, 0.2], red);
    await seen(ben, upright, [0.8, 0.8], blue);
    await waitForChip(ana.page, /^Saved/);
    const sent = await ben.page.evaluate(async (hash) => {
      const { token } = JSON.parse(localStorage.getItem('wetink.token') ?? '{}') as { token?: string };
      const board = location.pathname.split('/').at(-1) ?? '';
      const answer = await fetch(`/v1/boards/${board}/blobs/${hash}`, { headers: { Authorization: `Bearer ${token ?? ''}` } });
      return [answer.status, new TextDecoder('latin1').decode(await answer.arrayBuffer())] as const;
    }, upright.hash);
    expect(sent[0]).toBe(200);
    expect(sent[1]).not.toMatch(/SECRETPLACE|Exif/);

    // Both came in one drop, so one press takes both back.
    await ana.page.keyboard.press('Control+z');
    await waitForCount(ben.page, 1);
    await pick(ana, [pngFile('c.png', 50, 50)]);
    await waitForCount(ben.page, 2);
    // A person without a right to the board gets no picture of it, even with its address.
    const cid = await person('Cid');
    const status = await cid.page.evaluate(
      async ([board, hash]) => {
        const { token } = JSON.parse(localStorage.getItem('wetink.token') ?? '{}') as { token?: string };
        return (await fetch(`/v1/boards/${board}/blobs/${hash}`, { headers: { Authorization: `Bearer ${token ?? ''}` } })).status;
      },
      [new URL(ana.page.url()).pathname.split('/').at(-1) ?? '', upright.hash] as const,
    );
    expect([401, 404]).toContain(status);
  });

  it('a picture keeps its ratio when it is resized, and moves like any element', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await hand(ana.page, [pngFile('wide.png', 400, 200)], 'paste');
    await waitForCount(ana.page, 1);
    const [before] = (await imagesOf(ana.page)) as [ShownImage];
    const { x, y, zoom } = await cameraOf(ana.page);
    const corner = { x: (before.x + before.w - x) * zoom, y: (before.y + before.h - y) * zoom };
    await ana.page.mouse.move(corner.x, corner.y);
    await ana.page.mouse.down();
    await ana.page.mouse.move(corner.x - 100, corner.y - 60, { steps: 5 });
    await ana.page.mouse.up();
    const [after] = (await imagesOf(ana.page)) as [ShownImage];
    expect(after.w).toBeLessThan(before.w - 30);
    expect(after.w / after.h).toBeCloseTo(2, 3);
    await deselect(ana);
    await seen(ana, after, [0.25, 0.5], red);
  });

  it('the person describes a picture, others read it, and undo takes it back', async () => {
    const { ana } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'editor'));
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    await hand(ana.page, [pngFile('cat.png', 200, 100)], 'paste');
    await waitForCount(ben.page, 2);
    const alts = (page: Page): Promise<string[]> => page.evaluate(() => window.wetink?.board.elements().map(({ alt }) => alt) ?? []);
    const reads = (text: string): Promise<unknown> =>
      ben.page.waitForFunction((wanted) => window.wetink?.board.elements().some(({ alt }) => alt === wanted), text);
    await ana.page.getByTestId('alt').fill('Two halves');
    await ana.page.getByTestId('alt').press('Enter');
    await reads('Two halves');
    // A press on the board leaves the field: what was typed is kept.
    await ana.page.getByTestId('alt').fill('A red half and a blue one');
    await ana.page.mouse.click(300, 650);
    await reads('A red half and a blue one');
    await ana.page.getByTestId('undo').click();
    await reads('Two halves');
    expect(await alts(ana.page)).toEqual(['', 'Two halves']);
    // A screen reader hears it.
    await ana.page.getByTestId('board-canvas').focus();
    for (let tabs = 0; tabs < 2; tabs++) await ana.page.keyboard.press('Tab');
    await ana.page.getByTestId('walk').getByText('Picture "Two halves", 2 of 2').waitFor({ state: 'attached' });
  });

  it('a description that is half typed when the person goes back to the home page is kept', async () => {
    const ana = await person('Ana');
    await ana.page.goto(world.relay.url);
    await ana.page.getByTestId('new-board').click();
    await ana.page.getByTestId('board-canvas').waitFor();
    await waitForChip(ana.page, /^Saved/);
    await hand(ana.page, [pngFile('cat.png', 200, 100)], 'paste');
    await ana.page.getByTestId('alt').fill('A cat');
    await ana.page.goBack();
    await ana.page.getByTestId('new-board').waitFor();
    await ana.page.goForward();
    await ana.page.getByTestId('board-canvas').waitFor();
    await waitForChip(ana.page, /^Saved/);
    await ana.page.getByTestId('board-canvas').focus();
    await ana.page.keyboard.press('Control+a');
    await expect.poll(() => ana.page.getByTestId('alt').inputValue()).toBe('A cat');
  });

  it('a picture too large for the server is made smaller, and the person reads that', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await pickFromDisk(ana, noiseFile('noise.png', 4_600, 3_400));
    await waitForCount(ana.page, 1, 60_000);
    const [image] = (await imagesOf(ana.page)) as [ShownImage];
    expect([image.width < 4_600, image.type]).toEqual([true, 'image/webp']);
    await told(ana, /“noise\.png” was too large to share, and is now [\d,]+ by [\d,]+ pixels\./);
    await waitForChip(ana.page, /^Saved$/, 60_000);
  });

  it('another tab of the same browser shows the picture and sends it, even if the first is closed at once', async () => {
    const ana = await person('Ana');
    const board = await makeBoard(ana);
    const second = await openTab(ana.context);
    await openBoard(second.page, world.relay.url, board);
    const ben = await person('Ben');
    await ana.page.getByTestId('share').click();
    await openByLink(ben, await linkFor(ana, 'editor'));
    await ana.page.keyboard.press('Escape');
    await hand(ana.page, [pngFile('tab.png', 300, 200)], 'paste');
    await waitForCount(second.page, 1);
    await ana.page.close();
    const [image] = (await imagesOf(second.page)) as [ShownImage];
    await seen(second, image, [0.25, 0.75], red);
    await seen(ben, image, [0.25, 0.75], red);
    expect(second.errors).toEqual([]);
  });

  it('on a tablet held upright the button for pictures is behind “More tools”', async () => {
    const ana = await person('Ana', { viewport: { width: 768, height: 1_024 }, hasTouch: true, isMobile: true });
    await makeBoard(ana);
    await ana.page.getByTestId('tool-more').tap();
    await pick(ana, [pngFile('tablet.png', 60, 40)]);
    await waitForCount(ana.page, 1);
    expect(await ana.page.getByTestId('tool-keep').isVisible()).toBe(false);
  });

  it('a viewer who pastes reads why nothing happens, and sees what others put there', async () => {
    const { ana } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'viewer'));
    await waitForChip(ben.page, /^View only/);
    await hand(ben.page, [pngFile('mine.png', 40, 40)], 'paste');
    await told(ben, /^You can only view this board\.$/);
    expect(await ben.page.getByTestId('add-pictures').isDisabled()).toBe(true);
    expect(await imagesOf(ben.page)).toEqual([]);
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    await hand(ana.page, [pngFile('hers.png', 200, 200)], 'paste');
    await waitForCount(ben.page, 2);
    const [hers] = (await imagesOf(ben.page)) as [ShownImage];
    await seen(ben, hers, [0.25, 0.7], red);
  });

  it('files that are no pictures, or too much of one, get a sentence each, and the others are put on the board', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    const whole = pngFile('whole.png', 60, 40);
    const svg = { name: 'vector.png', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
    const cut = { ...whole, name: 'cut.png', buffer: whole.buffer.subarray(0, whole.buffer.length - 20) };
    const broken = { ...whole, name: 'broken.png', buffer: Buffer.from(whole.buffer) };
    broken.buffer.fill(0x55, 41, whole.buffer.length - 24);
    const sentences: Record<string, RegExp> = {
      cut: /“cut\.png” is incomplete/,
      bomb: /“bomb\.png” has 3,600 megapixels/,
      broken: /“broken\.png” is damaged/,
    };
    const files = { cut, bomb: pngBomb('bomb.png', 60_000, 60_000), broken };
    for (const [kind, file] of Object.entries(files)) {
      await hand(ana.page, [file], 'drop');
      await told(ana, sentences[kind] as RegExp);
    }
    expect(await imagesOf(ana.page)).toEqual([]);
    // An SVG is a card under whatever name, never a picture.
    await hand(ana.page, [svg, whole], 'drop');
    await waitForCount(ana.page, 2);
    await told(ana, /“vector\.png” can’t be shown as a picture, so it was added as a file/);
    const kinds = await ana.page.evaluate(() => window.wetink?.board.elements().map(({ kind, file }) => file?.name ?? kind));
    expect(kinds).toEqual(['image', 'vector.png']);
    await waitForChip(ana.page, /^Saved/);
  });

  it('pictures that are only in this tab are not lost on the way home without a question', async () => {
    const ana = await person('Ana');
    const { page } = ana;
    await ana.context.addInitScript(() => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (name, version) {
        if (name === 'wetink.images') throw new DOMException('storage is blocked', 'SecurityError');
        return open.call(this, name, version);
      };
    });
    await page.reload();
    await makeBoard(ana);
    await page.route('**/blobs/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
    await hand(page, [pngFile('cat.png', 60, 40)], 'paste');
    await waitForCount(page, 1);
    await waitForChip(page, /only in this tab/);
    const goHome = async (): Promise<void> => {
      await page.getByTestId('menu').click();
      await page.getByRole('menuitem', { name: 'All boards' }).click();
    };
    await goHome();
    await page.getByText('Some pictures of yours are only in this tab').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(await imagesOf(page)).toHaveLength(1);
    await goHome();
    await page.getByTestId('leave-anyway').click();
    await page.getByTestId('board-card').first().waitFor();
    expect(await page.getByTestId('card-lacking').count()).toBe(0);
  });

  it('a half-typed description outlives a reload, and home says what waits on this device', async () => {
    const ana = await person('Ana');
    const { page } = ana;
    await makeBoard(ana);
    await page.route('**/blobs/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
    await hand(page, [pngFile('cat.png', 60, 40)], 'paste');
    await waitForCount(page, 1);
    await page.getByTestId('alt').fill('A cat, half ty');
    await page.reload();
    await boardReady(page);
    await waitForCount(page, 1);
    await page.evaluate(() => {
      const { board, stage } = window.wetink as NonNullable<typeof window.wetink>;
      stage.select(board.elements().map(({ id }) => id));
    });
    expect(await page.getByTestId('alt').inputValue()).toBe('A cat, half ty');
    // Described by another person meanwhile: their words stay until this person goes on with the draft.
    await page.goto(`${world.relay.url}/`);
    await page.goBack();
    await boardReady(page);
    await waitForCount(page, 1);
    await page.evaluate(() => {
      const { board, stage } = window.wetink as NonNullable<typeof window.wetink>;
      const ids = board.elements().map(({ id }) => id);
      board.run((edit) => ids.forEach((id) => edit.setAlt(id, 'A tabby')));
      stage.select(ids);
    });
    expect(await page.getByTestId('alt').inputValue()).toBe('A cat, half ty');
    await page.evaluate(() => window.wetink?.stage.select([]));
    await page.getByTestId('alt').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => window.wetink?.board.elements().map(({ alt: text }) => text))).toEqual(['A tabby']);
    await page.goto(world.relay.url);
    await page.getByTestId('card-lacking').filter({ hasText: '1 picture waits on this device' }).waitFor();
  });

  it('a full device: a sentence, and nothing is put on the board', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await ana.page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...args) {
        if (this.name === 'images') throw new DOMException('full', 'QuotaExceededError');
        return put.apply(this, args);
      };
    });
    await hand(ana.page, [pngFile('cat.png', 60, 40)], 'paste');
    await told(ana, /“cat\.png” was not put on the board: this device has no room left/);
    expect(await imagesOf(ana.page)).toEqual([]);
  });

  it('a picture of 36 megapixels is put on the board without a task of more than 100 ms on the page', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await pick(ana, [pngFile('small.png', 30, 30)]); // The code for pictures is there.
    await waitForCount(ana.page, 1);
    const large = pngFile('large.png', 6_000, 6_000);
    const tasks = await tasksDuring(world.browser, ana.page, async () => {
      await pickFromDisk(ana, large);
      await waitForCount(ana.page, 2, 60_000);
      const [, image] = (await imagesOf(ana.page)) as [ShownImage, ShownImage];
      await ana.page.waitForFunction(() => document.querySelector('[data-testid="status-chip"]')?.textContent?.startsWith('Saved'));
      expect(image).toMatchObject({ width: 6_000, height: 6_000 });
    });
    expect(countAbove(tasks, 100), JSON.stringify(tasks.slice(0, 5))).toBe(0);
    const [, image] = (await imagesOf(ana.page)) as [ShownImage, ShownImage];
    await deselect(ana);
    await seen(ana, image, [0.2, 0.8], red);
  });
});

describe('pictures without a network', () => {
  it('a picture pasted offline survives a reload and a server that is killed, and is sent when both are back', async () => {
    const relay = await startRelay();
    const link = await createLink(relay.port);
    const ana = await createPerson(world.browser);
    const ben = await createPerson(world.browser);
    try {
      const board = newBoardId();
      await openBoard(ana.page, link.url, board);
      await openBoard(ben.page, relay.url, board);
      await waitForChip(ana.page, /^Saved/);
      await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
      await hand(ana.page, [pngFile('first.png', 30, 30)], 'paste');
      await waitForCount(ben.page, 1);
      await waitForChip(ana.page, /^Saved/);

      link.cut();
      await waitForChip(ana.page, /Offline/);
      await hand(ana.page, [pngFile('train.png', 300, 200)], 'paste');
      await waitForCount(ana.page, 2);
      await ana.page.getByTestId('status-chip').click();
      await ana.page.getByText('1 picture has yet to reach the server').waitFor();
      await ana.page.reload();
      await boardReady(ana.page);
      await waitForCount(ana.page, 2);
      const [, image] = (await imagesOf(ana.page)) as [ShownImage, ShownImage];
      await seen(ana, image, [0.25, 0.75], red);

      await relay.kill();
      link.mend();
      await waitForChip(ana.page, /Offline/);
      await relay.restart();
      await waitForCount(ben.page, 2, 60_000);
      await seen(ben, image, [0.25, 0.75], red);
      await seen(ben, image, [0.75, 0.75], blue);
      await waitForChip(ana.page, /^Saved/, 60_000);
      expect([...ana.errors, ...ben.errors]).toEqual([]);
    } finally {
      await ana.context.close();
      await ben.context.close();
      await link.close();
      await relay.dispose();
    }
  });
});

describe('pictures in files', () => {
  it('PNG, SVG and .wetink files have the pictures of a board, and a .wetink file opens with them on another', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await hand(ana.page, [pngFile('halves.png', 400, 300)], 'paste');
    await waitForCount(ana.page, 1);
    const save = async (item: string): Promise<Buffer> => {
      const download = ana.page.waitForEvent('download');
      await ana.page.getByTestId('menu').click();
      await ana.page.getByTestId(item).click();
      return readFile(await (await download).path());
    };
    const colors = (data: Buffer, type: string): Promise<number[][]> =>
      ana.page.evaluate(
        async ([base64, mime]) => {
          const image = new Image();
          image.src = `data:${mime};base64,${base64}`;
          await image.decode();
          const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
          const context = canvas.getContext('2d');
          if (context === null) throw new Error('no canvas');
          context.drawImage(image, 0, 0);
          return [0.3, 0.7].map((x) => [...context.getImageData(canvas.width * x, canvas.height / 2, 1, 1).data.slice(0, 3)]);
        },
        [data.toString('base64'), type] as const,
      );
    for (const [item, type] of [
      ['export-png', 'image/png'],
      ['export-svg', 'image/svg+xml'],
    ] as const) {
      const [left, right] = (await colors(await save(item), type)) as [number[], number[]];
      expect([item, left.every((value, i) => Math.abs(value - (red[i] ?? 0)) < 8)]).toEqual([item, true]);
      expect([item, right.every((value, i) => Math.abs(value - (blue[i] ?? 0)) < 8)]).toEqual([item, true]);
    }
    const file = await save('save-file');
    const ben = await person('Ben');
    await makeBoard(ben);
    await ben.page.getByTestId('menu').click();
    await ben.page.getByTestId('file-input').setInputFiles({ name: 'plan.wetink', mimeType: 'application/octet-stream', buffer: file });
    await waitForCount(ben.page, 1);
    await ben.page.keyboard.press('Escape');
    await deselect(ben);
    const [image] = (await imagesOf(ben.page)) as [ShownImage];
    await seen(ben, image, [0.3, 0.5], red);
    await waitForChip(ben.page, /^Saved/);
  });
});
