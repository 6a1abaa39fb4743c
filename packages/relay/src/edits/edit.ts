/**
 * One edit: a client of the room without a socket. It joins, learns the document, changes its copy, sends the change, and
 * leaves when the relay acknowledges it. So the room treats it like any change: the same bounds, the same refusals.
 *
 *     waiting ── the room has answered SyncStep1 ──> callback ──> sent ── ack ──> done
 *        └───────── the room is erased, full, cannot be loaded, the relay drains ──────┘ failed
 *
 * The callback runs in the turn in which the room's document was read, and the room applies the change in the same turn.
 */

import { decodeJoined, SyncError, type ErrorName, type Message } from '@wetink/protocol';
import type * as Y from 'yjs';
import type { Outgoing } from '../framing/outgoing.ts';
import { Acks } from '../member/acks.ts';
import type { EndOptions, Member } from '../member/member.ts';
import type { Room } from '../room/room.ts';
import type { Replica } from './replica.ts';

export interface EditContext<Result> {
  /** Below 0: connections have the other numbers. */
  id: number;
  /** Under which ids of the relay's own are remembered as theirs. */
  userId: string;
  room: Pick<Room, 'join' | 'leave' | 'receive' | 'takeInbox'>;
  maxUpdateBytes: number;
  callback(doc: Y.Doc): Result;
  /** The room's copy; another one once this one is spoiled. */
  replica(): Replica;
  /** The edit is over: it has left, or leaves at the end of this turn. */
  onDone(outcome: EditOutcome<Result>): void;
}

export type EditOutcome<Result> =
  | { kind: 'done'; result: Result }
  /** `isSent`: the room may have the change. */
  | { kind: 'failed'; error: unknown; isSent: boolean };

type State<Result> = { kind: 'waiting' } | { kind: 'sent'; result: Result; replica: Replica } | { kind: 'over' };

export class EditMember<Result> implements Member {
  readonly id: number;
  readonly userId: string;
  readonly ownClientId: number;
  readonly isExtension = true;
  readonly isEdit = true;
  readonly role = 'editor';
  readonly acks = new Acks();
  readonly #context: EditContext<Result>;
  #state: State<Result> = { kind: 'waiting' };
  /** The room is asked for what the copy lacks, and answers in this call when its document is loaded. */
  #asking: 'no' | 'yes' | 'answered' = 'no';

  constructor(context: EditContext<Result>) {
    this.#context = context;
    this.id = context.id;
    this.userId = context.userId;
    this.ownClientId = context.replica().ownId.clientId;
  }

  join(): void {
    this.#context.room.join(this);
  }

  introduce(): void {}

  isBehind(): boolean {
    return false;
  }

  isWaiting(): boolean {
    return false;
  }

  cork(): void {}

  uncork(): void {}

  send(outgoing: Outgoing): void {
    for (const message of outgoing.encoded) this.#hear(decodeJoined(message));
  }

  sendEphemeral(): void {}

  sendSync(outgoing: Outgoing): void {
    // The room's copy is brought up to date before the next edit: what others change until then need not be read.
    if (this.#state.kind === 'waiting') this.send(outgoing);
  }

  during(_message: Message, work: () => void): void {
    work();
  }

  worked(): void {}

  pause(): void {}

  resume(): void {}

  end(code: ErrorName, { retryAfterMs, error }: EndOptions = {}): void {
    this.fail(new SyncError(code, undefined, { cause: error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }));
  }

  /** Leaves the room. */
  fail(error: unknown): void {
    if (this.#state.kind === 'over') return;
    const isSent = this.#state.kind === 'sent';
    this.#state = { kind: 'over' };
    this.#context.room.leave(this);
    this.#context.onDone({ kind: 'failed', error, isSent });
  }

  get isSent(): boolean {
    return this.#state.kind === 'sent';
  }

  #hear(message: Message): void {
    switch (message.type) {
      case 'sync-step-1':
        // Deferred, as everything that answers the room: this runs within the room's own call.
        return queueMicrotask(() => this.#answer(message.stateVector));
      case 'update':
      case 'sync-step-2':
        return this.#learn(message);
      case 'ack':
        return this.#acknowledged();
      case 'refused':
        return queueMicrotask(() => this.end(message.code));
      default:
    }
  }

  #learn({ type, update }: Extract<Message, { type: 'update' | 'sync-step-2' }>): void {
    if (this.#state.kind !== 'waiting') return;
    this.#guard(() => this.#context.replica().take(update));
    if (type !== 'sync-step-2') return;
    if (this.#asking === 'yes') this.#asking = 'answered';
    // The answer to a question that came while the document was being built again: it may be out of date by now.
    else queueMicrotask(() => this.#guard(() => this.#attempt()));
  }

  /** The first question means that the document is loaded. Any later one is about what this edit has sent. */
  #answer(stateVector: Uint8Array): void {
    const state = this.#state;
    if (state.kind === 'waiting') this.#guard(() => this.#attempt());
    else if (state.kind === 'sent')
      this.#guard(() => this.#context.room.receive(this, { type: 'sync-step-2', update: state.replica.diff(stateVector) }));
  }

  #attempt(): void {
    if (this.#state.kind !== 'waiting') return;
    const { room, callback, maxUpdateBytes } = this.#context;
    const replica = this.#context.replica();
    this.#asking = 'yes';
    room.receive(this, { type: 'sync-step-1', stateVector: replica.stateVector() });
    const isCurrent = this.#isAnswered();
    this.#asking = 'no';
    if (!isCurrent || this.#isOver()) return;
    const { result, update } = replica.change(callback);
    if (update.length > maxUpdateBytes) {
      replica.spoil();
      throw new SyncError('TOO_LARGE', `an edit of ${update.length} bytes, ${maxUpdateBytes} allowed`);
    }
    this.#state = { kind: 'sent', result, replica };
    // Everything that the room's document lacks, so it answers the room's question too.
    room.receive(this, { type: 'sync-step-2', update });
    room.takeInbox();
  }

  #acknowledged(): void {
    const state = this.#state;
    if (state.kind !== 'sent') return;
    this.#state = { kind: 'over' };
    this.#context.onDone({ kind: 'done', result: state.result });
    queueMicrotask(() => this.#context.room.leave(this));
  }

  #isAnswered(): boolean {
    return this.#asking === 'answered';
  }

  #isOver(): boolean {
    return this.#state.kind === 'over';
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }
}
