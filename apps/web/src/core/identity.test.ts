import { suggestName } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { cleanName, guestIdOf, IDENTITY_KEY, keepIdentity, loadIdentity, NAME_MAX, storedIdentity } from './identity.ts';
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
  it('an identity is made once and remembered', () => {
    const facts = memoryFacts();
    const first = loadIdentity(facts, fill, () => 0);
    expect(first).toMatchObject({ name: suggestName(() => 0), isSuggested: true });
    expect(first.id).toBe(guestIdOf(first.secret));
    expect(loadIdentity(facts, fill, () => 0.9)).toEqual(first);
    expect(loadIdentity(memoryFacts(), fill, () => 0).id).not.toBe(first.id);
  });

  // The same pairs as in the relay's test: computed once with node:crypto.
  it.each([
    ['A'.repeat(43), 'guest:x2ObF6Id1Rvm4KuPktq2we'],
    ['AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', 'guest:fAGQPtUyXumHYbqB6BBdW-'],
  ])('the secret %s gives the id %s', (secret, id) => {
    expect(guestIdOf(secret)).toBe(id);
  });

  it('an identity that another tab changed is read again, unless it is broken', () => {
    const facts = memoryFacts();
    expect(storedIdentity(facts)).toBeNull();
    const first = loadIdentity(facts, fill, () => 0);
    keepIdentity(facts, { ...first, name: 'Anna', isSuggested: false });
    expect(storedIdentity(facts)).toEqual({ ...first, name: 'Anna', isSuggested: false });
    facts.write(IDENTITY_KEY, { ...first, name: '' });
    expect(storedIdentity(facts)).toBeNull();
  });

  it('an identity is made anew when the stored one is broken', () => {
    const facts = memoryFacts();
    for (const broken of [
      null,
      7,
      {},
      { secret: 'A'.repeat(43), name: '', isSuggested: false },
      { secret: 'A'.repeat(43), name: 'a\u202eb', isSuggested: true },
      { secret: 'A'.repeat(43), name: 'Ana', isSuggested: 1 },
    ]) {
      facts.write(IDENTITY_KEY, broken);
      expect(loadIdentity(facts, fill, () => 0).name).toBe(suggestName(() => 0));
    }
  });

  it('an identity of an earlier version keeps its name and gets a secret', () => {
    const facts = memoryFacts();
    for (const secret of [undefined, 'short', 7]) {
      facts.write(IDENTITY_KEY, { id: 'abcdefgh', name: 'Ana', isSuggested: false, secret });
      const upgraded = loadIdentity(facts, fill, () => 0);
      expect(upgraded).toMatchObject({ name: 'Ana', isSuggested: false, id: guestIdOf(upgraded.secret) });
      expect(loadIdentity(facts, fill, () => 0)).toEqual(upgraded);
    }
  });

  it('names are cleaned: one line, no overrides, no split emoji, bounded', () => {
    expect(cleanName('  Ana\n Lima ')).toBe('Ana Lima');
    expect(cleanName('Ben\u202enimda')).toBe('Bennimda');
    expect(cleanName('Ana\u200b\u2060')).toBe('Ana');
    expect(cleanName('\u200b\u3164')).toBe('');
    expect(cleanName('\u0000\t')).toBe('');
    const long = cleanName('x'.repeat(NAME_MAX - 1) + '😀😀');
    expect(long).toBe('x'.repeat(NAME_MAX - 1));
  });
});
