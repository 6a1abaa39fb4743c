export { storageContract } from './storage-contract.ts';
export type { ContractSetup } from './storage-contract.ts';
