/** Wires boards, users and their HTTP API to one store and one relay. Without an identity the relay has none of them. */

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { systemEnvironment, type ApiLimit, type AuthorizeAnswer, type AuthorizeRequest, type Relay, type RelayLimits } from '@wetink/relay';
import {
  createBoardBlobs,
  createBoardSweep,
  createBoards,
  createUsers,
  isBoardId,
  type BoardSweep,
  type Boards,
  type FreeRoom,
  type Users,
} from '@wetink/relay/access';
import type { User } from '@wetink/relay/identity';
import type { Store } from '@wetink/storage';
import { createApi, type Api } from './api/api.ts';
import { blobRoutes } from './api/blob-routes.ts';
import { boardRoutes } from './api/board-routes.ts';
import { peopleRoutes, settingsRoute } from './api/people-routes.ts';
import { createApiRates, type ApiRates } from './api/rates.ts';
import { createEntrance } from './entrance.ts';
import type { IdentityConfig } from './identity-config.ts';
import type { Identity } from './identity.ts';
import type { Shared } from './shared.ts';

export interface AccessOptions {
  config: IdentityConfig;
  identity: Identity | null;
  store: Store;
  limits: RelayLimits;
  /** Rate windows and caches: shared by all relays, or local to this one. */
  shared: Pick<Shared, 'window' | 'userCache'>;
  /** The address under which limits count a request; null: not limited. */
  addressOf(request: IncomingMessage): string | null;
  onUnavailable(error: Error): void;
  /** A background task failed; no request waits for it. `event` is the log line. */
  onError(error: unknown, event: string): void;
  onLimited(limit: ApiLimit): void;
  /** A request exceeded a limit on size or concurrency, which no rate window counts. */
  onRefused(request: IncomingMessage, code: 'TOO_LARGE' | 'OVERLOADED'): void;
}

export interface AccessParts {
  boards: Boards | null;
  users: Users | null;
  /** Null: anyone may enter any room. */
  authorize: ((request: AuthorizeRequest) => Promise<AuthorizeAnswer>) | null;
  /** Removes all records and pictures of a room whose document is already erased. */
  forget(room: string): Promise<void>;
  /** Removes what a crash during `forget` left behind. */
  sweep: BoardSweep;
  api(relay: Relay): Api;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Rooms with other names have only a document, no pictures or records. */
const PLAIN_ROOM = /^[A-Za-z0-9_-]{8,64}$/;

/** @throws {Error} The store has boards with owners, and without an identity the relay cannot recognise an owner. */
export async function refuseOwnedBoards(records: Store['records']): Promise<void> {
  const [board] = await records.list({ prefix: 'board/', limit: 1 });
  if (board !== undefined)
    throw new Error(
      'the store has boards with owners, and without WETINK_SECRET anyone could enter them: set the secret they were made with',
    );
}

export function createAccess(options: AccessOptions): AccessParts {
  const { config, identity, store, limits, shared } = options;
  const onSeen = (users: Users) => (user: User) =>
    users.seen(user).catch((error: unknown) => options.onError(error, 'user could not be recorded'));
  const rates: ApiRates = createApiRates({
    calls: shared.window('calls', limits.maxApiCallsPerAddress, MINUTE_MS),
    misses: shared.window('misses', limits.maxApiMisses, MINUTE_MS),
    boards: shared.window('boards', limits.maxBoardsPerUser, DAY_MS),
    boardsOfAddress: shared.window('boardsfrom', limits.maxBoardsPerAddress, DAY_MS),
    now: () => performance.now(),
    onLimited: options.onLimited,
    onFailed: (error) => options.onError(error, 'calls could not be counted'),
  });
  const common = { rates, addressOf: options.addressOf, onUnavailable: options.onUnavailable };
  const blobs = createBoardBlobs({ store, limits, wallClock: Date.now });
  const forgetPictures = async (room: string): Promise<void> => {
    if (PLAIN_ROOM.test(room)) await blobs.forget(room);
  };
  const sweepWith = (forget: (room: string) => Promise<void>): BoardSweep =>
    createBoardSweep({
      store,
      blobs,
      forget,
      onError: (error) => options.onError(error, 'leftovers of an erased board could not be removed, will retry'),
      now: () => performance.now(),
    });
  if (identity === null) {
    const nobody = { identity: null, isSuspended: () => Promise.resolve(false), onSeen: () => Promise.resolve() };
    const routes = [settingsRoute({ config, identity, boards: null })];
    return {
      boards: null,
      users: null,
      authorize: null,
      forget: forgetPictures,
      sweep: sweepWith(forgetPictures),
      api: () => createApi({ routes, ...nobody, ...common }),
    };
  }

  const users = createUsers({ records: store.records, cache: shared.userCache, now: Date.now });
  const boards = createBoards({
    records: store.records,
    users,
    secret: identity.secret,
    environment: systemEnvironment,
    wallClock: Date.now,
    randomBytes,
  });
  const forget = async (room: string): Promise<void> => {
    await forgetPictures(room);
    if (isBoardId(room)) await boards.forget(room);
  };
  const isFree = async (room: string): Promise<FreeRoom> => {
    // Names are sorted, so the first name with this prefix is the room itself if it exists.
    const [first] = await store.list({ prefix: room, limit: 1 });
    if (first?.room === room) return 'taken';
    return (await store.load(room)).isErased ? 'erased' : 'free';
  };
  return {
    boards,
    users,
    authorize: createEntrance({
      identity,
      boards,
      isErased: async (room) => (await isFree(room)) === 'erased',
      onSeen: (user) => void onSeen(users)(user),
      onUnavailable: options.onUnavailable,
    }),
    forget,
    sweep: sweepWith(forget),
    api: (relay) =>
      createApi({
        routes: [
          settingsRoute({ config, identity, boards }),
          ...peopleRoutes({ config, identity, boards }),
          ...boardRoutes({
            boards,
            relay,
            isFree: async (room) => ((relay.roomStats(room)?.unsavedBytes ?? 0) > 0 ? 'taken' : isFree(room)),
            mayMake: ({ request }, userId) => rates.boardMade(options.addressOf(request), userId),
            onErased: forget,
          }),
          ...blobRoutes({
            blobs,
            boards,
            isOpenMode: identity.mode === 'open',
            maxBlobBytes: limits.maxBlobBytes,
            maxUploads: limits.maxUploads,
            addressOf: ({ request }) => options.addressOf(request),
            onRefused: ({ request }, code) => options.onRefused(request, code),
          }),
        ],
        identity,
        isSuspended: (userId) => users.isSuspended(userId),
        onSeen: onSeen(users),
        ...common,
      }),
  };
}
