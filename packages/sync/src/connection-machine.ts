/**
 * The life of one link to a relay, as a pure and total table.
 *
 *   idle ──start──> connecting ──opened──> greeting ──hello──> authenticating ──welcome──┐
 *                       ^                     └──other message, or 2 s of silence─┐      │
 *                       │                                                         v      v
 *                    waiting <──lost (backoff, full jitter)── synced <──synced── syncing
 *                                          lost for good ──> failed          close ──> closed
 *
 * Every state names what it does with every event: a missing cell does not compile. Time and chance come in with
 * the event, what should happen goes out as effects; connection.ts executes them.
 */
import type { Cause } from './status.ts';

/** First retry within this time; doubled per failure. */
export const BACKOFF_BASE_MS = 500;
/** Longest wait between two tries without a hint. A relay restart is over sooner for most. */
export const BACKOFF_CAP_MS = 15_000;
/** No answer to the WebSocket handshake within this time: a black hole, try again. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** A relay says hello at once, before it loads the room; a server that is silent this long is a stock server. */
export const GREETING_TIMEOUT_MS = 2_000;
/** For token and welcome together. Longer than a relay's own deadline for authentication, so that its reason arrives. */
export const AUTHENTICATION_TIMEOUT_MS = 20_000;

/** Tries since the last sync. */
export interface Tries {
  failures: number;
  /** A fresh token was already tried. */
  hasReauthed: boolean;
  /** Why the last try failed; null when none did, or we ended it ourselves. */
  cause: Cause | null;
}
export type ConnectionState =
  | { name: 'idle' }
  | { name: 'connecting'; tries: Tries }
  | { name: 'greeting'; tries: Tries }
  | { name: 'authenticating'; tries: Tries }
  | { name: 'syncing'; tries: Tries; isExtension: boolean }
  | { name: 'synced'; isExtension: boolean }
  | { name: 'waiting'; tries: Tries; delayMs: number; isHinted: boolean }
  | { name: 'failed'; cause: Cause }
  | { name: 'closed' };

/** The next step after a lost link. A `cause` of null: it was given up on purpose, and nothing is wrong. */
export type NextTry =
  { kind: 'retry'; cause: Cause | null; afterMs: number | null } | { kind: 'reauth'; cause: Cause } | { kind: 'never'; cause: Cause };

export type ConnectionEvent =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'opened' }
  | { type: 'hello' }
  | { type: 'base' }
  | { type: 'welcome' }
  | { type: 'synced' }
  | { type: 'lost'; nextTry: NextTry }
  | { type: 'timeout' }
  | { type: 'wake' }
  | { type: 'close' };

export type ConnectionEffect =
  | { type: 'open-socket' }
  | { type: 'drop-socket' }
  | { type: 'set-timer'; delayMs: number }
  | { type: 'clear-timer' }
  | { type: 'authenticate' }
  | { type: 'begin-sync' };

export interface Step {
  state: ConnectionState;
  effects: readonly ConnectionEffect[];
}
type StateName = ConnectionState['name'];
type EventType = ConnectionEvent['type'];
type StateOf<N extends StateName> = Extract<ConnectionState, { name: N }>;
type EventOf<T extends EventType> = Extract<ConnectionEvent, { type: T }>;
type Cell<N extends StateName, T extends EventType> = (state: StateOf<N>, event: EventOf<T>, chance: number) => Step;
type Table = { readonly [N in StateName]: { readonly [T in EventType]: Cell<N, T> } };

/**
 * @param chance 0 <= chance < 1: where in the window of the backoff the next try falls.
 */
export function transition(state: ConnectionState, event: ConnectionEvent, chance: number): Step {
  // The table is exact per cell; indexing it by two unions is what TypeScript can't follow.
  const cell = table[state.name][event.type] as (s: ConnectionState, e: ConnectionEvent, chance: number) => Step;
  return cell(state, event, chance);
}

/** Full jitter: anywhere between now and the doubled window (AWS architecture blog 2015, "Full Jitter"). */
export function backoffMs(failures: number, chance: number): number {
  return chance * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 16));
}

const FRESH: Tries = { failures: 0, hasReauthed: false, cause: null };
const stay = (state: ConnectionState): Step => ({ state, effects: [] });
const connect = (tries: Tries): Step => ({
  state: { name: 'connecting', tries },
  effects: [{ type: 'open-socket' }, { type: 'set-timer', delayMs: CONNECT_TIMEOUT_MS }],
});
const greet = (tries: Tries): Step => ({
  state: { name: 'greeting', tries },
  effects: [{ type: 'set-timer', delayMs: GREETING_TIMEOUT_MS }],
});
const authenticate = (tries: Tries): Step => ({
  state: { name: 'authenticating', tries },
  effects: [{ type: 'authenticate' }, { type: 'set-timer', delayMs: AUTHENTICATION_TIMEOUT_MS }],
});
const beginSync = ({ tries, isExtension }: { tries: Tries; isExtension: boolean }): Step => ({
  state: { name: 'syncing', tries, isExtension },
  effects: [{ type: 'clear-timer' }, { type: 'begin-sync' }],
});
const letGo = (state: ConnectionState): Step => ({ state, effects: [{ type: 'drop-socket' }, { type: 'clear-timer' }] });
const rest = (): Step => letGo({ name: 'idle' });
const end = (): Step => letGo({ name: 'closed' });

