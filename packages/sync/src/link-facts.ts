/** What the state of the connection means for the people who wait. Pure and total. */
import { errors, type Role } from '@wetink/protocol';
import type { ConnectionState } from './connection-machine.ts';
import type { LinkFacts } from './status.ts';

export function linkFactsOf(state: ConnectionState, known: { role: Role | null; isUploaded: boolean }): LinkFacts {
  const nothing: LinkFacts = {
    link: 'connecting', isSynced: false, isUploaded: false, isExtension: null, hasFailed: false, role: known.role, error: null,
  };
  switch (state.name) {
    case 'idle':
      return nothing;
    case 'connecting':
    case 'greeting':
    case 'authenticating':
      return { ...nothing, hasFailed: state.attempt > 0 };
    case 'syncing':
      return { ...nothing, link: 'open', isExtension: state.isExtension, isUploaded: known.isUploaded };
    case 'synced':
      return { ...nothing, link: 'open', isExtension: state.isExtension, isUploaded: known.isUploaded, isSynced: true };
    case 'waiting':
      return { ...nothing, link: 'waiting', hasFailed: true };
    case 'failed':
      return { ...nothing, link: 'closed', error: { code: state.code, sentence: errors[state.code].sentence } };
    case 'closed':
      return { ...nothing, link: 'closed' };
  }
}
