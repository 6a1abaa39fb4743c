/** First pages of PDFs on their cards: which are drawn, when, and how many stay. */
import { expect, it } from 'vitest';
import type { AttachedFile } from '@wetink/board';
import type { OpenedPdf } from '../browser/pdf-work.ts';
import { FirstPages } from './first-pages.ts';

const pdf = (name: string, bytes = 1_000): AttachedFile => ({ hash: name.padEnd(64, '0'), type: 'application/pdf', bytes, name });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function device({
  has = (): boolean => true,
  opened = 'ok' as 'ok' | 'locked',
  isFrugal = false,
  fetched = async (name: string): Promise<Blob | null> => new Blob([name]),
} = {}) {
  const asked: { name: string; mayFetch: boolean }[] = [];
  const painted: string[] = [];
  const closed: string[] = [];
  const gone = new Set<string>();
  let running = 0;
  let most = 0;
  const here = { has };
  /** Every document that was asked for, but for `gone`. */
  const shown = (): Set<string> => new Set(asked.map(({ name }) => pdf(name).hash).filter((hash) => !gone.has(hash)));
  const pages = new FirstPages({
    bytesOf: ({ name }, { mayFetch }) => {
      asked.push({ name, mayFetch });
      return mayFetch ? fetched(name) : Promise.resolve(here.has() ? new Blob([name]) : null);
    },
    shown,
    async open(file): Promise<OpenedPdf> {
      if (opened === 'locked') return { ok: false, problem: 'locked' };
      const name = await file.text();
      most = Math.max(most, ++running);
      const bitmap = { width: 400, height: 560, close: () => closed.push(`bitmap of ${name}`) } as unknown as ImageBitmap;
      const drawBitmap = () => Promise.resolve({ bitmap, width: 595, height: 842 });
      const close = (): void => void (closed.push(name), (running -= 1));
      return { ok: true, pdf: { pages: 3, drawBitmap, drawFile: () => Promise.resolve('undrawn'), close } };
    },
    isFrugal: () => isFrugal,
    onPage: (hash) => painted.push(hash.replace(/0+$/, '')),
  });
  return { pages, asked, painted, closed, gone, most: () => most };
}

it('first pages are drawn one document after the other, once each, and the cards are painted again', async () => {
  const { pages, asked, painted, closed, most } = device();
  const files = [pdf('a'), pdf('b'), { ...pdf('c'), type: 'text/plain' }];
  for (let i = 0; i < 3; i++) for (const file of files) expect(pages.find(file)).toBe(null);
  await settled();
  expect(asked.map(({ name }) => name)).toEqual(['a', 'b']);
  expect([painted, closed, most()]).toEqual([['a', 'b'], ['a', 'b'], 1]);
  expect(pages.find(pdf('a'))).toMatchObject({ width: 400, height: 560 });
  pages.close();
  expect(closed.slice(2)).toEqual(['bitmap of a', 'bitmap of b']);
});

it('only small documents are fetched for their first page, and none on a connection that saves data', async () => {
  const at = device({ has: () => false });
  at.pages.find(pdf('small', 5 * 1024 * 1024));
  at.pages.find(pdf('large', 5 * 1024 * 1024 + 1));
  await settled();
  expect([at.asked.filter(({ mayFetch }) => mayFetch), at.painted]).toEqual([[{ name: 'small', mayFetch: true }], ['small']]);
  const frugal = device({ has: () => false, isFrugal: true });
  frugal.pages.find(pdf('small'));
  await settled();
  expect([frugal.asked.map(({ mayFetch }) => mayFetch), frugal.painted]).toEqual([[false], []]);
});

it('a document is drawn once its bytes have come by another way, and a protected one is not tried again and again', async () => {
  let isHere = false;
  const at = device({ has: () => isHere });
  const large = pdf('large', 9e6);
  at.pages.find(large);
  await settled();
  expect(at.painted).toEqual([]);
  isHere = true;
  at.pages.bytesAreHere(large);
  expect(at.painted).toEqual(['large']);
  at.pages.find(large);
  await settled();
  expect(at.pages.find(large)).not.toBe(null);

  const locked = device({ opened: 'locked' });
  for (let i = 0; i < 3; i++) {
    locked.pages.find(pdf('secret'));
    await settled();
  }
  expect(locked.asked).toHaveLength(1);
});

it('a board of many documents shows the first pages of 80, and drops none of them for another', async () => {
  const { pages, painted, closed } = device();
  const files = Array.from({ length: 90 }, (_, i) => pdf(`p${i}x`));
  for (const file of files) pages.find(file);
  await settled();
  await settled();
  expect([painted.length, closed.filter((name) => name.startsWith('bitmap')).length]).toEqual([80, 0]);
  expect(files.filter((file) => pages.find(file) !== null)).toHaveLength(80);
});

it('a document that the network could not bring is drawn after a wake, and one that is damaged is not tried again', async () => {
  let isOnline = false;
  const at = device({ has: () => false, fetched: async (name) => (isOnline ? new Blob([name]) : null) });
  at.pages.find(pdf('a'));
  await settled();
  for (let i = 0; i < 3; i++) at.pages.find(pdf('a'));
  await settled();
  expect(at.asked.filter(({ mayFetch }) => mayFetch)).toHaveLength(1);
  isOnline = true;
  at.pages.wake();
  // Painted again, which asks for it.
  expect(at.painted).toEqual(['a']);
  at.pages.find(pdf('a'));
  await settled();
  expect(at.pages.find(pdf('a'))).not.toBe(null);

  const locked = device({ opened: 'locked' });
  locked.pages.find(pdf('secret'));
  await settled();
  locked.pages.wake();
  expect(locked.painted).toEqual([]);
});

it('a document whose bytes are here does not wait for one that is being fetched', async () => {
  let isHere = false;
  const at = device({ has: () => isHere, fetched: () => new Promise(() => undefined) });
  at.pages.find(pdf('far'));
  await settled();
  isHere = true;
  at.pages.find(pdf('own'));
  await settled();
  expect(at.painted).toEqual(['own']);
});

it('cards that are gone give their room to the cards that came after the 80th', async () => {
  const at = device();
  const files = Array.from({ length: 82 }, (_, i) => pdf(`p${i}x`));
  for (const file of files) at.pages.find(file);
  await settled();
  await settled();
  expect([at.pages.find(files[80]!), at.pages.isFull]).toEqual([null, true]);
  at.gone.add(files[0]!.hash);
  at.pages.makeRoom();
  expect(at.closed.filter((name) => name.startsWith('bitmap'))).toEqual(['bitmap of p0x']);
  expect(at.painted.slice(80)).toEqual(['p0x', 'p80x', 'p81x']);
  for (const file of files.slice(80)) at.pages.find(file);
  await settled();
  expect(files.slice(80).map((file) => at.pages.find(file) !== null)).toEqual([true, false]);
  // Room is also looked for when a page needs it.
  at.gone.add(files[1]!.hash);
  at.pages.find(pdf('new'));
  await settled();
  expect(at.pages.find(pdf('new'))).not.toBe(null);
});
