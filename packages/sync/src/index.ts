/** Sync any Y.Doc with a relay or a y-websocket server: see README.md, and SPEC.md for the rules. */
export { openRoom } from './open-room.ts';
export { eraseOfflineCopy } from './erase.ts';
export type { KeptCopy, Room, RoomOptions, TokenRefusal, TokenRequest } from './types.ts';
export type { Cause, CopyFact, Refused, RoomStatus, DocumentStatus, StorageFact, Trouble, Work } from './status.ts';
export type { Notice, WetMessage } from './tab-channel.ts';
export type { DeviceState } from './device-copy-options.ts';
export type { ChannelConstructor, ChannelLike, Environment, LocksLike, PageLike, SocketConstructor, SocketLike } from './environment.ts';
export { RemoteOrigin } from './replica.ts';
