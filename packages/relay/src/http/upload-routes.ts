/**
 * Files of boards over HTTP, in parts of at most `MAX_CHUNK_BYTES`, each durable once it is answered:
 *
 *     PATCH  /v1/boards/BOARD/uploads/HASH   Upload-Offset: where these bytes begin; Upload-Length: bytes of the whole file
 *     GET    /v1/boards/BOARD/uploads/HASH   how far this user's upload is, for going on after a reload or a lost network
 *     DELETE /v1/boards/BOARD/uploads/HASH   drops what is held of it
 *
 * The last part completes the file if its SHA-256 is HASH.
 */

import type { BoardUploads, UploadFailure, UploadOutcome } from '../access/board-uploads.ts';
import { busy, type BlobCaller, type BlobEntry } from './blob-entry.ts';
import { MAX_CHUNK_BYTES } from './blob-routes.ts';
import { readBytes } from './body.ts';
import { ApiFailure } from './failures.ts';
import type { Answer, Call, Route } from './routes.ts';

export interface UploadRoutePorts {
  uploads: BoardUploads;
  entry: BlobEntry;
  limits: { maxFileBytes: number; maxBoardBlobBytes: number; maxUserBlobBytes: number };
}

const addressOf = ({ room, userId, hash }: BlobCaller): { board: string; userId: string; hash: string } => ({ board: room, userId, hash });

export function uploadRoutes({ uploads, entry, limits }: UploadRoutePorts): Route[] {
  const failures: Readonly<Record<UploadFailure, readonly [status: number, message: string]>> = {
    blob_too_large: [413, `a file may have at most ${inWords(limits.maxFileBytes)}`],
    blob_quota: [413, `there is no room for this file: all pictures and files of a board may have ${inWords(limits.maxBoardBlobBytes)}`],
    user_quota: [413, `there is no room for this file: all that one user put on boards may have ${inWords(limits.maxUserBlobBytes)}`],
    blob_hash: [422, 'the bytes that arrived have another SHA-256, so they were dropped: send the file again'],
    upload_length: [400, 'an upload of this file began with another length, or these bytes go past its end'],
    board_erased: [410, 'this board was erased'],
    busy: [503, 'another request changed this upload, or the board has too many unfinished uploads: try again'],
  };

  const answerOf = (hash: string, outcome: UploadOutcome): Answer => {
    switch (outcome.kind) {
      case 'whole':
        return { status: outcome.isNew ? 201 : 200, body: { hash } };
      case 'held':
        return { status: 200, body: { offset: outcome.offset } };
      case 'elsewhere': {
        const message = `${outcome.offset} bytes of this file are held: go on from there`;
        throw new ApiFailure(409, 'upload_offset', message, {}, { offset: outcome.offset });
      }
      case 'refused': {
        const [status, message] = failures[outcome.code];
        throw outcome.code === 'busy' ? busy(message) : new ApiFailure(status, outcome.code, message);
      }
    }
  };

  return [
    {
      pattern: '/v1/boards/:/uploads/:',
      methods: {
        async GET(call) {
          const caller = await entry.enterToPut(call);
          const state = await uploads.state(addressOf(caller));
          return { status: 200, body: state.kind === 'whole' ? { hash: caller.hash } : { offset: state.offset, length: state.length } };
        },
        async PATCH(call) {
          const caller = await entry.enterToPut(call);
          const [offset, length] = [numberIn(call, 'upload-offset'), numberIn(call, 'upload-length')];
          return entry.receive(call, caller.userId, async () => {
            const bytes = await readBytes(call.request, MAX_CHUNK_BYTES);
            return answerOf(caller.hash, await uploads.write(addressOf(caller), { offset, length, bytes }));
          });
        },
        async DELETE(call) {
          await uploads.drop(addressOf(await entry.enterToPut(call)));
          return { status: 204 };
        },
      },
    },
  ];
}

/** @throws {ApiFailure} The header is missing, or no whole number. */
function numberIn({ request }: Call, header: 'upload-offset' | 'upload-length'): number {
  const value = request.headers[header];
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new ApiFailure(
    400,
    'upload_invalid',
    `${header === 'upload-offset' ? 'Upload-Offset' : 'Upload-Length'} must be a whole number of bytes`,
  );
}

/** Such as "104,857,600 bytes (100 MiB)". */
function inWords(bytes: number): string {
  const mib = bytes / 1024 ** 2;
  return `${bytes.toLocaleString('en')} bytes${Number.isInteger(mib) ? ` (${mib.toLocaleString('en')} MiB)` : ''}`;
}
