/** A slider, or the frame of a crop, while it moves: shown here, sent to the others as wet ink, and written once it is let go. */
import type { Board, Crop, ElementId } from '@wetink/board';
import type { LateWet } from './late-wet.ts';
import { relook, type LookPatch } from './commit.ts';
import type { LiveLooks } from './live-looks.ts';

export interface LookGestureOptions {
  readonly looks: LiveLooks;
  readonly wet: LateWet;
  readonly board: () => Board;
  readonly isReadOnly: () => boolean;
  /** The selected images that may be changed. */
  readonly images: () => readonly ElementId[];
}

export class LookGesture {
  readonly #options: LookGestureOptions;
  #gesture: string | null = null;

  constructor(options: LookGestureOptions) {
    this.#options = options;
  }

  /** See `Editor.previewLook`. */
  preview(patch: LookPatch | null, { isSent }: { isSent: boolean }): void {
    const { looks, wet, images } = this.#options;
    if (patch === null) return this.#end('abandon');
    looks.set(patch, images);
    const { ids } = looks;
    if (ids.length === 0 || !isSent || patch.look === undefined) return;
    wet.offer('slider', { kind: 'look', gesture: this.#begin(), ids, patch: patch.look });
  }

  /** See `Editor.sendCrop`. */
  sendCrop(crop: Crop): void {
    const { looks, wet } = this.#options;
    const [id] = looks.ids;
    if (id === undefined || looks.patch?.crop === undefined) return;
    wet.offer('slider', { kind: 'crop', gesture: this.#begin(), id, crop });
  }

  /** See `Editor.setLook`. */
  finish(patch: LookPatch): void {
    const { looks, wet, board, isReadOnly, images } = this.#options;
    const ids = looks.ids.length > 0 ? looks.ids : images();
    // Others go on seeing the preview until the record is there, so it is written first.
    if (this.#gesture !== null && patch.look !== undefined)
      wet.offer('slider', { kind: 'look', gesture: this.#gesture, ids, patch: patch.look });
    if (this.#gesture !== null && patch.crop !== undefined) this.sendCrop(patch.crop);
    if (!isReadOnly()) relook(board(), ids, patch);
    this.#end('finish');
  }

  #begin(): string {
    return (this.#gesture ??= this.#options.board().nextGesture());
  }

  #end(how: 'finish' | 'abandon'): void {
    const { looks, wet } = this.#options;
    if (this.#gesture !== null) wet[how]('slider', this.#gesture);
    this.#gesture = null;
    if (looks.patch !== null) looks.set(null, () => []);
  }
}
