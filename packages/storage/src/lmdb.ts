export { openLmdbStore } from './lmdb/store.ts';
export type { LmdbStore, LmdbStoreOptions } from './lmdb/store.ts';
export { verifyLmdbFolder } from './lmdb/verify.ts';
export type { LmdbFolderReport } from './lmdb/verify.ts';
export { makeFolder } from './lmdb/make-folder.ts';
