import { describe, expect, it } from 'vitest';
import { followedDraft, readDraft, writeDraft } from './drafts.ts';
import { createKeyValue } from './key-value.ts';

function device() {
  const kept = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }));
  return { kept, facts };
}

describe('drafts', () => {
  it('D13: a draft comes back until it is sent or emptied, and then leaves nothing behind', () => {
    const { kept, facts } = device();
    expect(readDraft(facts, 'chat')).toBe('');
    writeDraft(facts, 'chat', 'see you at ');
    expect(readDraft(facts, 'chat')).toBe('see you at ');
    writeDraft(facts, 'chat', '');
    expect([readDraft(facts, 'chat'), kept.size]).toEqual(['', 0]);
  });

  it('D13: a draft that the device refuses to keep lives as long as the page', () => {
    const facts = createKeyValue(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    writeDraft(facts, 'chat', 'still here');
    expect(readDraft(facts, 'chat')).toBe('still here');
  });

  it('D13: a draft sent in one tab disappears from another, unless it was changed there', () => {
    const sent = { key: 'chat', oldValue: '"hello"', newValue: null };
    expect(followedDraft('hello', 'chat', sent)).toBe('');
    expect(followedDraft('hello you', 'chat', sent)).toBe('hello you');
    expect(followedDraft('hello', 'other', sent)).toBe('hello');
    expect(followedDraft('', 'chat', { key: 'chat', oldValue: null, newValue: '"h"' })).toBe('h');
    expect(followedDraft('', 'chat', { key: 'chat', oldValue: 'no JSON', newValue: '7' })).toBe('');
  });
});
