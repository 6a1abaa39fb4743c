/** Facts for the status, from the state of the connection. Pure and total. */
import type { ConnectionState } from './connection-machine.ts';
import { NO_LINK, type LinkFacts, type Trouble } from './status.ts';

export interface Known extends Pick<LinkFacts, 'role' | 'isUploaded'> {
  /** When the next try is due, by `Environment.elapsed`; null when none is. */
  retryAtMs: number | null;
  /** The relay's notice on the open link, until it is over. */
  notice: Trouble | null;
}

export function linkFactsOf(state: ConnectionState, { role, isUploaded, retryAtMs, notice }: Known): LinkFacts {
  switch (state.name) {
    case 'idle':
      return { ...NO_LINK, role };
    case 'connecting':
    case 'greeting':
    case 'authenticating': {
      const { cause } = state.tries;
      return { ...NO_LINK, role, trouble: cause && { ...cause, retryAtMs: null, isHinted: false } };
    }
    case 'syncing':
    case 'synced': {
      const { name, isExtension } = state;
      return { link: 'open', role, isUploaded, isExtension, isSynced: name === 'synced', trouble: notice };
    }
    case 'waiting': {
      const { tries, isHinted } = state;
      return { ...NO_LINK, role, link: 'waiting', trouble: tries.cause && { ...tries.cause, retryAtMs, isHinted } };
    }
    case 'failed':
      return { ...NO_LINK, role, link: 'closed', trouble: { ...state.cause, retryAtMs: null, isHinted: false } };
    case 'closed':
      return { ...NO_LINK, role, link: 'closed' };
  }
}
