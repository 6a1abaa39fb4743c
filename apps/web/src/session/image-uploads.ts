/**
 * Sends this person's images to the server, from the device, until it has all of them: across reloads, days without a
 * network, and a server that goes away in the middle.
 *
 *     idle ──an image was added, or the page opened──> a round over all that wait, one after the other
 *       ^                                                 │ sent: forgotten · refused: reported, kept, not tried again here
 *       └────── all done ─────────────────────────────────┘ later: the next round begins after a growing pause, or at once
 *                                                           when the network is back
 *
 * Tabs take turns by a lock of the browser; without one they may send the same image twice, which does no harm: it has one
 * name, the hash of its bytes.
 */
import { uploadOutcome, type UploadAnswer } from '../core/upload-answer.ts';
import type { ImageStore } from './image-store.ts';

export interface UploadPorts {
  readonly store: Pick<ImageStore, 'waiting' | 'get' | 'sent'>;
  send(hash: string, bytes: Uint8Array<ArrayBuffer>, options: { mustBeFresh: boolean }): Promise<UploadAnswer>;
  /** Runs when no other tab runs one of the same board. */
  inTurn(run: () => Promise<void>): Promise<void>;
  schedule(run: () => void, delayMs: number): () => void;
  /** Calls back when the network is back, or the page is shown again. Returns how to stop. */
  onWake(run: () => void): () => void;
  random(): number;
  /** Another number of images waits. */
  onCount(waiting: number): void;
  onSent(hash: string): void;
  onRefused(image: { hash: string; name: string }, code: string): void;
}

export class ImageUploads {
  readonly #ports: UploadPorts;
  readonly #refused = new Set<string>();
  readonly #stopWaking: () => void;
  #cancel: (() => void) | null = null;
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
    const { store, onCount } = this.#ports;
    const all = await store.waiting();
    let left = all.filter(({ hash }) => !this.#refused.has(hash));
    onCount(left.length);
    while (left.length > 0 && !this.#isClosed) {
      const [image] = left as [{ hash: string; name: string }];
      if (!(await this.#sendOne(image))) return;
      left = left.slice(1);
      onCount(left.length);
    }
  }

  /** @returns False when the rest has to wait. */
  async #sendOne(image: { hash: string; name: string }): Promise<boolean> {
    const { store, send, schedule, random, onSent, onRefused } = this.#ports;
    const stored = await store.get(image.hash);
    // Erased with its board meanwhile, or lost with the browser's storage: there is nothing to send.
    const answer = stored === null ? null : await send(image.hash, stored.bytes, { mustBeFresh: this.#needsFreshToken });
    const outcome = answer === null ? ({ kind: 'sent' } as const) : uploadOutcome(answer, this.#attempt, random());
    switch (outcome.kind) {
      case 'sent':
        this.#attempt = 0;
        this.#needsFreshToken = false;
        await store.sent(image.hash);
        onSent(image.hash);
        return true;
      case 'refused':
        this.#refused.add(image.hash);
        onRefused(image, outcome.code);
        return true;
      case 'later':
        this.#attempt += 1;
        this.#needsFreshToken = outcome.needsFreshToken;
        if (!this.#isClosed) this.#cancel = schedule(() => this.wake(), outcome.afterMs);
        return false;
    }
  }
}
