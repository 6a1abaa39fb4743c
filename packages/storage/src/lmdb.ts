export { openLmdbStore } from './lmdb/store.ts';
export type { LmdbStore, LmdbStoreOptions } from './lmdb/store.ts';
