/** Deletes a board for everybody: on the server first, for good, and then this device's copy. */
import { eraseFailureSentence } from '../core/erase-sentence.ts';
import { forgetAccess, readAccess, type BoardAccess } from '../core/board-access.ts';
import type { BoardId } from '../core/board-id.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { Account } from './account.ts';
import type { RelayApi } from './relay-api.ts';

export interface ErasePorts {
  api: Pick<RelayApi, 'erase'>;
  account: Pick<Account, 'token' | 'signIn'>;
  facts: KeyValue;
  /** Closes the board if a page has it open. */
  closeBoard(): Promise<void>;
  /** @throws {DOMException} When the browser refuses. */
  eraseOfflineCopy(boardId: BoardId): Promise<void>;
}

/** @returns Why it was not deleted, as a sentence, or '' when it is gone. The copy here goes only if the server's is gone. */
export async function eraseBoard(boardId: BoardId, { api, account, facts, closeBoard, eraseOfflineCopy }: ErasePorts): Promise<string> {
  const failure = await eraseOnServer(boardId, { api, account, facts });
  if (failure !== null) return eraseFailureSentence(failure);
  forgetAccess(facts, boardId);
  await closeBoard();
  try {
    await eraseOfflineCopy(boardId);
  } catch (error) {
    // It is deleted for everybody. Only a person at this device could still open a copy that the browser won't release.
    console.warn('Wetink could not erase the copy on this device:', error);
  }
  return '';
}

type EraseFailure = Parameters<typeof eraseFailureSentence>[0];

async function eraseOnServer(
  boardId: BoardId,
  { api, account, facts }: Pick<ErasePorts, 'api' | 'account' | 'facts'>,
): Promise<EraseFailure | null> {
  for (const mustBeFresh of [false, true]) {
    const token = await account.token({ mustBeFresh }).catch(() => null);
    if (token === null) return { kind: 'unreachable' };
    if (token === '') return account.signIn === null ? { kind: 'absent' } : { kind: 'refused', code: 'token_missing' };
    const answer = await api.erase(token, boardId);
    if (answer.ok || isGone(answer, readAccess(facts, boardId))) return null;
    // A token that was refused is tried once more with a fresh one.
    if (answer.kind !== 'refused' || !answer.code.startsWith('token_') || mustBeFresh) return answer;
  }
  return { kind: 'unreachable' };
}

/** It was deleted already, or no server has ever heard of it. */
function isGone(answer: EraseFailure, { mustClaim }: Pick<BoardAccess, 'mustClaim'>): boolean {
  return answer.kind === 'refused' && (answer.code === 'board_erased' || (answer.code === 'board_not_found' && mustClaim));
}
