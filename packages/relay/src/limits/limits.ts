/**
 * Every limit of the relay, with its unit and reason. The limits of the wire are in @wetink/protocol; those that a
 * client can reach from outside have a row in limit-rows.ts, with the variable that sets them.
 */

import { limits as wire } from '@wetink/protocol';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface RelayLimits {
  /** Open sockets of this relay. Above it a new one is closed with OVERLOADED. */
  maxConnections: number;
  /** Connections in one room. Above it a new one is closed with ROOM_FULL. */
  maxRoomConnections: number;
  /** Open sockets of one address (IPv6: one /64). Above it an upgrade is answered with 429. A school has one address. */
  maxConnectionsPerAddress: number;
  /** Upgrades from one address in a minute; above it they are answered with 429. A class of 500 may come back six times. */
  maxConnectsPerAddress: number;
  /**
   * Calls of the HTTP API from one address in a minute, and refused tokens and boards not found of one address or user
   * in a minute; above either, calls are answered with 429. A class of 500 makes four calls each when it opens a board.
   */
  maxApiCallsPerAddress: number;
  maxApiMisses: number;
  /** Pictures and files that one address gets in a minute. A class of 100 that opens a board of 600 pictures; a browser keeps them. */
  maxBlobReadsPerAddress: number;
  /** Boards made in a day. An address has more, since a guest costs nothing; a school has one address. */
  maxBoardsPerUser: number;
  maxBoardsPerAddress: number;
  /** Messages, and calls with elements, that one user posts by HTTP in a minute, each kind by itself: more than a person reads. */
  maxPostsPerUser: number;
  /** Webhooks of a board: each message is sent to each. */
  maxWebhooks: number;
  /** One picture, as a file and in pixels. A good camera makes 40 megapixels, which are 160 MB in a browser. */
  maxBlobBytes: number;
  maxBlobPixels: number;
  /** One file. What a mail cannot carry and a link at home still uploads in minutes. */
  maxFileBytes: number;
  /** All pictures and files of a board: ten files of the largest size. */
  maxBoardBlobBytes: number;
  /** All that one user put on boards: four full boards, since a user may make 200 boards a day. */
  maxUserBlobBytes: number;
  /** Pictures, and parts of files, that this relay receives at once: each is held whole while it is checked. */
  maxUploads: number;
  /** Open connections of one user id, and different rooms among them. Above either a new one gets RATE_LIMITED. */
  maxConnectionsPerUser: number;
  maxRoomsPerUser: number;
  /**
   * Messages of one connection in 10 s, and its bytes and its time on the event loop in a minute. Above any of them the
   * connection is not read until it is within the limit again, and gets a notice: nothing is lost. A pen and its cursor
   * are 200 messages a second; a paste of 100,000 strokes is 26 MB and takes 2 s of CPU, which on a busy machine are 7
   * s. More connections give a user no more time. An address may take half of the loop, and three quarters at most
   * (limits/shared-work.ts): a school of 500 who make ten changes a second each takes a quarter.
   */
  maxMessages: number;
  maxReceivedBytes: number;
  maxWorkMs: number;
  maxWorkMsPerUser: number;
  maxWorkMsPerAddress: number;
  /** Bytes of documents sent to one connection on request in a minute: twice the largest, since a client asks once. */
  maxAnsweredBytes: number;
  /** Presence messages of one connection in a second. Above it the newest wait their turn: clients are shown at most 60. */
  maxStates: number;
  /** One WebSocket message from a client. */
  maxFrameBytes: number;
  /** One message joined from chunks. */
  maxMessageBytes: number;
  /** Encoded document. */
  maxDocumentBytes: number;
  /** Client ids that have written to one document: each visit adds one, and the state vector has them all. */
  maxClientIds: number;
  /**
   * Names of top-level types in one document: none ever leaves it, and each takes about 1 kB of memory. A board has
   * about ten, and one for each text box that was ever written in. Clients search them for each map entry they encode:
   * with as many entries as types that takes 0.1 s at 5,000 and 1 s at 20,000.
   */
  maxRootTypes: number;
  /** Documents within one document: each is a document in memory. */
  maxSubdocuments: number;
  /** One row of the journal; a larger update becomes several rows. */
  maxRowBytes: number;
  /** Rows and bytes of one journal write: bounds what one fsync carries and one retry repeats. */
  maxBatchRows: number;
  maxBatchBytes: number;
  /** Bytes applied but not durable in one room. Above it the room accepts no more until the store keeps up. */
  maxUnsavedBytes: number;
  /** Failed writes in a row after which a room refuses updates; members do not notice shorter failures. */
  refuseAfterFailures: number;
  /** Duration from which a journal write counts as late and the room notifies its members; more than a slow disk needs. */
  lateWriteMs: number;
  /** First and longest pause before a failed journal write or room load is retried. */
  retryBaseMs: number;
  retryMaxMs: number;
  /** Rows and bytes journaled since the last checkpoint that make the next one due. */
  checkpointRows: number;
  checkpointBytes: number;
  /** Pause between two checkpoints of a busy room: each encodes the whole document. */
  checkpointPauseMs: number;
  /** Longest time from a change to the next checkpoint. */
  checkpointMaxAgeMs: number;
  /** Size from which documents are encoded whole in a worker, so that the event loop goes on. */
  workerBytes: number;
  /** Time that a room without connections stays loaded: a page reload should not load it again. */
  unloadDelayMs: number;
  /**
   * Pending structs and deletions per room, and how long they are kept. The relay asks the sender for what is missing,
   * and the answer takes a round trip: a fast pen sends 40 KiB in a second.
   */
  maxPendingBytes: number;
  pendingMs: number;
  /** Time for an id's live owner to answer when another client sends updates under that id; then the sender is closed. */
  ownerAnswerMs: number;
  /** Bytes held for one socket above which cursors are dropped and updates are replaced by one later difference. */
  softSendBytes: number;
  /** Bytes held for one socket above which it is closed. The shared bytes of a first sync do not count. */
  hardSendBytes: number;
  /** Time after which a socket that takes no byte is closed. */
  stallMs: number;
  /** Bytes handed to a socket at once; the rest waits here, where it can be dropped or shared. */
  socketBytes: number;
  /** WebSocket fragments of long messages: control frames get through between them. */
  fragmentBytes: number;
  /** Bytes read ahead for one connection while its room loads; then its socket is paused. */
  maxWaitingBytes: number;
  /** From opening to a valid `authenticate`; traffic does not extend it. */
  authTimeoutMs: number;
  /** Messages and bytes kept from a client before it has authenticated. */
  maxEarlyMessages: number;
  maxEarlyBytes: number;
  /** Silence after which the relay sends an empty awareness frame: y-websocket gives up after 30 s without a message. */
  keepaliveMs: number;
  pingMs: number;
  pongMs: number;
  /** Awareness ids of one connection (tabs share a socket) and of a room. */
  maxIdsPerConnection: number;
  maxIdsPerRoom: number;
  /** One awareness state, UTF-8. */
  maxAwarenessStateBytes: number;
  /** Shortest and longest pause between two ephemeral frames of a room, by its size. */
  tickMinMs: number;
  tickMaxMs: number;
  /** Wet ink collected for one tick; further pieces are dropped, since the committed stroke follows anyway. */
  maxWetBytesPerTick: number;
  /** One update on the bus: the other nodes read larger ones from the store. */
  maxBusUpdateBytes: number;
  /** Interval between position announcements while a peer lags, and when all have caught up. */
  announceBusyMs: number;
  announceIdleMs: number;
  /** Time for a node to answer; then the missing rows are read from the store. */
  repairTimeoutMs: number;
  /** Least time between two repairs of a room with one node, either side. */
  repairPauseMs: number;
  /** Pause between two reads of the store's tail while another node cannot be heard. */
  tailPauseMs: number;
  /**
   * Time after a sign of an unheard node during which the tail is read every `tailPauseMs`; after it, every
   * `announceIdleMs`. A node cut off from the bus alone is repaired within minutes, or the operator notices it.
   */
  doubtMs: number;
  /** Tails that this process reads at once; the other rooms wait in line. */
  maxTailReads: number;
  /** Time over which the rooms compare themselves with the others after a break of the bus. */
  restoreSpreadMs: number;
  /** Time over which clients are disconnected when the relay drains. */
  drainSpreadMs: number;
}

