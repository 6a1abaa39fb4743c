/** Access to boards: owners, members, share links, suspended users; and boards' pictures. Kept in the store's records. */

export { createBoardBlobs, isBlobHash } from './board-blobs.ts';
export type { BlobFailure, BlobLimits, BoardBlobs, BoardBlobsOptions, StoredPicture } from './board-blobs.ts';
export { boardLimits } from './board-limits.ts';
export type { BoardLimits } from './board-limits.ts';
export type {
  BoardAccess,
  Boards,
  BoardFailure,
  BoardsOptions,
  BoardUsers,
  BoardView,
  FreeRoom,
  LinkView,
  MemberView,
  Outcome,
  PersonView,
  WatchedBoardAccess,
} from './board-types.ts';
export { createBoardSweep, LEFT_ALONE_MS } from './board-sweep.ts';
export type { BoardSweep, BoardSweepOptions, SweepReport } from './board-sweep.ts';
export { createBoards } from './boards.ts';
export { isRoomErased } from './erased-rooms.ts';
export { pictureOf } from './images.ts';
export type { Picture } from './images.ts';
export { isBoardId, isEveryone, isGivenRole, NO_BOARD } from './board-codec.ts';
export { effectiveRole } from './roles.ts';
export type { BoardFacts, BoardLink, Everyone, GivenRole, MemberFacts, RoleQuestion } from './roles.ts';
export { createMemoryCache } from './text-cache.ts';
export type { MemoryCacheOptions, TextCache } from './text-cache.ts';
export { createUsers, SEEN_AGAIN_MS } from './users.ts';
export type { KnownUser, ListedUser, SeenUser, Users, UsersOptions } from './users.ts';
