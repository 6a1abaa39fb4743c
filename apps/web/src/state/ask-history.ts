/** Asks the server for messages that left a document. */
import { createHistoryApi, type OlderAnswer } from '../account/history-api.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import type { AppContext } from './context.ts';

/** Pages of the history of one room. */
export function askHistory({ account: state, relayUrl }: Pick<AppContext, 'account' | 'relayUrl'>, roomId: string) {
  const api = createHistoryApi(apiUrlFor(relayUrl));
  return async (before: string | null): Promise<OlderAnswer> => {
    try {
      return await api.older({ token: await state.account.token({ mustBeFresh: false }), boardId: roomId, before });
    } catch {
      return { kind: 'unreachable' }; // No token can be had now.
    }
  };
}
