import { expect, it } from 'vitest';
import { MAX_BLOCKED } from '@wetink/board';
import { Blocking } from './blocking.svelte.ts';

function setup(person: { id: string; name: string }, { hasRoom = true } = {}) {
  const blocked = new Map<string, string>();
  const failures: string[] = [];
  const inbox = {
    block: ({ id, name }: { id: string; name: string }) => hasRoom && blocked.set(id, name).size > 0,
    unblock: (id: string) => void blocked.delete(id),
    isBlocked: (id: string) => blocked.has(id),
  };
  const slot: { current: typeof inbox | null } = { current: inbox };
  const toasts = { fail: (text: string) => void failures.push(text) };
  return { blocking: new Blocking({ inbox: slot, toasts, me: { id: 'ana' } }, () => person), blocked, failures, slot };
}

it('a person is blocked under their id and name, and unblocked', () => {
  const { blocking, blocked } = setup({ id: 'ben', name: 'Ben' });
  expect([blocking.isPossible, blocking.isBlocked]).toEqual([true, false]);
  expect([blocking.label, blocking.question]).toEqual([expect.stringMatching(/^Block .?Ben/), expect.stringMatching(/^Block .?Ben.?\?/)]);
  blocking.block();
  expect([...blocked]).toEqual([['ben', 'Ben']]);
  expect(blocking.label).toMatch(/^Unblock .?Ben/);
  blocking.unblock();
  expect([blocked.size, blocking.isBlocked]).toEqual([0, false]);
});

it.each(['ana', '', 'bot:x1', 'unknown:7'])('nobody can block me, a program or a person without an id: %j', (id) => {
  expect(setup({ id, name: 'X' }).blocking.isPossible).toBe(false);
});

it('without an inbox nobody can be blocked', () => {
  const { blocking, slot } = setup({ id: 'ben', name: 'Ben' });
  slot.current = null;
  expect([blocking.isPossible, blocking.isBlocked]).toEqual([false, false]);
});

it('when too many people are blocked, a sentence says so', () => {
  const { blocking, failures } = setup({ id: 'ben', name: '' }, { hasRoom: false });
  blocking.block();
  expect(failures).toEqual([expect.stringContaining(MAX_BLOCKED.toLocaleString('en'))]);
  expect(blocking.label).toBe('Block Guest');
});
