/** Lets a caller into the pictures and files of a board, for blob-routes.ts and upload-routes.ts. */

import { isBlobHash } from '../access/board-blobs.ts';
import { isBoardId, NO_BOARD } from '../access/board-codec.ts';
import type { Boards } from '../access/board-types.ts';
import { isInboxRoom } from '../access/inbox-rooms.ts';
import { ApiFailure, boardFailure } from './failures.ts';
import { NOT_A_BOARD, onBoards, type RoomAccess } from './room-access.ts';
import type { Call } from './routes.ts';
import type { UploadSlots } from './upload-slots.ts';

export interface BlobEntryPorts {
  boards: Pick<Boards, 'accessOf'>;
  rooms: RoomAccess;
  slots: UploadSlots;
  /** The address under which limits count a call; null: not limited. */
  addressOf(call: Call): string | null;
  /** Counts an upload that exceeded a limit. */
  onRefused(call: Call, code: 'TOO_LARGE' | 'OVERLOADED'): void;
}

export interface BlobCaller {
  room: string;
  /** The last part of the address, as it was sent. */
  hash: string;
  /** '' for a caller without a user. */
  userId: string;
  mayEdit: boolean;
}

export interface BlobEntry {
  /** @throws {ApiFailure} The caller has no role in this room. */
  enter(call: Call): Promise<BlobCaller>;
  /** As `enter`, for a call that changes something. @throws {ApiFailure} Also for viewers, and when `hash` is none. */
  enterToPut(call: Call): Promise<BlobCaller>;
  /** Runs work that receives bytes, in one of the slots. @throws {ApiFailure} `busy` when there is none, and failures of `run`. */
  receive<T>(call: Call, userId: string, run: () => Promise<T>): Promise<T>;
}

/** Pictures of a room without an owner are stored under its name, so the name must be plain. */
const ROOM = /^[A-Za-z0-9_-]{8,64}$/;
const BUSY_RETRY_SECONDS = '2';

export function createBlobEntry({ boards, rooms, slots, addressOf, onRefused }: BlobEntryPorts): BlobEntry {
  const enter = async (call: Call): Promise<BlobCaller> => {
    const [name = '', hash = ''] = call.params;
    const isPlain = ROOM.test(name) && !isInboxRoom(name);
    const isForAll = isPlain && rooms.role(name, null, NOT_A_BOARD) !== null;
    const user = isForAll && !call.hasToken ? null : await call.user();
    const userId = user?.id ?? '';
    const access = await boards.accessOf(isBoardId(name) ? name : NO_BOARD, userId, onBoards(user));
    const role = isPlain ? rooms.role(name, user, access) : null;
    // Answers 401 instead of 404, because a token might give the caller a role.
    if (role === null && user === null) await call.user();
    if (role === null) throw boardFailure('board_not_found');
    return { room: name, hash, userId, mayEdit: role !== 'viewer' };
  };

  return {
    enter,
    async enterToPut(call) {
      const caller = await enter(call);
      if (!caller.mayEdit) throw new ApiFailure(403, 'read_only', 'viewers may not add pictures or files');
      if (!isBlobHash(caller.hash))
        throw new ApiFailure(400, 'address_invalid', 'a picture or file is named by its SHA-256, 64 lower-case hex digits');
      return caller;
    },
    async receive(call, userId, run) {
      const giveBack = slots.take({ userId, address: addressOf(call) });
      if (giveBack === null) {
        onRefused(call, 'OVERLOADED');
        throw busy('too many uploads at once: try again');
      }
      try {
        return await run();
      } catch (error) {
        if (error instanceof ApiFailure && error.status === 413) onRefused(call, 'TOO_LARGE');
        throw error;
      } finally {
        giveBack();
      }
    },
  };
}

export function busy(message: string): ApiFailure {
  return new ApiFailure(503, 'busy', message, { 'Retry-After': BUSY_RETRY_SECONDS });
}
