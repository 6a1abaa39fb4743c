/**
 * The shell around connection-machine.ts: executes its effects on a real socket and turns the socket's events into
 * its events and messages. Holds at most one socket; whatever a replaced socket still sends is dropped.
 */
import {
  encodeClientMessage,
  errorOfClose,
  EXTENSION_QUERY,
  failureOf,
  isErrorName,
  PROTOCOL_VERSION,
  reasonOfClose,
  ServerReader,
  type ClientMessage,
  type ErrorName,
  type ServerMessage,
} from '@wetink/protocol';
import { Alarm } from './alarm.ts';
import { transition, type ConnectionEffect, type ConnectionEvent, type ConnectionState, type NextTry } from './connection-machine.ts';
import type { Environment, SocketConstructor, SocketLike } from './environment.ts';
import { InFlight, type Counters } from './ledger.ts';
import { Outbox } from './outbox.ts';
import type { Cause } from './status.ts';
import type { RoomOptions } from './types.ts';

/** After this long without a message we ask the server something (`onQuiet`); relays send a keepalive every 15 s. */
export const QUIET_MS = 20_000;
/** After this long without a message, although we asked, the link is dead. Browsers hide pings, so only messages count. */
export const SILENCE_MS = 45_000;
const LIVENESS_CHECK_MS = 5_000;
/** Time to answer once the network is gone: a relay on the same machine can, and a phone may be slow. */
export const DOUBT_MS = 5_000;
/** Grace after the time that a draining relay named. */
const DRAIN_GRACE_MS = 5_000;

export interface ConnectionOptions {
  url: string;
  room: string;
  params: Readonly<Record<string, string>>;
  environment: Environment;
  WebSocket: SocketConstructor;
  clientId(): number;
  getToken: NonNullable<RoomOptions['getToken']>;
  onState(state: ConnectionState): void;
  /** The link is usable now: ask for the document, announce presence. */
  onBegin(): void;
  /** @returns A promise if the next message has to wait for it. */
  onMessage(message: ServerMessage): void | Promise<void>;
  /** A stock server that echoes nothing may be silent and alive: send it a question. */
  onQuiet(): void;
}

interface Line {
  socket: SocketLike;
  outbox: Outbox;
  reader: ServerReader;
  inFlight: InFlight;
  /** Tokens requested since the last answer. Only one is under way: sending a second before the answer would be an error. */
  tokensDue: number;
  /** Time of the last message, by `elapsed`: a wall clock that is set back would keep a dead line alive. */
  heardAt: number;
  /** We asked, and the server has not answered since; see `doubt`. */
  isDoubted: boolean;
  /** Messages queued behind one that is still being applied. */
  waiting: ServerMessage[];
  isTaking: boolean;
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #environment: Environment;
  #state: ConnectionState = { name: 'idle' };
  #line: Line | null = null;
  readonly #timer: Alarm;
  readonly #liveness: Alarm;
  #retryAtMs: number | null = null;
  /** The relay's last word about when to come back, and why. */
  #hint: Hint | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.#timer = new Alarm(this.#environment, () => this.dispatch({ type: 'timeout' }));
    this.#liveness = new Alarm(this.#environment, () => this.#checkLiveness());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The same object as long as the socket is the same. */
  get line(): object | null {
    return this.#line;
  }

  /** When the next try is due; null when none is. */
  get retryAtMs(): number | null {
    return this.#state.name === 'waiting' ? this.#retryAtMs : null;
  }

