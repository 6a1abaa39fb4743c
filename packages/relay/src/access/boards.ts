/**
 * Boards: owners, roles, and links that let others in. A board is a room with a record; all relays on one store see the
 * same. This process keeps only records that it read a moment ago for members of a room.
 *
 * A user who may not see a board gets the answer of a missing board, after the same reads.
 */

import { isBoardId } from './board-codec.ts';
import { boardLimits, type BoardLimits } from './board-limits.ts';
import { BoardMembers } from './board-members.ts';
import { BoardRecords, busy, notFound, type FoundBoard } from './board-records.ts';
import type { Boards, BoardsOptions, BoardView, Outcome } from './board-types.ts';
import { BoardViews } from './board-views.ts';
import { watchAccess } from './board-watch.ts';
import { createLinkKeys, mintLinkId } from './links.ts';
import type { BoardFacts, BoardLink } from './roles.ts';

/** @throws {RangeError} from `createLinkKeys`. */
export function createBoards(options: BoardsOptions): Boards {
  const { users, wallClock, randomBytes, isReserved = () => false } = options;
  const limits: BoardLimits = { ...boardLimits, ...options.limits };
  const links = createLinkKeys(options.secret);
  const records = new BoardRecords(options, limits);
  const views = new BoardViews(records, users, links, limits.membersPerPage);
  const members = new BoardMembers(records, links, options, limits.maxAttempts);
  const viewed = async (id: string, outcome: Outcome<{ found: FoundBoard }>): Promise<Outcome<{ board: BoardView }>> =>
    outcome.ok ? views.board(id, outcome.found) : outcome;
  const mintId = (): string => {
    const id = Buffer.from(randomBytes(16)).toString('base64url');
    return isReserved(id) ? mintId() : id;
  };

  return {
    list: async (page) => Promise.all((await records.list(page)).map(({ id, facts }) => views.listed(id, facts))),
    async accessOf(board, userId, atLeast) {
      const { version, role, isSuspended } = await records.find(board, userId, atLeast);
      return { isBoard: version > 0, role, isSuspended };
    },
    watch: (board, userId, atLeast) => watchAccess(records, board, userId, atLeast),
    async create(userId, { id, everyone = 'none' }, isFree) {
      const board = id ?? mintId();
      if (!isBoardId(board)) throw new RangeError('a board id has 22 base64url characters');
      for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
        const found = await records.find(board, userId);
        if (found.board !== null) {
          if (found.board.conversation !== undefined && found.role === null) {
            // As for one that was erased, after the same reads: nobody learns whether others go on in it.
            await isFree(board);
            return { ok: false, code: 'board_erased' };
          }
          if (found.role !== 'owner') return { ok: false, code: 'board_exists' };
          const mine = await views.board(board, found);
          return mine.ok ? { ...mine, isNew: false } : mine;
        }
        const free = id === undefined ? 'free' : isReserved(board) ? 'taken' : await isFree(board);
        if (free !== 'free') return { ok: false, code: free === 'erased' ? 'board_erased' : 'board_exists' };
        const facts: BoardFacts = { owner: userId, createdAt: wallClock(), everyone, links: [] };
        const version = await records.create(board, facts);
        if (version === null) continue;
        const made = await views.board(board, { ...found, board: facts, version, role: 'owner' });
        return made.ok ? { ...made, isNew: true } : made;
      }
      return busy;
    },
    view: async (board, userId, { membersAfter = '', atLeast = null } = {}) =>
      views.board(board, await records.find(board, userId, atLeast), Buffer.from(membersAfter, 'base64url').toString()),
    setEveryone: async (board, userId, everyone) =>
      viewed(board, await records.change(board, userId, (facts) => ({ ok: true, facts: { ...facts, everyone } }))),
    async addLink(board, userId, role, replaces) {
      const link: BoardLink = { id: mintLinkId(randomBytes), role, createdAt: wallClock() };
      const changed = await records.change(board, userId, (facts) => {
        const kept = facts.links.filter(({ id }) => id !== replaces);
        if (replaces !== undefined && kept.length === facts.links.length) return { ok: false, code: 'link_not_found' };
        if (kept.length >= limits.maxLinks) return { ok: false, code: 'too_many_links' };
        return { ok: true, facts: { ...facts, links: [...kept, link] } };
      });
      return changed.ok ? { ok: true, link: views.link(board, link) } : changed;
    },
    async removeLink(board, userId, linkId) {
      const changed = await records.change(board, userId, (facts) => {
        const kept = facts.links.filter(({ id }) => id !== linkId);
        return kept.length === facts.links.length ? { ok: false, code: 'link_not_found' } : { ok: true, facts: { ...facts, links: kept } };
      });
      return viewed(board, changed);
    },
    join: async (board, userId, key) => viewed(board, await members.join(board, userId, key)),
    setMember: async (board, userId, member, role) =>
      viewed(board, await (role === 'owner' ? members.passOn(board, userId, member) : members.giveRole(board, userId, member, role))),
    async mayErase(board, userId) {
      const { role } = await records.find(board, userId);
      if (role === null) return notFound;
      return role === 'owner' ? { ok: true } : { ok: false, code: 'not_owner' };
    },
    forget: (board) => records.remove(board),
  };
}
