/**
 * Sends this person's images, or files, to the server, from the device, until it has all of them: across reloads, days without a
 * network, and a server that goes away in the middle.
 *
 *     idle ──one was added, or the page opened────────> a round over all that wait, one after the other
 *       ^                                                 │ sent: forgotten · refused: reported, kept, tried again after a day
 *       └────── all done ─────────────────────────────────┘ later: the next round begins after a growing pause, or at once
 *                                                           when the network is back; the others go on, unless they
 *                                                           would get the same answer
 *
 * Only those that the board shows: one that was undone or deleted before its turn stays on the device, for a redo. One that
 * the person has paused waits until they resume it.
 *
 * Every tab counts, whichever of them sends: "Saved" is true in none while one waits.
 *
 * Tabs take turns by a lock of the browser; without one they may send the same one twice, which does no harm: it has one
 * name, the hash of its bytes.
 */
import type { LackingCounts } from '../core/lacking.ts';
import { backoffMs, uploadOutcome, type UploadAnswer } from '../core/upload-answer.ts';
import type { BlobStore, WaitingBlob } from './blob-store.ts';

/** The board, as far as images, or files, go. */
export interface ShownOnBoard {
  /** Hashes of those that it shows now. */
  hashes(): ReadonlySet<string>;
  /** Calls back after any change. Returns how to stop. */
  onChange(run: () => void): () => void;
}

export interface UploadPorts<Bytes> {
  readonly shown: ShownOnBoard;
  readonly store: Pick<BlobStore<Bytes>, 'waiting' | 'get' | 'sent' | 'refused' | 'isAtRisk' | 'isUnread'>;
  send(hash: string, bytes: Bytes, options: { mustBeFresh: boolean }): Promise<UploadAnswer>;
  /** Runs when no other tab runs one of the same board. */
  inTurn(run: () => Promise<void>): Promise<void>;
  schedule(run: () => void, delayMs: number): () => void;
  /** Calls back when the network is back, or the page is shown again. Returns how to stop. */
  onWake(run: () => void): () => void;
  random(): number;
  /** Milliseconds of the wall clock, the same after a reload. */
  now(): number;
  /** Another number of images waits, or is refused. */
  onCount(counts: LackingCounts): void;
  /** The server has taken one that it lacked. */
  onSent(hash: string): void;
  /** Not for an image that was refused for the same reason before. */
  onRefused(image: { hash: string; name: string }, code: string): void;
}

/**
 * A board may get room and a person a right, but hardly from one reload to the next, and each try sends an image whole, up to
 * 8 MiB, or a part of a file.
 */
const RETRY_REFUSED_MS = 24 * 60 * 60_000;

/** Looking through all elements of a large board takes some milliseconds, and a stroke changes the board at every move. */
const LOOK_AFTER_MS = 300;

export class BlobUploads<Bytes> {
  readonly #ports: UploadPorts<Bytes>;
  readonly #stops: readonly (() => void)[];
  /** Images that wait, shown or not, as last counted; and those of them that were shown. */
  #known: readonly string[] = [];
  #shown = '';
  #cancelLook: (() => void) | null = null;
  #cancel: (() => void) | null = null;
  #counted = '';
  #counts = 0;
  #attempt = 0;
  #needsFreshToken = false;
  #isRunning = false;
  #isAgain = false;
  #isClosed = false;

  constructor(ports: UploadPorts<Bytes>) {
    this.#ports = ports;
    this.#stops = [ports.onWake(() => this.wake()), ports.shown.onChange(() => this.#lookSoon())];
  }

  /** Begins a round, or another one after that under way. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isAgain = true;
    // Not in the round, which may wait for another tab's.
    void this.#count();
    if (!this.#isRunning) void this.#run();
  }

  /** The person may change the board: sends what the server refused because they could not. */
  async mayEdit(): Promise<void> {
    const { store } = this.#ports;
    const refused = (await store.waiting()).filter(({ refusal }) => refusal?.code === 'read_only');
    for (const { hash } of refused) await store.refused(hash, null);
    if (refused.length > 0) this.wake();
  }

