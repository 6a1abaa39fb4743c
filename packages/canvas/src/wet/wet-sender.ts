/**
 * One's own wet ink on its way out: pieces of a stroke, or the latest shape or move, at most 30 times a second.
 *
 * A gesture ends with one last message: with a payload it was committed (the receivers keep the wet ink until
 * the record arrives), with an empty one it was abandoned (they drop it at once).
 */
import { encodeWet, wetLimits } from '@wetink/board';
import type { WetPayload } from '@wetink/board';
import type { Preview } from '../tools/tool.ts';

export interface WetMessage {
  readonly gesture: string;
  /** Of a stroke: index of the first point in the payload. Otherwise a count that grows. */
  readonly index: number;
  readonly isEnd: boolean;
  readonly payload: Uint8Array;
}

export interface WetSenderOptions {
  readonly send: (message: WetMessage) => void;
  readonly now: () => number;
  /** Runs `task` after `delayMs`; returns its cancellation. */
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  /** CSS pixels per board unit, for the precision of what is sent; asked once per gesture. */
  readonly zoom: () => number;
}

/** 30 a second: with interpolation nobody sees more, and a hundred people drawing must fit one relay. */
export const WET_INTERVAL_MS = 33;

type WetPreview = Extract<Preview, { gesture: string }>;

export class WetSender {
  readonly #options: WetSenderOptions;
  #preview: WetPreview | null = null;
  /** Points (or messages) sent of the gesture, null before the first. */
  #sent: number | null = null;
  #sentXyp: readonly number[] | null = null;
  #isDirty = false;
  #zoom = 1;
  #lastSentAt = -Infinity;
  #cancelTimer: (() => void) | null = null;

  constructor(options: WetSenderOptions) {
    this.#options = options;
  }

  /** The preview as it is now; call whenever it may have changed. */
  offer(preview: Preview | null): void {
    if (preview === null || !('gesture' in preview)) return;
    if (this.#preview?.gesture !== preview.gesture) {
      this.#begin();
      this.#zoom = this.#options.zoom();
    }
    this.#preview = preview;
    this.#isDirty = true;
    const waitMs = this.#lastSentAt + WET_INTERVAL_MS - this.#options.now();
    if (waitMs <= 0) this.#flush({ isEnd: false });
    else
      this.#cancelTimer ??= this.#options.schedule(() => {
        this.#cancelTimer = null;
        if (this.#isDirty) this.#flush({ isEnd: false });
      }, waitMs);
  }

  /** The gesture is committed: sends what is missing. Call after the document has it. */
  finish(gesture: string): void {
    if (this.#preview?.gesture === gesture) this.#flush({ isEnd: true });
    this.#begin();
  }

  /** The gesture leaves nothing. */
  abandon(gesture: string): void {
    if (this.#preview?.gesture === gesture && this.#sent !== null) {
      this.#options.send({ gesture, index: this.#sent, isEnd: true, payload: new Uint8Array(0) });
    }
    this.#begin();
  }

  close(): void {
    this.#begin();
  }

  #begin(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#preview = null;
    this.#sent = null;
    this.#sentXyp = null;
    this.#isDirty = false;
  }

  #flush({ isEnd }: { isEnd: boolean }): void {
    const preview = this.#preview;
    if (preview === null) return;
    this.#isDirty = false;
    this.#lastSentAt = this.#options.now();
    let isWhole = false;
    while (!isWhole) {
      const piece = this.#piece(preview);
      this.#sent = piece.sent;
      isWhole = piece.isWhole;
      const payload = encodeWet(piece.payload, this.#zoom);
      this.#options.send({ gesture: preview.gesture, index: piece.index, isEnd: isEnd && isWhole, payload });
    }
  }

  #piece(preview: WetPreview): { index: number; payload: WetPayload; sent: number; isWhole: boolean } {
    const count = this.#sent ?? 0;
    if (preview.kind === 'shape') {
      const { shape, style, geometry } = preview;
      return { index: count, payload: { kind: 'shape', shape, style, geometry }, sent: count + 1, isWhole: true };
    }
    if (preview.kind === 'move') {
      const items = preview.items.map(({ id, geometry }) => ({ id, geometry }));
      return { index: count, payload: { kind: 'move', items }, sent: count + 1, isWhole: true };
    }
    const { xyp, style, hasPressure } = preview;
    // A stroke that was straightened is another array: go back to the last point both have.
    const index = this.#sentXyp === null || this.#sentXyp === xyp ? count : Math.min(count, commonPoints(this.#sentXyp, xyp));
    this.#sentXyp = xyp;
    const sent = Math.min(xyp.length / 3, index + wetLimits.maxPoints);
    const fresh = Float64Array.from(xyp.slice(index * 3, sent * 3));
    return { index, payload: { kind: 'stroke', style, hasPressure, xyp: fresh }, sent, isWhole: sent === xyp.length / 3 };
  }
}

function commonPoints(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return Math.floor(i / 3);
}
