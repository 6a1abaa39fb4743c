import { decodeAwareness, encodeAwareness } from '@wetink/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { environmentOf } from './environment.ts';
import { createClock } from './fixtures/clock.ts';
import { FORGET_AFTER_RENEWALS, Presence, RENEW_MS } from './presence.ts';

const made: Presence[] = [];
afterEach(() => {
  made.splice(0).forEach((presence) => presence.close());
  vi.useRealTimers();
});

function setup() {
  const clock = createClock();
  const sent: Uint8Array[] = [];
  const line = { isClear: true };
  const spokenFor = new Set<number>();
  const page = { isVisible: true, isWatched: false };
  const toTabs = vi.fn();
  const presence = new Presence({
    awareness: new Awareness(new Y.Doc()),
    environment: { ...environmentOf(clock), page: { ...environmentOf().page, isVisible: () => page.isVisible } },
    neighbours: () => spokenFor,
    spokenFor: () => spokenFor,
    toRelay: (body) => {
      if (line.isClear) sent.push(body);
      return line.isClear;
    },
    isWatched: () => page.isWatched,
    toTabs,
  });
  made.push(presence);
  return { clock, sent, line, page, toTabs, spokenFor, presence, awareness: presence.awareness };
}

describe('presence', () => {
  it('[A2] a cursor that moves 1,000 times a second is sent 30 times, the newest place each time', () => {
    const { clock, sent, awareness } = setup();
    for (let i = 0; i < 1_000; i++) {
      awareness.setLocalState({ x: i });
      clock.advance(1);
    }
    clock.advance(100);
    expect(sent.length).toBeGreaterThanOrEqual(29);
    expect(sent.length).toBeLessThanOrEqual(32);
    expect(decodeAwareness(sent.at(-1) ?? new Uint8Array())).toMatchObject([{ state: '{"x":999}' }]);
  });

  it.each([
    [1, 30],
    [20, 30],
    [30, 20],
    [60, 10],
    [500, 5],
  ])('[A2] among %d clients a cursor that moves all the time is sent %d times a second, the newest place last', (clients, hz) => {
    const { clock, sent, presence, awareness } = setup();
    const others = Array.from({ length: clients - 1 }, (_, i) => ({ clientId: 1_000 + i, clock: 1, state: '{"a":1}' }));
    presence.receive(encodeAwareness(others), 'relay');
    awareness.setLocalState({ x: -1 });
    clock.advance(1_000);
    sent.length = 0;
    for (let i = 0; i < 1_000; i++) {
      awareness.setLocalState({ x: i });
      clock.advance(1);
    }
    clock.advance(200);
    expect(sent.length).toBeGreaterThanOrEqual(hz - 1);
    expect(sent.length).toBeLessThanOrEqual(hz + 2);
    expect(decodeAwareness(sent.at(-1) ?? new Uint8Array())).toMatchObject([{ state: '{"x":999}' }]);
  });

  it('[A3] states of others are never sent back, those of our tabs are', () => {
    const { clock, sent, spokenFor, presence, awareness } = setup();
    clock.advance(1_000);
    sent.length = 0;
    presence.receive(encodeAwareness([{ clientId: 5, clock: 1, state: '{"a":1}' }]), 'relay');
    clock.advance(1_000);
    expect(sent).toEqual([]);
    spokenFor.add(6);
    presence.receive(encodeAwareness([{ clientId: 6, clock: 1, state: '{"b":1}' }]), 'tabs');
    clock.advance(1_000);
    expect(sent.map((body) => decodeAwareness(body))).toEqual([[{ clientId: 6, clock: 1, state: '{"b":1}' }]]);
    expect(awareness.getStates().get(5)).toEqual({ a: 1 });
  });

  it('[A4] an unchanged state is renewed well within the 30 s after which servers forget it', () => {
    const { clock, sent, awareness } = setup();
    awareness.setLocalState({ name: 'Ana' });
    clock.advance(100);
    sent.length = 0;
    clock.advance(60_000);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(RENEW_MS).toBeLessThan(15_000);
  });

  it('[A4] over a relay that says who leaves, a hidden page renews to its tabs only, and to all once it is seen', () => {
    const { clock, sent, page, toTabs, presence, awareness } = setup();
    awareness.setLocalState({ name: 'Ana' });
    clock.advance(100);
    Object.assign(page, { isVisible: false, isWatched: true });
    sent.length = 0;
    toTabs.mockClear();
    clock.advance(10 * RENEW_MS);
    expect(sent).toEqual([]);
    expect(toTabs).toHaveBeenCalledTimes(10);
    awareness.setLocalState({ name: 'Ana', isAway: true });
    presence.repeat();
    clock.advance(100);
    expect(sent.map((body) => decodeAwareness(body)[0]?.state)).toEqual(['{"name":"Ana","isAway":true}', '{"name":"Ana","isAway":true}']);
    page.isVisible = true;
    clock.advance(2 * RENEW_MS);
    expect(sent).toHaveLength(4);
  });

  it('[A4] a hidden page whose server may not say who leaves goes on renewing', () => {
    const { clock, sent, page } = setup();
    page.isVisible = false;
    clock.advance(100);
    sent.length = 0;
    clock.advance(3 * RENEW_MS);
    expect(sent).toHaveLength(3);
  });

  it('[A4] the renewals of our tabs go out with ours, and not from a hidden page', () => {
    const { clock, sent, page, spokenFor, presence } = setup();
    spokenFor.add(6);
    const hear = (at: number): boolean => presence.receive(encodeAwareness([{ clientId: 6, clock: at, state: '{"b":1}' }]), 'tabs');
    hear(1);
    clock.advance(100);
    sent.length = 0;
    hear(2);
    clock.advance(RENEW_MS);
    expect(sent.flatMap((body) => decodeAwareness(body))).toContainEqual({ clientId: 6, clock: 2, state: '{"b":1}' });
    Object.assign(page, { isVisible: false, isWatched: true });
    sent.length = 0;
    hear(3);
    clock.advance(3 * RENEW_MS);
    expect(sent).toEqual([]);
  });

  it('[A5] a claim that we have left is answered with a higher clock', () => {
    const { clock, sent, presence, awareness } = setup();
    awareness.setLocalState({ name: 'Ana' });
    clock.advance(100);
    sent.length = 0;
    presence.receive(encodeAwareness([{ clientId: awareness.clientID, clock: 50, state: 'null' }]), 'relay');
    clock.advance(100);
    expect(decodeAwareness(sent[0] ?? new Uint8Array())).toEqual([{ clientId: awareness.clientID, clock: 51, state: '{"name":"Ana"}' }]);
  });

  it('[A6] a state that is no JSON hides nobody', () => {
    const { presence, awareness } = setup();
    presence.receive(
      encodeAwareness([
        { clientId: 5, clock: 1, state: '{bad' },
        { clientId: 6, clock: 1, state: '{"ok":1}' },
      ]),
      'relay',
    );
    expect(awareness.getStates().get(6)).toEqual({ ok: 1 });
    expect(awareness.getStates().has(5)).toBe(false);
  });

  it('[A7] what a full line could not take is sent later, newest only', () => {
    const { clock, sent, line, awareness } = setup();
    line.isClear = false;
    awareness.setLocalState({ x: 1 });
    clock.advance(500);
    awareness.setLocalState({ x: 2 });
    line.isClear = true;
    clock.advance(500);
    expect(sent.map((body) => decodeAwareness(body)[0]?.state)).toEqual(['{"x":2}']);
  });

  it('[A8] when the link is lost, clients behind it are gone, and we and our tabs are not', () => {
    const { spokenFor, presence, awareness } = setup();
    awareness.setLocalState({ name: 'Ana' });
    spokenFor.add(6);
    presence.receive(
      encodeAwareness([
        { clientId: 5, clock: 1, state: '{}' },
        { clientId: 6, clock: 1, state: '{}' },
      ]),
      'relay',
    );
    presence.forgetRemote();
    expect([...awareness.getStates().keys()].sort()).toEqual([6, awareness.clientID].sort());
  });

  it('[A2] K8: a wall clock set back by an hour holds no cursor back, and no renewal', () => {
    const { clock, sent, awareness } = setup();
    awareness.setLocalState({ x: 1 });
    clock.advance(100);
    clock.setWallClock(-3_600_000);
    awareness.setLocalState({ x: 2 });
    clock.advance(100);
    expect(decodeAwareness(sent.at(-1) ?? new Uint8Array())).toMatchObject([{ state: '{"x":2}' }]);
    const before = sent.length;
    clock.advance(2 * RENEW_MS);
    expect(sent.length).toBeGreaterThan(before);
  });

  describe('silence and absence', () => {
    const hear = (presence: Presence, clientId: number, clock: number): boolean =>
      presence.receive(encodeAwareness([{ clientId, clock, state: '{}' }]), 'relay');

    /** Time of a person's last sign as y-protocols keeps it, by the wall clock. */
    const backdate = (awareness: Awareness, clientId: number, ms: number): void => {
      const meta = awareness.meta.get(clientId);
      if (meta !== undefined) meta.lastUpdated -= ms;
    };

    it('[A9] D3: a person on a page that is hidden for long, with one renewal a minute, stays here', () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const { clock, presence, awareness } = setup();
      for (let minute = 1; minute <= 10; minute++) {
        hear(presence, 5, minute);
        for (let s = 0; s < 60; s++) {
          clock.advance(1000);
          backdate(awareness, 5, 1000);
          vi.advanceTimersByTime(1000);
          expect(awareness.getStates().has(5)).toBe(true);
        }
      }
    });

    it('[A9] D3: a person whose client sends nothing more is gone after 90 s, and comes back with its next message', () => {
      const { clock, presence, awareness } = setup();
      hear(presence, 5, 1);
      clock.advance((FORGET_AFTER_RENEWALS - 1) * RENEW_MS);
      expect(awareness.getStates().has(5)).toBe(true);
      clock.advance(2 * RENEW_MS);
      expect(awareness.getStates().has(5)).toBe(false);
      hear(presence, 5, 7);
      expect(awareness.getStates().has(5)).toBe(true);
      clock.advance(60_000);
      expect(awareness.getStates().has(awareness.clientID)).toBe(true);
    });

    it('[A9] nobody behind a relay that says who leaves is gone for their silence, but a tab of this browser is', () => {
      const { clock, page, spokenFor, presence, awareness } = setup();
      page.isWatched = true;
      spokenFor.add(6);
      hear(presence, 5, 1);
      hear(presence, 6, 1);
      clock.advance(3 * FORGET_AFTER_RENEWALS * RENEW_MS);
      expect([...awareness.getStates().keys()].sort()).toEqual([5, awareness.clientID].sort());
      page.isWatched = false;
      clock.advance(RENEW_MS);
      expect(awareness.getStates().has(5)).toBe(false);
    });

    it('[A9] D3: a wall clock set forward by an hour makes nobody absent', () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const { presence, awareness } = setup();
      hear(presence, 5, 1);
      backdate(awareness, 5, 3_600_000);
      vi.advanceTimersByTime(10_000);
      expect(awareness.getStates().has(5)).toBe(true);
    });
  });
});
