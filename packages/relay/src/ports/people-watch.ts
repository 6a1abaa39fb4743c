/** Tells an embedder which users are connected to this relay. Clients without an id are nobody. */

export interface PeopleWatch {
  /** The user had no connection to this room here, and has one now. Must not throw. */
  entered(userId: string, room: string): void;
  /** The user has no connection to this room here any more. */
  left(userId: string, room: string): void;
}
