import { createMemoryStore, type Store, type StoredRoom } from '@wetink/storage';
import { expect, it } from 'vitest';
import { loadsInLine } from './loads-in-line.ts';

/** A store whose loads end when a test says so. */
function slowStore({ isShared }: { isShared: boolean }) {
  const inner = createMemoryStore();
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const load = (room: string): Promise<StoredRoom> => {
    begun.push(room);
    return new Promise((resolve, reject) => ends.set(room, (error) => (error === undefined ? resolve(inner.load(room)) : reject(error))));
  };
  return { store: { ...inner, isShared, load } as Store, begun, end: (room: string, error?: Error) => ends.get(room)?.(error) };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `room-${i}`);

it.each([
  ['shared', 16],
  ['embedded', 2],
])('[RL96] of a hundred rooms in a store that is %s, %i are loaded at once, in the order of asking', async (kind, atOnce) => {
  const { store, begun, end } = slowStore({ isShared: kind === 'shared' });
  const line = loadsInLine(store);
  const all = names(100).map((room) => line.load(room));
  await turns();
  expect(begun).toEqual(names(atOnce));
  // Whichever load ends first, the room that waits longest is next.
  end(`room-${atOnce - 1}`);
  await turns();
  expect(begun).toEqual(names(atOnce + 1));
  for (let next = 0; begun.length < 100; next++) {
    end(`room-${next}`);
    await turns();
    expect(begun.length).toBeLessThanOrEqual(atOnce + 2 + next);
  }
  for (const room of names(100)) end(room);
  expect(await Promise.all(all)).toHaveLength(100);
  expect(begun).toEqual(names(100));
});

it('[RL96] loads that fail give their places on, and their errors to their own callers alone', async () => {
  const { store, begun, end } = slowStore({ isShared: false });
  const line = loadsInLine(store);
  const failed = [line.load('a'), line.load('b')];
  const served = [line.load('c'), line.load('d')];
  await turns();
  for (const room of ['a', 'b']) end(room, new Error(`${room} is damaged`));
  await expect(failed[0]).rejects.toThrow('a is damaged');
  await expect(failed[1]).rejects.toThrow('b is damaged');
  await turns();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  for (const room of ['c', 'd']) end(room);
  expect((await Promise.all(served)).map(({ bytes }) => bytes)).toEqual([0, 0]);
});

it('[RL96] a read of what is new since a position waits for no load', async () => {
  const { store, begun } = slowStore({ isShared: false });
  const line = loadsInLine(store);
  for (const room of ['a', 'b', 'c']) void line.load(room);
  void line.load('d', {});
  await turns();
  expect(begun).toEqual(['a', 'b', 'd']);
});
