import type { BoardElement } from '@wetink/board';
import { afterEach, expect, it, vi } from 'vitest';
import { CopiedPicture } from './copied-picture.ts';

afterEach(() => vi.unstubAllGlobals());

/** A browser that writes what it was promised once all of it is there, as browsers do. */
function browser(supported: readonly string[] = ['image/png', 'image/svg+xml']) {
  const written: string[][] = [];
  const page = { hasFocus: true };
  class Item {
    static supports(type: string): boolean {
      return supported.includes(type);
    }
    readonly parts: Readonly<Record<string, Blob | Promise<Blob>>>;
    constructor(parts: Item['parts']) {
      this.parts = parts;
    }
  }
  vi.stubGlobal('ClipboardItem', Item);
  vi.stubGlobal('document', { hasFocus: () => page.hasFocus });
  const write = async ([item]: readonly Item[]): Promise<void> => {
    await Promise.all(Object.values(item?.parts ?? {}));
    written.push(Object.keys(item?.parts ?? {}));
  };
  vi.stubGlobal('navigator', { clipboard: { write } });
  return { written, page };
}

function maker() {
  const open: ((isMade: boolean) => void)[] = [];
  const boardPng = () =>
    new Promise((resolve, reject) => open.push((isMade) => (isMade ? resolve({ blob: new Blob() }) : reject(new Error('no memory')))));
  const part = { boardPng, boardSvg: () => Promise.resolve({ svg: '<svg/>', hasFonts: true }) };
  const images = { forPicture: () => Promise.resolve({}) };
  return { picture: new CopiedPicture(images as never, () => Promise.resolve(part) as never), open };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const some = (count: number): readonly BoardElement[] => Array.from({ length: count }, () => ({})) as unknown as BoardElement[];
const copied = { markup: '<div>', text: '' };

it('elements are written again with their pictures once those are painted', async () => {
  const { written } = browser();
  const { picture, open } = maker();
  expect(picture.offer(some(3), copied)).toBe(true);
  await settle();
  expect(written).toEqual([]);
  open[0]?.(true);
  await settle();
  expect(written).toEqual([['text/html', 'text/plain', 'image/png', 'image/svg+xml']]);
});

it('nothing is written when something else was copied meanwhile, here or where the person went, or without a picture', async () => {
  const { written, page } = browser();
  const { picture, open } = maker();
  picture.offer(some(1), copied);
  await settle();
  picture.drop();
  open[0]?.(true);
  picture.offer(some(1), copied);
  await settle();
  page.hasFocus = false;
  open[1]?.(true);
  await settle();
  page.hasFocus = true;
  picture.offer(some(1), copied);
  await settle();
  open[2]?.(false);
  await settle();
  expect([written, open.length]).toEqual([[], 3]);
});

it('a very large copy has no picture, a large one no SVG, and neither has a browser that can’t write them', async () => {
  const { written } = browser();
  const { picture, open } = maker();
  expect(picture.offer(some(20_001), copied)).toBe(false);
  picture.offer(some(5_001), copied);
  await settle();
  open[0]?.(true);
  await settle();
  expect(written).toEqual([['text/html', 'text/plain', 'image/png']]);
  browser([]);
  picture.offer(some(1), copied);
  await settle();
  expect(open).toHaveLength(1);
});
