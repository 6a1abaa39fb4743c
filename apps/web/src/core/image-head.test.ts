import { describe, expect, it } from 'vitest';
import { isFitForBoard, readImageHead } from './image-head.ts';

const of = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const png = of(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAF0lEQVR4AWJ6JnnxPwwzMYDBCyD5ggEAAAD//86swoYAAAAGSURBVAMAqnEKQqO6WF4AAAAASUVORK5CYII=',
);
const gif = of('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7');
const webp = of('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA');

/** A JPEG of a size: its frame, a scan of nothing, and its end. */
function jpeg(width: number, height: number, before: number[] = []): Uint8Array {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...before,
    0xff,
    0xc0,
    0,
    11,
    8,
    ...size,
    1,
    1,
    0x11,
    0,
    0xff,
    0xda,
    0,
    2,
    5,
    0xff,
    0,
    5,
    0xff,
    0xd9,
  ]);
}

/** An AVIF with a file type, properties of a whole and of its tiles, and data. */
function avif(sizes: readonly (readonly [number, number])[]): Uint8Array {
  const uint32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const box = (name: string, content: number[]): number[] => [...uint32(content.length + 8), ...Buffer.from(name), ...content];
  const properties = sizes.flatMap(([w, h]) => box('ispe', [0, 0, 0, 0, ...uint32(w), ...uint32(h)]));
  const types = [...Buffer.from('avif'), 0, 0, 0, 0, ...Buffer.from('mif1')];
  return Uint8Array.from([...box('ftyp', types), ...box('meta', properties), ...box('mdat', [1, 2, 3])]);
}

describe('the head of an image', () => {
  it.each([
    ['png', png, 3, 2],
    ['gif', gif, 1, 1],
    ['webp', webp, 1, 1],
    ['jpeg', jpeg(4_032, 3_024), 4_032, 3_024],
    [
      'avif',
      avif([
        [512, 512],
        [4_000, 3_000],
        [512, 512],
      ]),
      4_000,
      3_000,
    ],
  ] as const)('%s: format, size and end are read from the bytes', (format, bytes, width, height) => {
    expect(readImageHead(bytes)).toEqual({ format, width, height, isWhole: true });
  });

  it.each([
    ['png', png],
    ['jpeg', jpeg(64, 64)],
    ['avif', avif([[64, 64]])],
  ] as const)('%s: a file cut off at any place is no image or has no end, and nothing throws', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) expect(readImageHead(bytes.subarray(0, length))?.isWhole ?? false).toBe(false);
  });

  it('bytes fit a board when they are a whole image of the type that the file names, of at most 40 megapixels', () => {
    expect(isFitForBoard(readImageHead(png), 'image/png')).toBe(true);
    expect(isFitForBoard(readImageHead(jpeg(8_000, 5_000)), 'image/jpeg')).toBe(true);
    expect(isFitForBoard(readImageHead(jpeg(8_001, 5_000)), 'image/jpeg')).toBe(false);
    expect(isFitForBoard(readImageHead(png), 'image/jpeg')).toBe(false);
    expect(isFitForBoard(readImageHead(png.subarray(0, -1)), 'image/png')).toBe(false);
    expect(isFitForBoard(null, 'image/png')).toBe(false);
  });

  it('a small file that claims to be huge says so before anything is decoded', () => {
    const bomb = Uint8Array.from(png);
    new DataView(bomb.buffer).setUint32(16, 60_000);
    new DataView(bomb.buffer).setUint32(20, 60_000);
    expect(readImageHead(bomb)).toMatchObject({ width: 60_000, height: 60_000 });
  });

  it('a JPEG with a thumbnail of its own has the size of its frame, and may have anything after its end', () => {
    const thumbnail = [...jpeg(160, 120)];
    const segment = [0xff, 0xe1, (thumbnail.length + 2) >> 8, (thumbnail.length + 2) & 255, ...thumbnail];
    const photo = jpeg(4_032, 3_024, segment);
    expect(readImageHead(photo)).toMatchObject({ width: 4_032, height: 3_024, isWhole: true });
    expect(readImageHead(Uint8Array.from([...photo, 1, 2, 3]))?.isWhole).toBe(true);
    // The end of the thumbnail is not the end of the photo.
    expect(readImageHead(photo.subarray(0, photo.length - 2))?.isWhole).toBe(false);
  });

  it('SVG, HTML, text and an empty file are no images, whatever they are named', () => {
    for (const text of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', 'BM6', 'II*\0', '%PDF-1.7'])
      expect(readImageHead(new TextEncoder().encode(text))).toBeNull();
  });

  it('any bytes after a signature are read without an error', () => {
    let state = 7;
    const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x80000000;
    for (const start of [png.subarray(0, 16), [0xff, 0xd8, 0xff], gif.subarray(0, 6), webp.subarray(0, 12), avif([]).subarray(0, 16)])
      for (let run = 0; run < 300; run++) {
        const noise = Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256));
        const head = readImageHead(Uint8Array.from([...start, ...noise]));
        if (head !== null) expect([head.width > 0, head.height > 0]).toEqual([true, true]);
      }
  });
});
