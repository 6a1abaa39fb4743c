export type { BlobListing, Blobs, BlobVersion, UploadListing } from './blobs.ts';
export { StoreError } from './errors.ts';
export type { StoreErrorCode } from './errors.ts';
export { storageLimits } from './limits.ts';
export { createMemoryDisk, createMemoryStore } from './memory.ts';
export type { MemoryDisk, MemoryStoreOptions } from './memory.ts';
export { arePositionsEqual, isCovered, joinPositions, START } from './position.ts';
export type { Records, StoredRecord } from './records.ts';
export type { CheckpointOutcome, Position, RoomListing, StorageLogger, Store, StoredRoom } from './port.ts';
