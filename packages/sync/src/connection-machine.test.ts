import { errors } from '@wetink/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BACKOFF_BASE_MS,
  BACKOFF_CAP_MS,
  backoffMs,
  GREETING_TIMEOUT_MS,
  transition,
  type ConnectionEvent,
  type ConnectionState,
} from './connection-machine.ts';
import { nextTryAfterClose, nextTryAfterToken } from './connection.ts';

const lost = { code: 'CONNECTION_LOST', reason: '' } as const;
const retry: ConnectionEvent = { type: 'lost', nextTry: { kind: 'retry', cause: lost, afterMs: null } };
const events: readonly ConnectionEvent[] = [
  { type: 'start' },
  { type: 'stop' },
  { type: 'opened' },
  { type: 'hello' },
  { type: 'base' },
  { type: 'welcome' },
  { type: 'synced' },
  retry,
  { type: 'lost', nextTry: { kind: 'retry', cause: lost, afterMs: 3_000 } },
  { type: 'lost', nextTry: { kind: 'reauth', cause: { code: 'UNAUTHENTICATED', reason: '' } } },
  { type: 'lost', nextTry: { kind: 'never', cause: { code: 'FORBIDDEN', reason: '' } } },
  { type: 'timeout' },
  { type: 'wake' },
  { type: 'close' },
];

/** Follows events and returns the last state and every effect. */
function walk(...steps: readonly (ConnectionEvent | ConnectionEvent['type'])[]): { state: ConnectionState; effects: string[] } {
  let state: ConnectionState = { name: 'idle' };
  const effects: string[] = [];
  for (const step of steps) {
    const event = typeof step === 'string' ? events.find((known) => known.type === step) : step;
    if (event === undefined) throw new RangeError('unknown event');
    const next = transition(state, event, 0.5);
    state = next.state;
    effects.push(...next.effects.map((effect) => effect.type));
  }
  return { state, effects };
}

