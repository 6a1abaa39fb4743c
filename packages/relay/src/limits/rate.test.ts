import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultLimits } from './limits.ts';
import { silentLogger } from '../ports/logger.ts';
import { virtualTime } from '../testing/virtual-time.ts';
import { AddressGate, ADDRESS_RETRY_MS } from './address-gate.ts';
import { createMemoryKeyWindow } from './key-window.ts';
import { UserCounts, UserPlace } from './open-counts.ts';
import { PacedReading } from './paced-reading.ts';
import { StatePace } from './state-pace.ts';

describe('connects of an address', () => {
  // The library takes no clock.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('[LI2] connects: the limit passes, one more gets the time to wait, and after that one passes again', async () => {
    const window = createMemoryKeyWindow(3, 60_000);
    expect([await window.take('a'), await window.take('a'), await window.take('a')]).toEqual([0, 0, 0]);
    vi.advanceTimersByTime(20_000);
    expect(await window.take('a')).toBe(40_000);
    expect(await window.take('b')).toBe(0);
    vi.advanceTimersByTime(40_000);
    expect(await window.take('a')).toBe(0);
  });
});

describe('open sockets of an address', () => {
  const never = { take: () => Promise.resolve(0) };

  it('[LI2] open sockets: the limit is accepted, one more is not, and a closed one makes room', async () => {
    const gate = new AddressGate({ maxConnectionsPerAddress: 2 }, never, silentLogger);
    const sockets = Array.from({ length: 4 }, () => new EventEmitter());
    const [first, second, third, fourth] = sockets as [EventEmitter, EventEmitter, EventEmitter, EventEmitter];
    expect([await gate.enter('a', first), await gate.enter('a', second)]).toEqual([null, null]);
    expect(await gate.enter('a', third)).toEqual({ limit: 'address_connections', retryAfterMs: ADDRESS_RETRY_MS });
    expect(await gate.enter('b', new EventEmitter())).toBeNull();
    third.emit('close');
    first.emit('close');
    expect(await gate.enter('a', fourth)).toBeNull();
    for (const socket of [second, fourth]) socket.emit('close');
    expect(gate.size).toBe(1);
  });

  it('[LI2] a failing counter refuses no client', async () => {
    const gate = new AddressGate(defaultLimits, { take: () => Promise.reject(new Error('away')) }, silentLogger);
    expect(await gate.enter('a', new EventEmitter())).toBeNull();
  });
});

describe('connections and rooms of a user', () => {
  it('[LI4] connections and rooms are accepted up to their limit, users without an id are not counted, and all counts are given back', () => {
    const counts = new UserCounts({ maxConnectionsPerUser: 3, maxRoomsPerUser: 2 });
    const places = ['x', 'y', 'z', 'x', 'x'].map((room) => new UserPlace(counts, room));
    expect(places.map((place) => place.take('ana'))).toEqual([null, null, 'user_rooms', null, 'user_connections']);
    expect(places[0]?.take('ana')).toBeNull();
    expect(new UserPlace(counts, 'q').take('')).toBeNull();
    expect(new UserPlace(counts, 'z').take('ben')).toBeNull();
    // Another user's token on the same connection.
    expect(places[0]?.take('cleo')).toBeNull();
    expect(places[4]?.take('ana')).toBeNull();
    for (const place of [...places, ...places]) place.leave();
    expect(counts.size).toBe(1);
  });
});

describe('the pace of a connection', () => {
  const limits = { ...defaultLimits, maxMessages: 10, maxReceivedBytes: 1_000, maxAnsweredBytes: 1_000, maxWorkMs: 100 };

  function read() {
    const time = virtualTime();
    const log: string[] = [];
    const socket = { pause: () => log.push('pause'), resume: () => log.push('resume') };
    const reading = new PacedReading(socket, limits, time, {
      onSlowed: (limit, waitMs) => log.push(`${limit} ${Math.ceil(waitMs)}`),
      onReading: () => log.push('reading'),
    });
    return { time, log, reading };
  }

  it.each([
    ['messages', [10, 0, 0], [1, 0, 0], 10_910],
    ['bytes', [1, 1_000, 0], [1, 1, 0], 60_060],
    ['work', [1, 10, 100], [1, 10, 1], 60_595],
  ] as const)(
    '[LI3] %s: a connection at the limit is read, one above it waits, then it is read again',
    async (limit, at, above, waitMs) => {
      const { time, log, reading } = read();
      await time.advance(0);
      reading.handled(at[0], at[1], -at[2]);
      expect(log).toEqual([]);
      reading.handled(above[0], above[1], -above[2]);
      expect(log).toEqual(['pause', `${limit} ${waitMs}`]);
      await time.advance(waitMs - 2);
      expect(reading.isPaused).toBe(true);
      await time.advance(2);
      expect(log.slice(2)).toEqual(['reading', 'resume']);
    },
  );

  it('[LI3] documents on request: at the limit a connection is read, one byte above it waits, then it is read again', async () => {
    const { time, log, reading } = read();
    reading.answered(1_000);
    expect(log).toEqual([]);
    reading.answered(1);
    reading.handled(1, 1, 0);
    expect(log).toEqual(['pause', 'answers 60060']);
    await time.advance(60_060);
    expect(log.slice(2)).toEqual(['reading', 'resume']);
  });

  it('[LI3] bytes that the socket had read already count, and make the wait longer', async () => {
    const { time, log, reading } = read();
    reading.handled(11, 0, 0);
    reading.handled(11, 0, 0);
    await time.advance(10_910);
    expect(reading.isPaused).toBe(true);
    await time.advance(5_000);
    expect(log).toEqual(['pause', 'messages 10910', 'reading', 'resume']);
  });

  it('[LI3] the room and the pace pause a connection independently; a closed connection is not paused', async () => {
    const { time, log, reading } = read();
    reading.handled(11, 0, 0);
    reading.hold();
    await time.advance(20_000);
    expect(reading.isPaused).toBe(true);
    reading.release();
    expect(log.slice(-2)).toEqual(['reading', 'resume']);
    reading.handled(60, 0, time.now());
    reading.close();
    reading.close();
    expect(log.at(-1)).toBe('resume');
    const said = log.length;
    await time.advance(60_000);
    expect(log).toHaveLength(said);
  });
});

