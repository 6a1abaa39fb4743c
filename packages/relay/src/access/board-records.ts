/**
 * The records of boards and their members, as one user finds them, and changes of them. Each change is repeated on the
 * present record until no other writer is faster.
 *
 * Every change of a board or its members raises the version of the board's record, last: a reader that has seen this
 * version knows every earlier change.
 */

import type { Role } from '@wetink/protocol';
import type { Records, StoredRecord } from '@wetink/storage';
import { boardKey, decodeBoard, decodeMember, encodeFacts, memberKey, membersPrefix } from './board-codec.ts';
import type { BoardLimits } from './board-limits.ts';
import type { BoardFailure, BoardsOptions, BoardUsers, Outcome } from './board-types.ts';
import { FreshBoards, readBoard, type BoardState } from './fresh-boards.ts';
import { effectiveRole, type BoardFacts, type GivenRole, type MemberFacts } from './roles.ts';

interface OwnRecord {
  member: MemberFacts | null;
  /** 0 when there is no record. */
  memberVersion: number;
}

/** A board, and one user's relation to it. */
export interface FoundBoard extends BoardState, OwnRecord {
  isSuspended: boolean;
  role: Role | null;
}

/** A change of a board's record, or why there is none. */
export type BoardChange = { ok: true; facts: BoardFacts } | { ok: false; code: BoardFailure };

export const notFound = { ok: false, code: 'board_not_found' } as const;
export const busy = { ok: false, code: 'busy' } as const;

const REMOVED_PER_PAGE = 1_000;

export class BoardRecords {
  readonly #records: Records;
  readonly #users: BoardUsers;
  readonly #limits: BoardLimits;
  readonly #fresh: FreshBoards;

  constructor({ records, users, environment }: Pick<BoardsOptions, 'records' | 'users' | 'environment'>, limits: BoardLimits) {
    this.#records = records;
    this.#users = users;
    this.#limits = limits;
    this.#fresh = new FreshBoards(records, environment, limits.recheckSpacingMs);
  }

