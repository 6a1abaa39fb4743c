/**
 * Frames that one socket has yet to take.
 *
 *     push -> main queue -+-> socket (at most socketBytes) -> kernel
 *            bulk queue --+   bulk goes only while main is empty
 *
 * Invariant: `heldBytes` is what this receiver alone keeps in memory; shared Buffers of a first sync are not counted.
 * The caller looks at it before pushing; nothing here is dropped except on close, and then the control frames (acks,
 * refusals, notices) still go: a client that is closed while behind must learn what was refused.
 */

/** The part of net.Socket that is used, so that tests can stall one. */
export interface ByteSink {
  write(bytes: Buffer): boolean;
  /** Until `uncork`, writes are gathered into one. */
  cork(): void;
  uncork(): void;
  readonly writableLength: number;
  /** False once it is ended or destroyed. */
  readonly writable: boolean;
  on(event: 'drain', listener: () => void): unknown;
}

/** Bytes still handed to a socket that is being closed. Only a client that never read its acks has more waiting. */
const MAX_LAST_BYTES = 64 * 1024;

interface Item {
  bytes: Buffer;
  isShared: boolean;
  isControl: boolean;
}

export class Outbox {
  readonly #sink: ByteSink;
  readonly #socketBytes: number;
  readonly #onDrained: () => void;
  #main: Item[] = [];
  #mainAt = 0;
  #bulk: Item[] = [];
  #bulkAt = 0;
  #ownBytes = 0;
  #queuedBytes = 0;
  #pushedBytes = 0;
  #writtenBytes = 0;
  #isClosed = false;
  #isCorked = false;
  /** The socket is full, and will emit 'drain'. */
  #isDrainDue = false;

  /** @param onDrained After waiting bytes have all been handed to the socket and there is room again. */
  constructor(sink: ByteSink, socketBytes: number, onDrained: () => void) {
    this.#sink = sink;
    this.#socketBytes = socketBytes;
    this.#onDrained = onDrained;
    sink.on('drain', () => {
      this.#isDrainDue = false;
      this.#pump();
    });
  }

  /** Bytes that would be freed if this receiver went away (what the socket itself has, it may share). */
  get heldBytes(): number {
    return this.#ownBytes + this.#sink.writableLength;
  }

  /** True while a chunked first sync is under way. */
  get hasBulk(): boolean {
    return this.#bulk.length > 0;
  }

  /** True while something waits for room in the socket. */
  get isWaiting(): boolean {
    return this.#queuedBytes > 0;
  }

  /** Bytes the socket's kernel buffer has taken; stands still when the other side does not read. */
  get takenBytes(): number {
    return this.#pushedBytes - this.#queuedBytes - this.#sink.writableLength;
  }

  /** Bytes handed to the socket, ever. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  get isEmpty(): boolean {
    return this.#queuedBytes === 0 && this.#sink.writableLength === 0;
  }

  /** Until `uncork`, frames are gathered into one socket write. */
  cork(): void {
    this.#isCorked = true;
    this.#sink.cork();
  }

  uncork(): void {
    this.#isCorked = false;
    this.#sink.uncork();
  }

  /** @param how `isControl`: whole WebSocket messages, to be sent even if the outbox is closed before their turn. */
  push(frames: readonly Buffer[], how: { isShared: boolean; isBulk: boolean; isControl?: boolean }): void {
    if (this.#isClosed) return;
    for (const bytes of frames) {
      this.#pushedBytes += bytes.length;
      if (this.#queuedBytes === 0 && this.#hasRoom()) {
        this.#write(bytes);
        continue;
      }
      this.#queuedBytes += bytes.length;
      if (!how.isShared) this.#ownBytes += bytes.length;
      (how.isBulk ? this.#bulk : this.#main).push({ bytes, isShared: how.isShared, isControl: how.isControl ?? false });
    }
  }

  /** Hands the newest control frames to the socket and drops everything else. Final. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#sink.writable) for (const bytes of this.#lastControls()) this.#write(bytes);
    this.#main = [];
    this.#bulk = [];
    this.#queuedBytes = 0;
    this.#ownBytes = 0;
  }

  /** Waiting ends with 'drain', which comes only after a full socket: below its own mark `socketBytes` can't hold anything back. */
  #hasRoom(): boolean {
    return this.#sink.writableLength < this.#socketBytes || !this.#isDrainDue;
  }

  #write(bytes: Buffer): void {
    this.#writtenBytes += bytes.length;
    if (!this.#sink.write(bytes)) this.#isDrainDue = true;
    if (!this.#isCorked || this.#sink.writableLength < this.#socketBytes) return;
    // Until the kernel gets it, a gathered message looks like one that a slow reader has waiting.
    this.#sink.uncork();
    this.#sink.cork();
  }

  #lastControls(): Buffer[] {
    const last: Buffer[] = [];
    let bytes = 0;
    for (let at = this.#main.length - 1; at >= this.#mainAt; at--) {
      const item = this.#main[at];
      if (item === undefined || !item.isControl) continue;
      bytes += item.bytes.length;
      if (bytes > MAX_LAST_BYTES) break;
      last.push(item.bytes);
    }
    return last.reverse();
  }

  #pump(): void {
    if (this.#isClosed || !this.#sink.writable) return;
    while (this.#queuedBytes > 0 && this.#hasRoom()) {
      const item = this.#take();
      if (item === undefined) return;
      this.#queuedBytes -= item.bytes.length;
      if (!item.isShared) this.#ownBytes -= item.bytes.length;
      this.#write(item.bytes);
    }
    if (this.#queuedBytes === 0) this.#onDrained();
  }

  #take(): Item | undefined {
    const main = this.#main[this.#mainAt];
    if (main !== undefined) {
      this.#mainAt += 1;
      if (this.#mainAt === this.#main.length) {
        this.#main = [];
        this.#mainAt = 0;
      }
      return main;
    }
    const bulk = this.#bulk[this.#bulkAt];
    this.#bulkAt += 1;
    if (this.#bulkAt >= this.#bulk.length) {
      this.#bulk = [];
      this.#bulkAt = 0;
    }
    return bulk;
  }
}
