/**
 * Who may open this board, as the relay says, and the owner's ways to change it. Shows what the relay answered last; a change
 * that was refused or not heard changes nothing here either.
 */
import { failureSentence } from '../core/access-sentences.ts';
import type { BoardInfo, Everyone, GivenRole } from '../core/board-info.ts';
import type { BoardId } from '../core/board-id.ts';
import type { ApiAnswer, RelayApi } from '../session/relay-api.ts';
import type { Account } from '../session/account.ts';

export class Sharing {
  #boardId: BoardId;
  #api: RelayApi;
  #account: Account;
  #info = $state.raw<BoardInfo | null>(null);
  #hasNone = $state(false);
  #problem = $state('');
  #isBusy = $state(false);
  #isCopied = $state(false);
  /** Counts what was asked; `#heard` is the last of them whose answer holds. */
  #turn = 0;
  #heard = 0;

  constructor(boardId: BoardId, api: RelayApi, account: Account) {
    this.#boardId = boardId;
    this.#api = api;
    this.#account = account;
  }
  /** Null: not known, or the room is nobody's. */
  get info(): BoardInfo | null {
    return this.#info;
  }
  /** The relay has no record of this board: whoever knows its address draws. */
  get hasNone(): boolean {
    return this.#hasNone;
  }
  /** What went wrong last, as a sentence; '' when nothing did. */
  get problem(): string {
    return this.#problem;
  }
  /** I have given it to somebody, or a link that somebody may have. */
  get isShared(): boolean {
    const { links = [], members = [] } = this.#info ?? {};
    return this.#isCopied || links.length > 0 || members.length > 0;
  }
  /** The address or a link went into the clipboard. */
  noteCopied(): void {
    this.#isCopied = true;
  }
  /** A change is on its way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** @returns What is known then. A relay that can't be reached leaves what was known. */
  async refresh(): Promise<BoardInfo | null> {
    const turn = ++this.#turn;
    const answer = await this.#ask((token) => this.#api.board(token, this.#boardId));
    if (turn < this.#heard) return this.#info; // Something newer is known by now.
    this.#heard = turn;
    if (answer?.ok === true) this.#take(answer.value);
    else if (answer === null || answer.kind === 'unreachable') this.#problem = failureSentence({ kind: 'unreachable' });
    else if (answer.kind === 'absent' || (answer.code === 'board_not_found' && this.#account.known?.rooms === 'open'))
      [this.#info, this.#hasNone, this.#problem] = [null, true, ''];
    else [this.#info, this.#problem] = [null, failureSentence(answer)];
    return this.#info;
  }
  setEveryone(everyone: Everyone): Promise<boolean> {
    return this.#change((token) => this.#api.setEveryone(token, this.#boardId, everyone));
  }
  /** @param replaces Id of a link that ends in the same moment. @returns Whether it was made. */
  makeLink(role: GivenRole, replaces?: string): Promise<boolean> {
    return this.#change((token) => this.#api.addLink(token, this.#boardId, role, replaces));
  }
  removeLink(linkId: string): Promise<boolean> {
    return this.#change((token) => this.#api.removeLink(token, this.#boardId, linkId));
  }
  /** `owner` passes the board on; `none` sends somebody away. */
  setMember(userId: string, role: Everyone | 'owner'): Promise<boolean> {
    return this.#change((token) => this.#api.setMember(token, this.#boardId, userId, role));
  }

  async #change<T>(run: (token: string) => Promise<ApiAnswer<T>>): Promise<boolean> {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    try {
      const answer = await this.#ask(run);
      this.#heard = ++this.#turn; // What was asked before this is old.
      this.#problem = '';
      if (answer === null || !answer.ok) this.#problem = failureSentence(answer ?? { kind: 'unreachable' });
      // The answer to a change has the first page of people alone, or a link alone. Busy until all is known.
      else if (isBoard(answer.value) && answer.value.membersCursor === null) this.#take(answer.value);
      else await this.refresh();
      return answer?.ok === true;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Null: there is no token to be had now. One that was refused is tried once more with a fresh one. */
  async #ask<T>(run: (token: string) => Promise<ApiAnswer<T>>): Promise<ApiAnswer<T> | null> {
    try {
      const token = await this.#account.token({ mustBeFresh: false });
      if (token === '' && this.#account.signIn !== null) return { ok: false, kind: 'refused', code: 'token_missing' };
      // A relay that was never heard may tell people apart all the same.
      if (token === '') return this.#account.known?.auth === 'none' ? { ok: false, kind: 'absent' } : null;
      const answer = await run(token);
      const isOld = !answer.ok && answer.kind === 'refused' && answer.code.startsWith('token_');
      return isOld ? await run(await this.#account.token({ mustBeFresh: true })) : answer;
    } catch {
      return null; // Said to the person as what it is: the server cannot be reached.
    }
  }

  #take(info: BoardInfo): void {
    [this.#info, this.#hasNone, this.#problem] = [info, false, ''];
  }
}

function isBoard(value: unknown): value is BoardInfo {
  return typeof value === 'object' && value !== null && 'everyone' in value;
}
