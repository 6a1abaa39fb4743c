import { describe, expect, it } from 'vitest';
import { Presence, type PresencePeer } from './presence.ts';

const limits = { maxIdsPerConnection: 3, maxIdsPerRoom: 100 };
const peer = (id: number, ownClientId: number | null = null, userId = ''): PresencePeer => ({ id, ownClientId, userId });
const live = (clientId: number, clock: number, state = '{"n":1}') => ({ clientId, clock, state });
const gone = (clientId: number, clock: number) => ({ clientId, clock, state: 'null' });

describe('presence', () => {
  it('[RL30] a newer clock passes, an older or equal one does not', () => {
    const presence = new Presence(limits);
    const ana = peer(1, 10);
    expect(presence.receive(ana, [live(10, 1)]).changed).toEqual([10]);
    expect(presence.receive(ana, [live(10, 1, '{"n":2}')]).changed).toEqual([]);
    expect(presence.receive(ana, [live(10, 0)]).changed).toEqual([]);
    expect(presence.receive(ana, [live(10, 5, '{"n":5}')]).changed).toEqual([10]);
    expect(presence.entry(10)).toEqual(live(10, 5, '{"n":5}'));
  });

  it('[RL31] a stale entry is dropped before its state is parsed', () => {
    const presence = new Presence(limits);
    const ana = peer(1, 10);
    presence.receive(ana, [live(10, 5)]);
    expect(presence.receive(peer(2, 20), [live(10, 5, 'not json')]).changed).toEqual([]);
    expect(() => presence.receive(ana, [live(10, 6, 'not json')])).toThrowError(/MALFORMED/);
    expect(presence.entry(10).clock).toBe(5);
  });

  it('[RL32] an entry for an id that another connection owns is ignored', () => {
    const presence = new Presence(limits);
    presence.receive(peer(1, 10), [live(10, 1)]);
    const mallory = peer(2, 20);
    expect(presence.receive(mallory, [live(10, 99, '{"evil":1}'), gone(10, 100), live(20, 1)]).changed).toEqual([20]);
    expect(presence.entry(10)).toEqual(live(10, 1));
    presence.leave(mallory);
    expect(presence.all()).toEqual([live(10, 1)]);
  });

  it('[RL32] repeating all entries (as stock clients do) takes over no id', () => {
    const presence = new Presence(limits);
    const ana = peer(1, 10);
    const echo = peer(2, 20);
    presence.receive(ana, [live(10, 7)]);
    presence.receive(echo, [live(20, 1)]);
    expect(presence.receive(echo, [live(10, 7)]).changed).toEqual([]);
    expect(presence.leave(echo)).toEqual([20]);
    expect(presence.ownerOf(10)).toBe(ana);
  });

  it('[RL32] the newest connection that introduced an id owns it; the close of an older one removes nothing', () => {
    const presence = new Presence(limits);
    const old = peer(1, 10);
    const fresh = peer(2, 10);
    presence.receive(old, [live(10, 4)]);
    expect(presence.receive(fresh, [live(10, 4)]).changed).toEqual([]);
    expect(presence.leave(old)).toEqual([]);
    expect(presence.all()).toEqual([live(10, 4)]);
    expect(presence.leave(fresh)).toEqual([10]);
  });

  it('[RL32] an id of another user cannot be taken even by introducing it', () => {
    const presence = new Presence(limits);
    presence.receive(peer(1, 10, 'ana'), [live(10, 1)]);
    expect(presence.receive(peer(2, 10, 'mallory'), [live(10, 2)]).changed).toEqual([]);
    expect(presence.receive(peer(3, 10, 'ana'), [live(10, 2)]).changed).toEqual([10]);
  });

  it('[RL33] several tabs behind one socket: carried ids are kept, and move to a newer carrier with a higher clock', () => {
    const presence = new Presence(limits);
    const leader = peer(1, 10);
    const nextLeader = peer(2, 11);
    expect(presence.receive(leader, [live(10, 1), live(11, 1), live(12, 3)]).changed).toEqual([10, 11, 12]);
    expect(presence.receive(nextLeader, [live(11, 1), live(12, 3)]).changed).toEqual([]);
    expect(presence.ownerOf(11)).toBe(nextLeader);
    expect(presence.ownerOf(12)).toBe(leader);
    expect(presence.receive(nextLeader, [live(12, 4)]).changed).toEqual([12]);
    expect(presence.leave(leader)).toEqual([10]);
  });

  it('[RL34] a state at or below a removed clock is answered, to its sender alone', () => {
    const presence = new Presence(limits);
    const before = peer(1, 10);
    presence.receive(before, [live(10, 7)]);
    expect(presence.leave(before)).toEqual([10]);
    expect(presence.entry(10)).toEqual(gone(10, 7));
    const back = peer(2, 10);
    expect(presence.receive(back, [live(10, 7)])).toEqual({ changed: [], answer: [gone(10, 8)] });
    expect(presence.receive(back, [live(10, 9)]).changed).toEqual([10]);
  });

  it('[RL35] ids per connection and per room are bounded, removed ids too', () => {
    const presence = new Presence({ maxIdsPerConnection: 3, maxIdsPerRoom: 5 });
    const flood = peer(1, 0);
    expect(
      presence.receive(
        flood,
        Array.from({ length: 50 }, (_, id) => live(id, 1)),
      ).changed,
    ).toHaveLength(3);
    for (let id = 2; id < 200; id++) {
      presence.receive(peer(id, id * 10), [live(id * 10, 1)]);
      presence.leave(peer(id, id * 10));
    }
    expect(presence.size).toBeLessThanOrEqual(5);
  });
});
