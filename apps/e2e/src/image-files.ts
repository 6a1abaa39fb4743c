/** Files of images for tests: PNG made here, JPEG made by the browser and given the metadata of a camera. */
import { randomBytes } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';
import type { Page } from 'playwright';

export interface ImageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export type Rgb = readonly [number, number, number];

export const red: Rgb = [220, 30, 30];
export const blue: Rgb = [30, 60, 220];

/** The left half in one colour, the right half in another. */
export function pngFile(name: string, width: number, height: number, [left, right]: readonly [Rgb, Rgb] = [red, blue]): ImageFile {
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x++) row.set(x < width / 2 ? left : right, 1 + x * 3);
  const pixels = Buffer.concat(Array.from({ length: height }, () => row));
  return { name, mimeType: 'image/png', buffer: pngOf(width, height, deflateSync(pixels, { level: 1 })) };
}

/** Squares of `side` pixels, each in a colour of its own. */
export function cellsFile(
  name: string,
  { columns, rows, side }: { columns: number; rows: number; side: number },
  colorAt: (column: number, row: number) => Rgb,
): ImageFile {
  const lines = Array.from({ length: rows * side }, (_, y) => {
    const line = Buffer.alloc(1 + columns * side * 3);
    for (let x = 0; x < columns * side; x++) line.set(colorAt(Math.floor(x / side), Math.floor(y / side)), 1 + x * 3);
    return line;
  });
  return { name, mimeType: 'image/png', buffer: pngOf(columns * side, rows * side, deflateSync(Buffer.concat(lines))) };
}

/** A PNG that claims a size and has almost no pixels: decoding it would take gigabytes. */
export function pngBomb(name: string, width: number, height: number): ImageFile {
  return { name, mimeType: 'image/png', buffer: pngOf(width, height, deflateSync(Buffer.alloc(1_000))) };
}

/** Noise, which no format makes small. */
export function noiseFile(name: string, width: number, height: number): ImageFile {
  const pixels = randomBytes((1 + width * 3) * height);
  for (let y = 0; y < height; y++) pixels[y * (1 + width * 3)] = 0;
  return { name, mimeType: 'image/png', buffer: pngOf(width, height, deflateSync(pixels, { level: 0 })) };
}

/** A JPEG as a phone held upright stores it: lying on its side, with a turn, a place and a comment in its metadata. */
export async function cameraFile(page: Page, name: string, width: number, height: number, comment: string): Promise<ImageFile> {
  const data = await page.evaluate(
    ({ w, h, colors }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      // Stored: left red, right blue. Shown, turned by a quarter: red on top.
      for (const [i, [r, g, b]] of colors.entries()) {
        context.fillStyle = `rgb(${r} ${g} ${b})`;
        context.fillRect((i * w) / 2, 0, w / 2, h);
      }
      return canvas.toDataURL('image/jpeg', 0.95);
    },
    { w: width, h: height, colors: [[...red], [...blue]] as number[][] as [number, number, number][] },
  );
  const jpeg = Buffer.from(data.slice(data.indexOf(',') + 1), 'base64');
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'),
    // One entry: orientation (0x0112), a short, 6: turn by a quarter to the right.
    Buffer.from([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]),
    Buffer.from(comment),
  ]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 255]), exif]);
  return { name, mimeType: 'image/jpeg', buffer: Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]) };
}

function pngOf(width: number, height: number, data: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
