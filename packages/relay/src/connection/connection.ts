/**
 * One socket: bytes in, messages to its room; frames out, within a budget. Nothing thrown here leaves the socket's
 * handlers: a client that sends something wrong is closed, with a code and a sentence.
 *
 *     base       opening -> authorize -> joined
 *     extension  opening -> hello -> (authenticate) -> authorize -> welcome -> joined
 *
 * It ends once, from any phase: `#tearDown` leaves the room and gives back everything that the connection holds.
 *
 * There may be 20,000 of them, nearly all silent. So the connection itself is the listener of its parts, without a function or a copied context for
 * each, and what a silent connection does not need is made when it is needed.
 */

import { errors, SyncError, type AwarenessEntry, type ErrorName, type Message, type Role } from '@wetink/protocol';
import { StoreError } from '@wetink/storage';
import { FrameReader } from '../framing/frame-reader.ts';
import type { ByteSink } from '../framing/outbox.ts';
import type { Outgoing } from '../framing/outgoing.ts';
import { UserPlace } from '../limits/open-counts.ts';
import { PacedReading, type ReadingEvents } from '../limits/paced-reading.ts';
import type { PaceLimit } from '../ports/paced-limit.ts';
import { Acks } from '../member/acks.ts';
import type { EndOptions, Member } from '../member/member.ts';
import type { AccessChange, Admission, Refusal } from '../ports/authorize.ts';
import { errorFields } from '../ports/error-fields.ts';
import type { OpenConnection } from '../ports/observer.ts';
import type { ShownUser } from '../presence/shown-user.ts';
import { Authorization, type AuthorizationEvents } from './authorization.ts';
import { ClientWriter, type ClientWriterEvents } from './client-writer.ts';
import { closeReason } from './close-reason.ts';
import type { ConnectionContext, ConnectionOptions } from './connection-context.ts';
import { ConnectionRecord, type Present } from './connection-record.ts';
import { EarlyMessages } from './early-messages.ts';
import { RoomConnection } from './room-connection.ts';
import { SignsOfLife } from './signs-of-life.ts';
import type { RelaySocket, SocketOwner } from './socket-server.ts';

interface Entering {
  kind: 'opening' | 'authorizing';
  sinceMs: number;
  /** Messages that its room receives once it has joined. */
  early: EarlyMessages;
}

/** A user with too many connections open has to close one first: that takes a person some seconds. */
const USER_RETRY_MS = 10_000;

export class Connection implements Member, SocketOwner, ClientWriterEvents, ReadingEvents, AuthorizationEvents {
  readonly id: number;
  readonly isExtension: boolean;
  readonly acks = new Acks();
  role: Role = 'viewer';
  userId = '';
  ownClientId: number | null = null;
  shown: ShownUser | null = null;

  readonly #ws: RelaySocket;
  readonly #context: ConnectionContext;
  readonly #writer: ClientWriter;
  readonly #life: SignsOfLife;
  readonly #reader: FrameReader;
  readonly #record: ConnectionRecord;
  readonly #reading: PacedReading;
  readonly #place: UserPlace;
  readonly #authorization: Authorization;
  readonly #roomName: string;
  #phase: Entering | RoomConnection | { kind: 'ended' };
  #hasIntroduced = false;
  #authentication = '';

  constructor(ws: RelaySocket, sink: ByteSink, options: ConnectionOptions, context: ConnectionContext) {
    const { environment, limits, observer, clocks } = context;
    const { id, isExtension, origin, entry } = options;
    const framing = isExtension ? context.extension : context.base;
    this.id = id;
    this.isExtension = isExtension;
    this.#ws = ws;
    this.#context = context;
    this.#roomName = origin.room;
    const nowMs = environment.now();
    this.#phase = { kind: 'opening', sinceMs: nowMs, early: new EarlyMessages(limits) };
    this.#place = new UserPlace(context.users, origin.room);
    this.#authorization = new Authorization(entry, this);
    this.#reader = new FrameReader(framing);
    this.#writer = new ClientWriter(ws, sink, framing, this);
    this.#life = new SignsOfLife(limits, this.#writer, nowMs);
    this.#reading = new PacedReading(ws, limits, environment, this);
    if (options.addressKey !== null) this.#reading.shares(context.work.addresses.enter(options.addressKey, nowMs));
    this.#record = new ConnectionRecord({ id, isExtension, origin, observer, clocks });
    ws.serve(this);
    if (isExtension) this.#writer.send(context.hello);
    else this.#authenticate(options.token);
  }

