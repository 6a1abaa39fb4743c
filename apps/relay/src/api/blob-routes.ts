/**
 * Pictures of boards over HTTP, under the hash of their bytes:
 *
 *     PUT /v1/boards/BOARD/blobs/HASH   by who may edit; the type is what the bytes are, not what the request says
 *     GET /v1/boards/BOARD/blobs/HASH   by who sees the board
 *
 * In open mode a room without an owner is everyone's, with a token or without.
 */

import { isBlobHash, isBoardId, NO_BOARD, type BlobFailure, type BoardBlobs, type Boards } from '@wetink/relay/access';
import { readBytes } from './body.ts';
import { ApiFailure, boardFailure } from './failures.ts';
import type { Call, Route } from './routes.ts';

export interface BlobRoutePorts {
  blobs: BoardBlobs;
  boards: Pick<Boards, 'standing'>;
  /** A room without a record is everyone's. */
  isOpenMode: boolean;
  maxBlobBytes: number;
  /** Taken at once; of one person, or address without one, an eighth of them; of all people of an address half of them. */
  maxUploads: number;
  /** As it is counted; null is not limited. */
  addressOf(call: Call): string | null;
  /** A limit was met, for whoever counts. */
  onRefused(call: Call, code: 'TOO_LARGE' | 'OVERLOADED'): void;
}

/** What is kept of such rooms is kept under their name, so that is plain. */
const ROOM = /^[A-Za-z0-9_-]{8,64}$/;
const BUSY_RETRY_SECONDS = '2';

const failures: Readonly<Record<BlobFailure, readonly [status: number, message: string]>> = {
  blob_hash: [400, 'these bytes have another SHA-256'],
  blob_type: [415, 'this is no picture of PNG, JPEG, GIF or WebP, or something else as well'],
  blob_too_large: [413, 'the picture has too many bytes'],
  blob_pixels: [413, 'the picture has too many pixels'],
  blob_quota: [413, 'this board has as many pictures as a board may have'],
  board_erased: [410, 'this board was erased'],
  busy: [503, 'others add pictures at the same time: try again'],
};

export function blobRoutes({ blobs, boards, isOpenMode, maxBlobBytes, maxUploads, addressOf, onRefused }: BlobRoutePorts): Route[] {
  let uploads = 0;
  const uploadsBySender = new Map<string, number>();
  /** So that one person who sends slowly leaves room for others, and so do all the guests that one machine can be. */
  const sendersOf = (call: Call, userId: string): { sender: string; max: number }[] => {
    const address = addressOf(call);
    const eighth = Math.max(1, Math.floor(maxUploads / 8));
    if (userId === '') return [{ sender: `from ${address ?? ''}`, max: eighth }];
    const person = { sender: `user ${userId}`, max: eighth };
    return address === null ? [person] : [person, { sender: `people from ${address}`, max: Math.max(1, Math.floor(maxUploads / 2)) }];
  };
  const busy = (message: string): ApiFailure => new ApiFailure(503, 'busy', message, { 'Retry-After': BUSY_RETRY_SECONDS });

  /** @throws {ApiFailure} Whoever asks is nothing in this room. */
  const enter = async (call: Call): Promise<{ room: string; hash: string; userId: string; mayEdit: boolean }> => {
    const [name = '', hash = ''] = call.params;
    const user = isOpenMode && !call.hasToken ? null : await call.user();
    const userId = user?.id ?? '';
    const room = ROOM.test(name) ? name : NO_BOARD;
    const { isBoard, role } = await boards.standing(isBoardId(room) ? room : NO_BOARD, userId);
    if (isOpenMode && !isBoard && room === name) return { room, hash, userId, mayEdit: true };
    // Tells whoever could have a role that a token is what they lack.
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
          if (!mayEdit) throw new ApiFailure(403, 'read_only', 'whoever looks on may not add pictures');
          if (!isBlobHash(hash))
            throw new ApiFailure(400, 'address_invalid', 'a picture is named by its SHA-256, 64 lower-case hex digits');
          const senders = sendersOf(call, userId);
          if (uploads >= maxUploads || senders.some(({ sender, max }) => (uploadsBySender.get(sender) ?? 0) >= max)) {
            onRefused(call, 'OVERLOADED');
            throw busy('too many pictures are on their way: try again');
          }
          uploads += 1;
          for (const { sender } of senders) uploadsBySender.set(sender, (uploadsBySender.get(sender) ?? 0) + 1);
          try {
            const outcome = await blobs.put(room, hash, await readBytes(call.request, maxBlobBytes), userId);
            if (outcome.ok) return { status: outcome.isNew ? 201 : 200, body: { hash } };
            const [status, message] = failures[outcome.code];
            throw outcome.code === 'busy' ? busy(message) : new ApiFailure(status, outcome.code, message);
          } catch (error) {
            if (error instanceof ApiFailure && error.status === 413) onRefused(call, 'TOO_LARGE');
            throw error;
          } finally {
            uploads -= 1;
            for (const { sender } of senders) {
              const left = (uploadsBySender.get(sender) ?? 1) - 1;
              if (left > 0) uploadsBySender.set(sender, left);
              else uploadsBySender.delete(sender);
            }
          }
        },
      },
    },
  ];
}

/** Opened by itself such an answer is a picture that can run and load nothing, whatever it turns out to be. */
function pictureHeaders(type: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Disposition': 'inline',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Under its hash nothing ever changes; a cache that others share must not have it.
    'Cache-Control': 'private, max-age=31536000, immutable',
  };
}
