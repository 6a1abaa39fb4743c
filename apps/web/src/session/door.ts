/**
 * What has to happen before a board's room is entered: a board that was made here is claimed, a link is presented. Both are
 * remembered on this device until the relay has answered, so a board can be made, and a link opened, without a network.
 */
import { changeAccess, readAccess } from '../core/board-access.ts';
import type { BoardId } from '../core/board-id.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { Account } from './account.ts';
import type { ApiAnswer, RelayApi } from './relay-api.ts';

export interface DoorOptions {
  boardId: BoardId;
  facts: KeyValue;
  api: Pick<RelayApi, 'claim' | 'join'>;
  account: Pick<Account, 'settings' | 'token'>;
}

export interface Door {
  /** For `openRoom`. @throws {Error} Try again later. */
  getToken(request: { mustBeFresh: boolean }): Promise<string>;
  /** A link was presented, and the relay knows it no more. */
  readonly isLinkRefused: boolean;
}

/** Refusals of the person, not of what was asked. */
const aboutMe = /^(token_|suspended$|not_allowed$)/;

export function createDoor({ boardId, facts, api, account }: DoorOptions): Door {
  let isLinkRefused = false;

  /** Whether this is decided and need not be asked again. A reason to try again later is thrown. */
  const isDecided = (answer: ApiAnswer<unknown>): boolean => {
    if (!answer.ok && answer.kind === 'unreachable') throw new Error('the relay cannot be reached');
    // A token that is no good says nothing about the board: the connection is refused too, and comes back with a fresh one.
    return answer.ok || answer.kind !== 'refused' || !aboutMe.test(answer.code);
  };

  return {
    get isLinkRefused() {
      return isLinkRefused;
    },
    async getToken(request) {
      const token = await account.token(request);
      if (token === '') return '';
      const { mustClaim, linkKey } = readAccess(facts, boardId);
      if (mustClaim) {
        // As it was before boards had owners: where any room can be entered, whoever knows the address draws.
        const { rooms } = await account.settings();
        // Somebody else's by now, or a room with content already: then it is entered as what it is.
        const answer = await api.claim(token, boardId, rooms === 'open' ? 'editor' : 'none');
        if (isDecided(answer)) changeAccess(facts, boardId, { mustClaim: false });
      }
      if (linkKey !== null) {
        const answer = await api.join(token, boardId, linkKey);
        // Another one may have been opened meanwhile.
        if (isDecided(answer) && readAccess(facts, boardId).linkKey === linkKey) changeAccess(facts, boardId, { linkKey: null });
        isLinkRefused = !answer.ok;
      }
      return token;
    },
  };
}
