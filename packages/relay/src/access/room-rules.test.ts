import { describe, expect, it } from 'vitest';
import { createRoomRules, MAX_ROOM_RULES, type RoomRule } from './room-rules.ts';

const rules: RoomRule[] = [
  { prefix: 'class-', allow: 'public', as: 'viewer' },
  { prefix: 'class-', allow: 'role', role: 'teacher', as: 'editor' },
  { prefix: 'class-staff-', allow: 'role', role: 'teacher', as: 'viewer' },
  { prefix: 'team-', allow: 'signed-in', as: 'editor' },
];

describe('[HT16] rules for rooms', () => {
  it.each<[string, string, string[] | null, string | null]>([
    ['no rule covers the name', 'other-1', ['teacher'], null],
    ['the name is shorter than the prefix', 'class', null, null],
    ['the name is the prefix', 'class-', null, 'viewer'],
    ['public: a client without an id', 'class-1', null, 'viewer'],
    ['public: a user without the role of the other rule', 'class-1', [], 'viewer'],
    ['of two rules the higher role', 'class-1', ['teacher'], 'editor'],
    ['the longest prefix: a client without an id falls back on no shorter one', 'class-staff-1', null, null],
    ['the longest prefix: nor does a user', 'class-staff-1', [], null],
    ['the longest prefix: a teacher is a viewer, although a shorter one says editor', 'class-staff-1', ['teacher'], 'viewer'],
    ['signed in: a user', 'team-1', [], 'editor'],
    ['signed in: a client without an id', 'team-1', null, null],
    ['names are compared as they are written', 'Team-1', [], null],
  ])('%s', (_, room, roles, expected) => {
    expect(createRoomRules(rules).roleIn(room, roles)).toBe(expected);
    expect(createRoomRules([...rules].reverse()).roleIn(room, roles)).toBe(expected);
  });

  it('a prefix that is too short, and too many rules, are refused', () => {
    expect(() => createRoomRules([{ prefix: 'abc', allow: 'public', as: 'viewer' }])).toThrow('4 to 128 characters');
    const many = Array.from({ length: MAX_ROOM_RULES + 1 }, (_, i): RoomRule => ({ prefix: `room-${i}`, allow: 'public', as: 'viewer' }));
    expect(() => createRoomRules(many)).toThrow('at most 200 rules');
    expect(createRoomRules(many.slice(1)).covers('room-7')).toBe(true);
  });
});
