/**
 * One socket: bytes in, messages to its room; frames out, within a budget. Nothing thrown here leaves the socket's
 * handlers: a client that sends something wrong is closed, with a code and a sentence.
 *
 *     base       open -> authorize -> joined
 *     extension  open -> hello -> (authenticate) -> authorize -> welcome -> joined
 */

import {
  createChunkAssembler,
  decodeAwareness,
  decodeFrame,
  decodeJoined,
  encodeAwareness,
  encodeMessage,
  errors,
  limits as wire,
  PROTOCOL_VERSION,
  SyncError,
  type AwarenessEntry,
  type ChunkAssembler,
  type ErrorName,
  type Message,
  type Role,
} from '@wetink/protocol';
import { StoreError } from '@wetink/storage';
import type { WebSocket } from 'ws';
import { Acks } from '../member/acks.ts';
import type { AccessChange, Admission, AuthorizeAnswer } from '../ports/authorize.ts';
import { ConnectionRecord, type Origin, type Present } from './connection-record.ts';
import type { Environment } from '../ports/environment.ts';
import { errorFields } from '../ports/error-fields.ts';
import type { PacedLimit } from '../ports/paced-limit.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { Member } from '../member/member.ts';
import type { RelayObserver } from '../ports/observer.ts';
import { Outbox, type ByteSink } from '../framing/outbox.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import { UserPlace, type UserCounts } from '../limits/open-counts.ts';
import { PacedReading } from '../limits/paced-reading.ts';
import type { SharedWork } from '../limits/shared-work.ts';
import { StatePace } from '../limits/state-pace.ts';
import type { Room } from '../room/room.ts';
import type { ShownUser } from '../presence/shown-user.ts';
import { Authorization } from './authorization.ts';
import { encodeWsFrame } from '../framing/ws-frame.ts';

export interface ConnectionContext {
  environment: Environment;
  limits: RelayLimits;
  logger: Logger;
  observer: RelayObserver;
  /** ms since 1970. */
  wallClock(): number;
  framing: Framing;
  /** Connections and rooms by user. */
  users: UserCounts;
  /** Time on the event loop by user, and by address. */
  work: { users: SharedWork; addresses: SharedWork };
  authorize(token: string): Promise<AuthorizeAnswer>;
  /** Without a user id no id can be claimed in presence. */
  knowsUsers: boolean;
  /** The room to join now; called once, after authorization. */
  openRoom(): Room;
  /** A message of unknown type was passed over. */
  onIgnored(): void;
  /** The relay closes the connection. */
  onEnd(code: ErrorName): void;
  /** The socket is gone. Called once. */
  onClosed(connection: Connection): void;
}

export interface ConnectionOptions extends Origin {
  id: number;
  isExtension: boolean;
  /** Key under which its address is counted; null when the address is not limited. */
  addressKey: string | null;
  /** Token in the URL; only a base client's is used. */
  token: string;
}

/** A user with too many connections open has to close one first: that takes a person some seconds. */
const USER_RETRY_MS = 10_000;

/** An awareness message with no states: anything a base client takes as a sign of life. */
const keepaliveFrame = encodeWsFrame(encodeMessage({ type: 'awareness', body: new Uint8Array([0]) }));

export class Connection implements Member {
  readonly id: number;
  readonly isExtension: boolean;
  readonly acks = new Acks();
  role: Role = 'viewer';
  userId = '';
  ownClientId: number | null = null;
  shown: ShownUser | null = null;

  readonly #ws: WebSocket;
  readonly #context: ConnectionContext;
  readonly #outbox: Outbox;
  readonly #chunks: ChunkAssembler | null;
  readonly #record: ConnectionRecord;
  readonly #reading: PacedReading;
  readonly #states: StatePace;
  readonly #place: UserPlace;
  readonly #authorization: Authorization;
  readonly #roomName: string;
  #room: Room | null = null;
  #phase: 'waiting' | 'authorizing' | 'joined' | 'ended' = 'waiting';
  #early: Message[] = [];
  #earlyBytes = 0;
  #hasIntroduced = false;
  #authentication = '';
  #openedAtMs: number;
  #sentAtMs: number;
  #heardAtMs: number;
  #pingedAtMs: number;
  #takenBytes = 0;
  #takenAtMs: number;

