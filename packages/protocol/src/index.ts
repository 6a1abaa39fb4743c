/** The wire between Wetink clients and relays. See README.md for a tour and SPEC.md for the bytes. */

export { decodeAwareness, encodeAwareness, parseAwarenessState } from './awareness.ts';
export type { AwarenessEntry, AwarenessLimits, AwarenessState } from './awareness.ts';
export { createChunkAssembler, splitIntoChunks } from './chunks.ts';
export type { Chunk, ChunkAssembler } from './chunks.ts';
export { encodeClientMessage, encodeMessage } from './encode.ts';
export { errorOfClose, errorOfCode, failureOf, isErrorName, isLasting, reasonOfClose, retiredCodes } from './error-codes.ts';
export type { ErrorName, Failure, LastingError, PassingError, Retry } from './error-codes.ts';
export { labels, reasonLabels } from './error-labels.ts';
export type { Reason } from './error-labels.ts';
export { errors, reasons } from './errors.ts';
export type { Advice, ErrorRow, Told } from './errors.ts';
export { decodeFrame, decodeJoined, encodeFrames } from './frame.ts';
export type { DecodeFrameOptions, EncodeFramesOptions } from './frame.ts';
export * as limits from './limits.ts';
export { PROTOCOL_VERSION, roles } from './messages.ts';
export type { ClientMessage, Message, Role, ServerMessage, ToldLimits } from './messages.ts';
export { BoundedReader } from './reader.ts';
export { checkRoomName, decodeRoomName, encodeRoomName, EXTENSION_QUERY, isBoardName, parseRequestTarget } from './room-name.ts';
export { readServerAwareness, ServerReader } from './server-reader.ts';
export { SyncError } from './sync-error.ts';
export type { SyncErrorOptions } from './sync-error.ts';
export { checkStateVector, checkUpdate } from './update.ts';
export type { UpdateLimits, UpdateSummary, UpdateVisitor } from './update.ts';
