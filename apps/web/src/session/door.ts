/**
 * Steps before a board's room is entered: claim a board that was made here, present a link. This device remembers both until
 * the relay has answered, so a board can be made, and a link opened, without a network.
 */
import { changeAccess, readAccess } from '../core/board-access.ts';
import type { BoardId } from '../core/board-id.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { Account } from '../account/account.ts';
import type { ApiAnswer, RelayApi } from '../account/relay-api.ts';

export interface DoorOptions {
  boardId: BoardId;
  facts: KeyValue;
  api: Pick<RelayApi, 'claim' | 'join'>;
  account: Pick<Account, 'settings' | 'forConnection'>;
}

export interface Door {
  /** For `openRoom`. @throws {Error} Try again later. */
  getToken(request: { mustBeFresh: boolean }): Promise<string>;
  /** A link was presented, and the relay no longer knows it. */
  readonly isLinkRefused: boolean;
}

/** Codes that refuse the person, not the request. */
const aboutMe = /^(token_|suspended$|not_allowed$)/;

export function createDoor({ boardId, facts, api, account }: DoorOptions): Door {
  let isLinkRefused = false;
  const tokens = account.forConnection();

  /** True if the answer is final. @throws {Error} Try again later. */
  const isDecided = (answer: ApiAnswer<unknown>): boolean => {
    if (!answer.ok && answer.kind === 'unreachable') throw new Error('the relay cannot be reached');
    // A bad token decides nothing about the board: the relay refuses the connection too, and it comes back with a fresh token.
    return answer.ok || answer.kind !== 'refused' || !aboutMe.test(answer.code);
  };

  return {
    get isLinkRefused() {
      return isLinkRefused;
    },
    async getToken(request) {
      const token = await tokens(request);
      if (token === '') return '';
      const { mustClaim, linkKey } = readAccess(facts, boardId);
      if (mustClaim) {
        // In an open relay everybody who knows the address may draw, as before boards had owners.
        const { rooms } = await account.settings();
        // The claim fails if the board has another owner by now or the room has content: then it is entered as it is.
        const answer = await api.claim(token, boardId, rooms === 'open' ? 'editor' : 'none');
        if (isDecided(answer)) changeAccess(facts, boardId, { mustClaim: false });
      }
      if (linkKey !== null) {
        const answer = await api.join(token, boardId, linkKey);
        // Another link may have been opened meanwhile.
        if (isDecided(answer) && readAccess(facts, boardId).linkKey === linkKey) changeAccess(facts, boardId, { linkKey: null });
        isLinkRefused = !answer.ok;
      }
      return token;
    },
  };
}
