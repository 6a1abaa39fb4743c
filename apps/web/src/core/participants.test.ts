import { personHue } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import type { BoardInfo, Role } from './board-info.ts';
import { cursorsOf, ListedParts, listedPart, parsePresence, participantsOf, shownRoleOf, writersAt } from './participants.ts';

const me = { id: 'me-0', name: 'Me' };
const state = (id: string, name: string, more: object = {}) => ({
  session: 's',
  user: { id, name },
  cursor: null,
  tool: 'pen',
  isTyping: false,
  ...more,
});

/** Ids of one hue in their order, found rather than assumed. */
function idsOfOneHue(count: number): string[] {
  const ids: string[] = [];
  for (let n = 0; ids.length < count; n++) if (personHue(`t${n}`) === personHue('t0')) ids.push(`t${n}`);
  return ids.sort();
}

describe('the people on a board', () => {
  it('the list has me first, then each person once, by name', () => {
    const states = new Map<number, unknown>([
      [1, state('me-0', 'Me')],
      [2, state('u-b', 'Ben')],
      [3, state('u-a', 'Ana')],
      [4, state('u-b', 'Ben', { isTyping: true })],
      [5, state('me-0', 'Me')],
    ]);
    expect(participantsOf(states, me).map(({ name, isMe, isTyping }) => ({ name, isMe, isTyping }))).toEqual([
      { name: 'Me', isMe: true, isTyping: false },
      { name: 'Ana', isMe: false, isTyping: false },
      { name: 'Ben', isMe: false, isTyping: true },
    ]);
  });

  it('a text that others have open has their names, whichever device they write on, and not mine', () => {
    const states = new Map<number, unknown>([
      [1, state('me-0', 'Me', { writes: 'e1' })],
      [2, state('u-b', 'Ben')],
      [3, state('u-b', 'Ben', { writes: 'e1' })],
      [4, state('u-a', 'Ana', { writes: 'e1' })],
      [5, state('u-c', 'Cy', { writes: 'e2' })],
    ]);
    const at = writersAt(participantsOf(states, me)).map(({ text, writers }) => [text, ...writers.map(({ name }) => name)]);
    expect(at).toEqual([
      ['e1', 'Ana', 'Ben'],
      ['e2', 'Cy'],
    ]);
    expect(listedPart(state('u-b', 'Ben', { writes: 'e1' }), 2)).not.toBe(listedPart(state('u-b', 'Ben'), 2));
  });

  it('a person has the picture of their token and the name of the one they chose, and each change of them is painted', () => {
    const [address, face] = ['https://pictures.example/ben.png', 'abcdefghijklmnop'];
    const ben = { ...state('u-b', 'Ben', { face }), user: { id: 'u-b', name: 'Ben', picture: address } };
    const [, listed] = participantsOf(new Map([[2, ben]]), me);
    expect(listed).toMatchObject({ picture: address, face });
    expect(participantsOf(new Map([[2, state('u-b', 'Ben')]]), me)[1]).toMatchObject({ picture: null, face: null });
    for (const picture of ['x'.repeat(1_025), 7, { href: address }])
      expect(parsePresence({ ...ben, user: { ...ben.user, picture } }, 2)?.user).toEqual({ id: 'u-b', name: 'Ben' });
    const parts = [ben, state('u-b', 'Ben', { face }), state('u-b', 'Ben')].map((one) => listedPart(one, 2));
    expect(new Set(parts).size).toBe(3);
    // The bytes on their way change nothing that is painted.
    expect(listedPart({ ...ben, faceBytes: 'UklGRg==', wants: [face] }, 2)).toBe(parts[0]);
  });

  it('a connection without a user id is listed as a person of its own', () => {
    const nobody = { ...state('', 'Stock'), user: { name: 'Stock' } };
    expect(
      participantsOf(
        new Map([
          [2, nobody],
          [3, nobody],
        ]),
        me,
      ).map(({ userId, name }) => [userId, name]),
    ).toEqual([
      ['me-0', 'Me'],
      ['unknown:2', 'Stock'],
      ['unknown:3', 'Stock'],
    ]);
  });

  it('four people of one colour get four marks, the same on every screen, in the list and on the cursors', () => {
    const ids = idsOfOneHue(4);
    for (const mine of ids) {
      const others = ids.filter((id) => id !== mine).reverse();
      const states = new Map<number, unknown>([[99, state(mine, mine)], ...others.map((id, n) => [n, state(id, id)] as const)]);
      const listed = new Map(participantsOf(states, { id: mine, name: 'x' }).map((person) => [person.userId, person.ringPieces]));
      expect(ids.map((id) => listed.get(id))).toEqual([0, 1, 2, 3]);
      for (const peer of cursorsOf(states, 99, mine))
        expect([peer.userId, peer.ringPieces]).toEqual([peer.userId, listed.get(peer.userId)]);
    }
  });

  it('every connection but mine has a cursor', () => {
    const states = new Map<number, unknown>([
      [1, state('me-0', 'Me')],
      [2, state('u-a', 'Ana', { cursor: { x: 3, y: 4 } })],
    ]);
    expect(cursorsOf(states, 1, 'me-0')).toMatchObject([{ clientId: 2, userId: 'u-a', name: 'Ana', cursor: { x: 3, y: 4 } }]);
  });

  it('malformed states are ignored', () => {
    for (const bad of [null, 7, 'x', {}, { user: null }, { user: { id: 5 } }, { user: { id: '' } }, { user: { id: 'x'.repeat(129) } }])
      expect(parsePresence(bad, 7)).toBeNull();
    expect(parsePresence({ user: { id: 'u', name: 5 }, cursor: { x: NaN, y: 1 }, isTyping: 'yes' }, 7)).toEqual({
      session: '',
      user: { id: 'u', name: 'Guest' },
      cursor: null,
      tool: '',
      isTyping: false,
    });
    expect(parsePresence(state('u', 'x'.repeat(500)), 7)?.user.name).toHaveLength(40);
  });

  it('the list is painted again for a name, a tool or typing, not for a cursor', () => {
    const before = listedPart(state('u', 'Ana'), 7);
    expect(listedPart(state('u', 'Ana', { cursor: { x: 1, y: 2 }, view: { x: 0, y: 0, w: 1, h: 1 } }), 7)).toBe(before);
    expect(listedPart(state('u', 'Ana', { tool: 'hand' }), 7)).not.toBe(before);
    expect(listedPart(state('u', 'Anna'), 7)).not.toBe(before);
    expect(listedPart(state('u', 'Ana', { isTyping: true }), 7)).not.toBe(before);
  });
});

