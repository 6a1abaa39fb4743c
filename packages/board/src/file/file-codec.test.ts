import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { defaultStyle } from '../document/fields.ts';
import { decodeFile, encodeFile, type FileElement } from './file-codec.ts';
import { fileLimits } from './file-limits.ts';
import { encodeInk } from '../ink/ink.ts';
import { arbitraryFileWithFrames } from '../testing/arbitrary-file.ts';

const box = { x: 1, y: 2, w: 30, h: -4.5, rotation: 0.1 };
const rectangle: FileElement = {
  kind: 'rectangle',
  geometry: box,
  base: box,
  style: defaultStyle,
  isLocked: false,
  ink: null,
  text: '',
  alt: '',
  groups: [],
  raw: null,
  data: null,
};
const ink = encodeInk({ xyp: [1, 2, 0.5, 3, 4, 0.6], hasPressure: true }, 1);
const stroke: FileElement = { ...rectangle, kind: 'stroke', ink, base: { ...box, x: 5 } };
const lines = (...parts: unknown[]): Uint8Array =>
  new TextEncoder().encode(parts.map((part) => `${typeof part === 'string' ? part : JSON.stringify(part)}\n`).join(''));
const head = (elements: number): object => ({ format: 'wetink', version: 1, elements });
const entry = { kind: 'rectangle', geometry: [0, 0, 1, 1, 0] };

function errorOf(action: () => unknown): BoardError | null {
  try {
    action();
  } catch (error) {
    if (error instanceof BoardError) return error;
    throw error;
  }
  return null;
}

