import { describe, expect, it } from 'vitest';
import { createBoardId, isBoardId } from './board-id.ts';

describe('board ids', () => {
  it('board ids are 22 characters of base64url made from 128 random bits', () => {
    const id = createBoardId((bytes) => bytes.fill(0xff));
    expect(id).toBe('_____________________w');
    expect(isBoardId(id)).toBe(true);
  });

  it('board ids differ every time with real randomness', () => {
    const ids = new Set(Array.from({ length: 200 }, () => createBoardId((bytes) => crypto.getRandomValues(bytes))));
    expect(ids.size).toBe(200);
  });

  it.each(['short', 'a'.repeat(65), 'has space', 'späte-ids', 'a/b/c/d/e', '', '../../etc/passwd'])('refuses %j', (value) => {
    expect(isBoardId(value)).toBe(false);
  });
});