describe('what the list of people shows', () => {
  const ana = new Map([[7, state('u', 'Ana')]]);

  it('the list differs when a person joins, changes their name or leaves, and not when a cursor moves', () => {
    const listed = new ListedParts();
    expect(listed.take([7], ana)).toBe(true);
    expect(listed.take([7], new Map([[7, state('u', 'Ana', { cursor: { x: 1, y: 2 } })]]))).toBe(false);
    expect(listed.take([7], new Map([[7, state('u', 'Anna')]]))).toBe(true);
    expect(listed.take([7], new Map())).toBe(true);
    expect(listed.take([7, 8], new Map([[8, 'no state']]))).toBe(false);
  });

  it('T4: after a refused change the same people, coming to the new document, are listed again', () => {
    const listed = new ListedParts();
    listed.take([7], ana);
    expect(listed.take([7], ana)).toBe(false);
    listed.clear();
    expect(listed.take([7], ana)).toBe(true);
  });
});

describe('the part of a person on a board', () => {
  const board = (role: Role, more: Partial<BoardInfo> = {}): BoardInfo => ({
    role,
    everyone: 'none',
    owner: { id: 'u-o', name: 'Olga' },
    links: [],
    members: [],
    membersCursor: null,
    ...more,
  });
  const people = (...states: object[]) => participantsOf(new Map(states.map((one, n) => [n, one])), me);
  const looker = { userId: 'u-a', isViewer: true };

  it('M7: a viewer’s app announces the role on every device; the list is painted again when it changes', () => {
    expect(people(state('u-a', 'Ana', { isViewer: true })).map(({ isViewer }) => isViewer)).toEqual([false, true]);
    expect(people(state('u-a', 'Ana', { isViewer: true }), state('u-a', 'Ana')).at(1)?.isViewer).toBe(false);
    expect(people(state('u-a', 'Ana'), state('u-a', 'Ana', { isViewer: true })).at(1)?.isViewer).toBe(false);
    expect(people(state('u-a', 'Ana', { isViewer: 'yes' })).at(1)?.isViewer).toBe(false);
    expect(listedPart(state('u-a', 'Ana', { isViewer: true }), 7)).not.toBe(listedPart(state('u-a', 'Ana'), 7));
  });

  it('M7: the list marks the owner and the viewers', () => {
    expect(shownRoleOf({ userId: 'u-o', isViewer: false }, board('editor'))).toBe('owner');
    expect(shownRoleOf(looker, board('editor'))).toBe('viewer');
    expect(shownRoleOf(looker, null)).toBe('viewer');
    expect(shownRoleOf({ ...looker, isViewer: false }, board('viewer'))).toBeNull();
  });

  it('M7: the owner sees the relay’s record of a person, whatever that person’s app announces', () => {
    const member = (role: 'viewer' | 'editor') => board('owner', { members: [{ user: { id: 'u-a', name: 'Ana' }, role }] });
    expect(shownRoleOf({ ...looker, isViewer: false }, member('viewer'))).toBe('viewer');
    expect(shownRoleOf(looker, member('editor'))).toBeNull();
    expect(shownRoleOf({ userId: 'u-b', isViewer: false }, board('owner', { everyone: 'viewer' }))).toBe('viewer');
  });
});
