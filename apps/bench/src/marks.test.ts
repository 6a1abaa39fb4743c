import { expect, it } from 'vitest';
import { eachMark, markOf } from './marks.ts';

function marksIn(frame: Buffer): [number, number][] {
  const found: [number, number][] = [];
  eachMark(frame, (writer, number) => found.push([writer, number]));
  return found;
}

it('all marks of a frame are found, whatever is between them', () => {
  const frame = Buffer.concat([
    Buffer.from([0, 2, 200]),
    Buffer.from(markOf(0, 0)),
    Buffer.from('@mar@'),
    Buffer.from(markOf(9_999, 999_999)),
  ]);
  expect(marksIn(frame)).toEqual([
    [0, 0],
    [9_999, 999_999],
  ]);
});

it('a frame without marks has none', () => {
  expect(marksIn(Buffer.alloc(100, '@'))).toEqual([]);
});
