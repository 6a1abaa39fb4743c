/** Everything that reads the presence of people, fetched after the first paint: nobody else is seen before it. */
export { ListedParts, parsePresence, participantsOf } from '../core/participants.ts';
export { feedPeers } from './feed-peers.ts';
