import { expect, it } from 'vitest';
import { readAhead } from './picture-store.ts';

it('a picture is read before anything else asks for it, and once', async () => {
  let reads = 0;
  const store = readAhead({
    read: () => Promise.resolve((reads++, null)),
    write: () => Promise.resolve(),
    erase: () => Promise.resolve(),
  });
  expect(reads).toBe(1);
  await store.read();
  expect(reads).toBe(1);
  await store.read();
  expect(reads).toBe(2);
});