  dispatch(event: ConnectionEvent): void {
    const { state, effects } = transition(this.#state, event, this.#environment.random());
    const isChanged = state !== this.#state;
    this.#state = state;
    if (state.name === 'synced') this.#hint = null;
    for (const effect of effects) this.#execute(effect);
    if (isChanged && this.#state === state) this.#options.onState(state);
  }

  /** Queues a message; it is never dropped while this socket lives. */
  send(message: ClientMessage): void {
    this.#line?.outbox.push(encodeClientMessage(message));
  }

  /** Sends a message that the relay counts. @param covers Changes that are saved once the relay acknowledges it. */
  sendDocument(message: Extract<ClientMessage, { type: 'update' | 'sync-step-2' }>, covers: Counters): void {
    this.#line?.inFlight.sent(covers);
    this.#line?.outbox.push(encodeClientMessage(message));
  }

  /** @returns False when it was dropped: no link, or the link is too far behind. */
  sendEphemeral(message: ClientMessage): boolean {
    return this.#line !== null && this.#line.outbox.pushEphemeral(encodeClientMessage(message));
  }

  /** @returns What the relay's cumulative count settles, or null when it settles nothing new. */
  acked(count: number): Counters | null {
    return this.#line?.inFlight.acked(count) ?? null;
  }

  /** The machine says that its network is gone. A usable link that does not answer soon is dead; one to this machine answers. */
  doubt(): void {
    const line = this.#line;
    if (line === null || line.isDoubted || !('isExtension' in this.#state)) return;
    line.isDoubted = true;
    this.#options.onQuiet();
    this.#environment.schedule(() => {
      if (this.#line === line && line.isDoubted) this.renew('CONNECTION_LOST');
    }, DOUBT_MS);
  }

  /** Gives this link up and tries another. @param code What is wrong with it; none if it is only of no further use. */
  renew(code?: ErrorName): void {
    const cause = code === undefined ? null : { code, reason: '' };
    this.dispatch({ type: 'lost', nextTry: { kind: 'retry', cause, afterMs: null } });
  }

  /** Sends a token on the open link. */
  async authenticate(): Promise<void> {
    const line = this.#line;
    if (line === null || line.tokensDue++ > 0) return;
    try {
      const state = this.#state;
      const token = await this.#options.getToken({ mustBeFresh: !('tries' in state) || state.tries.hasReauthed });
      if (line === this.#line) this.send({ type: 'authenticate', clientId: this.#options.clientId(), token });
    } catch (error) {
      if (line === this.#line) this.dispatch({ type: 'lost', nextTry: nextTryAfterToken(error) });
    }
  }

  #execute(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open-socket':
        return this.#open();
      case 'drop-socket':
        return this.#drop();
      case 'set-timer':
        this.#timer.stop();
        this.#retryAtMs = this.#environment.elapsed() + effect.delayMs;
        return this.#timer.within(effect.delayMs);
      case 'clear-timer':
        return this.#timer.stop();
      case 'authenticate':
        void this.authenticate();
        return;
      case 'begin-sync':
        return this.#options.onBegin();
    }
  }

  #open(): void {
    this.#drop();
    const socket = new this.#options.WebSocket(roomUrl(this.#options));
    socket.binaryType = 'arraybuffer';
    const line: Line = {
      socket,
      outbox: new Outbox(socket, this.#environment.schedule),
      reader: new ServerReader(),
      inFlight: new InFlight(),
      tokensDue: 0,
      heardAt: this.#environment.elapsed(),
      isDoubted: false,
      waiting: [],
      isTaking: false,
    };
    this.#line = line;
    socket.onopen = () => this.dispatch({ type: 'opened' });
    socket.onmessage = ({ data }: { data: unknown }) => this.#receive(line, data);
    socket.onclose = ({ code, reason = '' }: { code: number; reason?: string }) =>
      this.dispatch({ type: 'lost', nextTry: nextTryAfterClose(code, reason, this.#hint) });
    // Always followed by a close event, which has the code.
    socket.onerror = () => undefined;
    this.#liveness.within(LIVENESS_CHECK_MS);
  }

  #drop(): void {
    const line = this.#line;
    if (line === null) return;
    this.#line = null;
    this.#liveness.stop();
    line.outbox.close();
    line.socket.onopen = line.socket.onmessage = line.socket.onclose = null;
    line.socket.close(1000);
  }

  #receive(line: Line, data: unknown): void {
    line.heardAt = this.#environment.elapsed();
    line.isDoubted = false;
    if (!(data instanceof ArrayBuffer)) return; // Text is no message of this protocol; stock clients ignore it too.
    const messages = line.reader.read(new Uint8Array(data));
    if (messages === null) return this.renew('MALFORMED');
    line.waiting.push(...messages);
    if (!line.isTaking) this.#takeWaiting(line);
  }

  /** In order: what comes after a large update waits until it is applied. */
  #takeWaiting(line: Line): void {
    line.isTaking = false;
    while (this.#line === line) {
      const message = line.waiting.shift();
      if (message === undefined) return;
      const taken = this.#take(line, message);
      if (taken === undefined) continue;
      line.isTaking = true;
      return void taken.then(() => this.#takeWaiting(line));
    }
  }

  #take(line: Line, message: ServerMessage): void | Promise<void> {
    if (message.type === 'hello') {
      if (message.version !== PROTOCOL_VERSION) {
        return this.dispatch({ type: 'lost', nextTry: { kind: 'never', cause: { code: 'VERSION', reason: '' } } });
      }
      line.outbox.allowChunks(message.limits.maxChunkBytes);
      return this.dispatch({ type: 'hello' });
    }
    if (this.#state.name === 'greeting') this.dispatch({ type: 'base' });
    if (message.type === 'notice') this.#hint = { afterMs: message.retryAfterMs, code: message.code };
    if (message.type === 'reconnect') return this.#expectClose(line, message.afterMs);
    const taken = this.#options.onMessage(message);
    if (message.type !== 'welcome') return taken;
    this.dispatch({ type: 'welcome' });
    const isAnotherDue = line.tokensDue > 1;
    line.tokensDue = 0;
    if (isAnotherDue) void this.authenticate();
  }

  /** A draining relay closes at the time it named, and acknowledges until then. If it does not close, we do. */
  #expectClose(line: Line, afterMs: number): void {
    this.#environment.schedule(() => {
      if (this.#line === line) this.renew('DRAINING');
    }, afterMs + DRAIN_GRACE_MS);
  }

  #checkLiveness(): void {
    if (this.#line === null) return;
    const silentMs = this.#environment.elapsed() - this.#line.heardAt;
    if (silentMs >= SILENCE_MS) return this.renew('CONNECTION_LOST');
    if (silentMs >= QUIET_MS && 'isExtension' in this.#state) this.#options.onQuiet(); // It is usable: syncing or synced.
    this.#liveness.within(LIVENESS_CHECK_MS);
  }
}

/** The last notice. */
export interface Hint {
  code: ErrorName;
  afterMs: number;
}

/** The next step after a close. Pure. @param hint Counts if it was about this failure. */
export function nextTryAfterClose(closeCode: number, closeReason: string, hint: Hint | null): NextTry {
  const code = errorOfClose(closeCode);
  const afterMs = hint !== null && hint.code === code && hint.afterMs > 0 ? hint.afterMs : null;
  return nextTryAfter({ code, reason: reasonOfClose(closeReason) }, afterMs);
}

/** The next step after `getToken` rejected. Pure. The error may give the reason as a `TokenRefusal` does; anything else is `TOKEN_FAILED`. */
export function nextTryAfterToken(error: unknown): NextTry {
  const { code, reason, retryAfterMs } = (typeof error === 'object' && error !== null ? error : {}) as Partial<Record<string, unknown>>;
  if (!isErrorName(code)) return nextTryAfter({ code: 'TOKEN_FAILED', reason: '' }, null);
  const afterMs = typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : null;
  return nextTryAfter({ code, reason: typeof reason === 'string' ? reason : '' }, afterMs);
}

function nextTryAfter(cause: Cause, afterMs: number | null): NextTry {
  const { retry } = failureOf(cause.code);
  return retry === 'backoff' ? { kind: 'retry', cause, afterMs } : { kind: retry, cause };
}

/** The room is one path segment; the query asks a relay for the extension and says nothing to a stock server. */
function roomUrl({ url, room, params }: Pick<ConnectionOptions, 'url' | 'room' | 'params'>): string {
  const query = new URLSearchParams({ ...params, [EXTENSION_QUERY]: '1' });
  return `${url.replace(/\/+$/, '')}/${encodeURIComponent(room)}?${query}`;
}
