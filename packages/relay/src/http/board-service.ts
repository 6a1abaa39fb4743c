/** Wires boards, users, their entrance and their HTTP API to one store and one relay. */

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Store } from '@wetink/storage';
import { createBoardBlobs } from '../access/board-blobs.ts';
import { createBoardSweep, type BoardSweep } from '../access/board-sweep.ts';
import type { Boards, FreeRoom } from '../access/board-types.ts';
import { createBoards } from '../access/boards.ts';
import { isBoardId } from '../access/board-codec.ts';
import { createUsers, type Users } from '../access/users.ts';
import type { User } from '../identity/answer.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { AuthorizeAnswer, AuthorizeRequest } from '../ports/authorize.ts';
import { systemEnvironment, type Environment } from '../ports/environment.ts';
import type { ApiLimit } from '../ports/paced-limit.ts';
import type { Relay } from '../relay.ts';
import { createApi, type ApiListener, type ApiOptions } from './api.ts';
import { blobRoutes } from './blob-routes.ts';
import { boardRoutes } from './board-routes.ts';
import type { CorsRules } from './cors.ts';
import { createEntrance } from './entrance.ts';
import type { Identity } from './identity.ts';
import { peopleRoutes, settingsRoute, type TokenPages } from './people-routes.ts';
import { createApiRates, type ApiRates } from './rates.ts';
import type { SharedState } from './shared-state.ts';
import { sharingRoutes } from './sharing-routes.ts';

export interface UserlessServiceOptions extends CorsRules {
  store: Store;
  /** The service applies those for calls, misses, boards, pictures and uploads; the relay applies the others. */
  limits: RelayLimits;
  /** Rate windows and caches: shared by all relays, or local to this one. */
  shared: Pick<SharedState, 'window' | 'userCache'>;
  /** The address under which limits count a request; null: not limited. */
  addressOf(request: IncomingMessage): string | null;
  /** Tokens cannot be verified at the moment; the caller got 503, or a code after which clients retry. */
  onUnavailable(error: Error): void;
  /** A background task failed; no request waits for it. `event` is the log line. */
  onError(error: unknown, event: string): void;
  /** A request failed by a bug, and was answered with 500. */
  onFailed(error: unknown): void;
  /** A request exceeded a limit that a rate window counts. */
  onLimited?(limit: ApiLimit): void;
  /** A request exceeded a limit on size or concurrency, which no rate window counts. */
  onRefused?(request: IncomingMessage, code: 'TOO_LARGE' | 'OVERLOADED'): void;
  environment?: Environment;
  /** ms since 1970. */
  wallClock?: () => number;
}

export interface BoardServiceOptions extends UserlessServiceOptions {
  identity: Identity;
  /** Default: none. */
  tokenPages?: TokenPages;
}

/** The part of a service that needs no users. */
export interface UserlessService {
  /** Removes all records and pictures of a room whose document is already erased. */
  forget(room: string): Promise<void>;
  /** Removes what a crash during `forget` left behind. */
  sweep: BoardSweep;
}