describe('the table', () => {
  it.each([
    ['a relay', ['start', 'opened', 'hello', 'welcome', 'synced'], { name: 'synced', isExtension: true }],
    ['a stock server', ['start', 'opened', 'base', 'synced'], { name: 'synced', isExtension: false }],
    ['silence for 2 s', ['start', 'opened', 'timeout'], { name: 'syncing', isExtension: false }],
    ['a hello after the 2 s', ['start', 'opened', 'timeout', 'hello'], { name: 'authenticating' }],
    ['no handshake', ['start', 'timeout'], { name: 'waiting', tries: { failures: 1 } }],
    ['no welcome', ['start', 'opened', 'hello', 'timeout'], { name: 'waiting', tries: { failures: 1 } }],
    ['waking early', ['start', 'lost', 'wake'], { name: 'connecting', tries: { failures: 1 } }],
    ['losing the lead', ['start', 'opened', 'base', 'synced', 'stop'], { name: 'idle' }],
    ['closing at any time', ['start', 'opened', 'close', 'start', 'wake'], { name: 'closed' }],
  ] as const)('[L1] %s', (_title, steps, expected) => {
    expect(walk(...steps).state).toMatchObject(expected);
  });

  it('[L2] greets for 2 s, authenticates before anything else is sent', () => {
    expect(
      transition({ name: 'connecting', tries: { failures: 0, hasReauthed: false, cause: null } }, { type: 'opened' }, 0).effects,
    ).toEqual([{ type: 'set-timer', delayMs: GREETING_TIMEOUT_MS }]);
    expect(walk('start', 'opened', 'hello', 'welcome').effects).toEqual([
      'open-socket',
      'set-timer',
      'set-timer',
      'authenticate',
      'set-timer',
      'clear-timer',
      'begin-sync',
    ]);
  });

  it('[L3] only a sync forgets failures; being accepted does not', () => {
    expect(walk('start', 'lost', 'timeout', 'opened', 'hello', 'welcome', 'lost').state).toMatchObject({ tries: { failures: 2 } });
    expect(walk('start', 'lost', 'timeout', 'opened', 'hello', 'welcome', 'synced', 'lost').state).toMatchObject({
      tries: { failures: 1 },
    });
  });

  it('[L4] a fresh token is tried once, then it is an error; a sync earns another try', () => {
    const reauth: ConnectionEvent = { type: 'lost', nextTry: { kind: 'reauth', cause: { code: 'UNAUTHENTICATED', reason: '' } } };
    expect(walk('start', 'opened', 'hello', reauth).state.name).toBe('waiting');
    expect(walk('start', 'opened', 'hello', reauth, 'timeout', 'opened', 'hello', reauth).state).toEqual({
      name: 'failed',
      cause: { code: 'UNAUTHENTICATED', reason: '' },
    });
    expect(walk('start', 'opened', 'hello', reauth, 'timeout', 'opened', 'hello', 'welcome', 'synced', reauth).state.name).toBe('waiting');
  });

  it('[L4] a relay that names a time is not woken earlier', () => {
    const hinted: ConnectionEvent = { type: 'lost', nextTry: { kind: 'retry', cause: lost, afterMs: 3_000 } };
    expect(walk('start', hinted).state).toMatchObject({ name: 'waiting', delayMs: 3_000 });
    expect(walk('start', hinted, 'wake').state.name).toBe('waiting');
    expect(walk('start', hinted, 'timeout').state.name).toBe('connecting');
  });

  it('[L1] any events in any order: one socket at most, and nothing after the end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...events), fc.double({ min: 0, max: 0.999, noNaN: true })), { maxLength: 60 }),
        (steps) => {
          let state: ConnectionState = { name: 'idle' };
          let hasSocket = false;
          for (const [event, chance] of steps) {
            const wasClosed = state.name === 'closed';
            const next = transition(state, event, chance);
            for (const effect of next.effects) {
              if (effect.type === 'open-socket') {
                expect(hasSocket).toBe(false);
                hasSocket = true;
              }
              if (effect.type === 'drop-socket') hasSocket = false;
            }
            state = next.state;
            if (wasClosed) expect(next).toEqual({ state: { name: 'closed' }, effects: [] });
            expect(hasSocket).toBe(['connecting', 'greeting', 'authenticating', 'syncing', 'synced'].includes(state.name));
            if (state.name === 'waiting') expect(state.delayMs).toBeLessThanOrEqual(BACKOFF_CAP_MS);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

it('[L3] the backoff is full jitter: from 0 to 500 ms doubled per failure, at most 15 s', () => {
  expect(backoffMs(0, 0)).toBe(0);
  expect(backoffMs(0, 1)).toBe(BACKOFF_BASE_MS);
  expect(backoffMs(3, 1)).toBe(4_000);
  expect(backoffMs(1_000_000, 1)).toBe(BACKOFF_CAP_MS);
});

describe('[L4] close codes', () => {
  const because = (code: string) => ({ cause: { code, reason: '' } });
  it.each([
    [4403, { kind: 'never', ...because('FORBIDDEN') }],
    [4498, { kind: 'never', ...because('REFUSED') }],
    [4401, { kind: 'reauth', ...because('UNAUTHENTICATED') }],
    [1006, { kind: 'retry', afterMs: null, ...because('CONNECTION_LOST') }],
    [1011, { kind: 'retry', afterMs: null, ...because('INTERNAL') }],
    [1012, { kind: 'retry', afterMs: null, ...because('SHUTDOWN') }],
    [1013, { kind: 'retry', afterMs: null, ...because('SLOW_READER') }],
    [4503, { kind: 'retry', afterMs: null, ...because('OVERLOADED') }],
    [4510, { kind: 'retry', afterMs: null, ...because('ROOM_FULL') }],
    [4598, { kind: 'retry', afterMs: null, ...because('UNAVAILABLE') }],
    [1009, { kind: 'never', ...because('TOO_LARGE') }],
  ] as const)('%d', (code, nextTry) => expect(nextTryAfterClose(code, '', null)).toEqual(nextTry));

  it('a notice about this very failure names the time, another does not', () => {
    expect(nextTryAfterClose(errors.OVERLOADED.close, '', { code: 'OVERLOADED', afterMs: 7_000 })).toMatchObject({ afterMs: 7_000 });
    expect(nextTryAfterClose(1006, '', { code: 'OVERLOADED', afterMs: 7_000 })).toMatchObject({ afterMs: null });
  });

  it('T1: the word that a close reason begins with is passed on', () => {
    expect(nextTryAfterClose(4403, 'suspended: You do not have access to this board.', null)).toEqual({
      kind: 'never',
      cause: { code: 'FORBIDDEN', reason: 'suspended' },
    });
    expect(nextTryAfterClose(4403, 'You do not: have access.', null)).toMatchObject({ cause: { reason: '' } });
  });

  it('T1: a `getToken` that rejects says why, when, and whether it is tried again; else it is TOKEN_FAILED', () => {
    const quota = Object.assign(new Error('too many boards'), { code: 'RATE_LIMITED', reason: 'user_boards', retryAfterMs: 60_000 });
    expect(nextTryAfterToken(quota)).toEqual({ kind: 'retry', cause: { code: 'RATE_LIMITED', reason: 'user_boards' }, afterMs: 60_000 });
    expect(nextTryAfterToken({ code: 'FORBIDDEN' })).toEqual({ kind: 'never', ...because('FORBIDDEN') });
    for (const other of [new Error('x'), { code: 'ENOENT' }, { code: 'constructor' }, null, 'x', undefined])
      expect(nextTryAfterToken(other)).toEqual({ kind: 'retry', afterMs: null, ...because('TOKEN_FAILED') });
  });
});