  constructor(ws: WebSocket, sink: ByteSink, options: ConnectionOptions, context: ConnectionContext) {
    this.id = options.id;
    this.isExtension = options.isExtension;
    this.#ws = ws;
    this.#context = context;
    const nowMs = context.environment.now();
    this.#roomName = options.room;
    this.#place = new UserPlace(context.users, options.room);
    this.#authorization = new Authorization(context, {
      granted: (admission, role, token) => this.#guard(() => this.#granted(admission, role, token)),
      confirmed: (role) => this.#guard(() => this.#mayNow(role)),
      refused: ({ code, reason }) => this.end(code, 0, undefined, reason),
      expiring: (leftMs) => this.#notice('UNAUTHENTICATED', leftMs),
      failed: (error) => {
        // No bug of this connection's: its close code says that the store is away.
        if (error instanceof StoreError) return this.end('UNAVAILABLE', 0, error);
        context.logger.error({ connection: this.id, err: error }, 'bug while authorizing a connection');
        this.end('INTERNAL');
      },
      unanswered: (error) => {
        const fields = { connection: this.id, ...errorFields(error) };
        if (error instanceof StoreError) context.logger.debug(fields, 'recheck failed, will retry');
        else context.logger.warn(fields, 'recheck failed, will retry');
      },
    });
    this.#reading = new PacedReading(ws, context.limits, context.environment, {
      onSlowed: (limit, waitMs) => this.#slowed(limit, waitMs),
      onReading: () => (this.#heardAtMs = this.#pingedAtMs = context.environment.now()),
    });
    if (options.addressKey !== null) this.#reading.shares(context.work.addresses.enter(options.addressKey, nowMs));
    this.#states = new StatePace(context.limits, context.environment, {
      onTurn: (entries) => this.#guard(() => this.#statesInTurn(entries)),
      onLimited: () => context.observer.limited('states'),
    });
    this.#openedAtMs = this.#sentAtMs = this.#heardAtMs = this.#pingedAtMs = this.#takenAtMs = nowMs;
    const clocks = { now: () => context.environment.now(), wallClock: () => context.wallClock() };
    this.#record = new ConnectionRecord(options.id, options.isExtension, originOf(options), context.observer, clocks);
    this.#outbox = new Outbox(sink, context.limits.socketBytes, () => this.#guard(() => this.#room?.catchUp(this)));
    this.#chunks = options.isExtension
      ? createChunkAssembler({ maxMessageBytes: context.limits.maxMessageBytes, maxOpen: wire.maxOpenChunkStreams })
      : null;
    ws.on('message', (data, isBinary) => this.#guard(() => this.#receiveFrame(data as Buffer, isBinary)));
    ws.on('pong', () => (this.#heardAtMs = context.environment.now()));
    ws.on('error', (error) => this.#socketFailed(error));
    ws.on('close', (code) => this.#closed(code));
    if (options.isExtension) {
      const told = { maxChunkBytes: wire.maxChunkBytes, maxMessageBytes: context.limits.maxMessageBytes };
      this.send(createOutgoing([{ type: 'hello', version: PROTOCOL_VERSION, limits: told }], context.framing));
    } else {
      this.#authenticate(options.token);
    }
  }

  get isClosed(): boolean {
    return this.#phase === 'ended';
  }

  /** Bytes kept in memory for this connection alone. */
  get heldBytes(): number {
    return this.#outbox.heldBytes + this.#earlyBytes + this.#states.heldBytes + (this.#chunks?.heldBytes ?? 0);
  }

  introduce(entries: readonly AwarenessEntry[]): void {
    if (this.#hasIntroduced || this.isExtension) return;
    this.#hasIntroduced = true;
    const only = entries.length === 1 ? entries[0] : undefined;
    if (only !== undefined && only.state !== 'null') this.ownClientId = only.clientId;
  }

  isBehind(): boolean {
    return this.#outbox.hasBulk || this.#outbox.heldBytes > this.#context.limits.softSendBytes;
  }

  isWaiting(): boolean {
    return this.#outbox.isWaiting;
  }

  send(outgoing: Outgoing): void {
    this.#push(outgoing, { isShared: false, isControl: true });
  }

  sendEphemeral(outgoing: Outgoing): void {
    if (this.#outbox.heldBytes <= this.#context.limits.softSendBytes) this.#push(outgoing, { isShared: false, isControl: false });
    else this.#context.observer.slowReader('dropped');
  }

  sendSync(outgoing: Outgoing, how: { isShared: boolean; answeredBytes?: number }): void {
    if (how.answeredBytes !== undefined) this.#reading.answered(how.answeredBytes);
    this.#push(outgoing, { isShared: how.isShared, isControl: false });
  }

  pause(): void {
    this.#reading.hold();
  }

  resume(): void {
    this.#reading.release();
  }

  end(code: ErrorName, retryAfterMs = 0, error?: unknown, because?: string): void {
    if (this.#phase === 'ended') return;
    const { sentence, close } = errors[code];
    if (retryAfterMs > 0) this.#notice(code, retryAfterMs);
    this.#noteEnd(code, error);
    this.#phase = 'ended';
    this.#early = [];
    this.#earlyBytes = 0;
    this.#outbox.close();
    this.#context.onEnd(code);
    this.#room?.leave(this);
    this.#place.leave();
    this.#authorization.close();
    this.#states.close();
    const told = retryAfterMs > 0 ? `${sentence} Retry after ${Math.ceil(retryAfterMs / 1000)} s.` : sentence;
    const reason = because === undefined ? told : `${because}: ${told}`;
    this.#reading.close();
    this.#ws.close(close, fitting(reason, wire.maxCloseReasonBytes));
  }

  /** Rights in this room, or of this user, may have changed. This connection's user may not be known yet. */
  recheck(change: AccessChange): void {
    if ('userId' in change) this.#authorization.changed(change.userId);
    else if (change.room === this.#roomName) this.#authorization.changed();
  }

  /** Ends the connection if it is this user's. While it is being let in, asks about it again instead. */
  disconnect(userId: string): void {
    if (this.#phase !== 'joined') this.#authorization.changed(userId);
    else if (userId === this.userId) this.end('UNAUTHENTICATED', 0, undefined, 'disconnected');
  }

  /** Drops the socket without a close frame. */
  terminate(): void {
    this.#record.endedBy('SHUTDOWN');
    this.#phase = 'ended';
    this.#outbox.close();
    this.#room?.leave(this);
    this.#place.leave();
    this.#authorization.close();
    this.#states.close();
    this.#reading.close();
    this.#ws.terminate();
  }

  /** Tells an extension client when to come back; it is closed by `end` afterwards. */
  sendAway(afterMs: number): void {
    if (this.isExtension) this.send(createOutgoing([{ type: 'reconnect', afterMs: Math.ceil(afterMs) }], this.#context.framing));
  }

  /** Called about once a second: deadlines, signs of life, stalled readers. */
  housekeeping(nowMs: number): void {
    if (this.#phase === 'ended') return;
    const { authTimeoutMs, keepaliveMs, pingMs, pongMs, stallMs } = this.#context.limits;
    if (this.#phase !== 'joined' && nowMs - this.#openedAtMs > authTimeoutMs) return this.end('AUTH_TIMEOUT');
    if (this.#outbox.isEmpty || this.#outbox.takenBytes !== this.#takenBytes) {
      this.#takenBytes = this.#outbox.takenBytes;
      this.#takenAtMs = nowMs;
    } else if (nowMs - this.#takenAtMs > stallMs) return this.end('SLOW_READER');
    if (!this.#reading.isPaused && this.#pingedAtMs > this.#heardAtMs && nowMs - this.#pingedAtMs > pongMs && this.#outbox.isEmpty)
      return this.end('TIMEOUT');
    if (this.#pingedAtMs <= this.#heardAtMs && nowMs - Math.max(this.#pingedAtMs, this.#openedAtMs) >= pingMs) {
      this.#pingedAtMs = nowMs;
      this.#ws.ping();
    }
    if (this.#phase === 'joined' && nowMs - this.#sentAtMs > keepaliveMs && this.#outbox.isEmpty) {
      this.#outbox.push([keepaliveFrame], { isShared: true, isBulk: false });
      this.#sentAtMs = nowMs;
    }
  }

  #push(outgoing: Outgoing, how: { isShared: boolean; isControl: boolean }): void {
    if (this.#phase === 'ended' || this.#ws.readyState !== this.#ws.OPEN) return;
    this.#sentAtMs = this.#context.environment.now();
    const isBulk = this.isExtension && outgoing.isChunked;
    // A long message to a base client is fragments, and no other message may stand between them: nothing jumps the queue.
    const isControl = how.isControl && this.isExtension && !isBulk;
    this.#outbox.push(outgoing.frames(this.isExtension), { isShared: how.isShared, isBulk, isControl });
    this.#record.sent(outgoing, this.#present());
    if (this.#outbox.heldBytes > this.#context.limits.hardSendBytes) this.end('SLOW_READER');
  }

  #receiveFrame(data: Buffer, isBinary: boolean): void {
    if (this.#phase === 'ended') return;
    const beganAtMs = (this.#heardAtMs = this.#context.environment.now());
    this.#record.frameBegins(data, this.#phase === 'joined');
    if (!isBinary) return this.end('TEXT_FRAME');
    const messages = decodeFrame(data, { isExtension: this.isExtension, maxFrameBytes: this.#context.limits.maxFrameBytes });
    this.#record.frameRead(messages.map((message) => message.type));
    for (const message of messages) {
      this.#receive(message);
      if (this.isClosed) break;
    }
    this.#record.frameEnds();
    this.#reading.handled(messages.length, data.length, beganAtMs);
  }

  #slowed(limit: PacedLimit, waitMs: number): void {
    this.#context.observer.limited(limit);
    this.#notice('RATE_LIMITED', waitMs);
  }

  #receive(message: Message): void {
    this.#record.messageBegins(message.type);
    if (message.type === 'authenticate') {
      // A second token before the first is answered would race with it.
      if (this.#phase === 'authorizing') throw new SyncError('MALFORMED', 'authenticate while authenticating');
      if (this.#phase === 'waiting' || this.ownClientId === null) this.ownClientId = message.clientId;
      return this.#authenticate(message.token);
    }
    if (message.type === 'chunk') {
      const joined = this.#chunks?.push(message) ?? null;
      if (joined !== null) this.#receive(decodeJoined(joined));
      else if (this.#phase !== 'joined') this.#boundEarly();
      return;
    }
    if (this.#phase === 'joined') this.#dispatch(message);
    else this.#keepEarly(message);
  }

  #keepEarly(message: Message): void {
    this.#early.push(message);
    this.#earlyBytes += sizeOf(message);
    this.#boundEarly();
  }

  /** Unfinished chunked messages count as well. */
  #boundEarly(): void {
    const { maxEarlyMessages, maxEarlyBytes } = this.#context.limits;
    const bytes = this.#earlyBytes + (this.#chunks?.heldBytes ?? 0);
    if (this.#early.length <= maxEarlyMessages && bytes <= maxEarlyBytes) return;
    if (this.isExtension) this.end('UNAUTHENTICATED');
    else this.pause();
  }

  #dispatch(message: Message): void {
    switch (message.type) {
      case 'awareness':
        if (this.#states.mayPass()) this.#room?.receive(this, message);
        else this.#states.keep(decodeAwareness(message.body, { maxStateBytes: this.#context.limits.maxAwarenessStateBytes }));
        return;
      case 'sync-step-1':
      case 'sync-step-2':
      case 'update':
      case 'query-awareness':
      case 'wet':
        this.#room?.receive(this, message);
        this.#record.numbered(this.acks.count);
        return;
      case 'hello':
      case 'welcome':
      case 'ack':
      case 'refused':
      case 'notice':
      case 'reconnect':
        if (this.isExtension) throw new SyncError('MALFORMED', `a client cannot send ${message.type}`);
        break;
      default:
        break;
    }
    this.#context.onIgnored();
  }

  #statesInTurn(entries: readonly AwarenessEntry[]): void {
    if (this.isClosed) return;
    const beganAtMs = this.#context.environment.now();
    this.#record.messageBegins('awareness');
    this.#room?.receive(this, { type: 'awareness', body: encodeAwareness(entries) });
    this.#record.frameEnds();
    this.#reading.handled(0, 0, beganAtMs);
  }

  #authenticate(token: string): void {
    if (this.#phase === 'waiting') this.#phase = 'authorizing';
    this.#authorization.authenticate(token);
  }

  #granted(admission: Admission, role: Role, token: string): void {
    if (this.isClosed) return;
    const { userId, method, user } = admission;
    // Otherwise changes of one user would count as those of the other.
    if (this.#phase === 'joined' && userId !== this.userId) return this.end('FORBIDDEN', 0, undefined, 'other_user');
    const beyond = this.#place.take(userId);
    if (beyond !== null) {
      this.#context.observer.limited(beyond);
      return this.end('RATE_LIMITED', USER_RETRY_MS);
    }
    this.#authentication = method ?? (token === '' ? 'guest' : 'token');
    this.shown = userId !== '' || this.#context.knowsUsers ? { userId, verified: user ?? null } : null;
    if (this.#phase === 'joined') {
      if (role === this.role) return this.#welcome();
      return this.#mayNow(role);
    }
    this.role = role;
    this.userId = userId;
    if (userId !== '') this.#reading.shares(this.#context.work.users.enter(userId, this.#context.environment.now()));
    this.#welcome();
    this.#join();
  }

  #join(): void {
    this.#phase = 'joined';
    this.#room = this.#context.openRoom();
    this.#room.join(this);
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const message of early) {
      if (this.isClosed) return;
      this.#dispatch(message);
    }
    this.resume();
  }

  /** Applies from the next message on. Changes taken until now stay. */
  #mayNow(role: Role): void {
    if (this.isClosed || role === this.role) return;
    const isRaised = this.role === 'viewer';
    this.role = role;
    this.#welcome();
    if (isRaised) this.#room?.roleRaised(this);
  }

  #welcome(): void {
    if (this.isExtension) this.send(createOutgoing([{ type: 'welcome', role: this.role, userId: this.userId }], this.#context.framing));
  }

  #notice(code: ErrorName, waitMs: number): void {
    if (!this.isExtension) return;
    const notice = { type: 'notice', code, retryAfterMs: Math.ceil(waitMs), text: errors[code].sentence } as const;
    this.send(createOutgoing([notice], this.#context.framing));
  }

  /** Error boundary: anything thrown ends this connection, and no other. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof SyncError) {
        this.#context.logger.debug({ connection: this.id, err: error }, 'closing');
        this.end(error.code, error.retryAfterMs, error);
      } else {
        this.#context.logger.error({ connection: this.id, err: error }, 'bug while handling a message');
        this.end('INTERNAL', 0, error);
      }
      this.#record.frameEnds();
    }
  }

  #socketFailed(error: Error): void {
    this.#context.logger.debug({ connection: this.id, err: error }, 'socket error');
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    // ws itself closes a socket that breaks RFC 6455; for a frame that is too long it uses the code of TOO_LARGE (RelaySocket).
    if (this.#phase !== 'ended' && code.startsWith('WS_ERR_'))
      this.#noteEnd(code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'TOO_LARGE' : 'MALFORMED', error);
  }

  #noteEnd(code: ErrorName, error?: unknown): void {
    this.#record.endedBy(code);
    if (code === 'SHUTDOWN') return;
    this.#record.refused(code, this.#present(), error);
    if (code === 'SLOW_READER') this.#context.observer.slowReader('closed');
  }

  #present(): Present {
    return { userId: this.userId, role: this.#authentication === '' ? '' : this.role, authentication: this.#authentication };
  }

  #closed(code: number): void {
    this.#phase = 'ended';
    this.#outbox.close();
    this.#room?.leave(this);
    this.#place.leave();
    this.#authorization.close();
    this.#states.close();
    this.#reading.close();
    this.#record.closed(code, this.#present(), this.#outbox.writtenBytes);
    this.#context.onClosed(this);
  }
}

function originOf({ room, ip, userAgent }: Origin): Origin {
  return { room, ip, userAgent };
}

/** The longest prefix that fits `maxBytes` of UTF-8 without splitting a character. */
function fitting(text: string, maxBytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read);
}

function sizeOf(message: Message): number {
  if ('update' in message) return message.update.length;
  if ('stateVector' in message) return message.stateVector.length;
  if ('payload' in message) return message.payload.length;
  return 'body' in message ? message.body.length : 16;
}
