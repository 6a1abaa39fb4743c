/** Wires boards, users, their entrance and their HTTP API to one store and one relay. */

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Store } from '@wetink/storage';
import { createBoardBlobs, type BoardBlobs } from '../access/board-blobs.ts';
import { createBoardSweep, type BoardSweep } from '../access/board-sweep.ts';
import type { ReadUses } from '../access/unused-blobs.ts';
import type { Boards, FreeRoom } from '../access/board-types.ts';
import { createBoards } from '../access/boards.ts';
import { createBots, type Bots } from '../access/bots.ts';
import { isBoardId } from '../access/board-codec.ts';
import { createRoomRules, type RoomRule } from '../access/room-rules.ts';
import { createConversations, type Conversations } from '../access/conversations.ts';
import { isRoomErased } from '../access/erased-rooms.ts';
import { createOnlinePeople, type DirectoryRule, type OnlinePeople } from '../access/online-people.ts';
import { createTies, type Ties } from '../access/ties.ts';
import { createUsers, type Users } from '../access/users.ts';
import type { User } from '../identity/answer.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { AuthorizeAnswer, AuthorizeRequest } from '../ports/authorize.ts';
import { systemEnvironment, type Environment } from '../ports/environment.ts';
import type { ApiLimit } from '../ports/paced-limit.ts';
import type { Relay } from '../relay.ts';
import { createApi, type ApiListener, type ApiOptions, type DescribedApi } from './api.ts';
import { createBlobEntry } from './blob-entry.ts';
import { blobRoutes } from './blob-routes.ts';
import { boardRoutes } from './board-routes.ts';
import { botRoutes } from './bot-routes.ts';
import { createContentEntry, type ContentEntry } from './content-entry.ts';
import { conversationRoutes, type PersonAdded } from './conversation-routes.ts';
import type { CorsRules } from './cors.ts';
import { directoryRoute } from './directory-route.ts';
import { editFailure } from './edit-failures.ts';
import { createEntrance } from './entrance.ts';
import type { Identity } from './identity.ts';
import { peopleRoutes, settingsRoute, type TokenPages } from './people-routes.ts';
import { createApiRates, type ApiRates } from './rates.ts';
import { createRoomAccess, type RoomAccess } from './room-access.ts';
import type { Call, Route } from './routes.ts';
import type { SharedState } from './shared-state.ts';
import { sharingRoutes, type RoleChange } from './sharing-routes.ts';
import { uploadRoutes } from './upload-routes.ts';
import { createUploadSlots } from './upload-slots.ts';

export interface UserlessServiceOptions extends CorsRules {
  store: Store;
  /** The service applies those for calls, misses, boards, pictures and uploads; the relay applies the others. */
  limits: RelayLimits;
  /** Rate windows and caches: shared by all relays, or local to this one. */
  shared: Pick<SharedState, 'window' | 'slidingWindow' | 'userCache' | 'online'>;
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
  /** Removes pictures and files that the document of their board no longer needs. Default: they stay as long as the board. */
  unusedBlobs?: UnusedBlobRules;
  /** Content of rooms that the embedder keeps in the store beside their documents. Default: none. */
  keptBeside?: KeptBeside;
  environment?: Environment;
  /** ms since 1970. */
  wallClock?: () => number;
}

export interface KeptBeside {
  /** Removes what is kept of a room whose document is erased. Idempotent. */
  forget(room: string): Promise<void>;
  /** Rooms of which something is kept. */
  rooms(): AsyncIterable<string>;
}

export interface UnusedBlobRules {
  /** Reads a document: the relay knows none. */
  readUses: ReadUses;
  /** Milliseconds for which a picture or file is kept that its document no longer needs. */
  keptMs: number;
  /** Called for each board from which the sweep removed something, as soon as its check ends. */
  onRemoved?(board: string, count: number, bytes: number): void;
}

