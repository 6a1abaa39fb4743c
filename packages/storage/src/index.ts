export { StoreError } from './errors.ts';
export type { StoreErrorCode } from './errors.ts';
export { storageLimits } from './limits.ts';
export { createMemoryStore } from './memory.ts';
export type { MemoryStoreOptions } from './memory.ts';
export type { Position, RoomListing, StorageLogger, Store, StoredRoom } from './port.ts';
