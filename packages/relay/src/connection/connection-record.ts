/**
 * Records what one connection did: for metrics, for its log line when it ends, and for one line per refusal. Counts and
 * names only. Of the bytes themselves it keeps at most the first 64 of a refused frame, and none of a frame with a token.
 */

import { encodeMessage, errors, type ErrorName, type Message } from '@wetink/protocol';
import type { OpenConnection, RelayObserver } from '../ports/observer.ts';
import type { Outgoing } from '../framing/outgoing.ts';

/** The origin of a connection. */
export interface Origin {
  room: string;
  ip: string;
  /** At most 200 characters, all of them printable. */
  userAgent: string;
}

/** The connection at the time of a report. */
export interface Present {
  userId: string;
  role: string;
  authentication: string;
}

export interface ConnectionRecordOptions {
  id: number;
  isExtension: boolean;
  origin: Origin;
  observer: RelayObserver;
  /** May be shared by records. */
  clocks: { now(): number; wallClock(): number };
}

export const MAX_DUMP_BYTES = 64;

export class ConnectionRecord {
  readonly #id: number;
  readonly #isExtension: boolean;
  readonly #origin: Origin;
  readonly #observer: RelayObserver;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #startedAtMs: number;
  #framesIn = 0;
  #framesOut = 0;
  #bytesIn = 0;
  #frame: Uint8Array | null = null;
  /** Encodes the message that work is about now; null within its frame. */
  #encode: (() => Uint8Array) | null = null;
  #messageType = '';
  #mayDump = false;
  /** Arrival times of document messages without an ack; the first is number `#acked` + 1. */
  #arrivedAtMs: number[] = [];
  #acked = 0;
  #endedBy: ErrorName | null = null;
  #isTold = false;

  constructor({ id, isExtension, origin, observer, clocks }: ConnectionRecordOptions) {
    this.#id = id;
    this.#isExtension = isExtension;
    this.#origin = origin;
    this.#observer = observer;
    this.#now = clocks.now;
    this.#startedAt = clocks.wallClock();
    this.#startedAtMs = clocks.now();
    observer.connectionOpened({ connectionId: id, ...origin, isExtension });
  }

  /** A frame is being read. `hasJoined`: before that, an extension frame may hold a token. */
  frameBegins(frame: Uint8Array, { hasJoined }: { hasJoined: boolean }): void {
    this.#framesIn += 1;
    this.#bytesIn += frame.length;
    this.#frame = frame;
    this.#messageType = 'unreadable';
    this.#mayDump = hasJoined || !this.#isExtension;
  }

  /** The messages of the frame, now that they are known. */
  frameRead(types: readonly string[]): void {
    this.#observer.frames('in', types[0] ?? '', 1, this.#frame?.length ?? 0);
    // A chunk may be a piece of a long token.
    if (this.#isExtension && types.some((type) => type === 'authenticate' || type === 'chunk')) this.#mayDump = false;
  }

  messageBegins(type: string): void {
    this.#messageType = type;
  }

  /** Runs work about a message of an earlier frame, so that a refusal is reported with its type and bytes. */
  during(message: Message, work: () => void): void {
    const { type } = message;
    const [encode, messageType] = [this.#encode, this.#messageType];
    [this.#encode, this.#messageType] = [() => encodeMessage(message), type];
    try {
      work();
    } finally {
      [this.#encode, this.#messageType] = [encode, messageType];
    }
  }

  frameEnds(): void {
    this.#frame = null;
    this.#messageType = '';
  }

  /** Document message number `count` has come. Only extension clients get acks. */
  numbered(count: number): void {
    if (this.#isExtension) while (this.#acked + this.#arrivedAtMs.length < count) this.#arrivedAtMs.push(this.#now());
  }

  sent(outgoing: Outgoing, present: Present): void {
    const client = { isExtension: this.#isExtension };
    const count = outgoing.frameCount(client);
    const bytes = outgoing.frames(client).reduce((sum, buffer) => sum + buffer.length, 0);
    this.#framesOut += count;
    this.#observer.frames('out', outgoing.type, count, bytes);
    if (outgoing.acked > this.#acked) {
      const nowMs = this.#now();
      for (const arrivedAtMs of this.#arrivedAtMs.splice(0, outgoing.acked - this.#acked)) this.#observer.acked(nowMs - arrivedAtMs);
      this.#acked = outgoing.acked;
      // The old array keeps the room that it had grown to.
      if (this.#arrivedAtMs.length === 0) this.#arrivedAtMs = [];
    }
    if (outgoing.refusal !== null) this.refused(outgoing.refusal, present);
  }

  refused(code: ErrorName, present: Present, error?: unknown): void {
    this.#observer.refused({
      connectionId: this.#id,
      room: this.#origin.room,
      ip: this.#origin.ip,
      userId: present.userId,
      code,
      messageType: this.#messageType,
      dump: this.#dump(),
      ...(error === undefined ? {} : { error }),
    });
  }

  describe(present: Present): OpenConnection {
    return {
      connectionId: this.#id,
      ...this.#origin,
      ...present,
      isExtension: this.#isExtension,
      startedAt: this.#startedAt,
      durationMs: this.#now() - this.#startedAtMs,
    };
  }

  /** The relay ends the connection. The first reason counts. */
  endedBy(code: ErrorName): void {
    this.#endedBy ??= code;
  }

  /** The socket is gone. Reported once. */
  closed(closeCode: number, present: Present, bytesOut: number): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const isLeft = closeCode !== 1006 && closeCode !== 0;
    this.#observer.connectionEnded({
      connectionId: this.#id,
      ...this.#origin,
      ...present,
      isExtension: this.#isExtension,
      startedAt: this.#startedAt,
      durationMs: this.#now() - this.#startedAtMs,
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      bytesIn: this.#bytesIn,
      bytesOut,
      closeCode: this.#endedBy === null ? closeCode : errors[this.#endedBy].close,
      reason: this.#endedBy ?? (isLeft ? 'left' : 'lost'),
    });
  }

  #dump(): string {
    if (this.#encode !== null) return hexOf(this.#encode());
    if (this.#frame === null || !this.#mayDump) return '';
    // An unreadable frame may have been meant as one of these: authenticate and chunk have the numbers 101 and 111.
    if (this.#isExtension && (this.#frame[0] === 101 || this.#frame[0] === 111)) return '';
    return hexOf(this.#frame);
  }
}

function hexOf(frame: Uint8Array): string {
  return Buffer.from(frame.buffer, frame.byteOffset, Math.min(frame.length, MAX_DUMP_BYTES)).toString('hex');
}
