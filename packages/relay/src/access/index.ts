/** Access to boards: owners, members, share links, suspended users; and boards' pictures. Kept in the store's records. */

export { createBoardBlobs, isBlobHash } from './board-blobs.ts';
export type { BlobFailure, CompleteUpload, PutOutcome } from './blob-types.ts';
export type { BlobLimits, BoardBlobs, BoardBlobsOptions, OpenBlob, StoredPicture } from './board-blobs.ts';
export { UPLOAD_KEPT_MS } from './board-uploads.ts';
export type { BoardUploads, UploadAddress, UploadFailure, UploadOutcome, UploadPart, UploadState } from './board-uploads.ts';
export { boardLimits } from './board-limits.ts';
export type { BoardLimits } from './board-limits.ts';
export { isBotId, type Bots } from './bots.ts';
export type {
  BoardAccess,
  Boards,
  BoardFailure,
  BoardsOptions,
  BoardUsers,
  BoardView,
  FreeRoom,
  LinkView,
  ListedBoard,
  MemberView,
  Outcome,
  PersonView,
  WatchedBoardAccess,
} from './board-types.ts';
export { forgetChecks } from './unused-blobs.ts';
export type { ReadUses, UnusedBlobs, UnusedReport } from './unused-blobs.ts';
export { createBoardSweep, LEFT_ALONE_MS } from './board-sweep.ts';
export type { BoardSweep, BoardSweepOptions, SweepReport } from './board-sweep.ts';
export { createBoards } from './boards.ts';
export { isRoomErased } from './erased-rooms.ts';
export { inboxRoomOf, isInboxRoom } from './inbox-rooms.ts';
export { pictureOf } from './images.ts';
export type { Picture } from './images.ts';
export { isBoardId, isEveryone, isGivenRole, NO_BOARD } from './board-codec.ts';
export { MAX_PREFIX_LENGTH, MAX_ROOM_RULES, MIN_PREFIX_LENGTH, noRoomRules } from './room-rules.ts';
export type { RoomRule, RoomRules } from './room-rules.ts';
export { ADMIN, effectiveRole, roleOnBoards, SUPPORT } from './roles.ts';
export type { BoardFacts, BoardLink, Everyone, GivenRole, MemberFacts, RoleQuestion } from './roles.ts';
export { createConversations, MAX_CONVERSATIONS, MAX_PEOPLE } from './conversations.ts';
export type { ConversationFailure, ConversationOutcome, Conversations, ConversationsOptions, ConversationView } from './conversations.ts';
export { createOnlinePeople, MAX_ONLINE } from './online-people.ts';
export type { DirectoryRule, OnlinePeople, OnlinePeopleOptions } from './online-people.ts';
export { createMemoryOnlineIndex } from './online-index.ts';
export type { OnlineIndex } from './online-index.ts';
export { looseFields, removeRecord } from './loose-records.ts';
export { createTies, MAX_TIES } from './ties.ts';
export type { Ties, TiesOptions } from './ties.ts';
export { createMemoryCache } from './text-cache.ts';
export type { MemoryCacheOptions, TextCache } from './text-cache.ts';
export { createUsers, SEEN_AGAIN_MS } from './users.ts';
export type { KnownUser, ListedUser, SeenUser, Users, UsersOptions } from './users.ts';
