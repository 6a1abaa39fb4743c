import type { RoomDocument } from '../document/room-document.ts';
import type { Journal } from './journal.ts';

/** A loaded room: the document, and the journal of its changes. */
export interface LoadedRoom {
  document: RoomDocument;
  journal: Journal;
}
