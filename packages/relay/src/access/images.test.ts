import { expect, describe, it } from 'vitest';
import { pictures } from '../testing/pictures.ts';
import { pictureOf } from './images.ts';

const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const joined = (...parts: (Uint8Array | number[])[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
/** A copy with some bytes replaced. */
const patched = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};
const chunk = (name: string, data: Uint8Array): Uint8Array => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return joined(length, latin(name), data, [0, 0, 0, 0]);
};
/** Adds bytes after IHDR, which ends at 33. */
const pngWith = (extra: Uint8Array): Uint8Array => joined(pictures.png.slice(0, 33), extra, pictures.png.slice(33));
const jpegComment = (text: string): Uint8Array =>
  joined(pictures.jpeg.slice(0, 2), [0xff, 0xfe, 0, text.length + 2], latin(text), pictures.jpeg.slice(2));
const gifWith = (extra: Uint8Array): Uint8Array => joined(pictures.gif.slice(0, 19), extra, pictures.gif.slice(19));

describe('[BL1] pictures are recognized by their bytes', () => {
  it('the four types are recognized, with their sizes', () => {
    expect(pictureOf(pictures.png)).toEqual({ type: 'image/png', width: 3, height: 2 });
    expect(pictureOf(pictures.jpeg)).toEqual({ type: 'image/jpeg', width: 3, height: 2 });
    expect(pictureOf(pictures.webp)).toEqual({ type: 'image/webp', width: 3, height: 2 });
    expect(pictureOf(pictures.gif)).toEqual({ type: 'image/gif', width: 1, height: 1 });
  });

  it('a view into a larger buffer is read from its own beginning', () => {
    for (const bytes of Object.values(pictures))
      expect(pictureOf(joined([1, 2, 3], bytes, [4]).subarray(3, 3 + bytes.length))).not.toBeNull();
  });

  it('harmless extras are accepted: comments, camera data, several scans, several frames', () => {
    expect(pictureOf(jpegComment('a comment with <x:xmpmeta> in it'))).toMatchObject({ type: 'image/jpeg' });
    expect(pictureOf(pngWith(chunk('tEXt', latin('Title\0Ana'))))).toMatchObject({ type: 'image/png' });
    const sos = pictures.jpeg.findIndex((byte, i) => byte === 0xff && pictures.jpeg[i + 1] === 0xda);
    const scan = pictures.jpeg.slice(sos, -2);
    expect(pictureOf(joined(pictures.jpeg.slice(0, -2), scan, [0xff, 0xd0, 0x12, 0xff, 0x00, 0xff, 0xff, 0xd9]))).toMatchObject({
      width: 3,
    });
    const frame = pictures.gif.slice(19, -1);
    expect(pictureOf(joined(pictures.gif.slice(0, -1), [0x21, 0xf9, 4, 0, 0, 0, 0, 0], frame, [0x3b]))).toMatchObject({ width: 1 });
  });

  it('the size of the largest frame counts, not only the one in the header', () => {
    expect(pictureOf(patched(pictures.gif, 24, 0xff, 0xff, 0xff, 0xff))).toEqual({ type: 'image/gif', width: 65_535, height: 65_535 });
    const vp8 = Buffer.from(pictures.webp).indexOf('VP8 ') + 8;
    expect(pictureOf(patched(pictures.webp, vp8 + 6, 0xff, 0x3f, 0xff, 0x3f))).toMatchObject({ width: 16_383, height: 16_383 });
  });
});

describe('[BL1] other files are refused', () => {
  const html = '<!DOCTYPE html><script>alert(1)</script>';
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['HTML', latin(html)],
    ['SVG', latin('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['SVG after a declaration', latin('<?xml version="1.0"?><svg/>')],
    ['PDF', latin('%PDF-1.7\n')],
    ['a script that begins as a GIF', latin('GIF89a=1;alert(1)//')],
    ['a page that begins like a GIF', latin(`GIF89a${html}`)],
    ['a signature of PNG with a page after it', joined(pictures.png.slice(0, 8), latin(html))],
    ['BMP', joined(latin('BM'), new Uint8Array(60))],
    ['ICO', joined([0, 0, 1, 0, 1, 0], new Uint8Array(40))],
    ['AVIF', joined([0, 0, 0, 32], latin('ftypavif'), new Uint8Array(40))],
    ['TIFF', joined(latin('II*\0'), new Uint8Array(40))],
    ['WAV, which is RIFF too', joined(latin('RIFF'), [8, 0, 0, 0], latin('WAVEfmt '))],
    ['a JPEG without a frame', Uint8Array.from([0xff, 0xd8, 0xff, 0xd9])],
    ['a PNG without IHDR first', joined(pictures.png.slice(0, 8), chunk('tEXt', latin('a\0b')), pictures.png.slice(8))],
    ['a WebP whose RIFF is shorter than the file', patched(pictures.webp, 4, 8, 0, 0, 0)],
    ['a WebP with a chunk of no WebP', patched(pictures.webp, 12, 65, 66, 67, 68)],
    [
      'an animation in an animation',
      webpOf(
        'ANMF',
        joined(new Uint8Array(16), webpChunk('ANMF', joined(new Uint8Array(16), webpChunk('VP8L', Uint8Array.from([0x2f, 0, 0, 0, 0]))))),
      ),
    ],
  ])('%s', (_, bytes) => expect(pictureOf(bytes)).toBeNull());

  it.each(Object.keys(pictures) as (keyof typeof pictures)[])('%s: refused when cut anywhere, or with any bytes after it', (kind) => {
    const whole = pictures[kind];
    for (let length = 0; length < whole.length; length++) expect(pictureOf(whole.slice(0, length)), `${kind} ${length}`).toBeNull();
    for (const tail of [html, 'PK\x03\x04', '\0', `\n<svg/>`]) expect(pictureOf(joined(whole, latin(tail)))).toBeNull();
    expect(pictureOf(joined(whole, whole))).toBeNull();
  });

  it.each<[string, (text: string) => Uint8Array]>([
    ['a comment of JPEG', jpegComment],
    ['a text of PNG', (text) => pngWith(chunk('tEXt', latin(`a\0${text}`)))],
    ['a comment of GIF', (text) => gifWith(joined([0x21, 0xfe, text.length], latin(text), [0]))],
  ])('%s is refused when a browser could take it for a page, a script or a document', (_, make) => {
    expect(pictureOf(make('just words'))).not.toBeNull();
    for (const text of [html, '<SCRIPT src=//x>', '<svg onload=x>', '%PDF-1.4', '<?php x', '<iframe>', '<html>'])
      expect(pictureOf(make(text)), text).toBeNull();
  });

  it('sizes of 0 and random bytes neither throw nor take long', () => {
    expect(pictureOf(patched(pictures.png, 16, 0, 0, 0, 0))).toBeNull();
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    const all = Object.values(pictures);
    for (let i = 0; i < 20_000; i++) {
      const bytes = (all[i % all.length] ?? new Uint8Array()).slice(0, 1 + Math.floor(random() * 900));
      for (let n = 0; n < 1 + (i % 4); n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      expect(() => pictureOf(bytes), `seed 7, input ${i}`).not.toThrow();
    }
  });
});

function webpChunk(name: string, data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return joined(latin(name), length, data, data.length % 2 === 0 ? [] : [0]);
}

function webpOf(name: string, data: Uint8Array): Uint8Array {
  const body = joined(latin('WEBP'), webpChunk(name, data));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return joined(latin('RIFF'), length, body);
}
