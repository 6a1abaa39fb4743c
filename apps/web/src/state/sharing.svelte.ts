/**
 * Access to this board, as the relay has it, and the owner's changes to it. Shows the relay's last answer: a change that was
 * refused or not answered changes nothing here either.
 */
import type { AccessFailure } from '../core/access-sentences.ts';
import type { BoardInfo, Everyone, GivenRole } from '../core/board-info.ts';
import type { BoardId } from '../core/board-id.ts';
import type { ApiAnswer, RelayApi } from '../account/relay-api.ts';
import type { Account } from '../account/account.ts';

export class Sharing {
  #boardId: BoardId;
  #api: RelayApi;
  #account: Account;
  #info = $state.raw<BoardInfo | null>(null);
  #hasNone = $state(false);
  #failure = $state.raw<AccessFailure | null>(null);
  #isBusy = $state(false);
  #isCopied = $state(false);
  #changing: Promise<unknown> = Promise.resolve();
  /** Number of requests; `#heard` is the latest one whose answer counts. */
  #turn = 0;
  #heard = 0;

  constructor(boardId: BoardId, api: RelayApi, account: Account) {
    this.#boardId = boardId;
    this.#api = api;
    this.#account = account;
  }
  /** Null: not known, or the room has no owner. */
  get info(): BoardInfo | null {
    return this.#info;
  }
  /** The relay has no record of this board: anyone who knows its address can draw. */
  get hasNone(): boolean {
    return this.#hasNone;
  }
  /** The last failure; null without one. Its sentence is in core/access-sentences.ts. */
  get failure(): AccessFailure | null {
    return this.#failure;
  }
  /** I have shared it: with a member, or by a link that another person may have. */
  get isShared(): boolean {
    const { links = [], members = [] } = this.#info ?? {};
    return this.#isCopied || links.length > 0 || members.length > 0;
  }
  /** The address or a link went into the clipboard. */
  noteCopied(): void {
    this.#isCopied = true;
  }
  /** A change is waiting for its answer. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** @returns The board as known afterwards: unchanged if the relay can't be reached. */
  async refresh(): Promise<BoardInfo | null> {
    const turn = ++this.#turn;
    const answer = await this.ask((token) => this.#api.board(token, this.#boardId));
    if (turn < this.#heard) return this.#info; // A newer answer came first.
    this.#heard = turn;
    if (answer?.ok === true) this.#take(answer.value);
    else if (answer === null || answer.kind === 'unreachable') this.#failure = answer ?? { kind: 'unreachable' };
    else if (answer.kind === 'absent' || (answer.code === 'board_not_found' && this.#account.known?.rooms === 'open'))
      [this.#info, this.#hasNone, this.#failure] = [null, true, null];
    else [this.#info, this.#failure] = [null, answer];
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
  /** `owner` passes the board on; `none` removes the person. */
  setMember(userId: string, role: Everyone | 'owner'): Promise<boolean> {
    return this.#change((token) => this.#api.setMember(token, this.#boardId, userId, role));
  }

  /** One after the other: the dialog makes a link by itself while the person already chooses who may come. */
  #change<T>(run: (token: string) => Promise<ApiAnswer<T>>): Promise<boolean> {
    const change = this.#changing.then(() => this.#changeNow(run));
    this.#changing = change;
    return change;
  }
  async #changeNow<T>(run: (token: string) => Promise<ApiAnswer<T>>): Promise<boolean> {
    this.#isBusy = true;
    try {
      const answer = await this.ask(run);
      this.#heard = ++this.#turn; // Answers to earlier requests are out of date.
      this.#failure = null;
      if (answer === null || !answer.ok) this.#failure = answer ?? { kind: 'unreachable' };
      // The answer to a change has only the first page of people, or only a link. Busy until all is known.
      else if (isBoard(answer.value) && answer.value.membersCursor === null) this.#take(answer.value);
      else await this.refresh();
      return answer?.ok === true;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Null: no token is available now. A request with a refused token is tried once more with a fresh one. */
  async ask<T>(run: (token: string) => Promise<ApiAnswer<T>>): Promise<ApiAnswer<T> | null> {
    try {
      const token = await this.#account.token({ mustBeFresh: false });
      if (token === '' && this.#account.signIn !== null) return { ok: false, kind: 'refused', code: 'token_missing' };
      // A relay that has never answered may still identify people.
      if (token === '') return this.#account.known?.auth === 'none' ? { ok: false, kind: 'absent' } : null;
      const answer = await run(token);
      const isOld = !answer.ok && answer.kind === 'refused' && answer.code.startsWith('token_');
      return isOld ? await run(await this.#account.token({ mustBeFresh: true })) : answer;
    } catch {
      return null; // The person reads that the server cannot be reached.
    }
  }

  #take(info: BoardInfo): void {
    [this.#info, this.#hasNone, this.#failure] = [info, false, null];
  }
}

function isBoard(value: unknown): value is BoardInfo {
  return typeof value === 'object' && value !== null && 'everyone' in value;
}
