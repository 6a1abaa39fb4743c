/** How users become members of a board, get another role, and are removed. */

import { busy, notFound, type BoardRecords, type FoundBoard } from './board-records.ts';
import type { BoardsOptions, Outcome } from './board-types.ts';
import type { LinkKeys } from './links.ts';
import { isHigher, type GivenRole } from './roles.ts';

export class BoardMembers {
  readonly #records: BoardRecords;
  readonly #links: LinkKeys;
  readonly #options: Pick<BoardsOptions, 'users' | 'wallClock'>;
  readonly #maxAttempts: number;

  constructor(records: BoardRecords, links: LinkKeys, options: Pick<BoardsOptions, 'users' | 'wallClock'>, maxAttempts: number) {
    this.#records = records;
    this.#links = links;
    this.#options = options;
    this.#maxAttempts = maxAttempts;
  }

  /** Makes the user a member by a share link, unless they have a higher role. @param key Key as the user gives it. */
  async join(board: string, userId: string, key: string): Promise<Outcome<{ found: FoundBoard }>> {
    const linkId = this.#links.linkOf(board, key);
    const found = await this.#records.find(board, userId);
    const link = found.board?.links.find(({ id }) => id === linkId);
    const isMember = found.member?.role !== undefined || found.role === 'owner';
    if (found.board === null || link === undefined || found.isSuspended || found.member?.isRemoved === true) return notFound;
    const present = found.board.links.find(({ id }) => id === found.member?.link);
    if (!isMember && isHigher(link.role, present?.role ?? null)) {
      const since = found.member?.since ?? this.#options.wallClock();
      // If another relay changed this member's role meanwhile, that change stands; the read below sees it.
      await this.#records.putMember(board, userId, { link: link.id, since }, found.memberVersion);
      // A user without a role is not in the room, so no connection needs a recheck.
      const touched = found.role === null ? null : await this.#records.touch(board);
      if (touched?.ok === false) return touched;
    }
    return { ok: true, found: await this.#records.find(board, userId) };
  }

  /** Gives a member a role, or removes a member until the owner gives a role again. */
  async giveRole(board: string, userId: string, member: string, role: GivenRole | 'none'): Promise<Outcome<{ found: FoundBoard }>> {
    const own = await this.#records.findOwn(board, userId);
    if (!own.ok) return own;
    if (member === userId) return { ok: false, code: 'owner_stays' };
    const nowMs = this.#options.wallClock();
    const isWritten = await this.#records.changeMember(board, member, (old) => ({
      ...(role === 'none' ? { isRemoved: true } : { role }),
      since: old?.since ?? nowMs,
    }));
    return isWritten ? this.#records.change(board, userId, (facts) => ({ ok: true, facts })) : busy;
  }

  /** Makes another user the owner; the old owner becomes an editor. */
  async passOn(board: string, userId: string, newOwner: string): Promise<Outcome<{ found: FoundBoard }>> {
    for (let attempt = 0; attempt < this.#maxAttempts; attempt++) {
      const own = await this.#records.findOwn(board, userId);
      if (!own.ok || newOwner === userId) return own;
      if ((await this.#options.users.get(newOwner)) === null) return { ok: false, code: 'user_not_found' };
      const { member, memberVersion } = own.found;
      // Write the old owner's next role first; it has no effect while they own the board. If the write fails, a new
      // owner may have written it, and that write stands.
      const since = member?.since ?? this.#options.wallClock();
      if (!(await this.#records.putMember(board, userId, { role: 'editor', since }, memberVersion))) continue;
      const changed = await this.#records.change(board, userId, (present) => ({ ok: true, facts: { ...present, owner: newOwner } }));
      return changed.ok ? { ok: true, found: await this.#records.find(board, userId) } : changed;
    }
    return busy;
  }
}
