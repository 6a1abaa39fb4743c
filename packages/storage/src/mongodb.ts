export { openMongoStore } from './mongodb/store.ts';
export type { MongoStore, MongoStoreOptions } from './mongodb/store.ts';