export interface BoardServiceOptions extends UserlessServiceOptions {
  identity: Identity;
  /** Rules for rooms that are no boards, by the beginning of their name. Default: none. */
  roomRules?: readonly RoomRule[];
  /** Default: none. */
  tokenPages?: TokenPages;
  /** Calls about what a board holds, whose patterns begin with `/v1/boards/:/`. Default: none. */
  contentRoutes?(entry: ContentEntry): Route[];
  /** A person got another role on a board, or lost theirs, by a call. The call's answer waits for it. Never rejects. */
  onRole?(change: RoleChange): Promise<void>;
  /** A person got a role on a board by a link. The call's answer waits for it. Never rejects. */
  onJoined?(change: RoleChange): Promise<void>;
  /** A person was added to a conversation by a call, whose answer waits for it. Never rejects. */
  onAdded?(added: PersonAdded): Promise<void>;
  /**
   * Whether a person has blocked another, who is not to address them. May reject as `relay.edit` does, and the call is answered
   * with 503. Default: nobody has.
   */
  hasBlocked?(person: string, userId: string): Promise<boolean>;
  /** Whom a user finds and may address: people with whom they share a board (`shared`, the default; `off` shows nobody) or all. */
  directory?: DirectoryRule;
  /** Removes further records that the embedder keeps of a board, when it is erased. Idempotent. */
  forgetMore?(board: string): Promise<void>;
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
  conversations: Conversations;
  bots: Pick<Bots, 'list'>;
  /** People who are online: for `createRelay`, and `refresh` about every 10 s. */
  online: OnlinePeople;
  /** The boards that people share. */
  ties: Ties;
  users: Users;
  /** For `createRelay`, with `knowsUsers: true`. */
  authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
  /** @param relay The one that `authorize` was given to. */
  api(relay: Pick<Relay, 'recheck' | 'erase' | 'roomStats' | 'edit'>): DescribedApi;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Rooms with other names have only a document, no pictures or records. */
const PLAIN_ROOM = /^[A-Za-z0-9_-]{8,64}$/;
const noFurther = (): Promise<void> => Promise.resolve();
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
    await options.keptBeside?.forget(room);
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
  const { identity, store, environment = systemEnvironment, wallClock = Date.now, roomRules = [] } = options;
  const rooms = createRoomAccess(identity.mode === 'open', createRoomRules(roomRules));
  const rates = createRates(options);
  const blobs = createBlobs(options);
  const users = createUsers({ records: store.records, cache: options.shared.userCache, now: wallClock });
  const boards = createBoards({
    records: store.records,
    users,
    secret: identity.secret,
    environment,
    wallClock,
    randomBytes,
    isReserved: (id) => rooms.rules.covers(id),
  });
  const ties = tiesOf(options, { boards, environment });
  const online = onlineOf(options, { ties, boards, environment });
  const conversations = conversationsOf(options, { users, ties, wallClock });
  const bots = createBots({ records: store.records, wallClock, randomBytes });
  const forget = async (room: string): Promise<void> => {
    // The board's own record goes last: by it the sweep finds a board that was forgotten in part.
    await options.keptBeside?.forget(room);
    if (PLAIN_ROOM.test(room)) await blobs.forget(room);
    if (!isBoardId(room)) return;
    await options.forgetMore?.(room);
    await conversations.forget(room);
    await bots.forget(room);
    await ties.forget(room);
    await boards.forget(room);
  };
  const mayMake = ({ request }: Call, userId: string): Promise<void> => rates.boardMade(options.addressOf(request), userId);
  const onSeen = (user: User): Promise<void> =>
    users.seen(user).catch((error: unknown) => options.onError(error, 'user could not be recorded'));
  return {
    boards,
    conversations,
    bots,
    online,
    ties,
    users,
    authorize: createEntrance({
      identity,
      boards,
      rules: rooms.rules,
      isErased: async (room) => (await storedRoom(store, room)) === 'erased',
      onSeen: (user) => void onSeen(user),
      onEntered: ({ id }, room) => void ties.note(id, room),
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
          ...peopleRoutes(identity, boards, rooms),
          ...boardRoutes({
            boards,
            relay,
            isFree: async (room) => ((relay.roomStats(room)?.unsavedBytes ?? 0) > 0 ? 'taken' : storedRoom(store, room)),
            mayMake,
            onMember: (userId, board) => ties.note(userId, board),
            onErased: forget,
          }),
          ...botRoutes(boards, bots),
          // A tie begins when the member enters: a role alone must not show an owner whether a stranger is online.
          ...sharingRoutes(boards, relay, { onRole: options.onRole ?? noFurther, onJoined: options.onJoined ?? noFurther }),
          directoryRoute({ rule: options.directory ?? 'shared', online, users }),
          ...conversationRoutes({ conversations, relay, mayMake, onAdded: options.onAdded ?? noFurther, onErased: forget }),
          ...fileRoutes(options, blobs, boards, rooms),
          ...(options.contentRoutes?.(
            createContentEntry({ boards, bots, relay, rooms, posted: (kind, userId) => rates.posted(kind, userId) }),
          ) ?? []),
        ],
      }),
  };
}