describe('.wetink files', () => {
  it('[FI1] a file is plain lines of JSON', () => {
    const file = encodeFile({
      title: 'Plan',
      background: 'white',
      elements: [rectangle, { ...stroke, isLocked: true, style: { ...defaultStyle, color: 'red' } }],
    });
    expect(new TextDecoder().decode(file)).toBe(
      '{"format":"wetink","version":1,"elements":2,"title":"Plan","background":"white"}\n' +
        '{"kind":"rectangle","geometry":[1,2,30,-4.5,0.1]}\n' +
        '{"kind":"stroke","geometry":[1,2,30,-4.5,0.1],"base":[5,2,30,-4.5,0.1],"style":{"color":"red"},"locked":true,"ink":"ATsCECCAAiAgMg=="}\n',
    );
  });

  it('[FI1] the example in FILE-FORMAT.md is a file', () => {
    const text = readFileSync(new URL('../../FILE-FORMAT.md', import.meta.url), 'utf8');
    const example = /```\n(\{"format"[^`]*)```/.exec(text)?.[1] ?? '';
    const content = decodeFile(new TextEncoder().encode(example));
    expect(content.elements.map((element) => element.kind)).toEqual(['rectangle', 'stroke']);
    expect(new TextDecoder().decode(encodeFile(content))).toBe(example);
    expect(text).toContain(JSON.stringify(defaultStyle));
  });

  it('[FI2] decoding an encoded file gives the same content', () => {
    fc.assert(
      fc.property(arbitraryFileWithFrames, (content) => {
        expect(decodeFile(encodeFile(content))).toEqual(content);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('[FI3] a file keeps ink of a newer version; encoding leaves broken ink out and decoding refuses it', () => {
    const newer = { ...stroke, ink: Uint8Array.from([2, 9, 9, 9]) };
    const broken = { ...stroke, ink: Uint8Array.from([1, 59, 200, 0]) };
    const content = decodeFile(encodeFile({ title: null, background: null, elements: [newer, broken, rectangle] }));
    expect(content.elements).toEqual([newer, rectangle]);
    const error = errorOf(() => decodeFile(lines(head(1), { ...entry, kind: 'stroke', ink: 'ATvIAA==' })));
    expect([error?.code, (error?.cause as BoardError).code]).toEqual(['BAD_FILE', 'BAD_INK']);
  });

  it('[FI4] a file cut off at any place is refused', () => {
    const file = encodeFile({ title: 'Plan', background: 'white', elements: [rectangle, stroke] });
    for (let length = 0; length < file.length; length++)
      expect([length, errorOf(() => decodeFile(file.subarray(0, length)))?.code]).toEqual([length, 'BAD_FILE']);
    expect(errorOf(() => decodeFile(file.subarray(0, file.lastIndexOf(10, file.length - 2) + 1)))?.message).toContain(
      'ends after 1 of 2 elements',
    );
  });

  it('[FI5] a file of a newer version is refused as such, whatever else it holds', () => {
    const error = errorOf(() => decodeFile(lines({ format: 'wetink', version: 2, shapes: {} }, 'anything')));
    expect(error?.code).toBe('FILE_TOO_NEW');
    expect(error?.message).toMatch(/^This file was saved by a newer version of Wetink\./);
  });

  it('[FI6] bytes that are not a board file are refused with the number of the bad line', () => {
    const bad: Record<string, Uint8Array> = {
      empty: new Uint8Array(0),
      'a png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      'not UTF-8': Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d, 10]),
      'another program’s': lines({ type: 'excalidraw', version: 2, elements: [] }),
      'a list': lines([]),
      null: lines(null),
      'no version': lines({ format: 'wetink', elements: 0 }),
      'version 0': lines({ format: 'wetink', version: 0, elements: 0 }),
      'version 1.5': lines({ format: 'wetink', version: 1.5, elements: 0 }),
      'no count': lines({ format: 'wetink', version: 1 }),
      'negative count': lines(head(-1)),
      'fewer elements': lines(head(2), entry),
      'more elements': lines(head(0), entry),
      'an empty line': lines(head(1), ''),
      'half a line': lines(head(1), '{"kind":"rectangle"'),
      'title of numbers': lines({ ...head(0), title: 5 }),
      'title too long': lines({ ...head(0), title: 'x'.repeat(201) }),
      'paper of numbers': lines({ ...head(0), paper: { pattern: 5 } }),
      'paper too long': lines({ ...head(0), paper: { tone: 'x'.repeat(41) } }),
      'paper of nothing': lines({ ...head(0), paper: null }),
      'background of another language': lines({ ...head(0), background: 'url(javascript:1)' }),
      'nested deep': lines(head(1), `${'['.repeat(200_000)}${']'.repeat(200_000)}`),
    };
    const elements: Record<string, unknown> = {
      'no kind': { geometry: entry.geometry },
      'kind too long': { kind: 'k'.repeat(65), geometry: entry.geometry, raw: {} },
      'no geometry': { kind: 'line' },
      'four numbers': { ...entry, geometry: [0, 0, 1, 1] },
      'NaN as null': { ...entry, geometry: [0, null, 1, 1, 0] },
      'far out': { ...entry, geometry: [1e8, 0, 1, 1, 0] },
      'base far out': { ...entry, base: [0, 0, 1e300, 1, 0] },
      'style of another language': { ...entry, style: { color: '"><script>' } },
      'width below zero': { ...entry, style: { width: -1 } },
      'style as a list': { ...entry, style: [] },
      'locked by a word': { ...entry, locked: 'yes' },
      'text in a rectangle': { ...entry, text: 'x' },
      'alt of numbers': { ...entry, alt: 5 },
      'a group by its name': { ...entry, groups: ['1'] },
      'one group': { ...entry, groups: 1 },
      'group 0': { ...entry, groups: [1, 0] },
      'a group in itself': { ...entry, groups: [1, 2, 1] },
      'a hundred and one groups': { ...entry, groups: Array.from({ length: 101 }, (_, i) => i + 1) },
      'alt too long': { ...entry, alt: 'x'.repeat(1_001) },
      'image without raw': { ...entry, kind: 'image' },
      'bytes of an image that are not base64': { ...entry, kind: 'image', raw: {}, data: 'AT*C' },
      'bytes of an image as numbers': { ...entry, kind: 'image', raw: {}, data: [1, 2] },
      'text too long': { ...entry, kind: 'text', text: 'x'.repeat(100_001) },
      'ink in a rectangle': { ...entry, ink: 'ATsCECCAAhAQGg==' },
      'stroke without ink': { ...entry, kind: 'stroke' },
      'ink that is not base64': { ...entry, kind: 'stroke', ink: 'AT*C' },
      'ink as numbers': { ...entry, kind: 'stroke', ink: [1, 59] },
      'base64 with loose bits': { ...entry, kind: 'stroke', ink: 'ATsCECCAAhAQMh==' },
      'known kind with raw': { ...entry, raw: {} },
      'unknown kind without raw': { ...entry, kind: 'sticky' },
      'raw that is a list': { ...entry, kind: 'sticky', raw: [] },
      'raw that is bytes': { ...entry, kind: 'sticky', raw: { $bytes: '' } },
      'raw with a step of its own': { ...entry, kind: 'sticky', raw: { s: '00000000AAAAAAAA' } },
      'raw with a made-up tag': { ...entry, kind: 'sticky', raw: { a: { $date: 5 } } },
      'raw with a bigint of 65 bits': { ...entry, kind: 'sticky', raw: { a: { $bigint: '9999999999999999999' } } },
      'raw nested deep': { ...entry, kind: 'sticky', raw: JSON.parse(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`) as unknown },
    };
    for (const [name, element] of Object.entries(elements)) bad[name] = lines(head(2), entry, element);
    bad['raw with a prototype'] = lines(head(2), entry, '{"kind":"sticky","geometry":[0,0,1,1,0],"raw":{"__proto__":{"polluted":1}}}');
    for (const [name, bytes] of Object.entries(bad)) expect([name, errorOf(() => decodeFile(bytes))?.code]).toEqual([name, 'BAD_FILE']);
    expect(errorOf(() => decodeFile(bad['far out']!))?.message).toBe('This is not a board file, or it is damaged. (line 3: geometry)');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('[FI7] a file that is too large is refused before anything is read', () => {
    expect(errorOf(() => decodeFile(new Uint8Array(fileLimits.maxBytes + 1)))?.code).toBe('TOO_LARGE');
    expect(errorOf(() => decodeFile(lines(head(fileLimits.maxElements + 1))))?.code).toBe('TOO_LARGE');
    const long = new Uint8Array(fileLimits.maxLineBytes + 100).fill(32);
    long.set(lines(head(1)));
    long[long.length - 1] = 10;
    expect(errorOf(() => decodeFile(long))?.code).toBe('TOO_LARGE');
  });
});
