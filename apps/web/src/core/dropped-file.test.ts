import { describe, expect, it } from 'vitest';
import { kindOfFile, leftOutSentences, quotedName } from './dropped-file.ts';

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

  it('E4: files that are left out give one sentence for each kind, with a name where there is one', () => {
    const picture = (name: string) => ({ name, kind: 'picture' as const });
    const other = (name: string) => ({ name, kind: 'other' as const });
    expect(leftOutSentences([picture('cat.png')], 'home')).toEqual(['“cat.png” is a picture. Open a board and drop it there.']);
    expect(leftOutSentences([picture('')], 'text')).toEqual([
      'This is a picture. A text can’t hold it: press Escape, then paste it on the board.',
    ]);
    expect(leftOutSentences([picture('a.png'), picture('b.png'), other('notes.pdf')], 'home')).toEqual([
      '2 pictures were left out. Open a board and drop them there.',
      '“notes.pdf” is no board. Only files that end in .wetink can be opened here.',
    ]);
    expect(leftOutSentences([other('a'), other('b'), other('c')], 'board')).toEqual([
      '3 files were left out. Only pictures and files that end in .wetink can be opened here.',
    ]);
    expect(leftOutSentences([{ name: 'Photos', kind: 'folder' }], 'board')).toHaveLength(1);
    expect(leftOutSentences([picture('cat.png')], 'board')).toEqual([]);
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
