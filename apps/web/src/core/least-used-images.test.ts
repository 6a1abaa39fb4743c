import { expect, it } from 'vitest';
import { leastUsedImages } from './least-used-images.ts';

const images = [
  { key: 'new', bytes: 30, usedAtMs: 9 },
  { key: 'old', bytes: 50, usedAtMs: 1 },
  { key: 'middle', bytes: 20, usedAtMs: 5 },
];

it.each<[number, string[]]>([
  [100, []],
  [99, ['old']],
  [50, ['old']],
  [49, ['old', 'middle']],
  [0, ['old', 'middle', 'new']],
])('with room for %i bytes, the images that were shown longest ago go', (maxBytes, keys) => {
  expect(leastUsedImages(images, maxBytes)).toEqual(keys);
});
