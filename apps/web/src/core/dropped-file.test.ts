import { describe, expect, it } from 'vitest';
import { addedAsFilesSentence, isForBoard, kindOfFile, leftOutSentences, quotedName } from './dropped-file.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : part)));

describe('files that are dropped or pasted', () => {
  it.each<[string, string, string, Uint8Array, string]>([
    ['a PNG', 'cat.png', 'image/png', bytes([0x89], 'PNG'), 'picture'],
    ['a PNG without a name or type, as pasted', '', '', bytes([0x89], 'PNG'), 'picture'],
    ['a PNG that calls itself a board', 'plan.wetink', '', bytes([0x89], 'PNG'), 'picture'],
    ['a JPEG', 'cat', '', bytes([0xff, 0xd8, 0xff, 0xe0]), 'picture'],
    ['a GIF', 'x.bin', 'application/octet-stream', bytes('GIF89a'), 'picture'],
    ['a WebP', 'x', '', bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 '), 'picture'],
    ['an AVIF', 'x', '', bytes([0, 0, 0, 0x20], 'ftypavif'), 'picture'],
    ['a photo of an iPhone', 'IMG_1.HEIC', '', bytes([0, 0, 0, 0x20], 'ftypheic'), 'picture'],
    ['an icon', 'x', '', bytes([0, 0, 1, 0]), 'picture'],
    ['a BMP', 'x', '', bytes('BM', [1, 2, 3, 4, 0, 0, 0, 0]), 'picture'],
    ['a TIFF of either byte order', 'x', '', bytes('II*', [0]), 'picture'],
    ['a TIFF of either byte order', 'x', '', bytes('MM', [0], '*'), 'picture'],
    ['a film', 'film.mp4', 'video/mp4', bytes([0, 0, 0, 0x20], 'ftypisom'), 'other'],
    ['a sound of the same container', 'memo.m4a', 'audio/mp4', bytes([0, 0, 0, 0x1c], 'ftypM4A '), 'other'],
    ['a font', 'x.ttf', 'font/ttf', bytes([0, 1, 0, 0]), 'other'],
    ['zeros', 'disk.img', '', bytes([0, 0, 0, 0, 0, 0, 0, 0]), 'other'],
    ['an SVG', 'drawing.svg', 'image/svg+xml', bytes('<svg xmlns='), 'picture'],
    ['an empty file with the name of a picture', 'cat.JPG', '', bytes(), 'picture'],
    ['a board', 'plan.wetink', '', bytes('{"format":"wetink","version":1'), 'board'],
    ['a board under another name', 'plan.txt', 'text/plain', bytes('{"format":"wetink","version":1'), 'board'],
    ['a damaged board', 'plan.wetink', '', bytes('{"form'), 'board'],
    ['a document', 'notes.pdf', 'application/pdf', bytes('%PDF-1.7'), 'other'],
    ['a text', 'notes.txt', 'text/plain', bytes('BMX bikes'), 'other'],
    ['nothing', '', '', bytes(), 'other'],
  ])('E4: %s is recognized by its content before its name', (_, name, type, head, kind) => {
    expect(kindOfFile({ name, type }, head)).toBe(kind);
  });

  it('the content of a picture decides whether a board shows it or makes it a card', () => {
    const shown = [
      bytes([0x89], 'PNG'),
      bytes([0xff, 0xd8, 0xff]),
      bytes('GIF89a'),
      bytes('RIFF1234WEBP'),
      bytes('1234ftypmif1', [0, 0, 0, 0], 'mif1avif'),
    ];
    expect(shown.map(isForBoard)).toEqual(shown.map(() => true));
    const cards = [
      bytes('<svg xmlns='),
      bytes('1234ftypheic'),
      bytes('1234ftypmif1', [0, 0, 0, 0], 'mif1heic'),
      bytes('BM1234'),
      bytes('II*', [0]),
      bytes(),
    ];
    expect(cards.map(isForBoard)).toEqual(cards.map(() => false));
  });

  it('a sentence says which pictures became files, and that a photograph then keeps its place', () => {
    expect(addedAsFilesSentence([{ name: 'IMG_1.HEIC' }])).toBe(
      '“IMG_1.HEIC” can’t be shown as a picture, so it was added as a file. A file is shared as it is: a photograph keeps the place where it was taken.',
    );
    expect(addedAsFilesSentence([{ name: 'IMG_1.HEIC' }, { name: 'logo.svg' }])).toMatch(
      /^2 files can’t be shown as pictures, so they were added as files\. /,
    );
    expect(addedAsFilesSentence([])).toBeNull();
  });

  it('E4: files that are left out give one sentence for each kind, with a name where there is one', () => {
    const picture = (name: string) => ({ name, kind: 'picture' as const });
    const other = (name: string) => ({ name, kind: 'other' as const });
    expect(leftOutSentences([picture('cat.png')], 'home')).toEqual(['“cat.png” is a picture. Open a board and drop it there.']);
    expect(leftOutSentences([picture('')], 'text')).toEqual([
      'This is a picture. A text can’t hold it: press Escape, then paste it on the board.',
    ]);
    expect(leftOutSentences([picture('a.png'), picture('b.png'), other('notes.pdf')], 'home')).toEqual([
      '2 pictures were left out. Open a board and drop them there.',
      '“notes.pdf” is no board. Open a board and drop it there.',
    ]);
    expect(leftOutSentences([other('a'), other('b'), other('c')], 'text')).toEqual([
      '3 files were left out. A text can’t hold them: press Escape, then paste them on the board.',
    ]);
    expect(leftOutSentences([{ name: 'Photos', kind: 'folder' }], 'board')).toHaveLength(1);
    expect(leftOutSentences([picture('cat.png'), other('notes.pdf')], 'board')).toEqual([]);
    expect(leftOutSentences([], 'home')).toEqual([]);
  });

  it('D11: a right-to-left file name does not reorder its sentence', () => {
    expect(quotedName('שלום.png')).toBe('“\u2068שלום.png\u2069”');
    expect(quotedName('cat.png')).toBe('“cat.png”');
    // The name as it is, isolated: the text after it is not reordered.
    expect(quotedName('a\u202egnp\u2069.exe')).toBe('“\u2068a\u202egnp.exe\u2069”');
    expect(quotedName('')).toBe('The file');
  });
});
