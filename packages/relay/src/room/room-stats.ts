/** What can be told of one room, for operators. Nothing a person wrote is part of it. */

import { START, type Position } from '@wetink/storage';
import type { RoomCounts } from '../bus/bus.ts';
import type { Member } from '../member/member.ts';
import type { Loaded } from '../journal/loaded.ts';

export type RoomState = 'loading' | 'ready' | 'unloading' | 'failed' | 'erased' | 'closed';

export interface RoomStats extends RoomCounts {
  state: RoomState;
  /** Upper estimate of the encoded document. 0 while it is not loaded, as are the four after it. */
  documentBytes: number;
  /** Rows that the store keeps and the document can't show. */
  heldRows: number;
  /** Changes whose predecessors are missing. */
  pendingBytes: number;
  /** Ids that ever wrote to the document. */
  clientIds: number;
  /** Of the journal. */
  position: Position;
  /** Applied and passed on, not yet durable. */
  unsavedBytes: number;
  rowsSinceCheckpoint: number;
  /** Other nodes that have the room open. */
  nodes: string[];
}

export interface StatsSource {
  state: RoomState;
  members: ReadonlySet<Member>;
  loaded: Loaded | null;
  unsavedBytes: number;
  rowsSinceCheckpoint: number;
  nodes: string[];
}

export function statsOf({ state, members, loaded, unsavedBytes, rowsSinceCheckpoint, nodes }: StatsSource): RoomStats {
  const document = loaded?.document;
  return {
    state,
    ...countMembers(members),
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
export function countMembers(members: ReadonlySet<Member>): RoomCounts {
  const users = new Set<string>();
  let guests = 0;
  for (const { userId } of members) {
    if (userId === '') guests += 1;
    else users.add(userId);
  }
  return { people: users.size + guests, connections: members.size };
}