function tiesOf({ store, onError }: BoardServiceOptions, { boards, environment }: { boards: Boards; environment: Environment }): Ties {
  return createTies({
    records: store.records,
    boards,
    now: () => environment.now(),
    onError: (error) => onError(error, 'a visit could not be recorded'),
  });
}

function onlineOf(
  { directory = 'shared', shared, onError }: BoardServiceOptions,
  parts: { ties: Ties; boards: Boards; environment: Environment },
): OnlinePeople {
  return createOnlinePeople({
    rule: directory,
    index: shared.online,
    ...parts,
    onError: (error) => onError(error, 'a user online could not be recorded'),
  });
}

function conversationsOf(
  { store, hasBlocked, directory }: BoardServiceOptions,
  { users, ties, wallClock }: { users: Users; ties: Ties; wallClock(): number },
): Conversations {
  return createConversations({
    records: store.records,
    users,
    mayAddress: async (userId, person) => (directory === 'all' ? (await users.get(person)) !== null : ties.share(userId, person)),
    async hasBlocked(person, userId) {
      try {
        return (await hasBlocked?.(person, userId)) ?? false;
      } catch (error) {
        throw editFailure(error);
      }
    },
    isErased: (room) => isRoomErased(store, room),
    wallClock,
    randomBytes,
  });
}

/** Pictures and files. */
function fileRoutes({ limits, addressOf, onRefused }: BoardServiceOptions, blobs: BoardBlobs, boards: Boards, rooms: RoomAccess): Route[] {
  const entry = createBlobEntry({
    boards,
    rooms,
    slots: createUploadSlots(limits.maxUploads),
    addressOf: ({ request }) => addressOf(request),
    onRefused: ({ request }, code) => onRefused?.(request, code),
  });
  return [...blobRoutes({ blobs, entry, limits }), ...uploadRoutes({ uploads: blobs.uploads, entry, limits })];
}

/** Whether the store has content under a room's name, or remembers its erasure. */
async function storedRoom(store: Pick<Store, 'list' | 'load'>, room: string): Promise<FreeRoom> {
  // Names are sorted, so the first name with this prefix is the room itself if it exists.
  const [first] = await store.list({ prefix: room, limit: 1 });
  if (first?.room === room) return 'taken';
  return (await store.load(room)).isErased ? 'erased' : 'free';
}

function createBlobs({ store, limits, wallClock = Date.now }: UserlessServiceOptions): BoardBlobs {
  return createBoardBlobs({ store, limits, wallClock });
}

function createSweep(options: UserlessServiceOptions, blobs: BoardBlobs, forget: (room: string) => Promise<void>): BoardSweep {
  const { environment = systemEnvironment, store, unusedBlobs, keptBeside } = options;
  const onError = (error: unknown): void => options.onError(error, 'search for unused pictures and files failed, will retry');
  return createBoardSweep({
    store,
    blobs,
    ...(keptBeside === undefined ? {} : { keptBeside }),
    ...(unusedBlobs === undefined ? {} : { unused: blobs.unused({ store, onError, ...unusedBlobs }) }),
    forget,
    onError: (error) => options.onError(error, 'leftovers of an erased board could not be removed, will retry'),
    now: () => environment.now(),
  });
}

function createRates(options: UserlessServiceOptions): ApiRates {
  const { shared, limits, environment = systemEnvironment } = options;
  return createApiRates({
    calls: shared.window('calls', limits.maxApiCallsPerAddress, MINUTE_MS),
    blobReads: shared.window('blobreads', limits.maxBlobReadsPerAddress, MINUTE_MS),
    misses: shared.window('misses', limits.maxApiMisses, MINUTE_MS),
    boards: shared.window('boards', limits.maxBoardsPerUser, DAY_MS),
    boardsOfAddress: shared.window('boardsfrom', limits.maxBoardsPerAddress, DAY_MS),
    posts: {
      messages: shared.slidingWindow('messages', limits.maxPostsPerUser, MINUTE_MS),
      elements: shared.slidingWindow('elements', limits.maxPostsPerUser, MINUTE_MS),
    },
    now: () => environment.now(),
    onLimited: (limit) => options.onLimited?.(limit),
    onFailed: (error) => options.onError(error, 'calls could not be counted'),
  });
}

function apiOptions(options: UserlessServiceOptions, rates: ApiRates): Omit<ApiOptions, 'routes' | 'callers'> {
  const { allowsOrigin, originRefusal, addressOf, onUnavailable, onFailed } = options;
  return { allowsOrigin, ...(originRefusal === undefined ? {} : { originRefusal }), rates, addressOf, onUnavailable, onFailed };
}
