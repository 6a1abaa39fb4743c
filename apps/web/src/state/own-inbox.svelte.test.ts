import { expect, it } from 'vitest';
import { inboxOwner, keepDevice } from './own-inbox.svelte.ts';

it('the device is kept for the person of the inbox, and for nobody after signing out; before the relay is known, nothing is given up', () => {
  const kept: (string | null)[] = [];
  const device = { keepFor: (userId: string | null) => Promise.resolve(void kept.push(userId)) };
  const guest = { id: 'guest:a' } as never;
  const page = (auth: 'none' | 'guests' | 'tokens' | null, id: string): void =>
    keepDevice(auth, inboxOwner({ account: { auth }, me: { id, guest } }), device);
  page(null, 'guest:a');
  expect(kept).toEqual([]);
  page('tokens', 'ana');
  page('tokens', 'guest:a');
  page('tokens', 'ben');
  page('guests', 'guest:a');
  page('none', 'guest:a');
  expect(kept).toEqual(['ana', null, 'ben', 'guest:a', null]);
});
