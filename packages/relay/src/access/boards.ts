/**
 * Boards: owners, roles, and links that let others in. A board is a room with a record; all relays on one store see the
 * same. This process keeps only records that it read a moment ago for members of a room.
 *
 * A user who may not see a board gets the answer of a missing board, after the same reads. Every change of a board or
 * its members raises the version of its record, last: a reader that has seen this version knows every earlier change.
 */

import type { Role } from '@wetink/protocol';
import type { BoardFailure, Boards, BoardsOptions, BoardView, LinkView, MemberView, Outcome, PersonView } from './board-types.ts';
import { FreshBoards, readBoard, type BoardState } from './fresh-boards.ts';
import { boardLimits, type BoardLimits } from './board-limits.ts';
import { createLinkKeys, mintLinkId } from './links.ts';
import { boardKey, decodeMember, encodeFacts, isBoardId, memberKey, membersPrefix } from './records.ts';
import { cameBy, effectiveRole, isHigher, type BoardFacts, type BoardLink, type MemberFacts } from './roles.ts';

/** Result of a change to a board's record. */
type Change = { ok: true; facts: BoardFacts } | { ok: false; code: BoardFailure };

interface Found extends BoardState {
  member: MemberFacts | null;
  memberVersion: number;
  isSuspended: boolean;
  role: Role | null;
}

const notFound = { ok: false, code: 'board_not_found' } as const;

