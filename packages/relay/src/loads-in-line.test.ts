import { createMemoryStore, type Store, type StoredRoom } from '@wetink/storage';
import { expect, it } from 'vitest';
import { loadsInLine } from './loads-in-line.ts';

/** A store whose loads end when a test says so. */
function slowStore() {
  const inner = createMemoryStore();
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const load = (room: string): Promise<StoredRoom> => {
    begun.push(room);
    return new Promise((resolve, reject) => ends.set(room, (error) => (error === undefined ? resolve(inner.load(room)) : reject(error))));
  };
  return { store: { ...inner, load } as Store, begun, end: (room: string, error?: Error) => ends.get(room)?.(error) };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `room-${i}`);

it('[RL96] of a hundred rooms, sixteen are loaded at once, in the order in which they were asked for', async () => {
  const { store, begun, end } = slowStore();
  const line = loadsInLine(store);
  const all = names(100).map((room) => line.load(room));
  await turns();
  expect(begun).toEqual(names(16));
  // Whichever load ends first, the room that waits longest is next.
  end('room-7');
  await turns();
  expect(begun).toEqual(names(17));
  for (let next = 0; begun.length < 100; next++) {
    end(`room-${next}`);
    await turns();
    expect(begun.length).toBeLessThanOrEqual(18 + next);
  }
  for (const room of names(100)) end(room);
  expect(await Promise.all(all)).toHaveLength(100);
  expect(begun).toEqual(names(100));
});

it('[RL96] a load that fails gives its place on, and its error to its own caller alone', async () => {
  const { store, begun, end } = slowStore();
  const line = loadsInLine(store, 1);
  const [first, second] = [line.load('a'), line.load('b')];
  await turns();
  end('a', new Error('damaged'));
  await expect(first).rejects.toThrow('damaged');
  await turns();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect((await second).bytes).toBe(0);
});

it('[RL96] a read of what is new since a position waits for no load', async () => {
  const { store, begun } = slowStore();
  const line = loadsInLine(store, 1);
  void line.load('a');
  void line.load('b');
  void line.load('c', {});
  await turns();
  expect(begun).toEqual(['a', 'c']);
});
