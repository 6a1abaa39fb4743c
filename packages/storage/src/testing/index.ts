export { storageContract } from './storage-contract.ts';
export type { ContractSetup } from './storage-contract.ts';
export { sharedStorageContract } from './shared-contract.ts';
export type { SharedContractSetup } from './shared-contract.ts';
export { findMongo, startMongo } from './start-mongo.ts';
export type { MongoKind, RunningMongo } from './start-mongo.ts';
export { findS3, startS3 } from './start-s3.ts';
export type { RunningS3 } from './start-s3.ts';
