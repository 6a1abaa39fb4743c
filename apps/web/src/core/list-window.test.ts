import { expect, it } from 'vitest';
import { clampSpan, earlierSpan, endSpan, laterSpan, spanAround, SPAN_ROWS } from './list-window.ts';

it('a list of any length has the same number of rows on the page, from its end to its beginning and back', () => {
  const total = 10_000;
  let span = endSpan(total);
  expect(span).toEqual({ from: total - SPAN_ROWS, to: total });
  const seen = new Set<number>();
  for (let n = 0; span.from > 0 && n < total; n++) {
    span = earlierSpan(span, total);
    expect(span.to - span.from).toBe(SPAN_ROWS);
    for (let row = span.from; row < span.to; row++) seen.add(row);
  }
  expect([span.from, seen.size]).toEqual([0, total - 40]);
  for (let n = 0; span.to < total && n < total; n++) span = laterSpan(span, total);
  expect(span).toEqual(endSpan(total));
});

it.each([
  [0, 500, 0],
  [250, 500, 190],
  [499, 500, 380],
  [3, 10, 0],
])('row %d of %d is shown in a span from %d', (row, total, from) => {
  const span = spanAround(row, total);
  expect(span).toEqual({ from, to: Math.min(total, from + SPAN_ROWS) });
  expect(row >= span.from && row < span.to).toBe(true);
});

it('a short list is all on the page, and a list that has become shorter keeps a span within it', () => {
  expect(endSpan(3)).toEqual({ from: 0, to: 3 });
  expect(earlierSpan({ from: 0, to: 3 }, 3)).toEqual({ from: 0, to: 3 });
  expect(clampSpan({ from: 100, to: 220 }, 150)).toEqual({ from: 30, to: 150 });
  expect(clampSpan({ from: 0, to: 3 }, 150)).toEqual({ from: 0, to: 3 });
});
