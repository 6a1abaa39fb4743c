/** For tests of code that shows a status: every combination of facts that a room can be in, and the status of each. */
export { deriveStatus } from '../status.ts';
export type { Facts } from '../status.ts';
export { errorNames, everyFacts, everyRole } from './every-facts.ts';