export const defaultLimits: RelayLimits = {
  maxConnections: 20_000,
  maxRoomConnections: 1_000,
  maxConnectionsPerAddress: 2_000,
  maxConnectsPerAddress: 3_000,
  maxApiCallsPerAddress: 6_000,
  maxApiMisses: 600,
  maxBlobReadsPerAddress: 60_000,
  maxBoardsPerUser: 200,
  maxBoardsPerAddress: 5_000,
  maxPostsPerUser: 30,
  maxWebhooks: 5,
  maxBlobBytes: 8 * MIB,
  maxBlobPixels: 40_000_000,
  maxFileBytes: 100 * MIB,
  maxBoardBlobBytes: 1_024 * MIB,
  maxUserBlobBytes: 4_096 * MIB,
  maxUploads: 32,
  maxConnectionsPerUser: 200,
  maxRoomsPerUser: 100,
  maxMessages: 20_000,
  maxReceivedBytes: 256 * MIB,
  maxWorkMs: 20_000,
  maxWorkMsPerUser: 20_000,
  maxWorkMsPerAddress: 30_000,
  maxAnsweredBytes: 512 * MIB,
  maxStates: 60,
  maxFrameBytes: wire.maxBaseFrameBytes,
  maxMessageBytes: wire.maxMessageBytes,
  maxDocumentBytes: 256 * MIB,
  maxClientIds: 100_000,
  maxRootTypes: 5_000,
  maxSubdocuments: 1_000,
  maxRowBytes: 8 * MIB,
  maxBatchRows: 1_000,
  maxBatchBytes: 16 * MIB,
  maxUnsavedBytes: 64 * MIB,
  refuseAfterFailures: 3,
  lateWriteMs: 5_000,
  retryBaseMs: 100,
  retryMaxMs: 5_000,
  checkpointRows: 1_000,
  checkpointBytes: 4 * MIB,
  checkpointPauseMs: 5_000,
  checkpointMaxAgeMs: 30_000,
  workerBytes: 256 * KIB,
  unloadDelayMs: 5_000,
  maxPendingBytes: 64 * KIB,
  pendingMs: 10_000,
  ownerAnswerMs: 10_000,
  softSendBytes: 256 * KIB,
  hardSendBytes: 1 * MIB,
  stallMs: 30_000,
  socketBytes: 64 * KIB,
  fragmentBytes: 64 * KIB,
  maxWaitingBytes: 1 * MIB,
  authTimeoutMs: 10_000,
  maxEarlyMessages: 64,
  maxEarlyBytes: 64 * KIB,
  keepaliveMs: 10_000,
  pingMs: 20_000,
  pongMs: 10_000,
  maxIdsPerConnection: 64,
  maxIdsPerRoom: 2_000,
  maxAwarenessStateBytes: 8 * KIB,
  tickMinMs: 16,
  tickMaxMs: 50,
  maxWetBytesPerTick: 128 * KIB,
  maxBusUpdateBytes: 1 * MIB,
  announceBusyMs: 5_000,
  announceIdleMs: 60_000,
  repairTimeoutMs: 1_500,
  repairPauseMs: 500,
  tailPauseMs: 5_000,
  doubtMs: 15 * 60_000,
  maxTailReads: 8,
  restoreSpreadMs: 1_000,
  drainSpreadMs: 2_000,
};
