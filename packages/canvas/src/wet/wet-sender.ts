/**
 * Sends this person's wet ink: pieces of a stroke, or the latest shape, move, copy, look or crop, at most 30 times a second. While the
 * pointer is held still it sends a keepalive now and then (a piece without points, or the same shape or move again), so
 * that silence means that the author is gone.
 *
 * A gesture ends with one last message. With a payload the gesture was committed, and receivers keep the wet ink until
 * the record arrives; with an empty payload it was abandoned, and they drop it at once.
 */
import { defaultStyle, encodeWet, wetLimits, type Crop, type ElementId, type Look, type WetPayload } from '@wetink/board';
import type { Preview } from '../tools/tool.ts';
import { KEEPALIVE_MS, SILENCE_MS } from './wet-timing.ts';

export interface WetMessage {
  readonly gesture: string;
  /** For a stroke, the index of the first point in the payload; otherwise a growing count. */
  readonly index: number;
  readonly isEnd: boolean;
  readonly payload: Uint8Array;
}

export interface WetSenderOptions {
  readonly send: (message: WetMessage) => void;
  readonly now: () => number;
  /** Runs `task` after `delayMs`; returns its cancellation. */
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  /** CSS pixels per board unit, for the precision of sent points; read once per gesture. */
  readonly zoom: () => number;
}

/** 30 a second: with interpolation nobody sees more, and a hundred people drawing must fit one relay. */
export const WET_INTERVAL_MS = 33;
/** The parts of a look that a slider sets. */
export interface LookPreview {
  readonly kind: 'look';
  readonly gesture: string;
  readonly ids: readonly ElementId[];
  readonly patch: Partial<Look>;
}
export interface CropPreview {
  readonly kind: 'crop';
  readonly gesture: string;
  readonly id: ElementId;
  readonly crop: Crop;
}
type WetPreview = Extract<Preview, { gesture: string }> | LookPreview | CropPreview;

/** Other people see a frame that is being drawn as a quiet box: its look is not part of the wire. */
function asBox({ gesture, geometry }: Extract<Preview, { kind: 'shape' }>): WetPreview {
  return { kind: 'shape', shape: 'rectangle', gesture, geometry, style: { ...defaultStyle, color: 'grey', width: 1 } };
}

export class WetSender {
  readonly #options: WetSenderOptions;
  #preview: WetPreview | null = null;
  /** Number of points (of a shape, move or look: messages) sent of the gesture, null before the first. */
  #sent: number | null = null;
  #sentXyp: readonly number[] | null = null;
  #zoom = 1;
  #lastSentAt = -Infinity;
  #timer: { readonly at: number; readonly cancel: () => void } | null = null;

  constructor(options: WetSenderOptions) {
    this.#options = options;
  }

  /** The preview as it is now; call whenever it may have changed. */
  offer(preview: Preview | LookPreview | CropPreview | null): void {
    if (preview === null || !('gesture' in preview)) return;
    // In a box alone the bends of before would be shown: others see new ones when they are there.
    if (preview.kind === 'move' && preview.items.some(({ points }) => points !== undefined)) return;
    if (this.#preview?.gesture !== preview.gesture) {
      this.#begin();
      this.#zoom = this.#options.zoom();
    }
    this.#preview = preview.kind === 'shape' && preview.shape === 'frame' ? asBox(preview) : preview;
    this.#sendWithin(this.#lastSentAt + WET_INTERVAL_MS - this.#options.now());
  }

  /** Somebody joined or came back: sends the gesture in progress from its beginning. */
  repeat(): void {
    if (this.#preview === null || this.#sent === null) return;
    this.#forgetSent();
    this.#sendWithin(this.#lastSentAt + WET_INTERVAL_MS - this.#options.now());
  }

  /** The gesture is committed, or a laser pointer: sends the rest. Call after the document has it. */
  finish(gesture: string): void {
    if (this.#preview?.gesture === gesture) this.#flush({ isEnd: true });
    this.#begin();
  }

  /** The gesture was abandoned. */
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
    this.#stopTimer();
    this.#preview = null;
    this.#sent = null;
    this.#sentXyp = null;
  }

  /** The next piece begins with the first point. The way of a laser pointer has faded, and is not shown again. */
  #forgetSent(): void {
    if (this.#preview?.kind === 'laser') return;
    this.#sent = 0;
    this.#sentXyp = null;
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #sendWithin(delayMs: number): void {
    if (delayMs <= 0) return this.#flush({ isEnd: false });
    const at = this.#options.now() + delayMs;
    if (this.#timer !== null && this.#timer.at <= at) return;
    this.#stopTimer();
    this.#timer = { at, cancel: this.#options.schedule(() => this.#flush({ isEnd: false }), delayMs) };
  }

  #flush({ isEnd }: { isEnd: boolean }): void {
    this.#stopTimer();
    const preview = this.#preview;
    if (preview === null) return;
    const now = this.#options.now();
    // After this long without a message receivers have dropped the gesture, so send it again from the beginning.
    if (this.#sent !== null && now - this.#lastSentAt >= SILENCE_MS) this.#forgetSent();
    this.#lastSentAt = now;
    let isWhole = false;
    while (!isWhole) {
      const piece = this.#piece(preview);
      this.#sent = piece.sent;
      isWhole = piece.isWhole;
      const payload = encodeWet(piece.payload, this.#zoom);
      this.#options.send({ gesture: preview.gesture, index: piece.index, isEnd: isEnd && isWhole, payload });
    }
    if (!isEnd) this.#sendWithin(KEEPALIVE_MS);
  }

  #piece(preview: WetPreview): { index: number; payload: WetPayload; sent: number; isWhole: boolean } {
    const count = this.#sent ?? 0;
    if (preview.kind === 'shape') {
      const { shape, style, geometry, points } = preview;
      return {
        index: count,
        payload: { kind: 'shape', shape, style, geometry, ...(points !== undefined && { points }) },
        sent: count + 1,
        isWhole: true,
      };
    }
    if (preview.kind === 'move' || preview.kind === 'copy') {
      const items = preview.items.map(({ id, geometry }) => ({ id, geometry }));
      return { index: count, payload: { kind: preview.kind, items }, sent: count + 1, isWhole: true };
    }
    if (preview.kind === 'look') {
      const { ids, patch } = preview;
      return { index: count, payload: { kind: 'look', ids, patch }, sent: count + 1, isWhole: true };
    }
    if (preview.kind === 'crop') {
      const { id, crop } = preview;
      return { index: count, payload: { kind: 'crop', id, crop }, sent: count + 1, isWhole: true };
    }
    const { xyp } = preview;
    // A straightened stroke is another array: go back to the last point that both share.
    const index = this.#sentXyp === null || this.#sentXyp === xyp ? count : Math.min(count, commonPoints(this.#sentXyp, xyp));
    this.#sentXyp = xyp;
    const sent = Math.min(xyp.length / 3, index + wetLimits.maxPoints);
    const fresh = Float64Array.from(xyp.slice(index * 3, sent * 3));
    const isWhole = sent === xyp.length / 3;
    if (preview.kind === 'laser') return { index, payload: { kind: 'laser', xyp: fresh }, sent, isWhole };
    const { style, hasPressure } = preview;
    return { index, payload: { kind: 'stroke', style, hasPressure, xyp: fresh }, sent, isWhole };
  }
}

function commonPoints(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return Math.floor(i / 3);
}
