import type { Peer } from '@wetink/canvas';
import { expect, it } from 'vitest';
import { edgePointers } from './edge-pointers.ts';

const camera = { x: 0, y: 0, zoom: 1 };
const size = { width: 1_000, height: 800 };
const insets = { top: 100, bottom: 100, left: 50, right: 50 };
const peer = (clientId: number, cursor: Peer['cursor']): Peer => ({
  clientId,
  userId: `u${clientId}`,
  name: `N${clientId}`,
  cursor,
  hue: 1,
  ringPieces: 0,
});
const edges = (...peers: Peer[]) => edgePointers(peers, camera, size, insets);

it('a pointer in view, and a person whose pointer is off the board, have no mark', () => {
  expect(edges(peer(1, { x: 500, y: 400 }), peer(2, null), peer(3, { x: 0, y: 0 }))).toEqual([]);
});

it('a mark lies on the edge in the direction of its pointer and points there', () => {
  expect(edges(peer(1, { x: 5_000, y: 400 }))).toMatchObject([{ clientId: 1, x: 950, y: 400, angle: 0, more: 0 }]);
  expect(edges(peer(1, { x: 500, y: -5_000 }))[0]).toMatchObject({ x: 500, y: 100 });
  const [corner] = edges(peer(1, { x: -9_500, y: 10_400 }));
  expect(corner?.x).toBeGreaterThanOrEqual(50);
  expect(corner?.y).toBe(700);
});

it('a hundred pointers in one direction are one mark that counts them, with the nearest in front', () => {
  const marks = edges(...Array.from({ length: 100 }, (_, i) => peer(i, { x: 90_000 - i * 10, y: 400 })));
  expect(marks).toHaveLength(1);
  expect(marks[0]).toMatchObject({ clientId: 99, more: 99 });
});

it('a panel on one side keeps the marks beside it', () => {
  const beside = { ...insets, left: 250 };
  const [left, right] = [-5_000, 5_000].map((x) => edgePointers([peer(1, { x, y: 400 })], camera, size, beside)[0]?.x);
  expect([left, right]).toEqual([250, 950]);
});

it('a window too small for its bars has no marks', () => {
  expect(edgePointers([peer(1, { x: 5_000, y: 0 })], camera, { width: 90, height: 150 }, insets)).toEqual([]);
});
