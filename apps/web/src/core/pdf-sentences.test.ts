/** Sentences about PDFs, which pages a person may ask for, and the size in which a page is drawn. */
import { expect, it } from 'vitest';
import { pageSize } from './pdf-page-size.ts';
import { openedPagesSentence, pageName, pdfProblemSentence, rangeProblem } from './pdf-sentences.ts';

it('a range of pages lies within the document and has at most 100 pages', () => {
  const problem = (first: number, last: number): string | null => rangeProblem({ first, last }, 340);
  expect([problem(1, 100), problem(241, 340), problem(7, 7)]).toEqual([null, null, null]);
  expect([problem(0, 9), problem(1, 341), problem(1.5, 9), problem(Number.NaN, 9)]).toEqual(
    Array.from({ length: 4 }, () => 'Enter page numbers from 1 to 340.'),
  );
  expect([problem(9, 8), problem(1, 101)]).toEqual([
    'The first page must come before the last.',
    'At most 100 pages can be opened at once.',
  ]);
});

it('the sentences say how many pages there are, which are missing, and why none can be shown', () => {
  const opened = (count: number, undrawn: number[], rest: { first: number; last: number } | null = null): string =>
    openedPagesSentence(count, { undrawn, rest });
  expect([opened(1, []), opened(12, [3, 9]), opened(3, [2]), opened(0, [1, 2, 3])]).toEqual([
    '1 page is on the board. It is locked in place, so that you can write on it.',
    '12 pages are on the board. 2 pages can’t be drawn. They are locked in place, so that you can write on them.',
    '3 pages are on the board. Page 2 can’t be drawn. They are locked in place, so that you can write on them.',
    'None of these pages can be drawn.',
  ]);
  expect([opened(1, [2], { first: 3, last: 9 }), opened(0, [1], { first: 2, last: 2 })]).toEqual([
    '1 page is on the board. Page 2 can’t be drawn. Pages 3 to 9 are left out: the document takes too long or needs too much memory. It is locked in place, so that you can write on it.',
    'None of the pages is on the board. Page 1 can’t be drawn. Page 2 is left out: the document takes too long or needs too much memory.',
  ]);
  expect(pdfProblemSentence('a.pdf', 'locked')).toBe(
    '“a.pdf” is protected by a password, so its pages can’t be shown. Save a copy without a password and add that.',
  );
});

it('the picture of a page keeps its number in a download, which puts another ending in the place of the last one', () => {
  expect([pageName('report.pdf', 3), pageName('Report.PDF', 4), pageName('report v1.2', 5), pageName('', 6)]).toEqual([
    'report 3.pdf',
    'Report 4.pdf',
    'report v1.2 5.pdf',
    'Document 6.pdf',
  ]);
});

it('a page is drawn as large as is useful, within the limit, and never without a pixel', () => {
  expect(pageSize({ width: 595, height: 842 }, 2_000)).toEqual({ scale: 2_000 / 842, widthPx: 1_413, heightPx: 2_000 });
  expect(pageSize({ width: 100, height: 200 }, 2_000)).toEqual({ scale: 3, widthPx: 300, heightPx: 600 });
  expect(pageSize({ width: 14_400, height: 1 }, 2_000)).toMatchObject({ widthPx: 2_000, heightPx: 1 });
  for (const [width, height] of [
    [0, 10],
    [Number.NaN, 10],
    [Infinity, 10],
    [-5, -5],
  ] as const)
    expect(pageSize({ width, height }, 2_000)).toBe(null);
});
