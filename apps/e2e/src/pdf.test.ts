/** PDFs on the board: the first page on the card, and pages to write on. */
import { describe, expect, it } from 'vitest';
import { linkFor, openByLink, useGuests } from './guests.ts';
import { boardReady, draw, pickTool, useWorld, waitForChip, waitForCount, type Person } from './harness.ts';
import { countAbove, tasksDuring } from './long-tasks.ts';
import { dropPdf, pdfDocument } from './pdf-documents.ts';
import { screenOf } from './screen.ts';

const world = useWorld({ WETINK_AUTH: 'guests' });
const { person, makeBoard, owner } = useGuests(world);

const [red, green, blue] = [
  [0.9, 0.1, 0.1],
  [0.1, 0.7, 0.2],
  [0.1, 0.2, 0.9],
] as const;
const toast = ({ page }: Person, text: string | RegExp): Promise<void> => page.getByTestId('toasts').filter({ hasText: text }).waitFor();

/** Waits until the middle of the first element of a kind, this far down in it (0..1), has a colour on the screen. */
async function waitForColor({ page }: Person, kind: string, down: number, [r, g, b]: readonly number[] = []): Promise<void> {
  const wanted = [r, g, b].map((value) => Math.round((value ?? 0) * 255));
  await expect
    .poll(
      async () => {
        const at = await page.evaluate(
          ([of, share]) => {
            const { board, stage } = window.wetink as NonNullable<typeof window.wetink>;
            const element = board.elements().find((one) => one.kind === of);
            if (element === undefined) return null;
            const { x, y, w, h } = element.geometry;
            const { camera } = stage.state;
            return [(x + w / 2 - camera.x) * camera.zoom, (y + h * share - camera.y) * camera.zoom] as const;
          },
          [kind, down] as const,
        );
        if (at === null) return 'no element';
        const seen = (await screenOf(page)).at(Math.round(at[0]), Math.round(at[1]));
        return seen.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 12) ? 'as wanted' : seen.join();
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe('as wanted');
}

/** Selects the only file of the board, for the bar over its card. */
async function selectFile({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const { board, stage } = window.wetink as NonNullable<typeof window.wetink>;
    stage.select(board.elements().flatMap(({ id, kind }) => (kind === 'file' ? [id] : [])));
  });
  await page.getByTestId('file-bar').waitFor();
}

const pagesOf = ({ page }: Person) =>
  page.evaluate(() =>
    (window.wetink?.board.elements() ?? [])
      .filter(({ kind }) => kind === 'image')
      .map(({ geometry, isLocked, alt }) => ({ ratio: geometry.w / geometry.h, x: geometry.x, y: geometry.y, isLocked, alt })),
  );

