import type { RoomStatus, DocumentStatus, Work } from '@wetink/sync';
import { expect, it } from 'vitest';
import { boardHolds } from './board-holds.ts';

const quiet = { isDrawing: false, isTyping: false, wouldLosePictures: false };
const nothing: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const inTab: Work = { waiting: 2, copy: 'none', storage: 'blocked', hasUnread: false };
const saved: DocumentStatus = { kind: 'saved', ...nothing };

it.each<[string, RoomStatus, object, string[]]>([
  ['everything is saved', saved, {}, []],
  ['changes are on the way', { kind: 'sending', ...nothing, waiting: 2 }, {}, ['unsaved']],
  ['somebody draws', saved, { isDrawing: true }, ['gesture']],
  ['a picture is only in this tab', saved, { wouldLosePictures: true }, ['unsaved']],
  ['a text is open', saved, { isTyping: true }, ['typing']],
])('%s', (_, status, board, expected) => expect(boardHolds(status, { ...quiet, ...board })).toEqual(expected));

it('K6: a status that never becomes "saved" holds a reload only while leaving would lose something', () => {
  const shut: RoomStatus = { kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...nothing, waiting: 2 };
  expect(boardHolds(shut, quiet)).toEqual([]);
  expect(boardHolds({ ...shut, ...inTab }, quiet)).toEqual(['unsaved']);
  expect(boardHolds({ kind: 'loading', ...nothing }, quiet)).toEqual([]);
  const refused: RoomStatus = { kind: 'refused', count: 2, code: 'READ_ONLY', where: 'kept', since: saved };
  expect(boardHolds(refused, quiet)).toEqual([]);
  expect(boardHolds({ ...refused, where: 'none' }, quiet)).toEqual(['unsaved']);
});
