import { describe, expect, it } from 'vitest';
import { createKeyValue, type StringStore } from './key-value.ts';

function fakeStore(): StringStore & { entries: Map<string, string>; isFull: boolean } {
  const entries = new Map<string, string>();
  return {
    entries,
    isFull: false,
    getItem: (key) => entries.get(key) ?? null,
    setItem(key, value) {
      if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
      entries.set(key, value);
    },
    removeItem: (key) => void entries.delete(key),
  };
}

describe('key-value', () => {
  it('a value is kept until it is removed', () => {
    const store = fakeStore();
    const facts = createKeyValue(() => store);
    facts.write('a', { n: 1 });
    expect(createKeyValue(() => store).read('a')).toEqual({ n: 1 });
    facts.remove('a');
    expect(facts.read('a')).toBeNull();
    expect(facts.isDurable).toBe(true);
  });

  it('values are in memory when the browser blocks storage', () => {
    const facts = createKeyValue(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    facts.write('a', 2);
    expect(facts.read('a')).toBe(2);
    expect(facts.isDurable).toBe(false);
  });

  it('a full device returns the newest value, not the older one in storage', () => {
    const store = fakeStore();
    const facts = createKeyValue(() => store);
    facts.write('a', 'old');
    store.isFull = true;
    facts.write('a', 'new');
    expect(facts.read('a')).toBe('new');
  });

  it('a value that is not JSON counts as absent', () => {
    const store = fakeStore();
    store.entries.set('a', '{broken');
    expect(createKeyValue(() => store).read('a')).toBeNull();
  });
});