  get isClosed(): boolean {
    return this.#phase.kind === 'ended';
  }

  /** Bytes kept in memory for this connection alone. */
  get heldBytes(): number {
    const phase = this.#phase;
    const waitingBytes = phase.kind === 'ended' ? 0 : phase.kind === 'joined' ? phase.heldBytes : phase.early.bytes;
    return this.#writer.heldBytes + waitingBytes + this.#reader.heldBytes;
  }

  /** For operators. */
  describe(): OpenConnection {
    return this.#record.describe(this.#present());
  }

  introduce(entries: readonly AwarenessEntry[]): void {
    if (this.#hasIntroduced || this.isExtension) return;
    this.#hasIntroduced = true;
    const only = entries.length === 1 ? entries[0] : undefined;
    if (only !== undefined && only.state !== 'null') this.ownClientId = only.clientId;
  }

  isBehind(): boolean {
    return this.#writer.isBehind;
  }

  isWaiting(): boolean {
    return this.#writer.isWaiting;
  }

  cork(): void {
    this.#writer.cork();
  }

  uncork(): void {
    this.#writer.uncork();
  }

  send(outgoing: Outgoing): void {
    this.#writer.send(outgoing);
  }

  sendEphemeral(outgoing: Outgoing): void {
    this.#writer.sendEphemeral(outgoing);
  }

  sendSync(outgoing: Outgoing, how: { isShared: boolean; answeredBytes?: number }): void {
    if (how.answeredBytes !== undefined) this.#reading.answered(how.answeredBytes);
    this.#writer.sendSync(outgoing, how);
  }

  during(message: Message, work: () => void): void {
    this.#record.during(message, work);
  }

  worked(ms: number): void {
    this.#reading.worked(ms);
  }

  pause(): void {
    this.#reading.hold();
  }

  resume(): void {
    this.#reading.release();
  }

  end(code: ErrorName, { retryAfterMs = 0, error, reason }: EndOptions = {}): void {
    if (this.isClosed) return;
    if (retryAfterMs > 0) this.#notice(code, retryAfterMs);
    this.#noteEnd(code, error);
    this.#tearDown();
    this.#context.onEnd(code);
    this.#ws.close(errors[code].close, closeReason(code, { retryAfterMs, reason }));
  }

  /** Rights in this room, or of this user, may have changed. This connection's user may not be known yet. */
  recheck(change: AccessChange): void {
    if ('userId' in change) this.#authorization.changed(change.userId);
    else if (change.room === this.#roomName) this.#authorization.changed();
  }

  /** Ends the connection if it is this user's. While it is being let in, asks about it again instead. */
  disconnect(userId: string): void {
    if (this.#phase.kind !== 'joined') this.#authorization.changed(userId);
    else if (userId === this.userId) this.end('UNAUTHENTICATED', { reason: 'disconnected' });
  }

  /** Drops the socket without a close frame. */
  terminate(): void {
    this.#record.endedBy('SHUTDOWN');
    this.#tearDown();
    this.#ws.terminate();
  }

  /** Tells an extension client when to come back; it is closed by `end` afterwards. */
  sendAway(afterMs: number): void {
    this.#writer.tell({ type: 'reconnect', afterMs: Math.ceil(afterMs) });
  }

  /** Called about once a second: deadlines, signs of life, stalled readers. */
  housekeeping(nowMs: number): void {
    const phase = this.#phase;
    if (phase.kind === 'ended' || this.#life.isResting(nowMs)) return;
    if (phase.kind !== 'joined' && nowMs - phase.sinceMs > this.#context.limits.authTimeoutMs) return this.end('AUTH_TIMEOUT');
    const failure = this.#life.failure(nowMs, { isRead: !this.#reading.isPaused });
    if (failure !== null) return this.end(failure);
    if (this.#life.isPingDue(nowMs)) {
      this.#life.pinged(nowMs);
      this.#ws.ping();
    }
    if (phase.kind === 'joined' && this.#life.isKeepaliveDue(nowMs)) {
      this.#life.sent(nowMs);
      this.#writer.keepalive();
    }
    // Until it has joined, its deadline is looked at every time.
    if (phase.kind === 'joined') this.#life.rest();
  }

  socketMessage(data: Buffer, how: { isBinary: boolean }): void {
    this.guard(() => this.#receiveFrame(data, how));
  }

  socketPong(): void {
    this.#life.heard();
  }

  socketError(error: Error): void {
    this.#context.logger.debug({ connection: this.id, err: error }, 'socket error');
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    // ws itself closes a socket that breaks RFC 6455; for a frame that is too long it uses the code of TOO_LARGE (RelaySocket).
    if (!this.isClosed && code.startsWith('WS_ERR_'))
      this.#noteEnd(code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'TOO_LARGE' : 'MALFORMED', error);
  }

  socketClosed(code: number): void {
    this.#tearDown();
    this.#record.closed(code, this.#present(), this.#writer.writtenBytes);
    this.#context.onClosed(this.id);
  }

  onDrained(): void {
    const phase = this.#phase;
    if (phase.kind === 'joined') this.guard(() => phase.room.catchUp(this));
  }

  onSent(outgoing: Outgoing): void {
    this.#life.sent(this.#context.environment.now());
    this.#record.sent(outgoing, this.#present());
  }

  onOverflow(): void {
    this.end('SLOW_READER');
  }

  onSlowed(limit: PaceLimit, waitMs: number): void {
    this.#context.observer.limited(limit);
    this.#notice('RATE_LIMITED', waitMs);
  }

  onReading(): void {
    this.#life.readAgain(this.#context.environment.now());
  }

  granted(admission: Admission, role: Role, token: string): void {
    this.guard(() => this.#granted(admission, role, token));
  }

  confirmed(role: Role): void {
    this.guard(() => this.#mayNow(role));
  }

  refused({ code, reason }: Refusal): void {
    this.end(code, { reason });
  }

  expiring(leftMs: number): void {
    this.#notice('UNAUTHENTICATED', leftMs);
  }

  failed(error: unknown): void {
    // No bug of this connection's: its close code says that the store is away.
    if (error instanceof StoreError) return this.end('UNAVAILABLE', { error });
    this.#context.logger.error({ connection: this.id, err: error }, 'bug while authorizing a connection');
    this.end('INTERNAL');
  }

  unanswered(error: unknown): void {
    const { logger } = this.#context;
    const fields = { connection: this.id, ...errorFields(error) };
    if (error instanceof StoreError) logger.debug(fields, 'recheck failed, will retry');
    else logger.warn(fields, 'recheck failed, will retry');
  }

  /** Error boundary: anything thrown ends this connection, and no other. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof SyncError) {
        this.#context.logger.debug({ connection: this.id, err: error }, 'closing');
        this.end(error.code, { retryAfterMs: error.retryAfterMs, error });
      } else {
        this.#context.logger.error({ connection: this.id, err: error }, 'bug while handling a message');
        this.end('INTERNAL', { error });
      }
      this.#record.frameEnds();
    }
  }

  #receiveFrame(data: Buffer, { isBinary }: { isBinary: boolean }): void {
    if (this.isClosed) return;
    const beganAtMs = this.#context.environment.now();
    this.#life.heard();
    this.#record.frameBegins(data, { hasJoined: this.#phase.kind === 'joined' });
    if (!isBinary) return this.end('TEXT_FRAME');
    const messages = this.#reader.messages(data);
    this.#record.frameRead(messages.map((message) => message.type));
    for (const message of messages) {
      this.#receive(message);
      if (this.isClosed) break;
    }
    this.#record.frameEnds();
    this.#reading.handled(messages.length, data.length, beganAtMs);
  }

  #receive(message: Message): void {
    this.#record.messageBegins(message.type);
    const phase = this.#phase;
    if (message.type === 'authenticate') {
      // A second token before the first is answered would race with it.
      if (phase.kind === 'authorizing') throw new SyncError('MALFORMED', 'authenticate while authenticating');
      if (phase.kind === 'opening' || this.ownClientId === null) this.ownClientId = message.clientId;
      return this.#authenticate(message.token);
    }
    if (message.type === 'chunk') {
      const joined = this.#reader.join(message);
      if (joined !== null) return this.#receive(joined);
    } else if (phase.kind === 'joined') return phase.receive(message);
    else if (phase.kind !== 'ended') phase.early.keep(message);
    this.#boundEarly();
  }

  #boundEarly(): void {
    const phase = this.#phase;
    if (phase.kind === 'joined' || phase.kind === 'ended' || !phase.early.areTooMany(this.#reader.heldBytes)) return;
    if (this.isExtension) this.end('UNAUTHENTICATED');
    else this.pause();
  }

  #authenticate(token: string): void {
    if (this.#phase.kind === 'opening') this.#phase = { ...this.#phase, kind: 'authorizing' };
    this.#authorization.authenticate(token);
  }

  #granted(admission: Admission, role: Role, token: string): void {
    if (this.isClosed) return;
    const hasJoined = this.#phase.kind === 'joined';
    const { userId, method, user } = admission;
    // Otherwise changes of one user would count as those of the other.
    if (hasJoined && userId !== this.userId) return this.end('FORBIDDEN', { reason: 'other_user' });
    const beyond = this.#place.take(userId);
    if (beyond !== null) {
      this.#context.observer.limited(beyond);
      return this.end('RATE_LIMITED', { retryAfterMs: USER_RETRY_MS });
    }
    this.#authentication = method ?? (token === '' ? 'guest' : 'token');
    this.shown = userId !== '' || this.#context.knowsUsers ? { userId, verified: user ?? null } : null;
    if (hasJoined) return role === this.role ? this.#welcome() : this.#mayNow(role);
    this.role = role;
    this.userId = userId;
    if (userId !== '') this.#reading.shares(this.#context.work.users.enter(userId, this.#context.environment.now()));
    // One socket write for the welcome and all that the room says to a member that joins.
    this.#writer.cork();
    try {
      this.#welcome();
      this.#join();
    } finally {
      this.#writer.uncork();
    }
  }

  #join(): void {
    if (this.#phase.kind === 'joined' || this.#phase.kind === 'ended') return;
    const early = this.#phase.early.take();
    const parts = { context: this.#context, record: this.#record, reading: this.#reading, boundary: this };
    const joined = new RoomConnection(this, this.#context.openRoom(this.#roomName), parts);
    this.#phase = joined;
    joined.room.join(this);
    for (const message of early) {
      if (this.isClosed) return;
      joined.receive(message);
    }
    this.resume();
  }

  /** Applies from the next message on. Changes taken until now stay. */
  #mayNow(role: Role): void {
    if (this.isClosed || role === this.role) return;
    if (this.#phase.kind === 'joined') this.#phase.room.takeInbox();
    const isRaised = this.role === 'viewer';
    this.role = role;
    this.#welcome();
    if (isRaised && this.#phase.kind === 'joined') this.#phase.room.roleRaised(this);
  }

  #welcome(): void {
    this.#writer.tell({ type: 'welcome', role: this.role, userId: this.userId });
  }

  #notice(code: ErrorName, waitMs: number): void {
    this.#writer.tell({ type: 'notice', code, retryAfterMs: Math.ceil(waitMs), text: errors[code].sentence });
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

  /** Leaves the room and gives everything back. Idempotent; afterwards nothing is sent or read. */
  #tearDown(): void {
    const phase = this.#phase;
    if (phase.kind === 'ended') return;
    this.#phase = { kind: 'ended' };
    this.#writer.close();
    if (phase.kind === 'joined') phase.leave();
    this.#place.leave();
    this.#authorization.close();
    this.#reading.close();
  }
}
