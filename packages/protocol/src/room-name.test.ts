import { describe, expect, it } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { decodeRoomName, encodeRoomName, EXTENSION_QUERY, isBoardName, limits, parseRequestTarget } from './index.ts';

/** The path that a URL parser makes of a name put behind the host, as stock clients do. */
const pathOf = (rawName: string): string => new URL(`ws://relay.example/${rawName}`).pathname.slice(1);

describe('[P27] room names', () => {
  it.each(['a', 'a b', 'a/b', 'Ünïcode/日本', 'a:b@c', '__proto__', 'a&b=c', 'x'.repeat(512), 'é'.repeat(256)])(
    'a stock client that opens %j gets that room',
    (name) => expect(decodeRoomName(pathOf(name))).toBe(name),
  );

  it('names are decoded once', () => {
    expect(decodeRoomName('a%2520b')).toBe('a%20b');
    expect(decodeRoomName('%2e%2e%2fetc')).toBe('../etc');
  });

  it.each([
    ['nothing', ''],
    ['what cannot be decoded', '50%'],
    ['broken UTF-8', '%ff'],
    ['half a character', 'a\ud800'],
    ['NUL', 'a%00b'],
    ['a line feed', 'a%0Ab'],
    ['DEL', '%7f'],
    ['a C1 control', '%c2%85'],
    ['a dot', '.'],
    ['two dots', '%2e%2E'],
    ['513 bytes', 'x'.repeat(513)],
    ['257 characters of two bytes', 'é'.repeat(257)],
    ['a megabyte', '%41'.repeat(350_000)],
  ])('%s is refused', (_, segment) => expect(codeOf(() => decodeRoomName(segment))).toBe('ROOM_NAME'));
});

describe('[P28] names in URLs', () => {
  it.each(['a', 'a b', 'a/b', '50%', 'a?b#c', '../x', 'Ünïcode 日本', 'it\'s \\ "q"', `x${'\u{1f58a}'.repeat(127)}`])(
    '%j goes through a URL unchanged',
    (name) => {
      expect(decodeRoomName(pathOf(encodeRoomName(name)))).toBe(name);
    },
  );

  it('a name that would not arrive is refused', () => {
    for (const name of ['', '.', '..', 'a\u0000', '\ud800', 'x'.repeat(limits.maxRoomNameBytes + 1)]) {
      expect(codeOf(() => encodeRoomName(name))).toBe('ROOM_NAME');
    }
  });

  it('boards have names that need no encoding', () => {
    expect(isBoardName('Ab3_-xyz')).toBe(true);
    for (const name of ['short12', 'x'.repeat(65), 'with space', 'ünïcödé1', 'a/b/c/d/e', 'Ab3_-xyz\n'])
      expect(isBoardName(name)).toBe(false);
  });
});

describe('[P29] request targets', () => {
  it('request targets name the room and the version wanted', () => {
    expect(parseRequestTarget('/a%20b')).toEqual({ room: 'a b', extensionVersion: null });
    expect(parseRequestTarget(`/x/y?foo=1&${EXTENSION_QUERY}=1`)).toEqual({ room: 'x/y', extensionVersion: 1 });
    expect(parseRequestTarget('/a%3Fb?wetink=12&wetink=3')).toEqual({ room: 'a?b', extensionVersion: 12 });
    expect(parseRequestTarget('/a?token=%ff')).toEqual({ room: 'a', extensionVersion: null });
  });

  it('request targets with a version that is no number are refused', () => {
    for (const asked of ['', '0', '-1', 'true', '1.5', '1e3', '9999999'])
      expect(codeOf(() => parseRequestTarget(`/a?wetink=${asked}`))).toBe('VERSION');
    expect(codeOf(() => parseRequestTarget('/?wetink=1'))).toBe('ROOM_NAME');
    expect(codeOf(() => parseRequestTarget(''))).toBe('ROOM_NAME');
  });
});
