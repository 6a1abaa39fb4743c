import type { RoomDocument } from '../document/room-document.ts';
import type { Journal } from './journal.ts';

/** What a room has once it is loaded: the document, and the journal of its changes. */
export interface LoadedRoom {
  document: RoomDocument;
  journal: Journal;
}