export interface BoardService extends UserlessService {
  boards: Boards;
  users: Users;
  /** For `createRelay`, with `knowsUsers: true`. */
  authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
  /** @param relay The one that `authorize` was given to. */
  api(relay: Pick<Relay, 'recheck' | 'erase' | 'roomStats'>): ApiListener;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Rooms with other names have only a document, no pictures or records. */
const PLAIN_ROOM = /^[A-Za-z0-9_-]{8,64}$/;
const NO_PAGES: TokenPages = { tokenUrl: null, loginUrl: null };

/**
 * For a relay without users: anyone may enter any room.
 *
 * @param options.noUsersMessage Sentence with which calls about boards and people are answered (404, `boards_off`).
 */
export function createUserlessService(
  options: UserlessServiceOptions & { noUsersMessage: string },
): UserlessService & { api: ApiListener } {
  const blobs = createBlobs(options);
  const forget = async (room: string): Promise<void> => {
    if (PLAIN_ROOM.test(room)) await blobs.forget(room);
  };
  return {
    forget,
    sweep: createSweep(options, blobs, forget),
    api: createApi({
      ...apiOptions(options, createRates(options)),
      callers: { noUsersMessage: options.noUsersMessage },
      routes: [settingsRoute(null, NO_PAGES)],
    }),
  };
}

/**
 * For a relay whose boards have owners. Give `authorize` to `createRelay`, the relay to `api`, and requests to the listener
 * that it returns:
 *
 *     createRelay({ authorize, knowsUsers: true })  ->  api(relay)  ->  listener(request, response): true for a call of the API
 *
 * The service opens nothing and has nothing to close. It never throws: each failure is an answer to its caller, or goes to
 * one of the callbacks.
 */
export function createBoardService(options: BoardServiceOptions): BoardService {
  const { identity, store, limits, environment = systemEnvironment, wallClock = Date.now } = options;
  const rates = createRates(options);
  const blobs = createBlobs(options);
  const users = createUsers({ records: store.records, cache: options.shared.userCache, now: wallClock });
  const boards = createBoards({ records: store.records, users, secret: identity.secret, environment, wallClock, randomBytes });
  const forget = async (room: string): Promise<void> => {
    if (PLAIN_ROOM.test(room)) await blobs.forget(room);
    if (isBoardId(room)) await boards.forget(room);
  };
  const onSeen = (user: User): Promise<void> =>
    users.seen(user).catch((error: unknown) => options.onError(error, 'user could not be recorded'));
  return {
    boards,
    users,
    authorize: createEntrance({
      identity,
      boards,
      isErased: async (room) => (await storedRoom(store, room)) === 'erased',
      onSeen: (user) => void onSeen(user),
      onUnavailable: options.onUnavailable,
    }),
    forget,
    sweep: createSweep(options, blobs, forget),
    api: (relay) =>
      createApi({
        ...apiOptions(options, rates),
        callers: { identity, isSuspended: (userId) => users.isSuspended(userId), onSeen },
        routes: [
          settingsRoute(identity, options.tokenPages ?? NO_PAGES),
          ...peopleRoutes(identity, boards),
          ...boardRoutes({
            boards,
            relay,
            isFree: async (room) => ((relay.roomStats(room)?.unsavedBytes ?? 0) > 0 ? 'taken' : storedRoom(store, room)),
            mayMake: ({ request }, userId) => rates.boardMade(options.addressOf(request), userId),
            onErased: forget,
          }),
          ...sharingRoutes(boards, relay),
          ...blobRoutes({
            blobs,
            boards,
            isOpenMode: identity.mode === 'open',
            maxBlobBytes: limits.maxBlobBytes,
            maxUploads: limits.maxUploads,
            addressOf: ({ request }) => options.addressOf(request),
            onRefused: ({ request }, code) => options.onRefused?.(request, code),
          }),
        ],
      }),
  };
}

/** Whether the store has content under a room's name, or remembers its erasure. */
async function storedRoom(store: Pick<Store, 'list' | 'load'>, room: string): Promise<FreeRoom> {
  // Names are sorted, so the first name with this prefix is the room itself if it exists.
  const [first] = await store.list({ prefix: room, limit: 1 });
  if (first?.room === room) return 'taken';
  return (await store.load(room)).isErased ? 'erased' : 'free';
}

type Blobs = ReturnType<typeof createBoardBlobs>;

function createBlobs({ store, limits, wallClock = Date.now }: UserlessServiceOptions): Blobs {
  return createBoardBlobs({ store, limits, wallClock });
}

function createSweep(options: UserlessServiceOptions, blobs: Blobs, forget: (room: string) => Promise<void>): BoardSweep {
  const { environment = systemEnvironment } = options;
  return createBoardSweep({
    store: options.store,
    blobs,
    forget,
    onError: (error) => options.onError(error, 'leftovers of an erased board could not be removed, will retry'),
    now: () => environment.now(),
  });
}

function createRates(options: UserlessServiceOptions): ApiRates {
  const { shared, limits, environment = systemEnvironment } = options;
  return createApiRates({
    calls: shared.window('calls', limits.maxApiCallsPerAddress, MINUTE_MS),
    misses: shared.window('misses', limits.maxApiMisses, MINUTE_MS),
    boards: shared.window('boards', limits.maxBoardsPerUser, DAY_MS),
    boardsOfAddress: shared.window('boardsfrom', limits.maxBoardsPerAddress, DAY_MS),
    now: () => environment.now(),
    onLimited: (limit) => options.onLimited?.(limit),
    onFailed: (error) => options.onError(error, 'calls could not be counted'),
  });
}

function apiOptions(options: UserlessServiceOptions, rates: ApiRates): Omit<ApiOptions, 'routes' | 'callers'> {
  const { allowsOrigin, originRefusal, addressOf, onUnavailable, onFailed } = options;
  return { allowsOrigin, ...(originRefusal === undefined ? {} : { originRefusal }), rates, addressOf, onUnavailable, onFailed };
}
