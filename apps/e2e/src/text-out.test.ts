/** Text on its way out of a board and into it: exports that look like the screen, and what is pasted or dropped. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { createPerson, newBoardId, openBoard, useWorld, waitForCount } from './harness.ts';

const world = useWorld();

/** Lines of every kind that a text area, a canvas and an SVG could set each in its own way. */
const lines = [
  'WORKSHOP SUMMARY',
  'To AVAST -> fi',
  'a\tb\tc',
  'שלום עולם!',
  'نص عربي with English 12%!',
  'אב!\tגד (x)',
  '  two  spaces  ',
  'สวัสดี',
];

async function putTexts(page: Page): Promise<void> {
  await page.evaluate((texts) => {
    const { board } = window.wetink ?? {};
    board?.run((edit) => {
      const fonts = ['hand', 'sans', 'mono'] as const;
      fonts.forEach((font, column) =>
        edit.create({
          kind: 'text',
          geometry: { x: 200 + column * 330, y: 150, w: 10, h: 10, rotation: column === 2 ? 0.2 : 0 },
          style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font },
          text: texts.join('\n'),
        }),
      );
    });
  }, lines);
  await waitForCount(page, 3);
}

async function download(page: Page, testId: string): Promise<Buffer> {
  await page.getByTestId('menu').click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).click()]);
  return readFile(await file.path());
}

/** Share of pixels that differ, of those that are not paper in either picture. */
function difference(page: Page, png: string, svg: string): Promise<{ share: number; inked: number; size: number[] }> {
  return page.evaluate(
    async ([a, b]) => {
      const load = async (src: string): Promise<HTMLImageElement> => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return image;
      };
      const [one, two] = [await load(a ?? ''), await load(b ?? '')];
      // Twice the size in its head: a browser rounds `naturalWidth`.
      const [, w = 0, h = 0] = (/width="(\S+)" height="(\S+)"/.exec(atob((b ?? '').split(',')[1] ?? '')) ?? []).map(Number);
      const pixels = (image: HTMLImageElement): Uint8ClampedArray => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [one.naturalWidth, one.naturalHeight];
        const context = canvas.getContext('2d');
        if (image === one) context?.drawImage(image, 0, 0);
        else context?.drawImage(image, 0, 0, 2 * w, 2 * h);
        return context?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      };
      const [p, q] = [pixels(one), pixels(two)];
      let [inked, apart] = [0, 0];
      for (let at = 0; at < p.length; at += 4) {
        const [dark, other] = [p[at] ?? 0, q[at] ?? 0];
        if (dark > 200 && other > 200) continue;
        inked++;
        if (Math.abs(dark - other) > 96) apart++;
      }
      return { share: apart / inked, inked, size: [two.naturalWidth, two.naturalHeight] };
    },
    [png, svg],
  );
}

it('E1: E2: an SVG opened where none of its fonts is looks like the PNG, as large and line by line', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await putTexts(page);
  const [png, svg] = [await download(page, 'export-png'), await download(page, 'export-svg')];
  const text = svg.toString();
  expect(text.match(/@font-face/g)?.length).toBe(3);
  expect(text).toContain('SIL Open Font License');
  expect(svg.length).toBeLessThan(200_000);
  // A page of another origin, without a style sheet and without the network.
  const elsewhere = await ana.context.newPage();
  await elsewhere.setContent('<p>elsewhere</p>');
  const data = (bytes: Buffer, type: string): string => `data:${type};base64,${bytes.toString('base64')}`;
  const same = await difference(elsewhere, data(png, 'image/png'), data(svg, 'image/svg+xml'));
  expect(same.inked).toBeGreaterThan(20_000);
  expect(same.share).toBeLessThan(0.02);
  // Nor does the app's own policy keep the fonts out of a picture on its page, as that of a kept copy.
  expect((await difference(page, data(png, 'image/png'), data(svg, 'image/svg+xml'))).share).toBeLessThan(0.02);
  // The same without its fonts is another picture: the comparison can tell.
  const bare = Buffer.from(text.replace(/<style>.*?<\/style>/s, ''));
  expect((await difference(elsewhere, data(png, 'image/png'), data(bare, 'image/svg+xml'))).share).toBeGreaterThan(0.2);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

async function paste(
  page: Page,
  data: Readonly<Record<string, string>>,
  file?: { name: string; type: string; bytes: number[] },
): Promise<void> {
  await page.evaluate(
    ({ given, pasted }) => {
      const transfer = new DataTransfer();
      for (const [type, text] of Object.entries(given)) transfer.setData(type, text);
      if (pasted !== undefined) transfer.items.add(new File([Uint8Array.from(pasted.bytes)], pasted.name, { type: pasted.type }));
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
    },
    { given: data, pasted: file },
  );
}

const png = { name: 'cat.png', type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47] };
const texts = (page: Page): Promise<string[]> => page.evaluate(() => window.wetink?.board.elements().map(({ text }) => text) ?? []);

it('E4: pasted text is put on the board, and a file that only claims to be a picture gets a sentence that fits', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  // The part of the page that takes pastes comes after the first paint.
  await page.waitForLoadState('networkidle');
  await paste(page, { 'text/plain': 'two\r\nboats\n' });
  await waitForCount(page, 1);
  expect(await texts(page)).toEqual(['two\nboats']);
  await paste(page, {}, png);
  await page.getByText('“cat.png” is not a picture that a board can show.').waitFor();
  await paste(page, {});
  await page.getByText('There is nothing in the clipboard').waitFor();
  // In a field the text is the field's.
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('chat-input').focus();
  await paste(page, { 'text/plain': 'for the chat' });
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'cat.jpg'));
    for (const type of ['dragover', 'drop'])
      document
        .querySelector('[role="application"]')
        ?.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await page.getByText('“cat.jpg” can’t be shown as a picture, so it was added as a file.').waitFor();
  await waitForCount(page, 2);
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData('text/uri-list', 'https://example.org/');
    const at = { clientX: 500, clientY: 300 };
    for (const type of ['dragover', 'drop'])
      document
        .querySelector('[role="application"]')
        ?.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, ...at }));
  });
  await waitForCount(page, 3);
  expect(await texts(page)).toEqual(['two\nboats', '', 'https://example.org/']);
  expect(await page.evaluate(() => window.wetink?.board.elements().flatMap(({ file }) => file?.name ?? []))).toEqual(['cat.jpg']);
  expect(await page.getByText(/damaged|line 1/).count()).toBe(0);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});
