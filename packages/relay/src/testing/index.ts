/** For tests of relays and of their parts. Needs vitest, an optional peer dependency. */

export { ApiClient, Staying, until } from './api-client.ts';
export type { ApiAnswer, ApiAnswerBody, Entered } from './api-client.ts';
export { virtualTime } from './virtual-time.ts';
export type { VirtualTime } from './virtual-time.ts';
export { busContract } from './bus-contract.ts';
export type { BusContractOptions, BusContractSetup } from './bus-trial.ts';
export { lossyBus } from './lossy-bus.ts';
export type { Losses } from './lossy-bus.ts';
