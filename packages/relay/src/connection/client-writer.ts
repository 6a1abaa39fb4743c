/**
 * Messages to one client, within the budget of its socket. Above `softSendBytes` the client is behind: cursors are
 * dropped, and the room sends changes later, as one difference. Above `hardSendBytes` it is too slow to be served.
 */

import { encodeMessage, type Message } from '@wetink/protocol';
import type { WebSocket } from 'ws';
import { Outbox, type ByteSink } from '../framing/outbox.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import { encodeWsFrame } from '../framing/ws-frame.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { RelayObserver } from '../ports/observer.ts';

export interface ClientWriterContext {
  isExtension: boolean;
  limits: Pick<RelayLimits, 'socketBytes' | 'softSendBytes' | 'hardSendBytes'>;
  framing: Framing;
  observer: RelayObserver;
}

export interface ClientWriterEvents {
  /** Bytes that waited have all been handed to the socket, and there is room again. */
  onDrained(): void;
  /** Called for every message, before `onOverflow`. */
  onSent(outgoing: Outgoing): void;
  onOverflow(): void;
}

/** An awareness message with no states: anything a base client takes as a sign of life. */
const keepaliveFrame = encodeWsFrame(encodeMessage({ type: 'awareness', body: new Uint8Array([0]) }));

export class ClientWriter {
  readonly #ws: WebSocket;
  readonly #context: ClientWriterContext;
  readonly #events: ClientWriterEvents;
  readonly #outbox: Outbox;
  #isClosed = false;

  constructor(ws: WebSocket, sink: ByteSink, context: ClientWriterContext, events: ClientWriterEvents) {
    this.#ws = ws;
    this.#context = context;
    this.#events = events;
    this.#outbox = new Outbox(sink, context.limits.socketBytes, () => events.onDrained());
  }

  /** Bytes kept in memory for this client alone. */
  get heldBytes(): number {
    return this.#outbox.heldBytes;
  }

  get isEmpty(): boolean {
    return this.#outbox.isEmpty;
  }

  /** Bytes the socket's kernel buffer has taken, ever. */
  get takenBytes(): number {
    return this.#outbox.takenBytes;
  }

  /** Bytes handed to the socket, ever. */
  get writtenBytes(): number {
    return this.#outbox.writtenBytes;
  }

  get isBehind(): boolean {
    return this.#outbox.hasBulk || this.#outbox.heldBytes > this.#context.limits.softSendBytes;
  }

  get isWaiting(): boolean {
    return this.#outbox.isWaiting;
  }

  /** Until `uncork`, messages wait, to reach the socket in one write. */
  cork(): void {
    this.#outbox.cork();
  }

  uncork(): void {
    this.#outbox.uncork();
  }

  /** For small messages that the client needs even if it is closed before their turn. */
  send(outgoing: Outgoing): void {
    this.#push(outgoing, { isShared: false, isControl: true });
  }

  /** Sends a message of the extension, like `send`. Base clients do not know it and get nothing. */
  tell(message: Message): void {
    if (this.#context.isExtension) this.send(createOutgoing([message], this.#context.framing));
  }

  /** For messages that are only worth sending now. */
  sendEphemeral(outgoing: Outgoing): void {
    if (this.#outbox.heldBytes <= this.#context.limits.softSendBytes) this.#push(outgoing, { isShared: false, isControl: false });
    else this.#context.observer.slowReader('dropped');
  }

  sendSync(outgoing: Outgoing, { isShared }: { isShared: boolean }): void {
    this.#push(outgoing, { isShared, isControl: false });
  }

  keepalive(): void {
    this.#outbox.push([keepaliveFrame], { isShared: true, isBulk: false });
  }

  /** Hands the newest control messages to the socket and drops everything else. Final. */
  close(): void {
    this.#isClosed = true;
    this.#outbox.close();
  }

  #push(outgoing: Outgoing, how: { isShared: boolean; isControl: boolean }): void {
    if (this.#isClosed || this.#ws.readyState !== this.#ws.OPEN) return;
    const { isExtension, limits } = this.#context;
    const isBulk = isExtension && outgoing.isChunked;
    // A long message to a base client is fragments, and no other message may stand between them: nothing jumps the queue.
    const isControl = how.isControl && isExtension && !isBulk;
    this.#outbox.push(outgoing.frames(this.#context), { isShared: how.isShared, isBulk, isControl });
    this.#events.onSent(outgoing);
    if (this.#outbox.heldBytes > limits.hardSendBytes) this.#events.onOverflow();
  }
}
