/**
 * Pictures of boards over HTTP, under the hash of their bytes:
 *
 *     PUT /v1/boards/BOARD/blobs/HASH   for editors; the type is read from the bytes, not from the request
 *     GET /v1/boards/BOARD/blobs/HASH   for everyone with a role on the board
 *
 * In open mode anyone may edit a room without an owner, with or without a token.
 */

import { isBlobHash, type BlobFailure, type BoardBlobs } from '../access/board-blobs.ts';
import type { Boards } from '../access/board-types.ts';
import { isBoardId, NO_BOARD } from '../access/board-codec.ts';
import { readBytes } from './body.ts';
import { ApiFailure, boardFailure } from './failures.ts';
import type { Call, Route } from './routes.ts';
import { createUploadSlots } from './upload-slots.ts';

export interface BlobRoutePorts {
  blobs: BoardBlobs;
  boards: Pick<Boards, 'accessOf'>;
  /** Anyone may edit a room without a record. */
  isOpenMode: boolean;
  maxBlobBytes: number;
  /** Concurrent uploads; see upload-slots.ts for the share of one user and of one address. */
  maxUploads: number;
  /** The address under which limits count a call; null: not limited. */
  addressOf(call: Call): string | null;
  /** Counts an upload that exceeded a limit. */
  onRefused(call: Call, code: 'TOO_LARGE' | 'OVERLOADED'): void;
}

/** Pictures of a room without an owner are stored under its name, so the name must be plain. */
const ROOM = /^[A-Za-z0-9_-]{8,64}$/;
const BUSY_RETRY_SECONDS = '2';

const failures: Readonly<Record<BlobFailure, readonly [status: number, message: string]>> = {
  blob_hash: [400, 'the SHA-256 of these bytes is another one'],
  blob_type: [415, 'this is not a PNG, JPEG, GIF or WebP picture, or it contains something else as well'],
  blob_too_large: [413, 'the picture has too many bytes'],
  blob_pixels: [413, 'the picture has too many pixels'],
  blob_quota: [413, 'this board has reached its limit of pictures'],
  board_erased: [410, 'this board was erased'],
  busy: [503, 'someone else added a picture at the same time: try again'],
};

export function blobRoutes({ blobs, boards, isOpenMode, maxBlobBytes, maxUploads, addressOf, onRefused }: BlobRoutePorts): Route[] {
  const slots = createUploadSlots(maxUploads);
  const busy = (message: string): ApiFailure => new ApiFailure(503, 'busy', message, { 'Retry-After': BUSY_RETRY_SECONDS });

  /** @throws {ApiFailure} The caller has no role in this room. */
  const enter = async (call: Call): Promise<{ room: string; hash: string; userId: string; mayEdit: boolean }> => {
    const [name = '', hash = ''] = call.params;
    const user = isOpenMode && !call.hasToken ? null : await call.user();
    const userId = user?.id ?? '';
    const room = ROOM.test(name) ? name : NO_BOARD;
    const { isBoard, role } = await boards.accessOf(isBoardId(room) ? room : NO_BOARD, userId);
    if (isOpenMode && !isBoard && room === name) return { room, hash, userId, mayEdit: true };
    // Answers 401 instead of 404, because a token might give the caller a role.
    if (user === null) await call.user();
    if (role === null) throw boardFailure('board_not_found');
    return { room, hash, userId, mayEdit: role !== 'viewer' };
  };

  return [
    {
      pattern: '/v1/boards/:/blobs/:',
      methods: {
        async GET(call) {
          const { room, hash } = await enter(call);
          const found = isBlobHash(hash) ? await blobs.get(room, hash) : null;
          if (found === null) throw new ApiFailure(404, 'blob_not_found', 'this board has no such picture');
          return { status: 200, bytes: found.bytes, headers: pictureHeaders(found.type) };
        },
        async PUT(call) {
          const { room, hash, userId, mayEdit } = await enter(call);
          if (!mayEdit) throw new ApiFailure(403, 'read_only', 'viewers may not add pictures');
          if (!isBlobHash(hash))
            throw new ApiFailure(400, 'address_invalid', 'a picture is named by its SHA-256, 64 lower-case hex digits');
          const giveBack = slots.take({ userId, address: addressOf(call) });
          if (giveBack === null) {
            onRefused(call, 'OVERLOADED');
            throw busy('too many uploads at once: try again');
          }
          try {
            const outcome = await blobs.put(room, hash, await readBytes(call.request, maxBlobBytes), userId);
            if (outcome.ok) return { status: outcome.isNew ? 201 : 200, body: { hash } };
            const [status, message] = failures[outcome.code];
            throw outcome.code === 'busy' ? busy(message) : new ApiFailure(status, outcome.code, message);
          } catch (error) {
            if (error instanceof ApiFailure && error.status === 413) onRefused(call, 'TOO_LARGE');
            throw error;
          } finally {
            giveBack();
          }
        },
      },
    },
  ];
}

/** Opened in its own tab, a picture can run and load nothing, whatever its bytes are. */
function pictureHeaders(type: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Disposition': 'inline',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // The bytes under a hash never change; shared caches must not keep them.
    'Cache-Control': 'private, max-age=31536000, immutable',
  };
}
