import { describe, expect, it } from 'vitest';
import { Histogram, quantile, spreadOf } from './figures.ts';

describe('a histogram', () => {
  it('gives quantiles to a tenth of a millisecond', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 100; ms++) histogram.add(ms + 0.04);
    expect([histogram.quantile(0), histogram.quantile(0.5), histogram.quantile(0.99), histogram.quantile(1)]).toEqual([1, 51, 100, 100]);
  });

  it('keeps values beyond its range at its ends', () => {
    const histogram = new Histogram();
    histogram.add(-3);
    histogram.add(1e9);
    expect([histogram.quantile(0), histogram.quantile(1)]).toEqual([0, 120_000]);
  });

  it('without values has no quantile', () => {
    expect(new Histogram().quantile(0.5)).toBeNaN();
  });
});

it('a quantile of nothing is not a number', () => {
  expect(quantile([], 0.5)).toBeNaN();
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
});

it('a spread has the median of the known rounds, the least and the greatest', () => {
  expect(spreadOf([4, Number.NaN, 1, 3])).toEqual({ median: 3, min: 1, max: 4, rounds: [4, Number.NaN, 1, 3] });
  expect(spreadOf([1, 2])).toMatchObject({ median: 1.5 });
  expect(spreadOf([]).median).toBeNaN();
});
