import { describe, expect, it } from 'vitest';
import { sortFiles } from '../session/board-file.ts';
import { readTransfer } from './incoming.ts';

const png = new File([Uint8Array.of(0x89, 0x50, 0x4e, 0x47)], 'cat.png', { type: 'image/png' });
const board = new File(['{"format":"wetink","version":1,"elements":0}\n'], 'plan.wetink');
const notes = new File(['%PDF-1.7'], 'notes.pdf');

function transfer(data: Readonly<Record<string, string>>, files: readonly File[] = []): DataTransfer {
  const types = [...Object.keys(data), ...(files.length > 0 ? ['Files'] : [])];
  return { files, types, getData: (type: string) => data[type] ?? '' } as unknown as DataTransfer;
}

describe('the content of a drop or a paste', () => {
  it.each<[string, DataTransfer, 'drop' | 'paste', unknown]>([
    ['plain text', transfer({ 'text/plain': 'two boats' }), 'paste', { kind: 'text', text: 'two boats' }],
    [
      'a link that was dragged',
      transfer({ 'text/uri-list': 'https://example.org' }),
      'drop',
      { kind: 'text', text: 'https://example.org' },
    ],
    ['a picture copied from a page', transfer({ 'text/html': '<img>' }, [png]), 'paste', { kind: 'files', files: [png] }],
    ['a screenshot', transfer({}, [png]), 'paste', { kind: 'files', files: [png] }],
    ['a file copied in a file manager', transfer({ 'text/plain': 'cat.png' }, [png]), 'paste', { kind: 'files', files: [png] }],
    ['cells copied in a table', transfer({ 'text/plain': 'a\tb', 'text/html': '<table>' }, [png]), 'paste', { kind: 'text', text: 'a\tb' }],
    [
      'a picture dragged from a page',
      transfer({ 'text/uri-list': 'https://x', 'text/html': '<img>' }, [png]),
      'drop',
      { kind: 'files', files: [png] },
    ],
    ['several files', transfer({}, [board, png]), 'drop', { kind: 'files', files: [board, png] }],
    [
      'elements copied on a board, with a picture of them and their text',
      transfer(
        { 'text/plain': 'Hello', 'text/html': '<meta charset="utf-8"><div data-wetink="eyJh" data-wetink-copy="x"><p>Hello</p></div>' },
        [png],
      ),
      'paste',
      { kind: 'elements', elements: { file: 'eyJh', copy: 'x' }, text: 'Hello' },
    ],
    [
      'a page that writes about such markup',
      transfer({ 'text/plain': 'data-wetink="eyJh"', 'text/html': '<p>&lt;div data-wetink="eyJh"&gt;</p>' }),
      'paste',
      { kind: 'text', text: 'data-wetink="eyJh"' },
    ],
    ['only markup', transfer({ 'text/html': '<hr>' }), 'paste', { kind: 'nothing' }],
    ['an empty clipboard', transfer({}), 'paste', { kind: 'nothing' }],
  ])('E4: %s', (_, given, way, expected) => {
    expect(readTransfer(given, way)).toEqual(expected);
  });

  it('E4: of several files boards, pictures and others are kept in order, and a sentence says why a folder is left out', async () => {
    const folder = new File([], 'Photos');
    folder.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) }) as unknown as Blob;
    const second = new File([await board.arrayBuffer()], 'other.txt');
    const { boards, pictures, files, leftOut } = await sortFiles([png, board, notes, second, folder], 'board');
    expect([boards, pictures, files]).toEqual([[board, second], [png], [notes]]);
    expect((await sortFiles([png, board], 'home')).pictures).toEqual([]);
    expect(leftOut).toEqual(['A folder can’t be opened here. Drop the files that are in it.']);
  });
});
