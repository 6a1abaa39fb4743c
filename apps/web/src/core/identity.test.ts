import { suggestName } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { cleanName, IDENTITY_KEY, loadIdentity, NAME_MAX, storedIdentity } from './identity.ts';
import { createKeyValue } from './key-value.ts';

function memoryFacts() {
  const entries = new Map<string, string>();
  return createKeyValue(() => ({
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }));
}
const fill = (bytes: Uint8Array<ArrayBuffer>) => void crypto.getRandomValues(bytes);

describe('identity', () => {
  it('is made once and remembered', () => {
    const facts = memoryFacts();
    const first = loadIdentity(facts, fill, () => 0);
    expect(first).toMatchObject({ name: suggestName(() => 0), isSuggested: true });
    expect(loadIdentity(facts, fill, () => 0.9)).toEqual(first);
  });

  it('is read again as another tab left it, and not when that is broken', () => {
    const facts = memoryFacts();
    expect(storedIdentity(facts)).toBeNull();
    const first = loadIdentity(facts, fill, () => 0);
    facts.write(IDENTITY_KEY, { ...first, name: 'Anna', isSuggested: false });
    expect(storedIdentity(facts)).toEqual({ id: first.id, name: 'Anna', isSuggested: false });
    facts.write(IDENTITY_KEY, { ...first, name: '' });
    expect(storedIdentity(facts)).toBeNull();
  });

  it('is made anew when what was stored is broken', () => {
    const facts = memoryFacts();
    for (const broken of [
      null,
      7,
      {},
      { id: 'x', name: 'Ana', isSuggested: false },
      { id: 'abcdefgh', name: '', isSuggested: false },
      { id: 'abcdefgh', name: 'a\u202eb', isSuggested: true },
    ]) {
      facts.write(IDENTITY_KEY, broken);
      expect(loadIdentity(facts, fill, () => 0).name).toBe(suggestName(() => 0));
    }
  });

  it('cleans names: one line, no overrides, no split emoji, bounded', () => {
    expect(cleanName('  Ana\n Lima ')).toBe('Ana Lima');
    expect(cleanName('Ben\u202enimda')).toBe('Bennimda');
    expect(cleanName('Ana\u200b\u2060')).toBe('Ana');
    expect(cleanName('\u200b\u3164')).toBe('');
    expect(cleanName('\u0000\t')).toBe('');
    const long = cleanName('x'.repeat(NAME_MAX - 1) + '😀😀');
    expect(long).toBe('x'.repeat(NAME_MAX - 1));
  });
});
