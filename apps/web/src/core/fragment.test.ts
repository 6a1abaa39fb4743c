import { describe, expect, it } from 'vitest';
import type { BoardId } from './board-id.ts';
import { linkAddress, messageHash, notificationHash, readFragment, takeMessage, takeNotification, withoutLink } from './fragment.ts';

const key = 'AAECAwQFBgc.x2ObF6Id1Rvm4KuPktq2we';

describe('the fragment of an address', () => {
  it('a fragment has a link, and the flag for tests', () => {
    expect(readFragment(`#k=${key}`)).toEqual({ linkKey: key, isDebug: false });
    expect(readFragment(`#debug&k=${key}`)).toEqual({ linkKey: key, isDebug: true });
    expect(readFragment('')).toEqual({ linkKey: null, isDebug: false });
    expect(readFragment('#k=')).toEqual({ linkKey: null, isDebug: false });
    for (const broken of ['k=a.b', `k=${key}!`, `k=${key}.${key}`, 'k=../../v1', 'k=%00.aaaaaaaaaaaaaaaaaaaaaa'])
      expect(readFragment(broken).linkKey).toBeNull();
  });

  it('a link is removed from the address, readable or not', () => {
    expect(withoutLink(`#k=${key}`)).toBe('');
    expect(withoutLink(`#k=${key}&debug`)).toBe('#debug');
    expect(withoutLink('#k=broken')).toBe('');
    expect(withoutLink('')).toBe('');
  });

  it('a fragment is read back as it was written', () => {
    const address = linkAddress('https://ink.example', 'abcdefgh' as BoardId, key);
    expect(address).toBe(`https://ink.example/b/abcdefgh#k=${key}`);
    expect(readFragment(new URL(address).hash).linkKey).toBe(key);
  });

  it('a message is taken from the address, and the rest stays', () => {
    expect(messageHash('s0 &1')).toBe('#m=s0%20%261');
    expect(takeMessage(messageHash('s0 &1'))).toEqual({ messageId: 's0 &1', hash: '' });
    expect(takeMessage('#debug&m=s0.1')).toEqual({ messageId: 's0.1', hash: '#debug' });
    expect(takeMessage('#debug')).toEqual({ messageId: null, hash: '#debug' });
    expect(takeMessage('#m=%')).toEqual({ messageId: null, hash: '' });
    expect(messageHash('')).toBe('');
  });

  it('a notification is taken from the address, and the rest stays', () => {
    expect(takeNotification(notificationHash('s0 &1'))).toEqual({ notificationId: 's0 &1', hash: '' });
    expect(takeNotification('#debug&n=a&m=b')).toEqual({ notificationId: 'a', hash: '#debug&m=b' });
    expect([notificationHash(''), takeNotification('#m=b').notificationId, takeNotification('#n=%E0').notificationId]).toEqual([
      '',
      null,
      null,
    ]);
  });
});
