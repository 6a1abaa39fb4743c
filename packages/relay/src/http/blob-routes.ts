/**
 * Pictures and files of boards over HTTP, under the hash of their bytes:
 *
 *     PUT /v1/boards/BOARD/blobs/HASH   a picture, for editors; the type is read from the bytes, not from the request
 *     GET /v1/boards/BOARD/blobs/HASH   for everyone with a role on the board, also a range
 *     GET /v1/boards/BOARD/blobs        limits and what is used of them, for editors
 *
 * Files are put in parts (upload-routes.ts). In open mode anyone may edit a room without an owner, with or without a token.
 */

import type { BlobFailure } from '../access/blob-types.ts';
import { isBlobHash, type BoardBlobs } from '../access/board-blobs.ts';
import { blobAnswer } from './blob-answers.ts';
import { busy, type BlobEntry } from './blob-entry.ts';
import { readBytes } from './body.ts';
import { ApiFailure } from './failures.ts';
import type { Answer, Call, Route } from './routes.ts';

export interface BlobRoutePorts {
  blobs: BoardBlobs;
  entry: BlobEntry;
  limits: BlobRouteLimits;
}

export interface BlobRouteLimits {
  maxBlobBytes: number;
  maxFileBytes: number;
  maxBoardBlobBytes: number;
  maxUserBlobBytes: number;
}

/** The largest part of an upload: at 1 Mbit/s 8 s, and a part that was cut off is sent again from its start. */
export const MAX_CHUNK_BYTES = 1024 * 1024;

/** Largest blob that is read at once: these bytes are in memory for each client until it has taken them. */
const MAX_WHOLE_BYTES = 1024 * 1024;

const failures: Readonly<Record<BlobFailure, readonly [status: number, message: string]>> = {
  blob_hash: [400, 'the SHA-256 of these bytes is another one'],
  blob_type: [415, 'this is not a PNG, JPEG, GIF or WebP picture, or it contains something else as well'],
  blob_too_large: [413, 'the picture has too many bytes'],
  blob_pixels: [413, 'the picture has too many pixels'],
  blob_quota: [413, 'this board has reached its limit of pictures and files'],
  user_quota: [413, 'this user has reached the limit of pictures and files'],
  board_erased: [410, 'this board was erased'],
  busy: [503, 'another request added a picture at the same time: try again'],
};

export function blobRoutes({ blobs, entry, limits }: BlobRoutePorts): Route[] {
  return [
    {
      pattern: '/v1/boards/:/blobs',
      methods: {
        async GET(call) {
          const { room, userId, mayEdit } = await entry.enter(call);
          if (!mayEdit) throw new ApiFailure(403, 'read_only', 'viewers may not add pictures or files');
          const { boardBytes, userBytes } = await blobs.quotas.counted(room, userId);
          const { maxFileBytes, maxBoardBlobBytes: maxBoardBytes, maxUserBlobBytes: maxUserBytes } = limits;
          return {
            status: 200,
            body: { maxFileBytes, maxChunkBytes: MAX_CHUNK_BYTES, maxBoardBytes, boardBytes, maxUserBytes, userBytes },
          };
        },
      },
    },
    {
      pattern: '/v1/boards/:/blobs/:',
      readsBlobs: true,
      methods: {
        async GET(call) {
          const { room, hash } = await entry.enter(call);
          const found = isBlobHash(hash) ? await answer(call, room, hash) : null;
          if (found === null) throw new ApiFailure(404, 'blob_not_found', 'this board has no such picture or file');
          return found;
        },
        async PUT(call) {
          const { room, hash, userId } = await entry.enterToPut(call);
          return entry.receive(call, userId, async () => {
            const bytes = await readBytes(call.request, limits.maxBlobBytes);
            const outcome = await blobs.put(room, hash, bytes, userId);
            if (outcome.ok) return { status: outcome.isNew ? 201 : 200, body: { hash } };
            const [status, message] = failures[outcome.code];
            throw outcome.code === 'busy' ? busy(message) : new ApiFailure(status, outcome.code, message);
          });
        },
      },
    },
  ];

  async function answer({ request, query }: Call, room: string, hash: string): Promise<Answer | null> {
    const blob = await blobs.open(room, hash);
    if (blob === null) return null;
    const { range, 'if-range': ifRange } = request.headers;
    const given = blobAnswer(blob, {
      hash,
      name: query.get('name') ?? '',
      range,
      ifRange: typeof ifRange === 'string' ? ifRange : undefined,
    });
    // One read for all of a small picture: if it is damaged, the answer says so, instead of breaking off.
    if (request.method === 'HEAD' || given.status !== 200 || blob.size > MAX_WHOLE_BYTES || !('headers' in given)) return given;
    const bytes = (await blobs.get(room, hash))?.bytes;
    return bytes === undefined ? null : { status: 200, bytes, headers: given.headers };
  }
}
