import { describe, expect, it } from 'vitest';
import { REACTIONS_MAX } from './presence-parts.ts';
import { FLOATING_MAX, FLOATING_MAX_EACH, ReactionFeed, withFloating, withReaction } from './reactions.ts';

const state = (...ns: number[]) => ({ user: { id: 'a', name: 'Ana' }, reactions: ns.map((n) => ({ n, emoji: '🎉' })) });
const took = (feed: ReactionFeed, presence: object): number[] => feed.take([1], new Map([[1, presence]])).map(({ n }) => n);

describe('reactions of others', () => {
  it('each reaction is shown once, however often its state arrives', () => {
    const feed = new ReactionFeed();
    expect(took(feed, state())).toEqual([]);
    expect(took(feed, state(1))).toEqual([1]);
    expect(took(feed, { ...state(1), cursor: { x: 1, y: 1 } })).toEqual([]);
    expect(took(feed, state(1, 2, 3))).toEqual([2, 3]);
    expect(took(feed, state())).toEqual([]);
    expect(took(feed, state(4))).toEqual([4]);
  });

  it('a person who comes does not see reactions from before, and after a cut link none comes twice', () => {
    const feed = new ReactionFeed();
    expect(took(feed, state(7))).toEqual([]);
    expect(feed.take([1], new Map())).toEqual([]);
    expect(took(feed, state(7))).toEqual([]);
    expect(took(feed, state(7, 8))).toEqual([8]);
  });

  it('a flood of one client, and of many, leaves room on the screen', () => {
    const of = (clientId: number, count: number) => Array.from({ length: count }, () => ({ clientId }));
    expect(withFloating([], of(1, 1_000))).toHaveLength(FLOATING_MAX_EACH);
    expect(withFloating(of(1, 6), of(2, 1))).toHaveLength(7);
    expect(
      withFloating(
        [],
        Array.from({ length: 500 }, (_, clientId) => ({ clientId })),
      ),
    ).toHaveLength(FLOATING_MAX);
  });

  it('the state keeps the last few of mine, and their numbers rise', () => {
    let mine = withReaction([], '👍');
    for (let i = 0; i < 20; i++) mine = withReaction(mine, '🎉');
    expect(mine).toHaveLength(REACTIONS_MAX);
    expect(mine.at(-1)?.n).toBe(21);
  });
});
