/**
 * Sends this person's images to the server, from the device, until it has all of them: across reloads, days without a
 * network, and a server that goes away in the middle.
 *
 *     idle ──an image was added, or the page opened──> a round over all that wait, one after the other
 *       ^                                                 │ sent: forgotten · refused: reported, kept, tried again after a day
 *       └────── all done ─────────────────────────────────┘ later: the next round begins after a growing pause, or at once
 *                                                           when the network is back
 *
 * Every tab counts, whichever of them sends: "Saved" is true in none while an image waits.
 *
 * Tabs take turns by a lock of the browser; without one they may send the same image twice, which does no harm: it has one
 * name, the hash of its bytes.
 */
import type { PictureCounts } from '../core/board-pictures.ts';
import { backoffMs, uploadOutcome, type UploadAnswer } from '../core/upload-answer.ts';
import type { ImageStore, WaitingImage } from './image-store.ts';

export interface UploadPorts {
  readonly store: Pick<ImageStore, 'waiting' | 'get' | 'sent' | 'refused' | 'isAtRisk' | 'isUnread'>;
  send(hash: string, bytes: Uint8Array<ArrayBuffer>, options: { mustBeFresh: boolean }): Promise<UploadAnswer>;
  /** Runs when no other tab runs one of the same board. */
  inTurn(run: () => Promise<void>): Promise<void>;
  schedule(run: () => void, delayMs: number): () => void;
  /** Calls back when the network is back, or the page is shown again. Returns how to stop. */
  onWake(run: () => void): () => void;
  random(): number;
  /** Milliseconds of the wall clock, the same after a reload. */
  now(): number;
  /** Another number of images waits, or is refused. */
  onCount(counts: PictureCounts): void;
  /** Not for an image that was refused for the same reason before. */
  onRefused(image: { hash: string; name: string }, code: string): void;
}

/** A board may get room and a person a right, but hardly from one reload to the next, and each try sends up to 8 MiB. */
const RETRY_REFUSED_MS = 24 * 60 * 60_000;

export class ImageUploads {
  readonly #ports: UploadPorts;
  readonly #stopWaking: () => void;
  #cancel: (() => void) | null = null;
  #counted = '';
  #counts = 0;
  #attempt = 0;
  #needsFreshToken = false;
  #isRunning = false;
  #isAgain = false;
  #isClosed = false;

  constructor(ports: UploadPorts) {
    this.#ports = ports;
    this.#stopWaking = ports.onWake(() => this.wake());
  }

  /** Begins a round, or another one after that under way. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isAgain = true;
    // Not in the round, which may wait for another tab's.
    void this.#count();
    if (!this.#isRunning) void this.#run();
  }

  /** Idempotent. What waits is sent when the board is opened again. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#stopWaking();
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
    let isUnread = false;
    const isDue = ({ hash, refusal }: WaitingImage): boolean =>
      !tried.has(hash) && (refusal === null || this.#ports.now() - refusal.atMs >= RETRY_REFUSED_MS);
    for (let next = (await this.#count()).find(isDue); next !== undefined; next = (await this.#count()).find(isDue)) {
      if (this.#isClosed) return;
      tried.add(next.hash);
      const ended = await this.#sendOne(next);
      if (ended === 'later') return;
      isUnread ||= ended === 'unread';
    }
    if (isUnread || this.#ports.store.isUnread) this.#later(backoffMs(this.#attempt, this.#ports.random()));
  }

  /** @returns The images that wait. */
  async #count(): Promise<readonly WaitingImage[]> {
    const { store, onCount } = this.#ports;
    const turn = ++this.#counts;
    const all = await store.waiting();
    const refused = all.filter(({ refusal }) => refusal !== null).length;
    const counts = { waiting: all.length - refused, refused, isAtRisk: store.isAtRisk };
    const counted = JSON.stringify(counts);
    // A later count may have ended before this one.
    if (turn === this.#counts && counted !== this.#counted && !this.#isClosed) {
      this.#counted = counted;
      onCount(counts);
    }
    return all;
  }

  /** @returns 'later' when the rest has to wait; 'unread' when only this image has to. */
  async #sendOne(image: WaitingImage): Promise<'done' | 'later' | 'unread'> {
    const { store, send, random, now, onRefused } = this.#ports;
    const stored = await store.get(image.hash).catch(() => 'unread' as const);
    if (stored === 'unread') return 'unread';
    // Erased with its board meanwhile, or lost with the browser's storage: there is nothing to send.
    const answer = stored === null ? null : await send(image.hash, stored.bytes, { mustBeFresh: this.#needsFreshToken });
    const outcome = answer === null ? ({ kind: 'sent' } as const) : uploadOutcome(answer, this.#attempt, random());
    switch (outcome.kind) {
      case 'sent':
        this.#attempt = 0;
        this.#needsFreshToken = false;
        await store.sent(image.hash);
        return 'done';
      case 'refused':
        await store.refused(image.hash, { code: outcome.code, atMs: now() });
        if (image.refusal?.code !== outcome.code) onRefused(image, outcome.code);
        return 'done';
      case 'later':
        this.#needsFreshToken = outcome.needsFreshToken;
        this.#later(outcome.afterMs);
        return 'later';
    }
  }

  #later(afterMs: number): void {
    this.#attempt += 1;
    if (!this.#isClosed) this.#cancel = this.#ports.schedule(() => this.wake(), afterMs);
  }
}