  /** Makes the same reads whatever exists. @param atLeast Role on every board that the user's token gives. */
  async find(board: string, userId: string, atLeast: GivenRole | null = null): Promise<FoundBoard> {
    // The board first: its version is raised after every other change, so whatever is read later is at least as new.
    const state = await readBoard(this.#records, board);
    const [own, isSuspended] = await Promise.all([this.member(board, userId), this.isSuspended(userId)]);
    const role = effectiveRole({ board: state.board, userId, member: own.member, isSuspended, atLeast });
    return { ...state, ...own, isSuspended, role };
  }

  /** Like `find`, for what the owner alone may do. */
  async findOwn(board: string, userId: string): Promise<Outcome<{ found: FoundBoard & { board: BoardFacts } }>> {
    const found = await this.find(board, userId);
    if (found.board === null || found.role === null) return notFound;
    return found.role === 'owner' ? { ok: true, found: { ...found, board: found.board } } : { ok: false, code: 'not_owner' };
  }

  /** One page of boards, in the order of their ids. One that cannot be read keeps no other from being listed. */
  async list({
    prefix = '',
    after,
    limit,
  }: {
    prefix?: string;
    after?: string;
    limit: number;
  }): Promise<{ id: string; facts: BoardFacts | null }[]> {
    const found = await this.#records.list({
      prefix: boardKey(prefix),
      ...(after === undefined ? {} : { after: boardKey(after) }),
      limit,
    });
    return found.map((record) => ({ id: record.key.slice(boardKey('').length), facts: readable(record) }));
  }

  /** The board's record as it is after this call began, at a share of one read. */
  freshly(board: string): Promise<BoardState> {
    return this.#fresh.read(board);
  }

  async member(board: string, userId: string): Promise<OwnRecord> {
    const record = userId === '' ? null : await this.#records.get(memberKey(board, userId));
    return record === null ? { member: null, memberVersion: 0 } : { member: decodeMember(record), memberVersion: record.version };
  }

  async isSuspended(userId: string): Promise<boolean> {
    return userId !== '' && this.#users.isSuspended(userId);
  }

  /** One page of members' records, in the order of user ids. @param after The last user id of the page before, or ''. */
  async members(board: string, after: string): Promise<{ userId: string; member: MemberFacts }[]> {
    const prefix = membersPrefix(board);
    const page = await this.#records.list({
      prefix,
      ...(after === '' ? {} : { after: prefix + after }),
      limit: this.#limits.membersPerPage,
    });
    return page.map((record) => ({ userId: record.key.slice(prefix.length), member: decodeMember(record) }));
  }

  /** @returns The new record's version; null when the board exists already. */
  async create(board: string, facts: BoardFacts): Promise<number | null> {
    return this.#put(board, facts, 0);
  }

  /** Changes the board's record for its owner. */
  async change(board: string, userId: string, decide: (facts: BoardFacts) => BoardChange): Promise<Outcome<{ found: FoundBoard }>> {
    for (let attempt = 0; attempt < this.#limits.maxAttempts; attempt++) {
      const own = await this.findOwn(board, userId);
      if (!own.ok) return own;
      const decided = decide(own.found.board);
      if (!decided.ok) return decided;
      const version = await this.#put(board, decided.facts, own.found.version);
      if (version === null) continue;
      const role = effectiveRole({ board: decided.facts, userId, member: own.found.member, isSuspended: false });
      return { ok: true, found: { ...own.found, board: decided.facts, version, role } };
    }
    return busy;
  }

  /** Raises the version, so that readers of the one before read again. */
  async touch(board: string): Promise<Outcome<object>> {
    for (let attempt = 0; attempt < this.#limits.maxAttempts; attempt++) {
      const state = await readBoard(this.#records, board);
      if (state.board === null) return notFound;
      if ((await this.#put(board, state.board, state.version)) !== null) return { ok: true };
    }
    return busy;
  }

  /** To be followed by `touch` or `change`. @returns False when the member's record is not in `version`. */
  async putMember(board: string, userId: string, member: MemberFacts, version: number): Promise<boolean> {
    return (await this.#records.put(memberKey(board, userId), encodeFacts(member), version)) !== null;
  }

  /** Like `putMember`, on whatever version is there. @returns False when other writers kept being faster. */
  async changeMember(board: string, userId: string, decide: (member: MemberFacts | null) => MemberFacts): Promise<boolean> {
    for (let attempt = 0; attempt < this.#limits.maxAttempts; attempt++) {
      const { member, memberVersion } = await this.member(board, userId);
      if (await this.putMember(board, userId, decide(member), memberVersion)) return true;
    }
    return false;
  }

  /** Removes the members first, so that a call repeated after a crash finds what is left. Idempotent. */
  async remove(board: string): Promise<void> {
    let page: StoredRecord[];
    do {
      page = await this.#records.list({ prefix: membersPrefix(board), limit: REMOVED_PER_PAGE });
      for (const { key, version } of page) await this.#records.remove(key, version);
    } while (page.length > 0);
    for (let attempt = 0; attempt < this.#limits.maxAttempts; attempt++) {
      const { version } = await readBoard(this.#records, board);
      if (version === 0 || (await this.#records.remove(boardKey(board), version))) break;
    }
    this.#fresh.changed(board);
  }

  async #put(board: string, facts: BoardFacts, version: number): Promise<number | null> {
    const written = await this.#records.put(boardKey(board), encodeFacts(facts), version);
    if (written !== null) this.#fresh.changed(board);
    return written;
  }
}

/** @returns Null for a damaged record. */
function readable(record: StoredRecord): BoardFacts | null {
  try {
    return decodeBoard(record);
  } catch {
    return null; // it opens nothing, and the list says so
  }
}
