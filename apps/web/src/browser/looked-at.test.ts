import { expect, it } from 'vitest';
import { watchLookedAt } from './looked-at.ts';

/** Tabs of one browser, which share its locks. */
function browser() {
  const held = new Set<object>();
  const locks = {
    async request(name: string, _: object, hold: () => Promise<void>) {
      const lock = { name };
      held.add(lock);
      await hold();
      held.delete(lock);
    },
    query: () => Promise.resolve({ held: [...held] }),
  };
  const tab = (hasLocks = true) => {
    const window = new EventTarget();
    const state = { visibilityState: 'visible', hasFocus: false };
    const page = Object.assign(new EventTarget(), { hasFocus: () => state.hasFocus });
    Object.defineProperty(page, 'visibilityState', { get: () => state.visibilityState });
    const lookedAt = watchLookedAt({ page: page as never, window, locks: hasLocks ? (locks as never) : undefined });
    return {
      lookedAt,
      focus(hasFocus: boolean, visibilityState = 'visible') {
        Object.assign(state, { hasFocus, visibilityState });
        window.dispatchEvent(new Event(hasFocus ? 'focus' : 'blur'));
      },
    };
  };
  return { tab, count: () => held.size };
}

it('a tab in front with the focus counts in every tab, and no longer once it is left or closed', async () => {
  const { tab, count } = browser();
  const [one, two] = [tab(), tab()];
  expect(await two.lookedAt.anywhere()).toBe(false);
  one.focus(true);
  one.focus(true);
  expect([await one.lookedAt.anywhere(), await two.lookedAt.anywhere(), count()]).toEqual([true, true, 1]);
  one.focus(false);
  await Promise.resolve();
  expect([await one.lookedAt.anywhere(), await two.lookedAt.anywhere()]).toEqual([false, false]);
  one.focus(true, 'hidden');
  expect(await two.lookedAt.anywhere()).toBe(false);
  one.focus(true);
  one.lookedAt.close();
  await Promise.resolve();
  expect(await two.lookedAt.anywhere()).toBe(false);
});

it('without Web Locks a tab knows of itself', async () => {
  const { tab } = browser();
  const alone = tab(false);
  expect(await alone.lookedAt.anywhere()).toBe(false);
  alone.focus(true);
  expect(await alone.lookedAt.anywhere()).toBe(true);
});
