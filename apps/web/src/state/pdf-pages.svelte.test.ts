/** A PDF that is being opened: what the page shows of it, and that it can be stopped at any time. */
import type { AttachedFile, ElementId } from '@wetink/board';
import { expect, it } from 'vitest';
import { PdfPages, type PdfPagesPorts } from './pdf-pages.svelte.ts';

const file: AttachedFile = { hash: 'a'.repeat(64), type: 'application/pdf', bytes: 10, name: 'a.pdf' };
const card = 'card' as ElementId;

/** A page whose document is fetched until its signal is aborted. */
function page() {
  const failed: string[] = [];
  const asked: AbortSignal[] = [];
  const pages = new PdfPages({
    session: {},
    view: { stage: null },
    room: { isReadOnly: false },
    images: { get: () => Promise.resolve({}) },
    toasts: { say: () => 1, dismiss: () => undefined, fail: (sentence: string) => failed.push(sentence) },
    bytesOf: (_: AttachedFile, signal: AbortSignal) => {
      asked.push(signal);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    },
  } as unknown as PdfPagesPorts);
  return { pages, failed, asked };
}

it('stopping a document that is being fetched ends its progress at once, and another one can be opened', async () => {
  const { pages, failed, asked } = page();
  const opened = pages.open(card, file);
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(1);
  expect(pages.progress).toEqual({ name: 'a.pdf', done: 0, total: 0 });
  pages.cancel();
  expect([pages.progress, asked[0]?.aborted]).toEqual([null, true]);
  const second = pages.open(card, { ...file, name: 'b.pdf' });
  await opened;
  // The end of the first is not the end of the second.
  expect(pages.progress).toMatchObject({ name: 'b.pdf' });
  await expect.poll(() => asked.length).toBe(2);
  pages.cancel();
  await second;
  expect(failed).toEqual([]);
});

it('a board that is left while a document is being opened says that its pages are not on it', async () => {
  const { pages, failed, asked } = page();
  const opened = pages.open(card, file);
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(1);
  pages.close();
  await opened;
  expect([pages.progress, failed]).toEqual([null, ['The pages were not put on the board: you left while they were being drawn.']]);
});
