import { describe, expect, it } from 'vitest';
import type { BoardId } from './board-id.ts';
import { parsePicture, PICTURES_MAX, withoutPicture, withPicture } from './opening-picture.ts';

const box = { minX: 0, minY: -5, maxX: 10, maxY: 5 };
const picture = { theme: 'dark', drawn: box, parts: [{ box, bytes: Uint8Array.of(1, 2) }] };
const id = (n: number): BoardId => `board${String(n).padStart(3, '0')}` as BoardId;

describe('the picture of a board while it opens', () => {
  it('a stored picture is read as it was written, and anything else is no picture', () => {
    expect(parsePicture(picture)).toEqual(picture);
    const bad = [
      null,
      'x',
      {},
      { ...picture, theme: 'sepia' },
      { ...picture, drawn: { ...box, maxX: NaN } },
      { ...picture, drawn: { ...box, maxX: -1 } },
      { ...picture, parts: [] },
      { ...picture, parts: [{ box, bytes: [1] }] },
      { ...picture, parts: [{ box, bytes: new Uint8Array() }] },
      { ...picture, parts: Array.from({ length: 9 }, () => picture.parts[0]) },
      { ...picture, parts: [{ box, bytes: new Uint8Array(5_000_000) }] },
    ];
    for (const value of bad) expect(parsePicture(value)).toBeNull();
  });

  it(`the device keeps pictures of the last ${PICTURES_MAX} boards`, () => {
    let stored: unknown = null;
    for (let n = 0; n < PICTURES_MAX; n++) {
      const { kept, gone } = withPicture(stored, id(n));
      expect(gone).toEqual([]);
      stored = kept;
    }
    expect(withPicture(stored, id(0))).toMatchObject({ gone: [] });
    const { kept, gone } = withPicture(stored, id(99));
    expect(kept).toHaveLength(PICTURES_MAX);
    expect(kept[0]).toBe(id(99));
    expect(gone).toEqual([id(0)]);
    expect(withoutPicture(kept, id(99))).toHaveLength(PICTURES_MAX - 1);
    expect(withoutPicture({ not: 'a list' }, id(1))).toEqual([]);
    expect(withoutPicture([3, 'x', id(2)], id(1))).toEqual([id(2)]);
  });
});
