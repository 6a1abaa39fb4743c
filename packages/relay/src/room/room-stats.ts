/** The statistics of one room, for operators. They contain nothing that a person wrote. */

import { START, type Position } from '@wetink/storage';
import type { RoomCounts } from '../bus/bus.ts';
import type { Seats } from '../member/seat.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';

export type RoomState = 'loading' | 'ready' | 'unloading' | 'failed' | 'erased' | 'closed';

export interface RoomStats extends RoomCounts {
  state: RoomState;
  /** Upper estimate of the encoded document. While it is not loaded, this and the next four are 0 or empty. */
  documentBytes: number;
  /** Rows in the store that the document can't show. */
  heldRows: number;
  /** Changes whose predecessors are missing. */
  pendingBytes: number;
  /** Ids that ever wrote to the document. */
  clientIds: number;
  /** The journal's position. */
  position: Position;
  /** Applied and passed on, not yet durable. */
  unsavedBytes: number;
  rowsSinceCheckpoint: number;
  /** Other nodes that have the room open. */
  nodes: string[];
}

export interface StatsSource {
  state: RoomState;
  seats: Seats;
  loaded: LoadedRoom | null;
  unsavedBytes: number;
  rowsSinceCheckpoint: number;
  nodes: string[];
}

export function statsOf({ state, seats, loaded, unsavedBytes, rowsSinceCheckpoint, nodes }: StatsSource): RoomStats {
  const document = loaded?.document;
  return {
    state,
    ...countMembers(seats),
    documentBytes: document?.estimatedBytes ?? 0,
    heldRows: document?.held().length ?? 0,
    pendingBytes: document?.pendingBytes ?? 0,
    clientIds: document?.clientIds ?? 0,
    position: loaded?.journal.position ?? START,
    unsavedBytes,
    rowsSinceCheckpoint,
    nodes,
  };
}

/** A guest counts as a person per connection. */
export function countMembers(seats: Seats): RoomCounts {
  const users = new Set<string>();
  let [guests, connections] = [0, 0];
  for (const { userId, isEdit } of seats.keys()) {
    if (isEdit === true) continue;
    connections += 1;
    if (userId === '') guests += 1;
    else users.add(userId);
  }
  return { people: users.size + guests, connections };
}
