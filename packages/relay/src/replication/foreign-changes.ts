/**
 * Changes that reach a room's document from other nodes and from the store. They are checked and applied like any
 * input from outside, passed on to the members of this node, and not journaled, since they are durable already. One
 * exception: when such a change fills the gap that a member's change was waiting for, the member's change is applied
 * with it and has to be journaled.
 */

import type { StoredRoom } from '@wetink/storage';
import type { Logger } from '../ports/logger.ts';
import type { RoomDocument } from '../document/room-document.ts';
import { documentFromStored, keyOf, mergeMany } from '../document/load-document.ts';
import { joinRows } from '../document/row-parts.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';
import type { UpdatePipeline } from '../updates/update-pipeline.ts';

export interface ForeignChangesContext {
  room: string;
  logger: Logger;
  pipeline: UpdatePipeline;
  /** Called when the document was rebuilt with everything that the present one has. */
  replace(document: RoomDocument): void;
  /** Called when an apply threw: the document cannot be used any more. */
  onBroken(loaded: LoadedRoom): void;
}

export interface Outcome {
  /** All updates are in the document. */
  isComplete: boolean;
  /** Bytes that were new to the document. */
  changedBytes: number;
}

export class ForeignChanges {
  readonly #context: ForeignChangesContext;

  constructor(context: ForeignChangesContext) {
    this.#context = context;
  }

  apply(loaded: LoadedRoom, updates: readonly Uint8Array[]): Outcome {
    const outcome: Outcome = { isComplete: true, changedBytes: 0 };
    for (const update of updates) {
      this.#context.pipeline.distrust(loaded.document);
      const mayRelease = loaded.document.pendingBytes > 0;
      const applied = loaded.document.applyForeign(update);
      if (applied.kind !== 'applied') {
        this.#context.logger.error({ room: this.#context.room, err: applied.error }, 'a change of another node cannot be applied');
        outcome.isComplete = false;
        if (applied.kind === 'refused') continue;
        this.#context.onBroken(loaded);
        return outcome;
      }
      this.#context.pipeline.changed(loaded, applied.changes, { author: 'node', isNews: mayRelease });
      for (const change of applied.changes) outcome.changedBytes += change.length;
      outcome.isComplete &&= applied.need === null;
    }
    return outcome;
  }

  /** Applies rows of other writers, as `load` returned them. Rows that the document cannot show are held. */
  absorb(loaded: LoadedRoom, stored: StoredRoom): void {
    const { document, journal } = loaded;
    const held = new Set(document.held().map(keyOf));
    const updates = [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...joinRows(stored.updates).map(({ update }) => update)];
    let missing = updates.filter((update) => !held.has(keyOf(update)) && !this.#applyOne(loaded, update));
    // Rows of several writers come in no common order: a row that waited for a later one fits now.
    if (missing.length > 0 && this.#applyTogether(loaded, missing)) missing = [];
    if (missing.length > 0) this.#hold(loaded, missing);
    journal.contains(stored.position);
  }

  #applyOne(loaded: LoadedRoom, update: Uint8Array): boolean {
    return this.apply(loaded, [update]).isComplete;
  }

  #applyTogether(loaded: LoadedRoom, missing: readonly Uint8Array[]): boolean {
    try {
      return this.#applyOne(loaded, mergeMany(missing));
    } catch (error) {
      this.#context.logger.warn({ room: this.#context.room, err: error }, 'rows of another node cannot be merged');
      return false;
    }
  }

  #hold({ document, journal }: LoadedRoom, missing: readonly Uint8Array[]): void {
    const { room, logger } = this.#context;
    const known = { checkpoint: document.full(), updates: [...document.held(), ...missing] };
    logger.error({ room, rows: missing.length }, 'rows of another node that the document cannot show are kept');
    this.#context.replace(
      documentFromStored(
        { ...known, position: journal.position, epoch: 0, isErased: false, quarantined: 0, bytes: 0 },
        journal.unsaved(),
        (row, error) => logger.error({ room, row, err: error }, 'a stored change cannot be applied and is left out'),
      ),
    );
  }
}