  /** Idempotent. What waits is sent when the board is opened again. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancelLook?.();
    for (const stop of this.#stops) stop();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#isAgain && !this.#isClosed) {
        this.#isAgain = false;
        this.#cancel?.();
        this.#cancel = null;
        await this.#ports.inTurn(() => this.#round());
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #round(): Promise<void> {
    const tried = new Set<string>();
    let waitMs: number | null = null;
    const isDue = ({ hash, refusal, isPaused }: WaitingBlob): boolean =>
      !tried.has(hash) && !isPaused && (refusal === null || this.#ports.now() - refusal.atMs >= RETRY_REFUSED_MS);
    for (let next = (await this.#count()).find(isDue); next !== undefined; next = (await this.#count()).find(isDue)) {
      if (this.#isClosed) return;
      tried.add(next.hash);
      const later = await this.#sendOne(next);
      if (later !== null) waitMs = Math.max(waitMs ?? 0, later.afterMs);
      if (later?.isOfAll === true) break;
    }
    if (this.#ports.store.isUnread) waitMs ??= backoffMs(this.#attempt, this.#ports.random());
    if (waitMs !== null) this.#later(waitMs);
  }

  /** @returns The images that wait and are shown. */
  async #count(): Promise<readonly WaitingBlob[]> {
    const { store, shown, onCount } = this.#ports;
    const turn = ++this.#counts;
    const known = await store.waiting();
    const hashes = known.length === 0 ? null : shown.hashes();
    const all = known.filter(({ hash }) => hashes?.has(hash));
    const refused = all.filter(({ refusal }) => refusal !== null).length;
    const paused = all.filter(({ refusal, isPaused }) => refusal === null && isPaused).length;
    const counts = { waiting: all.length - refused - paused, refused, paused, isAtRisk: all.length > 0 && store.isAtRisk };
    const counted = JSON.stringify(counts);
    // A later count may have ended before this one.
    if (turn !== this.#counts || this.#isClosed) return all;
    this.#known = known.map(({ hash }) => hash);
    this.#shown = all.map(({ hash }) => hash).join();
    if (counted !== this.#counted) {
      this.#counted = counted;
      onCount(counts);
    }
    return all;
  }

  /** After a change of the board: an image may have been undone, or put back. */
  #lookSoon(): void {
    if (this.#known.length === 0 || this.#cancelLook !== null || this.#isClosed) return;
    this.#cancelLook = this.#ports.schedule(() => {
      this.#cancelLook = null;
      const hashes = this.#ports.shown.hashes();
      if (this.#known.filter((hash) => hashes.has(hash)).join() !== this.#shown) this.wake();
    }, LOOK_AFTER_MS);
  }

  /** @returns When it is tried again, and whether the others have to wait, too. Null when it is done with. */
  async #sendOne(image: WaitingBlob): Promise<{ readonly afterMs: number; readonly isOfAll: boolean } | null> {
    const { store, send, random, now, onSent, onRefused } = this.#ports;
    const stored = await store.get(image.hash).catch(() => 'unread' as const);
    if (stored === 'unread') return { afterMs: backoffMs(this.#attempt, random()), isOfAll: false };
    // Erased with its board meanwhile, or lost with the browser's storage: there is nothing to send.
    const answer = stored === null ? null : await send(image.hash, stored.bytes, { mustBeFresh: this.#needsFreshToken });
    // A file of which more has arrived is no failed try: the next one begins soon.
    if (answer?.kind === 'unreachable' && answer.hasProgressed === true) this.#attempt = 0;
    const outcome = answer === null ? ({ kind: 'sent' } as const) : uploadOutcome(answer, this.#attempt, random());
    switch (outcome.kind) {
      case 'sent':
        this.#attempt = 0;
        this.#needsFreshToken = false;
        if (answer !== null) onSent(image.hash);
        await store.sent(image.hash);
        return null;
      case 'stopped':
        return null;
      case 'refused':
        await store.refused(image.hash, { code: outcome.code, atMs: now() });
        if (image.refusal?.code !== outcome.code) onRefused(image, outcome.code);
        return null;
      case 'later':
        this.#needsFreshToken = outcome.needsFreshToken;
        return outcome;
    }
  }

  #later(afterMs: number): void {
    this.#attempt += 1;
    if (!this.#isClosed) this.#cancel = this.#ports.schedule(() => this.wake(), afterMs);
  }
}
