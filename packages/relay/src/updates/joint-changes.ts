/**
 * Decides which changes of a tick may be applied in one transaction. Pure.
 *
 * A change joins those before it only when nothing about it could depend on them: it is applied in any case, whole, and
 * far from every limit. Any other change is judged alone, with the document as the changes before it have left it.
 */

import { MIN_ROOT_BYTES, type RoomDocument } from '../document/room-document.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { ReceivedChange } from './inbox.ts';

/** A change of more structs or deletions takes a noticeable time, which is counted as its sender's alone. */
const MAX_PIECES = 1_000;
/** One frame of the changes then fits a socket's budget. */
const MAX_BYTES = 64 * 1024;

export class JointChanges {
  readonly #document: RoomDocument;
  readonly #limits: Pick<RelayLimits, 'maxDocumentBytes' | 'maxClientIds' | 'maxRootTypes'>;
  readonly changes: ReceivedChange[] = [];
  #bytes = 0;
  #clients = 0;

  constructor(document: RoomDocument, limits: Pick<RelayLimits, 'maxDocumentBytes' | 'maxClientIds' | 'maxRootTypes'>) {
    this.#document = document;
    this.#limits = limits;
  }

  /** @returns False when the change is to be judged after these, alone. */
  add(change: ReceivedChange): boolean {
    const { update, summary } = change.inspected;
    const bytes = this.#bytes + update.length;
    const clients = this.#clients + summary.clocks.length;
    const isSmall = summary.structs + summary.deleteRanges <= MAX_PIECES && bytes <= MAX_BYTES;
    if (!isSmall || summary.subdocuments > 0 || this.#mayBeTooMuch(bytes, clients)) return false;
    this.#bytes = bytes;
    this.#clients = clients;
    this.changes.push(change);
    return true;
  }

  #mayBeTooMuch(bytes: number, clients: number): boolean {
    const { maxDocumentBytes, maxClientIds, maxRootTypes } = this.#limits;
    const { estimatedBytes, clientIds, rootTypes } = this.#document;
    return (
      estimatedBytes + bytes > maxDocumentBytes || clientIds + clients > maxClientIds || rootTypes + bytes / MIN_ROOT_BYTES > maxRootTypes
    );
  }
}
