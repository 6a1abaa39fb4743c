import { expect, it } from 'vitest';
import { isBoard, isWorthListing, type BoardTraces } from './board-traces.ts';

const nothing: BoardTraces = {
  isMadeHere: false,
  isListed: false,
  cameByLink: false,
  isWritten: false,
  hasCompany: false,
  isShared: false,
  record: 'none',
};

it('an address without any evidence of a board is no board and is not listed', () => {
  for (const record of ['none', 'unknown'] as const) {
    expect(isBoard({ ...nothing, record })).toBe(false);
    expect(isWorthListing({ ...nothing, record })).toBe(false);
  }
});

it.each<Partial<BoardTraces>>([
  { hasCompany: true },
  { record: 'of-others' },
  { cameByLink: true },
  { isWritten: true },
  { isListed: true },
  { isMadeHere: true, isShared: true },
  { isMadeHere: true, record: 'mine', isWritten: true },
])('T3: a board is a board, and listed once it was opened, with %j', (traces) => {
  expect(isBoard({ ...nothing, ...traces })).toBe(true);
  expect(isWorthListing({ ...nothing, ...traces })).toBe(true);
});

it.each<Partial<BoardTraces>>([{ isMadeHere: true }, { isMadeHere: true, record: 'mine' }, { record: 'mine' }])(
  'M5: a board of mine that nobody wrote on, and nobody else knows of, is a board and leaves no card, with %j',
  (traces) => {
    expect(isBoard({ ...nothing, ...traces })).toBe(true);
    expect(isWorthListing({ ...nothing, ...traces })).toBe(false);
  },
);
