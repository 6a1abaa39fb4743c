import { describe, expect, it } from 'vitest';
import { SELECTION_MAX } from './own-presence.ts';
import { FACE_TEXT_MAX, HAND_MAX, parseParts, REACTIONS_MAX, SAID_MAX, WANTS_MAX } from './presence-parts.ts';

describe('parts of a presence state', () => {
  it('well-formed parts are read as they are, and parts that say nothing are left out', () => {
    const parts = {
      rest: 'idle',
      hand: 3,
      follows: 12,
      presents: 'abc',
      view: { x: 1, y: 2, w: 3, h: 4 },
      selection: { ids: ['a'] },
      writes: 'e7',
      said: 'Look',
      reactions: [{ n: 1, emoji: '👍' }],
      face: 'abcdefghijklmnop',
      faceBytes: 'UklGRg==',
      wants: ['ABCDEFGHIJKLMNOP'],
    };
    expect(parseParts(parts)).toEqual(parts);
    expect(parseParts({ selection: { box: { minX: 0, minY: 0, maxX: 1, maxY: 1 } } })).toEqual({
      selection: { box: { minX: 0, minY: 0, maxX: 1, maxY: 1 } },
    });
    expect(parseParts({ cursor: null, tool: 'pen' })).toEqual({});
  });

  it.each<[string, Record<string, unknown>]>([
    ['a rest that is no word of ours', { rest: 'gone' }],
    ['a ticket that would leave no room for others', { hand: HAND_MAX + 1 }],
    ['a ticket that is no count', { hand: -1 }],
    ['a follower of a fraction', { follows: 1.5 }],
    ['an id of a presentation that is a sentence', { presents: 'come here <b>now</b>' }],
    ['a view without an area', { view: { x: 0, y: 0, w: 0, h: 5 } }],
    ['a view that is no number', { view: { x: null, y: 0, w: 5, h: 5 } }],
    ['a box inside out', { selection: { box: { minX: 5, minY: 0, maxX: 1, maxY: 1 } } }],
    ['a selection of nothing', { selection: { ids: [] } }],
    ['an open text without an id', { writes: '' }],
    ['an open text that is no id', { writes: 'x'.repeat(33) }],
    ['ids that are none', { selection: { ids: [1, null, 'x'.repeat(33)] } }],
    ['words that cannot be seen', { said: '\u202e\u200b \u2066' }],
    ['words that are no text', { said: { toString: 'no' } }],
    ['a reaction of another set', { reactions: [{ n: 1, emoji: '<img src=x>' }] }],
    ['a name of a picture that is an address', { face: 'https://evil.example/a.png' }],
    ['bytes of a picture beyond the bound', { faceBytes: 'A'.repeat(FACE_TEXT_MAX + 1) }],
    ['bytes of a picture that are no text', { faceBytes: [1, 2, 3] }],
    ['wishes that are no names', { wants: [1, null, '<img src=x>', 'x'.repeat(17)] }],
    ['a reaction without a number', { reactions: [{ emoji: '👍' }, null, 5] }],
  ])('%s is passed over', (_, state) => {
    expect(parseParts(state)).toEqual({});
  });

  it('texts and lists are cut to their bounds, and direction overrides are taken out', () => {
    const found = parseParts({
      said: `\u202eabc${'x'.repeat(10_000)}`,
      selection: { ids: Array.from({ length: 10_000 }, (_, i) => `e${i}`) },
      wants: Array.from({ length: 10_000 }, () => 'abcdefghijklmnop'),
      reactions: Array.from({ length: 10_000 }, (_, n) => ({ n, emoji: '🎉' })),
    });
    expect(found.said).toHaveLength(SAID_MAX);
    expect(found.said).toMatch(/^abcx/);
    expect((found.selection as { ids: unknown[] }).ids).toHaveLength(SELECTION_MAX);
    expect(found.wants).toHaveLength(WANTS_MAX);
    expect(found.reactions?.map(({ n }) => n)).toEqual(Array.from({ length: REACTIONS_MAX }, (_, i) => 10_000 - REACTIONS_MAX + i));
  });
});