describe('the pace of presence', () => {
  const state = (clientId: number, clock: number, text = '{}') => ({ clientId, clock, state: text });

  function paced(maxStates: number) {
    const time = virtualTime();
    const log: string[] = [];
    const pace = new StatePace({ maxStates, maxIdsPerConnection: 3 }, time, {
      onTurn: (entries) => log.push(`${time.now()} ${entries.map(({ clientId, clock }) => `${clientId}:${clock}`).join(' ')}`),
      onLimited: () => log.push(`${time.now()} limited`),
    });
    const come = (...entries: ReturnType<typeof state>[]): boolean => {
      const passes = pace.mayPass();
      if (!passes) pace.keep(entries);
      return passes;
    };
    return { time, log, pace, come };
  }

  it('[LI7] states up to the limit pass; above it the newest of each id waits for its turn', async () => {
    const { time, log, come } = paced(10);
    for (let clock = 1; clock <= 10; clock++) expect(come(state(1, clock))).toBe(true);
    expect(log).toEqual([]);
    expect(come(state(1, 11))).toBe(false);
    come(state(1, 12), state(2, 1));
    come(state(1, 13));
    // Late or repeated states: not newer.
    come(state(1, 12));
    await time.advance(99);
    expect(log).toEqual(['0 limited']);
    await time.advance(1);
    expect(log.slice(1)).toEqual(['100 1:13 2:1']);
    await time.advance(100);
    expect(come(state(1, 14))).toBe(true);
  });

  it('[LI7] states that come while others wait stay behind them, and a removal replaces the waiting state', async () => {
    const { time, log, pace, come } = paced(1);
    come(state(1, 1));
    come(state(1, 2));
    await time.advance(990);
    expect(come(state(2, 1))).toBe(false);
    come(state(1, 2, 'null'));
    expect(pace.heldBytes).toBe(12);
    await time.advance(10);
    expect(log).toEqual(['0 limited', '1000 1:2 2:1']);
    expect(pace.heldBytes).toBe(0);
  });

  it('[LI7] while a turn is due and not taken yet, no later state passes', async () => {
    const { time, log, come } = paced(60);
    for (let clock = 1; clock <= 61; clock++) come(state(1, clock));
    // Timers have whole milliseconds.
    await time.advance(16.9);
    expect(come(state(1, 62))).toBe(false);
    await time.advance(1);
    expect(log).toEqual(['0 limited', '17 1:62']);
  });

  it('[LI7] a connection that sends ten times too much gets even turns, and is reported once in 10 s', async () => {
    const { time, log, come } = paced(20);
    for (let clock = 1; clock <= 2_000; clock++) {
      come(state(1, clock));
      await time.advance(5);
    }
    const turns = log.filter((line) => !line.endsWith('limited'));
    expect(log).toHaveLength(turns.length + 1);
    expect(turns.length).toBeGreaterThan(180);
    expect(turns.length).toBeLessThanOrEqual(201);
  });

  it('[LI7] waiting states are bounded, and gone when the connection is', async () => {
    const { time, log, pace, come } = paced(1);
    come(state(0, 1));
    come(...Array.from({ length: 1_000 }, (_, clientId) => state(clientId, 1)));
    await time.advance(1_000);
    expect(log).toEqual(['0 limited', '1000 0:1 1:1 2:1 3:1']);
    come(state(1, 2));
    come(state(1, 3));
    pace.close();
    pace.keep([state(1, 4)]);
    await time.advance(10_000);
    expect([log.length, pace.heldBytes]).toEqual([2, 0]);
  });
});
