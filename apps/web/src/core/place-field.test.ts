import { describe, expect, it } from 'vitest';
import { placeText, readPlace } from './place-field.ts';

describe('numbers of a place', () => {
  it.each([
    ['120', 120],
    [' 12.5 px', 12.5],
    ['12,5', 12.5],
    ['−40', -40],
    ['+.5', 0.5],
    ['90°', 90],
  ])('%j is a number', (text, value) => expect(readPlace('x', text)).toEqual({ ok: true, value }));

  it.each(['', ' ', '.', '-', 'twelve', '1e3', '12 13', '1.2.3', 'NaN', 'Infinity'])('%j is none, and a sentence says so', (text) => {
    expect(readPlace('x', text)).toEqual({ ok: false, sentence: 'Type a number, such as 120 or 12.5.' });
  });

  it('a number that no board can hold gets a sentence too', () => {
    expect(readPlace('w', '0')).toEqual({ ok: false, sentence: 'The smallest size is 1 px.' });
    expect(readPlace('h', '-5').ok).toBe(false);
    expect(readPlace('h', '1000001').ok).toBe(false);
    expect(readPlace('y', '-9000001').ok).toBe(false);
    expect(readPlace('degrees', '3601').ok).toBe(false);
    expect(readPlace('degrees', '-45')).toEqual({ ok: true, value: -45 });
  });

  it('is shown with one digit behind the point at most', () => {
    expect([12, 12.34, -0.04, 1e6].map(placeText)).toEqual(['12', '12.3', '0', '1000000']);
  });
});
