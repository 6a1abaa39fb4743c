/** The screen, pixel by pixel: the PNG of a screenshot taken apart here, so that no page has to. */
import { inflateSync } from 'node:zlib';
import type { Locator, Page } from 'playwright';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of a pixel. */
  at(x: number, y: number): readonly [number, number, number];
}
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export async function screenOf(page: Page): Promise<Picture> {
  return decodePng(await page.screenshot());
}

/** The place of a control, and `around` pixels more on each side. */
export async function boxOf(control: Locator, around = 0): Promise<Box> {
  const box = await control.boundingBox();
  if (box === null) throw new Error(`${String(control)} is not on the page`);
  return { x: box.x - around, y: box.y - around, width: box.width + 2 * around, height: box.height + 2 * around };
}

export function crop(screen: Picture, box: Box): Picture {
  const [left, top] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
  const width = Math.min(Math.floor(box.width), screen.width - left);
  return {
    width,
    height: Math.min(Math.floor(box.height), screen.height - top),
    at: (x, y) => screen.at(left + x, top + y),
  };
}

export function middleOf(picture: Picture): readonly [number, number, number] {
  return picture.at(Math.floor(picture.width / 2), Math.floor(picture.height / 2));
}

/** Pixels that a person tells apart. */
export function countOther(a: Picture, b: Picture): number {
  let count = 0;
  for (let y = 0; y < Math.min(a.height, b.height); y++)
    for (let x = 0; x < Math.min(a.width, b.width); x++) {
      const [one, two] = [a.at(x, y), b.at(x, y)];
      if (one.some((value, channel) => Math.abs(value - (two[channel] ?? 0)) > 48)) count++;
    }
  return count;
}

/** Decodes what Chromium writes: 8 bits a channel, not interlaced. Rows are filtered as in the PNG specification, section 9. */
export function decodePng(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[png[25] ?? -1];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new Error('not a PNG as a screenshot has it');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const packed = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const to = y * stride + x;
      const left = x < channels ? 0 : (pixels[to - channels] ?? 0);
      const up = y === 0 ? 0 : (pixels[to - stride] ?? 0);
      const corner = x < channels || y === 0 ? 0 : (pixels[to - stride - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[to] = (packed[y * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return {
    width,
    height,
    at(x, y) {
      const start = y * stride + x * channels;
      return [pixels[start] ?? 0, pixels[start + 1] ?? 0, pixels[start + 2] ?? 0];
    },
  };
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
