import type { RoomStatus } from '@wetink/sync';
import { expect, it } from 'vitest';
import { boardHolds } from './board-holds.ts';

const quiet = { hasUnsavedEdits: false, device: 'persistent', isDrawing: false, isTyping: false } as const;

it.each<[string, RoomStatus, object, string[]]>([
  ['everything is saved', { kind: 'saved' }, {}, []],
  ['changes are on the way', { kind: 'sending', count: 2 }, {}, ['unsaved']],
  ['somebody draws', { kind: 'saved' }, { isDrawing: true }, ['gesture']],
  ['a text is open', { kind: 'saved' }, { isTyping: true }, ['typing']],
])('%s', (_, status, board, expected) => expect(boardHolds(status, { ...quiet, ...board })).toEqual(expected));

it('K6: a status that never becomes "saved" holds a reload only while leaving would lose something', () => {
  const shut: RoomStatus = { kind: 'error', code: 'FORBIDDEN', sentence: '' };
  expect(boardHolds(shut, quiet)).toEqual([]);
  expect(boardHolds(shut, { ...quiet, hasUnsavedEdits: true, device: 'memory-only' })).toEqual(['unsaved']);
  expect(boardHolds({ kind: 'loading' }, { ...quiet, device: 'opening' })).toEqual([]);
});
