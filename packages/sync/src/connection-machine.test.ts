import { errors } from '@wetink/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BACKOFF_BASE_MS,
  BACKOFF_CAP_MS,
  backoffMs,
  GREETING_TIMEOUT_MS,
  transition,
  type ConnectionEvent,
  type ConnectionState,
} from './connection-machine.ts';
import { verdictOf } from './connection.ts';

const retry: ConnectionEvent = { type: 'lost', verdict: { kind: 'retry', afterMs: null } };
const events: readonly ConnectionEvent[] = [
  { type: 'start' },
  { type: 'stop' },
  { type: 'opened' },
  { type: 'hello' },
  { type: 'base' },
  { type: 'welcome' },
  { type: 'synced' },
  retry,
  { type: 'lost', verdict: { kind: 'retry', afterMs: 3_000 } },
  { type: 'lost', verdict: { kind: 'reauth', code: 'UNAUTHENTICATED' } },
  { type: 'lost', verdict: { kind: 'never', code: 'FORBIDDEN' } },
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
  test.each([
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

  test('[L2] greets for 2 s, authenticates before anything else is sent', () => {
    expect(transition({ name: 'connecting', tries: { failures: 0, hasReauthed: false } }, { type: 'opened' }, 0).effects).toEqual([
      { type: 'set-timer', delayMs: GREETING_TIMEOUT_MS },
    ]);
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

  test('[L3] only a sync forgets failures; being accepted does not', () => {
    expect(walk('start', 'lost', 'timeout', 'opened', 'hello', 'welcome', 'lost').state).toMatchObject({ tries: { failures: 2 } });
    expect(walk('start', 'lost', 'timeout', 'opened', 'hello', 'welcome', 'synced', 'lost').state).toMatchObject({
      tries: { failures: 1 },
    });
  });

  test('[L4] a fresh token is tried once, then it is an error; a sync earns another try', () => {
    const reauth: ConnectionEvent = { type: 'lost', verdict: { kind: 'reauth', code: 'UNAUTHENTICATED' } };
    expect(walk('start', 'opened', 'hello', reauth).state.name).toBe('waiting');
    expect(walk('start', 'opened', 'hello', reauth, 'timeout', 'opened', 'hello', reauth).state).toEqual({
      name: 'failed',
      code: 'UNAUTHENTICATED',
    });
    expect(walk('start', 'opened', 'hello', reauth, 'timeout', 'opened', 'hello', 'welcome', 'synced', reauth).state.name).toBe('waiting');
  });

  test('[L4] a relay that names a time is not woken earlier', () => {
    const hinted: ConnectionEvent = { type: 'lost', verdict: { kind: 'retry', afterMs: 3_000 } };
    expect(walk('start', hinted).state).toMatchObject({ name: 'waiting', delayMs: 3_000 });
    expect(walk('start', hinted, 'wake').state.name).toBe('waiting');
    expect(walk('start', hinted, 'timeout').state.name).toBe('connecting');
  });

  test('[L1] any events in any order: one socket at most, and nothing after the end', () => {
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

test('[L3] the backoff is full jitter: from 0 to 500 ms doubled per failure, at most 15 s', () => {
  expect(backoffMs(0, 0)).toBe(0);
  expect(backoffMs(0, 1)).toBe(BACKOFF_BASE_MS);
  expect(backoffMs(3, 1)).toBe(4_000);
  expect(backoffMs(1_000_000, 1)).toBe(BACKOFF_CAP_MS);
});

describe('[L4] close codes', () => {
  test.each([
    [4403, { kind: 'never', code: 'FORBIDDEN' }],
    [4498, { kind: 'never', code: 'REFUSED' }],
    [4401, { kind: 'reauth', code: 'UNAUTHENTICATED' }],
    [1006, { kind: 'retry', afterMs: null }],
    [1011, { kind: 'retry', afterMs: null }],
    [1012, { kind: 'retry', afterMs: null }],
    [1013, { kind: 'retry', afterMs: null }],
    [4503, { kind: 'retry', afterMs: null }],
    [4598, { kind: 'retry', afterMs: null }],
    [1009, { kind: 'never', code: 'TOO_LARGE' }],
  ] as const)('%d', (code, verdict) => expect(verdictOf(code, null)).toEqual(verdict));

  test('a notice about this very failure names the time, another does not', () => {
    expect(verdictOf(errors.OVERLOADED.close, { code: 'OVERLOADED', afterMs: 7_000 })).toEqual({ kind: 'retry', afterMs: 7_000 });
    expect(verdictOf(1006, { code: 'OVERLOADED', afterMs: 7_000 })).toEqual({ kind: 'retry', afterMs: null });
  });
});
