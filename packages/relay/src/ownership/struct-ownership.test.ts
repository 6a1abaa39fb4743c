/** The updates that are applied, held or refused, for every kind of owner and answer. */

import { describe, expect, it } from 'vitest';
import type { PresencePeer } from '../presence/presence.ts';
import { judge, type Word } from './struct-ownership.ts';

const peer = (id: number, userId = '', node?: string): PresencePeer => ({
  id,
  userId,
  ownClientId: null,
  ...(node === undefined ? {} : { node }),
});

const sender = peer(1, 'ana');
const clocks = [{ client: 77, from: 5, to: 10 }];

function decide(owner: PresencePeer | null, options: { has?: number; word?: Partial<Word>; by?: PresencePeer } = {}) {
  const word: Word | null = options.word === undefined ? null : { clock: 0, isFinal: false, isAbsent: false, ...options.word };
  return judge(clocks, options.by ?? sender, { clockOf: () => options.has ?? 5, ownerOf: () => owner, wordOf: () => word });
}

const applied = { kind: 'apply', brought: null };

describe('whose structs they are', () => {
  it('[OW4] structs of an id without an owner here are applied', () => {
    expect(decide(null)).toEqual(applied);
  });

  it('[OW1] structs that the document has are applied, even those of another owner', () => {
    expect(decide(peer(2, 'ben'), { has: 10 })).toEqual(applied);
    expect(decide(peer(2, 'ben'), { has: 9 }).kind).toBe('hold');
  });

  it('[OW6] structs of the sender, or of another connection of its user, are applied', () => {
    expect(decide(sender)).toEqual(applied);
    expect(decide(peer(2, 'ana'))).toEqual(applied);
  });

  it('[OW6] without user ids, structs of a sender that introduced the id too are applied', () => {
    const also = { ...peer(1), ownClientId: 77 };
    expect(decide(peer(2), { by: also })).toEqual(applied);
    expect(decide(peer(2, 'ben'), { by: also }).kind).toBe('hold');
    expect(decide(peer(2, 'ben'), { by: { ...sender, ownClientId: 77 } }).kind).toBe('hold');
  });

  it('[OW6] without user ids, structs of another connection are held', () => {
    const owner = peer(2);
    expect(decide(owner, { by: peer(1) })).toEqual({ kind: 'hold', claims: [{ client: 77, owner }] });
    expect(decide(owner, { by: owner })).toEqual(applied);
  });
});

describe('what the owner says', () => {
  const owner = peer(2, 'ben');

  it('[OW1] before the owner has answered, structs are held and the owner is asked', () => {
    expect(decide(owner)).toEqual({ kind: 'hold', claims: [{ client: 77, owner }] });
    expect(decide(owner, { word: { clock: 9 } }).kind).toBe('hold');
  });

  it('[OW2] when the owner has made them, structs are applied, except those it brings itself', () => {
    for (const isFinal of [false, true])
      expect(decide(owner, { word: { clock: 10, isFinal } })).toEqual({ kind: 'apply', brought: new Map([[77, 10]]) });
  });

  it('[OW2] when the owner has not made them, structs are refused', () => {
    expect(decide(owner, { word: { clock: 9, isFinal: true } })).toEqual({ kind: 'refuse', client: 77 });
  });

  it('[OW4] when the owner turns out to be absent, structs are applied', () => {
    expect(decide(owner, { word: { isAbsent: true } })).toEqual(applied);
  });

  it('[OW2] an update with structs of several owners is refused if one of them has not made its own', () => {
    const words = new Map([
      [77, { clock: 10, isFinal: true, isAbsent: false }],
      [78, { clock: 0, isFinal: true, isAbsent: false }],
    ]);
    const both = [...clocks, { client: 78, from: 0, to: 1 }, { client: 79, from: 0, to: 1 }];
    const facts = { clockOf: () => 0, ownerOf: () => owner, wordOf: (client: number) => words.get(client) ?? null };
    expect(judge(both, sender, facts)).toEqual({ kind: 'refuse', client: 78 });
  });
});
