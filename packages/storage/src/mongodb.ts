export { openMongoStore } from './mongodb/store.ts';
export type { MongoStore, MongoStoreOptions } from './mongodb/store.ts';
export { importYMongodb } from './mongodb/import-y-mongodb.ts';
export type { ImportedDocument, ImportOptions } from './mongodb/import-y-mongodb.ts';
