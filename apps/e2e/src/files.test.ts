/** Files on the board, as people meet them: dropped, seen and downloaded by others, cut off, paused, refused and played. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { linkFor, openByLink, useGuests } from './guests.ts';
import { boardReady, useWorld, waitForChip, waitForCount, type Person, useServiceWorkers } from './harness.ts';

useServiceWorkers();

const world = useWorld({ WETINK_AUTH: 'guests' });
const { person, makeBoard, owner } = useGuests(world);

interface Given {
  name: string;
  type: string;
  bytes: number;
}

const onBoard = { x: 640, y: 300, on: '[role="application"]' };

/** Drops a file of bytes that differ from place to place. @returns Their SHA-256, 64 hex digits. */
function drop(page: Page, given: Given, { x, y, on }: { x: number; y: number; on: string } = onBoard): Promise<string> {
  return page.evaluate(
    async ({ name, type, bytes, x, y, on }) => {
      const content = new Uint8Array(bytes);
      for (let i = 0, state = bytes; i < bytes; i++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        content[i] = state >> 16;
      }
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], name, { type }));
      const target = document.querySelector(on) ?? document.body;
      for (const kind of ['dragover', 'drop'])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, clientX: x, clientY: y, bubbles: true, cancelable: true }));
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
      return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    { ...given, x, y, on },
  );
}

/** Selects the only file of the board, for the bar over its card. */
async function selectFile({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const { board, stage } = window.wetink as unknown as {
      board: { elements(): { id: string; kind: string }[] };
      stage: { setTool(tool: 'select'): void; select(ids: string[]): void; zoomToFit(): void };
    };
    stage.setTool('select');
    stage.zoomToFit();
    stage.select(board.elements().flatMap(({ id, kind }) => (kind === 'file' ? [id] : [])));
  });
  await page.getByTestId('file-bar').waitFor();
}

/** @returns Name and SHA-256 of the file that the browser saved. */
async function download(who: Person): Promise<{ name: string; hash: string }> {
  await selectFile(who);
  const saved = who.page.waitForEvent('download');
  await who.page.getByTestId('file-download').click();
  return nameAndHash(await saved);
}

async function nameAndHash(file: Download): Promise<{ name: string; hash: string }> {
  const bytes = await readFile(await file.path());
  return { name: file.suggestedFilename(), hash: createHash('sha256').update(bytes).digest('hex') };
}

const toast = ({ page }: Person, text: string | RegExp): Promise<void> => page.getByTestId('toasts').filter({ hasText: text }).waitFor();

