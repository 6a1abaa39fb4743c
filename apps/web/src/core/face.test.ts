import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FACE_MAX_BYTES, keptFace, readFace, textOfFace } from './face.ts';
import { FACE_TEXT_MAX } from './presence-parts.ts';

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};
/** A PNG of a size, one grey, with further chunks before its pixels. */
function png(width: number, height: number, ...more: Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const pixels = deflateSync(Buffer.alloc((width + 1) * Math.min(height, 300)));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', head), ...more, chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}
/** A WebP with a first chunk of flags and a size. */
function webp(flags: number, side: number): Buffer {
  const size = Buffer.from([side - 1, 0, 0, side - 1, 0, 0]);
  const body = Buffer.concat([
    Buffer.from('WEBPVP8X'),
    Buffer.from([10, 0, 0, 0, flags, 0, 0, 0]),
    size,
    Buffer.from('VP8L\x01\x00\x00\x00/'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), length, body]);
}
const text = (bytes: Buffer): string => bytes.toString('base64');
const padded = (bytes: number): Buffer => png(96, 96, chunk('teXt', Buffer.alloc(bytes - png(96, 96).length - 12)));

describe('a picture that a person chose', () => {
  it('is shown with the type of its bytes, under the hash of its bytes', () => {
    const face = readFace(text(png(96, 96)));
    expect(face?.url).toBe(`data:image/png;base64,${text(png(96, 96))}`);
    expect(face?.id).toBe(createHash('sha256').update(png(96, 96)).digest('base64url').slice(0, 16));
    expect(readFace(text(webp(0x10, 96)))?.url).toMatch(/^data:image\/webp;base64,/);
    expect(keptFace(face?.url ?? '')).toEqual(face);
    expect(textOfFace(face?.url ?? '')).toBe(text(png(96, 96)));
  });

  it('may have 3,072 bytes, which are 4,096 characters, and not one more', () => {
    expect([FACE_MAX_BYTES, FACE_TEXT_MAX]).toEqual([3_072, 4_096]);
    expect(readFace(text(padded(FACE_MAX_BYTES)))).not.toBeNull();
    expect(readFace(text(padded(FACE_MAX_BYTES + 1)))).toBeNull();
  });

  it('may have sides of 256 pixels, and not one more', () => {
    expect(readFace(text(png(256, 256)))).not.toBeNull();
    for (const [width, height] of [
      [257, 1],
      [1, 257],
      [60_000, 60_000],
      [0, 96],
    ] as const)
      expect(readFace(text(png(width, height))), `${width}x${height}`).toBeNull();
  });

  it.each<[string, string]>([
    ['an SVG', text(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'))],
    ['a page', text(Buffer.from('<!doctype html><script>alert(1)</script>'))],
    ['a GIF', 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'],
    ['an image whose end is missing', text(png(96, 96).subarray(0, -12))],
    ['an animated PNG', text(png(96, 96, chunk('acTL', Buffer.alloc(8))))],
    ['an animated WebP', text(webp(0x02, 96))],
    ['an address', 'https://evil.example/pixel.png'],
    ['an address as base64', text(Buffer.from('https://evil.example/pixel.png'))],
    ['base64 with a quote that would leave an attribute', `${text(png(1, 1)).slice(0, -4)}"> =`],
    ['base64 with line breaks', text(png(1, 1)).replace(/(.{20})/g, '$1\n')],
    ['nothing', ''],
  ])('is none: %s', (_, given) => {
    expect(readFace(given)).toBeNull();
  });
});