describe('PDFs', () => {
  it('a card shows the first page, also on the screen of another person, without a word and within the policy', async () => {
    const { ana } = await owner();
    const link = await linkFor(ana, 'viewer');
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    await dropPdf(ana.page, 'plan.pdf', pdfDocument({ colors: [red, green] }));
    await waitForColor(ana, 'file', 0.6, red);
    await waitForChip(ana.page, /^Saved/);
    const cid = await person('Cid');
    await openByLink(cid, link);
    await boardReady(cid.page);
    await waitForColor(cid, 'file', 0.6, red);
  });

  it('its pages open beside the card, others see them, one writes on them, and one undo takes them away', async () => {
    const { ana } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'editor'));
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    const sizes = [
      [595, 842],
      [842, 595],
    ] as const;
    await dropPdf(ana.page, 'plan.pdf', pdfDocument({ colors: [green, blue, red], sizes }));
    await waitForCount(ana.page, 2);
    await selectFile(ana);
    await ana.page.getByTestId('file-pages').click();
    await waitForCount(ana.page, 5);
    await toast(ana, '3 pages are on the board.');
    await waitForColor(ana, 'image', 0.5, green);
    await waitForColor(ben, 'image', 0.5, green);
    const pages = await pagesOf(ben);
    expect(pages.map(({ alt, isLocked }) => [alt, isLocked])).toEqual([1, 2, 3].map((number) => [`Page ${number} of plan.pdf`, true]));
    expect(pages.map(({ ratio }) => Math.round(ratio * 100))).toEqual([71, 142, 142]);
    await pickTool(ana.page, 'pen');
    await draw(ana.page, [
      [560, 400],
      [720, 420],
    ]);
    await waitForCount(ana.page, 6);
    // An eraser takes the writing, and leaves the page.
    await pickTool(ana.page, 'eraser');
    await draw(ana.page, [
      [640, 360],
      [640, 460],
    ]);
    await waitForCount(ben.page, 5);
    for (const count of [6, 5, 2]) {
      await ana.page.keyboard.press('Control+z');
      await waitForCount(ben.page, count);
    }
  });

  it('a locked page is unlocked in the style panel or by its key, and can be moved then', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await dropPdf(ana.page, 'plan.pdf', pdfDocument({ colors: [green] }));
    await waitForCount(ana.page, 1);
    await selectFile(ana);
    await ana.page.keyboard.press('Enter');
    await waitForCount(ana.page, 2);
    await waitForColor(ana, 'image', 0.5, green);
    await ana.page.mouse.click(640, 420);
    await ana.page.getByTestId('unlock').click();
    await expect.poll(async () => (await pagesOf(ana))[0]?.isLocked).toBe(false);
    const before = (await pagesOf(ana))[0]?.x;
    await ana.page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await pagesOf(ana))[0]?.x).not.toBe(before);
    await ana.page.keyboard.press('Control+Shift+L');
    await expect.poll(async () => (await pagesOf(ana))[0]?.isLocked).toBe(true);
    await ana.page.keyboard.press('Delete');
    await waitForCount(ana.page, 2);
  });

  it('a document of more than 100 pages asks which ones, can be given up, and never freezes the page', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await dropPdf(ana.page, 'book.pdf', pdfDocument({ colors: Array.from({ length: 130 }, () => blue), sizes: [[200, 260]] }));
    await waitForCount(ana.page, 1);
    await selectFile(ana);
    await ana.page.getByTestId('file-pages').click();
    await ana.page.getByText('This document has 130 pages.').waitFor();
    await ana.page.getByTestId('pdf-last').fill('130');
    await ana.page.getByText('At most 100 pages can be opened at once.').waitFor();
    await ana.page.getByTestId('pdf-first').fill('41');
    await ana.page.keyboard.press('Enter');
    await ana.page.getByTestId('pdf-cancel').click();
    await ana.page.getByTestId('pdf-progress').waitFor({ state: 'detached' });
    await waitForCount(ana.page, 1);
    await selectFile(ana);
    const tasks = await tasksDuring(world.browser, ana.page, async () => {
      await ana.page.getByTestId('file-pages').click();
      await ana.page.getByTestId('pdf-first').fill('101');
      await ana.page.getByTestId('pdf-last').fill('130');
      await ana.page.keyboard.press('Enter');
      await waitForCount(ana.page, 31, 60_000);
    });
    expect(countAbove(tasks, 100), JSON.stringify(tasks.slice(0, 3))).toBe(0);
    expect((await pagesOf(ana))[0]?.alt).toBe('Page 101 of book.pdf');
  });

  it('leaving the board while pages are drawn asks first, and says afterwards that they are not on it', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await dropPdf(ana.page, 'book.pdf', pdfDocument({ colors: Array.from({ length: 90 }, () => blue), sizes: [[600, 800]] }));
    await waitForCount(ana.page, 1);
    await selectFile(ana);
    await ana.page.getByTestId('file-pages').click();
    await ana.page.getByText('Drawing page').waitFor();
    await ana.page.getByTestId('menu').click();
    await ana.page.getByRole('menuitem', { name: 'All boards' }).click();
    await ana.page.getByText('The pages of a document are still being drawn.').waitFor();
    await ana.page.getByTestId('leave-anyway').click();
    await toast(ana, 'The pages were not put on the board: you left while they were being drawn.');
  });

  it('a document with a password and a broken one are cards, and say why their pages do not open', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    for (const [name, bytes, sentence] of [
      ['secret.pdf', pdfDocument({ colors: [red], isLocked: true }), /“secret\.pdf” is protected by a password/],
      ['broken.pdf', Buffer.from('%PDF-1.7 nothing of a document follows'), /“broken\.pdf” is damaged, or is not a PDF/],
    ] as const) {
      await dropPdf(ana.page, name, bytes);
      await waitForCount(ana.page, 1);
      await selectFile(ana);
      await ana.page.getByTestId('file-pages').click();
      await toast(ana, sentence);
      await ana.page.keyboard.press('Control+z');
      await waitForCount(ana.page, 0);
    }
  });

  it('scripts in a document run neither on the page nor in the worker, and reach nothing', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    const asked: string[] = [];
    ana.page.on('dialog', (dialog) => (asked.push(dialog.message()), void dialog.dismiss()));
    ana.page.on('request', (request) => void (request.url().includes('evil') && asked.push(request.url())));
    ana.page.on('worker', (worker) => worker.on('console', (message) => asked.push(message.text())));
    await dropPdf(ana.page, 'evil.pdf', pdfDocument({ colors: [green], isHostile: true }));
    await waitForColor(ana, 'file', 0.6, green);
    await selectFile(ana);
    await ana.page.getByTestId('file-pages').click();
    await waitForCount(ana.page, 2);
    await waitForColor(ana, 'image', 0.5, green);
    expect([asked, await ana.page.evaluate(() => 'wetinkWasHacked' in window)]).toEqual([[], false]);
  });
});