function lose({ failures, hasReauthed }: Tries, nextTry: NextTry, chance: number): Step {
  if (nextTry.kind === 'never' || (nextTry.kind === 'reauth' && hasReauthed)) return letGo({ name: 'failed', cause: nextTry.cause });
  const hint = nextTry.kind === 'retry' ? nextTry.afterMs : null;
  const delayMs = hint ?? backoffMs(failures, chance);
  const tries = { failures: failures + 1, hasReauthed: hasReauthed || nextTry.kind === 'reauth', cause: nextTry.cause };
  return {
    state: { name: 'waiting', tries, delayMs, isHinted: hint !== null },
    effects: [{ type: 'drop-socket' }, { type: 'set-timer', delayMs }],
  };
}
const retryFor = (code: Cause['code']): NextTry => ({ kind: 'retry', cause: { code, reason: '' }, afterMs: null });
/** Nothing has answered. */
const UNANSWERED = retryFor('CONNECTION_LOST');
/** A relay answered, but token and welcome did not come in time. */
const NOT_WELCOMED = retryFor('AUTH_TIMEOUT');

/** Cells of a state that ignores almost every event. */
const deaf: Record<EventType, (state: ConnectionState) => Step> = {
  start: stay,
  stop: stay,
  opened: stay,
  hello: stay,
  base: stay,
  welcome: stay,
  synced: stay,
  lost: stay,
  timeout: stay,
  wake: stay,
  close: stay,
};

const table: Table = {
  idle: { ...deaf, start: () => connect(FRESH), close: end },
  connecting: {
    start: stay,
    stop: rest,
    opened: ({ tries }) => greet(tries),
    hello: stay,
    base: stay,
    welcome: stay,
    synced: stay,
    lost: ({ tries }, { nextTry }, chance) => lose(tries, nextTry, chance),
    timeout: ({ tries }, _event, chance) => lose(tries, UNANSWERED, chance),
    wake: stay,
    close: end,
  },
  greeting: {
    start: stay,
    stop: rest,
    opened: stay,
    hello: ({ tries }) => authenticate(tries),
    base: ({ tries }) => beginSync({ tries, isExtension: false }),
    welcome: stay,
    synced: stay,
    lost: ({ tries }, { nextTry }, chance) => lose(tries, nextTry, chance),
    timeout: ({ tries }) => beginSync({ tries, isExtension: false }),
    wake: stay,
    close: end,
  },
  authenticating: {
    start: stay,
    stop: rest,
    opened: stay,
    hello: stay,
    base: stay,
    welcome: ({ tries }) => beginSync({ tries, isExtension: true }),
    synced: stay,
    lost: ({ tries }, { nextTry }, chance) => lose(tries, nextTry, chance),
    timeout: ({ tries }, _event, chance) => lose(tries, NOT_WELCOMED, chance),
    wake: stay,
    close: end,
  },
  syncing: {
    start: stay,
    stop: rest,
    opened: stay,
    // A relay so busy that its hello came after the 2 s: still a relay.
    hello: (state) => (state.isExtension ? stay(state) : authenticate(state.tries)),
    base: stay,
    welcome: stay,
    synced: (state) => ({ state: { name: 'synced', isExtension: state.isExtension }, effects: [] }),
    lost: ({ tries }, { nextTry }, chance) => lose(tries, nextTry, chance),
    timeout: stay,
    wake: stay,
    close: end,
  },
  synced: {
    start: stay,
    stop: rest,
    opened: stay,
    hello: stay,
    base: stay,
    welcome: stay,
    synced: stay,
    lost: (_state, { nextTry }, chance) => lose(FRESH, nextTry, chance),
    timeout: stay,
    wake: stay,
    close: end,
  },
  waiting: {
    start: stay,
    stop: rest,
    opened: stay,
    hello: stay,
    base: stay,
    welcome: stay,
    synced: stay,
    lost: stay,
    timeout: ({ tries }) => connect(tries),
    // A relay that named a time is not tried earlier: the time spreads the load.
    wake: (state) => (state.isHinted ? stay(state) : connect(state.tries)),
    close: end,
  },
  failed: { ...deaf, close: end },
  closed: deaf,
};