describe('files on the board', () => {
  it('a dropped file is a card for everybody, and others download the same bytes; a viewer adds none, a stranger gets none', async () => {
    const { ana, board } = await owner();
    const [ben, cid, eve] = [await person('Ben'), await person('Cid'), await person('Eve')];
    await openByLink(ben, await linkFor(ana, 'editor'));
    await openByLink(cid, await linkFor(ana, 'viewer'));
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    const hash = await drop(ana.page, { name: 'notes.html', type: 'text/html', bytes: 3_000_000 });
    await waitForCount(ben.page, 2);
    await waitForChip(ana.page, /^Saved/);
    expect(await download(ben)).toEqual({ name: 'notes.html', hash });
    expect(await download(cid)).toEqual({ name: 'notes.html', hash });
    await drop(cid.page, { name: 'mine.txt', type: 'text/plain', bytes: 10 });
    await toast(cid, 'You can only view this board.');
    await waitForCount(cid.page, 2);
    const asked = (at: Person): Promise<(string | number | null)[]> =>
      at.page.evaluate(
        async ([id, sum]) => {
          const { token } = JSON.parse(localStorage.getItem('wetink.token') ?? '{}') as { token?: string };
          const answer = await fetch(`/v1/boards/${id}/blobs/${sum}?name=a.html`, { headers: { Authorization: `Bearer ${token ?? ''}` } });
          const header = (name: string): string | null => answer.headers.get(name);
          return [answer.status, header('Content-Type'), header('X-Content-Type-Options'), header('Content-Disposition')];
        },
        [board, hash] as const,
      );
    const [status, type, sniffing, disposition] = await asked(ben);
    expect([status, type, sniffing]).toEqual([200, 'application/octet-stream', 'nosniff']);
    expect(disposition).toMatch(/^attachment/);
    expect([401, 404]).toContain((await asked(eve))[0]);
  });

  it('an upload that is cut in the middle goes on after a reload, and sends little twice', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    let parts = 0;
    let sent = 0;
    await ana.page.route('**/uploads/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      sent += route.request().postDataBuffer()?.length ?? 0;
      return ++parts > 3 && parts < 6 ? route.abort() : route.continue();
    });
    const bytes = 6_000_000;
    await drop(ana.page, { name: 'film.bin', type: '', bytes });
    await waitForChip(ana.page, /^Saving 1 file/);
    while (parts < 4) await ana.page.waitForTimeout(100);
    await ana.page.reload();
    await boardReady(ana.page);
    await waitForChip(ana.page, /^Saved/);
    expect(parts).toBeGreaterThan(5);
    expect(sent - bytes).toBeLessThan(3 * 1024 * 1024);
  });

  it('a paused upload says so, also after a reload, and goes on when it is resumed; cancelled it leaves the board', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    // Slow enough to press a button meanwhile.
    await ana.page.route('**/uploads/*', async (route) => {
      if (route.request().method() === 'PATCH') await new Promise((resolve) => setTimeout(resolve, 1_200));
      await route.continue().catch(() => undefined);
    });
    await drop(ana.page, { name: 'film.bin', type: '', bytes: 8_000_000 });
    await waitForCount(ana.page, 1);
    await selectFile(ana);
    await ana.page.getByTestId('file-pause').click();
    await waitForChip(ana.page, /^1 file paused/);
    await ana.page.reload();
    await boardReady(ana.page);
    await waitForChip(ana.page, /^1 file paused/);
    await selectFile(ana);
    await ana.page.getByTestId('file-resume').click();
    await waitForChip(ana.page, /^Saving 1 file/);
    await ana.page.getByTestId('file-cancel').click();
    await waitForCount(ana.page, 0);
    await waitForChip(ana.page, /^Saved/);
    // Undone, the cancelled file is sent from its beginning, and now at full speed.
    await ana.page.unroute('**/uploads/*');
    const whole = ana.page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.status() === 201);
    await ana.page.keyboard.press('Control+z');
    await waitForCount(ana.page, 1);
    await whole;
    await waitForChip(ana.page, /^Saved/);
  });

  it('a file above the limit is refused with the limit named, and nothing is put on the board', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await drop(ana.page, { name: 'huge.iso', type: '', bytes: 100 * 1024 * 1024 + 1 });
    await toast(ana, /huge\.iso.* is larger than 100 MB, the most that this server takes\./);
    await waitForCount(ana.page, 0);
  });

  it('a sound plays in a small player, without a request to another origin', async () => {
    const ana = await person('Ana');
    await makeBoard(ana);
    await ana.page.evaluate(() => {
      const samples = 8_000 * 20;
      const wav = new DataView(new ArrayBuffer(44 + samples));
      const text = (at: number, letters: string): void => [...letters].forEach((letter, i) => wav.setUint8(at + i, letter.charCodeAt(0)));
      text(0, 'RIFF');
      wav.setUint32(4, 36 + samples, true);
      text(8, 'WAVEfmt ');
      wav.setUint32(16, 16, true);
      wav.setUint16(20, 1, true);
      wav.setUint16(22, 1, true);
      wav.setUint32(24, 8_000, true);
      wav.setUint32(28, 8_000, true);
      wav.setUint16(32, 1, true);
      wav.setUint16(34, 8, true);
      text(36, 'data');
      wav.setUint32(40, samples, true);
      const transfer = new DataTransfer();
      transfer.items.add(new File([wav.buffer], 'tone.wav', { type: 'audio/wav' }));
      const target = document.querySelector('[role="application"]') ?? document.body;
      for (const kind of ['dragover', 'drop'])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, clientX: 640, clientY: 300, bubbles: true, cancelable: true }));
    });
    await waitForCount(ana.page, 1);
    await selectFile(ana);
    await ana.page.getByTestId('file-play').click();
    await ana.page.waitForFunction(() => (document.querySelector('audio')?.duration ?? 0) > 19);
    await ana.page.getByTestId('file-player-close').click();
    await ana.page.getByTestId('file-player').waitFor({ state: 'detached' });
  });

  it('a file dropped into the chat, and one that is attached, are messages from which another person downloads the same bytes', async () => {
    const { ana } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'viewer'));
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    for (const { page } of [ana, ben]) {
      await page.getByTestId('chat-toggle').click();
      await page.getByTestId('chat-input').waitFor();
    }
    const hash = await drop(
      ana.page,
      { name: 'plan.pdf', type: 'application/pdf', bytes: 2_500_000 },
      { ...onBoard, on: '[data-drop-label]' },
    );
    await ben.page.getByTestId('chat-file').filter({ hasText: 'plan.pdf' }).waitFor();
    // It is no card on the board.
    await waitForCount(ana.page, 1);
    await waitForChip(ana.page, /^Saved/);
    const saved = ben.page.waitForEvent('download');
    await ben.page.getByTestId('chat-file-download').click();
    expect(await nameAndHash(await saved)).toEqual({ name: 'plan.pdf', hash });

    const chooser = ana.page.waitForEvent('filechooser');
    await ana.page.getByTestId('chat-attach').click();
    await (await chooser).setFiles({ name: 'minutes.txt', mimeType: 'text/plain', buffer: Buffer.from('We agreed.') });
    await ben.page.getByTestId('chat-file').filter({ hasText: 'minutes.txt' }).waitFor();
    expect(await ben.page.getByTestId('chat-attach').isDisabled()).toBe(true);
    await drop(ben.page, { name: 'mine.txt', type: 'text/plain', bytes: 10 }, { ...onBoard, on: '[data-drop-label]' });
    await toast(ben, 'Only people who can draw can write here.');
  });
});
