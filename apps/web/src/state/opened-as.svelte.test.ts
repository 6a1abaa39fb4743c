import { expect, it } from 'vitest';
import { createKeyValue } from '../core/key-value.ts';
import { Me } from './me.svelte.ts';
import { openedAs } from './opened-as.svelte.ts';

it('a board stays open while its person is signed out, and is opened anew for another person', () => {
  const me = new Me(createKeyValue(() => ({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined })));
  const account = $state<{ signIn: { url: null } | null }>({ signIn: null });
  const user = (id: string): void => {
    account.signIn = null;
    me.become({ id, name: '', picture: null });
  };
  const signOut = (): void => {
    account.signIn = { url: null };
    me.become(null);
  };
  const stop = $effect.root(() => {
    const id = openedAs({ me, account });
    expect(id()).toBe(me.guest.id);
    user('ana');
    expect(id()).toBe('ana');
    signOut();
    expect([id(), me.id]).toEqual(['ana', me.guest.id]);
    user('ana');
    expect(id()).toBe('ana');
    signOut();
    user('ben');
    expect(id()).toBe('ben');
    // The relay has guests now.
    me.become(null);
    expect(id()).toBe(me.guest.id);
  });
  stop();
});
