/** What the state of the connection means for the people who wait. Pure and total. */
import { lastingSentences } from '@wetink/protocol';
import type { ConnectionState } from './connection-machine.ts';
import { NO_LINK, type LinkFacts } from './status.ts';

export function linkFactsOf(state: ConnectionState, known: Pick<LinkFacts, 'role' | 'isUploaded'>): LinkFacts {
  const { role } = known;
  switch (state.name) {
    case 'idle':
      return { ...NO_LINK, role };
    case 'connecting':
    case 'greeting':
    case 'authenticating':
      return { ...NO_LINK, role, hasFailed: state.tries.failures > 0 };
    case 'syncing':
    case 'synced':
      return { ...NO_LINK, ...known, link: 'open', isExtension: state.isExtension, isSynced: state.name === 'synced' };
    case 'waiting':
      return { ...NO_LINK, role, link: 'waiting', hasFailed: true };
    case 'failed':
      return { ...NO_LINK, role, link: 'closed', error: { code: state.code, sentence: lastingSentences[state.code] } };
    case 'closed':
      return { ...NO_LINK, role, link: 'closed' };
  }
}
