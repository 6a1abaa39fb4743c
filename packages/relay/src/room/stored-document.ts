/** Builds a room's document from what the store has, and says in the log what it could not use. */

import type { StoredRoom } from '@wetink/storage';
import { documentFromStored } from '../document/load-document.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { RoomSurroundings } from './room-parts.ts';

export interface StoredDocument {
  document: RoomDocument;
  /** Rows that a checkpoint could replace. */
  rows: number;
  /** Some rows were lost. */
  isDamaged: boolean;
}

/** @param unsaved Changes that the journal has not yet written. */
export function storedDocument(
  room: string,
  stored: StoredRoom,
  unsaved: readonly Uint8Array[],
  { logger, observer }: Pick<RoomSurroundings, 'logger' | 'observer'>,
): StoredDocument {
  const document = documentFromStored(stored, unsaved, (row, error) => {
    logger.error({ room, row, err: error }, 'a stored change cannot be applied and is left out');
  });
  const held = document.held().length;
  if (stored.quarantined > 0) logger.error({ room, rows: stored.quarantined }, 'damaged rows were set aside');
  if (held > 0) logger.error({ room, rows: held }, 'stored changes that the document cannot show are kept');
  if (stored.quarantined + held > 0) observer.quarantined(stored.quarantined + held);
  return { document, rows: Math.max(0, stored.updates.length - held), isDamaged: stored.quarantined > 0 };
}
