import type { RoomDocument } from '../document/room-document.ts';
import type { Journal } from './journal.ts';

/** The document of a room that is open, and the journal of its changes. */
export interface Loaded {
  document: RoomDocument;
  journal: Journal;
}