/** @throws {RangeError} from `createLinkKeys`. */
export function createBoards(options: BoardsOptions): Boards {
  const { records, users, wallClock, randomBytes } = options;
  const limits: BoardLimits = { ...boardLimits, ...options.limits };
  const links = createLinkKeys(options.secret);
  const fresh = new FreshBoards(records, options.environment, limits.recheckSpacingMs);

  const readMember = async (board: string, userId: string): Promise<{ member: MemberFacts | null; memberVersion: number }> => {
    const record = await records.get(memberKey(board, userId));
    return record === null ? { member: null, memberVersion: 0 } : { member: decodeMember(record), memberVersion: record.version };
  };
  /** Makes the same reads whatever exists. */
  const find = async (board: string, userId: string): Promise<Found> => {
    const isRoomOfNobody = userId === '';
    // The board first: its version is raised after every other change, so whatever is read later is at least as new.
    const state = await readBoard(records, board);
    const [own, isSuspended] = await Promise.all([
      isRoomOfNobody ? { member: null, memberVersion: 0 } : readMember(board, userId),
      isRoomOfNobody ? false : users.isSuspended(userId),
    ]);
    return { ...state, ...own, isSuspended, role: effectiveRole({ board: state.board, userId, member: own.member, isSuspended }) };
  };

  /** Repeats `decide` on the present record until no other writer is faster. */
  const change = async (board: string, userId: string, decide: (facts: BoardFacts) => Change): Promise<Outcome<{ found: Found }>> => {
    for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
      const found = await find(board, userId);
      if (found.board === null || found.role === null) return notFound;
      if (found.role !== 'owner') return { ok: false, code: 'not_owner' };
      const decided = decide(found.board);
      if (!decided.ok) return decided;
      const version = await records.put(boardKey(board), encodeFacts(decided.facts), found.version);
      if (version === null) continue;
      fresh.changed(board);
      const role = effectiveRole({ board: decided.facts, userId, member: found.member, isSuspended: false });
      return { ok: true, found: { ...found, board: decided.facts, version, role } };
    }
    return { ok: false, code: 'busy' };
  };
  const putMember = async (board: string, userId: string, decide: (member: MemberFacts | null) => MemberFacts): Promise<boolean> => {
    for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
      const { member, memberVersion } = await readMember(board, userId);
      if ((await records.put(memberKey(board, userId), encodeFacts(decide(member)), memberVersion)) !== null) return true;
    }
    return false;
  };
  /** Raises the version, so that readers of the one before read again. */
  const touch = async (board: string): Promise<Outcome<object>> => {
    for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
      const state = await readBoard(records, board);
      if (state.board === null) return notFound;
      if ((await records.put(boardKey(board), encodeFacts(state.board), state.version)) === null) continue;
      fresh.changed(board);
      return { ok: true };
    }
    return { ok: false, code: 'busy' };
  };

  const person = async (userId: string): Promise<PersonView> => {
    const { name, picture } = (await users.get(userId)) ?? {};
    return { id: userId, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
  };
  const linkView = (board: string, link: BoardLink): LinkView => ({ ...link, key: links.keyOf(board, link.id) });
  const membersOf = async (board: string, facts: BoardFacts, after: string): Promise<Pick<BoardView, 'members' | 'membersCursor'>> => {
    const prefix = membersPrefix(board);
    const limit = limits.membersPerPage;
    const page = await records.list({ prefix, ...(after === '' ? {} : { after: prefix + after }), limit });
    const views = await Promise.all(
      page.map(async (record): Promise<MemberView[]> => {
        const userId = record.key.slice(prefix.length);
        const member = decodeMember(record);
        const came = cameBy(facts, member);
        if (userId === facts.owner || came === null) return [];
        const role = came.via === 'link' ? came.link.role : member.isRemoved === true ? 'none' : (member.role ?? 'none');
        const linkId = came.via === 'link' ? { linkId: came.link.id } : {};
        return [{ user: await person(userId), role, via: came.via, ...linkId, since: member.since }];
      }),
    );
    const last = page.length < limit ? undefined : page.at(-1)?.key.slice(prefix.length);
    return { members: views.flat(), membersCursor: last === undefined ? null : Buffer.from(last).toString('base64url') };
  };
  const viewOf = async (id: string, { board, role }: Found, after = ''): Promise<Outcome<{ board: BoardView }>> => {
    if (board === null || role === null) return notFound;
    const view: BoardView = { id, role, everyone: board.everyone, owner: await person(board.owner) };
    if (role !== 'owner') return { ok: true, board: view };
    const forOwner = { links: board.links.map((link) => linkView(id, link)), ...(await membersOf(id, board, after)) };
    return { ok: true, board: { ...view, ...forOwner } };
  };

  return {
    async accessOf(board, userId) {
      const { version, role, isSuspended } = await find(board, userId);
      return { isBoard: version > 0, role, isSuspended };
    },
    async watch(board, userId) {
      const first = await find(board, userId);
      let { board: facts, member, version } = first;
      return {
        isBoard: version > 0,
        role: first.role,
        isSuspended: first.isSuspended,
        async recheck() {
          const [state, suspended] = await Promise.all([fresh.read(board), userId === '' ? false : users.isSuspended(userId)]);
          if (state.version !== version) {
            if (userId !== '' && state.board !== null) ({ member } = await readMember(board, userId));
            [facts, version] = [state.board, state.version];
          }
          const now = effectiveRole({ board: facts, userId, member, isSuspended: suspended });
          return { isBoard: facts !== null, role: now, isSuspended: suspended };
        },
      };
    },
    async create(userId, { id, everyone = 'none' }, isFree) {
      const board = id ?? Buffer.from(randomBytes(16)).toString('base64url');
      if (!isBoardId(board)) throw new RangeError('a board id has 22 base64url characters');
      for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
        const found = await find(board, userId);
        if (found.board !== null) {
          if (found.role !== 'owner') return { ok: false, code: 'board_exists' };
          const mine = await viewOf(board, found);
          return mine.ok ? { ...mine, isNew: false } : mine;
        }
        const free = id === undefined ? 'free' : await isFree(board);
        if (free !== 'free') return { ok: false, code: free === 'erased' ? 'board_erased' : 'board_exists' };
        const facts: BoardFacts = { owner: userId, createdAt: wallClock(), everyone, links: [] };
        const version = await records.put(boardKey(board), encodeFacts(facts), 0);
        if (version === null) continue;
        fresh.changed(board);
        const made = await viewOf(board, { ...found, board: facts, version, role: 'owner' });
        return made.ok ? { ...made, isNew: true } : made;
      }
      return { ok: false, code: 'busy' };
    },
    view: async (board, userId, membersAfter = '') =>
      viewOf(board, await find(board, userId), Buffer.from(membersAfter, 'base64url').toString()),
    async setEveryone(board, userId, everyone) {
      const changed = await change(board, userId, (facts) => ({ ok: true, facts: { ...facts, everyone } }));
      return changed.ok ? viewOf(board, changed.found) : changed;
    },
    async addLink(board, userId, role, replaces) {
      const link: BoardLink = { id: mintLinkId(randomBytes), role, createdAt: wallClock() };
      const changed = await change(board, userId, (facts) => {
        const kept = facts.links.filter(({ id }) => id !== replaces);
        if (replaces !== undefined && kept.length === facts.links.length) return { ok: false, code: 'link_not_found' };
        if (kept.length >= limits.maxLinks) return { ok: false, code: 'too_many_links' };
        return { ok: true, facts: { ...facts, links: [...kept, link] } };
      });
      return changed.ok ? { ok: true, link: linkView(board, link) } : changed;
    },
    async removeLink(board, userId, linkId) {
      const changed = await change(board, userId, (facts) => {
        const kept = facts.links.filter(({ id }) => id !== linkId);
        return kept.length === facts.links.length ? { ok: false, code: 'link_not_found' } : { ok: true, facts: { ...facts, links: kept } };
      });
      return changed.ok ? viewOf(board, changed.found) : changed;
    },
    async join(board, userId, key) {
      const linkId = links.linkOf(board, key);
      const found = await find(board, userId);
      const link = found.board?.links.find(({ id }) => id === linkId);
      const isMember = found.member?.role !== undefined || found.role === 'owner';
      if (found.board === null || link === undefined || found.isSuspended || found.member?.isRemoved === true) return notFound;
      const present = found.board.links.find(({ id }) => id === found.member?.link);
      if (!isMember && isHigher(link.role, present?.role ?? null)) {
        const since = found.member?.since ?? wallClock();
        const member: MemberFacts = { link: link.id, since };
        // If another relay changed this member's role meanwhile, that change stands; the read below sees it.
        await records.put(memberKey(board, userId), encodeFacts(member), found.memberVersion);
        // A user without a role is not in the room, so no connection needs a recheck.
        if (found.role !== null) {
          const touched = await touch(board);
          if (!touched.ok) return touched;
        }
      }
      return viewOf(board, await find(board, userId));
    },
    async setMember(board, userId, member, role) {
      if (role === 'owner') {
        for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
          const found = await find(board, userId);
          if (found.board === null || found.role === null) return notFound;
          if (found.role !== 'owner') return { ok: false, code: 'not_owner' };
          if (member === userId) return viewOf(board, found);
          if ((await users.get(member)) === null) return { ok: false, code: 'user_not_found' };
          // Write the old owner's next role first; it has no effect while they own the board. If the write fails, a new
          // owner may have written it, and that write stands.
          const facts = encodeFacts({ role: 'editor', since: found.member?.since ?? wallClock() });
          if ((await records.put(memberKey(board, userId), facts, found.memberVersion)) === null) continue;
          const changed = await change(board, userId, (present) => ({ ok: true, facts: { ...present, owner: member } }));
          return changed.ok ? viewOf(board, await find(board, userId)) : changed;
        }
        return { ok: false, code: 'busy' };
      }
      const found = await find(board, userId);
      if (found.board === null || found.role === null) return notFound;
      if (found.role !== 'owner') return { ok: false, code: 'not_owner' };
      if (member === userId) return { ok: false, code: 'owner_stays' };
      const since = wallClock();
      const written = await putMember(board, member, (old) => ({
        ...(role === 'none' ? { isRemoved: true as const } : { role }),
        since: old?.since ?? since,
      }));
      if (!written) return { ok: false, code: 'busy' };
      const changed = await change(board, userId, (facts) => ({ ok: true, facts }));
      return changed.ok ? viewOf(board, changed.found) : changed;
    },
    async mayErase(board, userId) {
      const { role } = await find(board, userId);
      if (role === null) return notFound;
      return role === 'owner' ? { ok: true } : { ok: false, code: 'not_owner' };
    },
    async forget(board) {
      const prefix = membersPrefix(board);
      for (;;) {
        const page = await records.list({ prefix, limit: 1_000 });
        for (const { key, version } of page) await records.remove(key, version);
        if (page.length === 0) break;
      }
      for (let attempt = 0; attempt < limits.maxAttempts; attempt++) {
        const { version } = await readBoard(records, board);
        if (version === 0 || (await records.remove(boardKey(board), version))) break;
      }
      fresh.changed(board);
    },
  };
}
