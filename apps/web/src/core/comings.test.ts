import { describe, expect, it } from 'vitest';
import { comingSentence, Comings, GATHER_MS, GRACE_MS, SETTLE_MS, withComings, type Coming } from './comings.ts';

const ana = { userId: 'a', name: 'Ana' };
const ben = { userId: 'b', name: 'Ben' };
const open = { isOpen: true };
const shut = { isOpen: false };

/** Ana is here and no news. */
function settled(): Comings {
  const comings = new Comings();
  comings.look([ana], 0, open);
  comings.look([ana], SETTLE_MS, open);
  return comings;
}

describe('people who join and leave', () => {
  it('the people who are here when I come are no news, also when their presence arrives late', () => {
    const comings = new Comings();
    expect(comings.look([], 0, open)).toEqual([]);
    expect(comings.look([ana, ben], SETTLE_MS - 1, open)).toEqual([]);
    expect(comings.look([ana, ben], SETTLE_MS, open)).toEqual([]);
  });

  it('a person who comes later has joined, once', () => {
    const comings = settled();
    expect(comings.look([ana, ben], 5_000, open)).toEqual([{ kind: 'joined', ...ben }]);
    expect(comings.look([ana, ben], 6_000, open)).toEqual([]);
  });

  it('a person who reloads has neither left nor joined; one who stays away has left', () => {
    const comings = settled();
    expect(comings.look([], 5_000, open)).toEqual([]);
    expect(comings.nextMs(5_000)).toBe(GRACE_MS);
    expect(comings.look([ana], 5_000 + GRACE_MS - 1, open)).toEqual([]);
    comings.look([], 40_000, open);
    expect(comings.look([], 40_000 + GRACE_MS, open)).toEqual([{ kind: 'left', ...ana }]);
    expect(comings.nextMs(70_000)).toBeNull();
  });

  it('while my own link is down nobody leaves, and those who are there after it are no news', () => {
    const comings = settled();
    comings.look([], 5_000, shut);
    expect(comings.look([], 500_000, shut)).toEqual([]);
    expect(comings.look([], 501_000, open)).toEqual([]);
    expect(comings.look([ana, ben], 502_000, open)).toEqual([]);
    expect(comings.look([ana, ben], 600_000, open)).toEqual([]);
  });
});

describe('lines of the chat about them', () => {
  const joined = (...people: { userId: string; name: string }[]): Coming[] => people.map((person) => ({ kind: 'joined', ...person }));

  it('a hundred who come within a minute are one line', () => {
    let lines = withComings([], joined(ana), { at: 0, afterId: 'm1' });
    for (let i = 0; i < 99; i++) lines = withComings(lines, joined({ userId: `u${i}`, name: `N${i}` }), { at: i * 500, afterId: 'm1' });
    expect(lines).toHaveLength(1);
    expect(comingSentence({ kind: 'joined', names: lines[0]?.names.values() ?? [] })).toBe('Ana and 99 others joined');
  });

  it('a message in between, a minute, or leaving begins a new line', () => {
    let lines = withComings([], joined(ana), { at: 0, afterId: 'm1' });
    lines = withComings(lines, joined(ben), { at: 1, afterId: 'm2' });
    lines = withComings(lines, joined({ userId: 'c', name: 'Cy' }), { at: GATHER_MS + 2, afterId: 'm2' });
    lines = withComings(lines, [{ kind: 'left', ...ana }], { at: GATHER_MS + 3, afterId: 'm2' });
    expect(lines.map(({ kind, names }) => comingSentence({ kind, names: names.values() }))).toEqual([
      'Ana joined',
      'Ben joined',
      'Cy joined',
      'Ana left',
    ]);
  });

  it('two people of one name are two people; a hostile name stays a name', () => {
    expect(comingSentence({ kind: 'joined', names: ['Ana', 'Ana', 'Ana'] })).toBe('Ana and 2 others joined');
    expect(comingSentence({ kind: 'left', names: [`\u202e${'x'.repeat(10_000)}`] })).toBe(`${'x'.repeat(40)} left`);
  });
});
