/**
 * Tells an embedder that a root array of a room's document has changed, such as the messages of a chat. The relay knows no
 * documents; the embedder names the array, and maps beside it. A change of anything else in a document costs nothing.
 */

import type * as Y from 'yjs';

export interface ArrayWatch {
  /** Name of the root array of this room's document that is watched; null: none. */
  rootOf(room: string): string | null;
  /** Names of root maps of a room with such an array, whose changes are watched too: of edits of messages, say. Default: none. */
  mapsOf?(room: string): readonly string[];
  /**
   * Called in the turn in which the change is applied, so it must only note the change; what it throws is logged. The change
   * may not be durable yet.
   */
  onChange(change: ArrayChange): void;
}

export interface ArrayChange {
  room: string;
  /** Name of the array, or of the map, that changed. The array when the room was loaded. */
  root: string;
  /** `loaded`: the room was loaded, or its document built again. `node`: the change came to another relay first. */
  cause: 'loaded' | 'member' | 'node';
  /**
   * Reads the document, now or later. The reader must not write.
   * @returns Null when the room is no longer loaded, or its document was built again since.
   */
  read<Result>(reader: (doc: Y.Doc) => Result): Result | null;
}
