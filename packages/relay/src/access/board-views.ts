/** A board as one of its users may see it: the owner sees links and members too. */

import { notFound, type BoardRecords, type FoundBoard } from './board-records.ts';
import type { BoardUsers, BoardView, LinkView, ListedBoard, MemberView, Outcome, PersonView } from './board-types.ts';
import type { LinkKeys } from './links.ts';
import { cameBy, type BoardFacts, type BoardLink, type MemberFacts } from './roles.ts';

export class BoardViews {
  readonly #records: BoardRecords;
  readonly #users: BoardUsers;
  readonly #links: LinkKeys;
  readonly #membersPerPage: number;

  constructor(records: BoardRecords, users: BoardUsers, links: LinkKeys, membersPerPage: number) {
    this.#records = records;
    this.#users = users;
    this.#links = links;
    this.#membersPerPage = membersPerPage;
  }

  /** @param membersAfter The last user id of the page of members before, or ''. */
  async board(id: string, { board, role }: FoundBoard, membersAfter = ''): Promise<Outcome<{ board: BoardView }>> {
    if (board === null || role === null || board.conversation !== undefined) return notFound;
    const view: BoardView = { id, role, everyone: board.everyone, owner: await this.#person(board.owner) };
    if (role !== 'owner') return { ok: true, board: view };
    const links = board.links.map((link) => this.link(id, link));
    return { ok: true, board: { ...view, links, ...(await this.#members(id, board, membersAfter)) } };
  }

  link(board: string, link: BoardLink): LinkView {
    return { ...link, key: this.#links.keyOf(board, link.id) };
  }

  /** @param facts Null: the record cannot be read. */
  async listed(id: string, facts: BoardFacts | null): Promise<ListedBoard> {
    if (facts === null) return { id, facts, isConversation: false };
    const { everyone, links, createdAt } = facts;
    const isConversation = facts.conversation !== undefined;
    return { id, facts: { owner: await this.#person(facts.owner), everyone, links: links.length, createdAt }, isConversation };
  }

  async #members(id: string, board: BoardFacts, after: string): Promise<Pick<BoardView, 'members' | 'membersCursor'>> {
    const page = await this.#records.members(id, after);
    const views = await Promise.all(page.map(({ userId, member }) => this.#member(board, userId, member)));
    const last = page.length < this.#membersPerPage ? undefined : page.at(-1)?.userId;
    return {
      members: views.filter((view) => view !== null),
      membersCursor: last === undefined ? null : Buffer.from(last).toString('base64url'),
    };
  }

  /** @returns Null for the owner, and for a user who is not a member any more. */
  async #member(board: BoardFacts, userId: string, member: MemberFacts): Promise<MemberView | null> {
    const came = cameBy(board, member);
    if (userId === board.owner || came === null) return null;
    const { since } = member;
    const user = await this.#person(userId);
    if (came.via === 'link') return { user, role: came.link.role, via: 'link', linkId: came.link.id, since };
    return { user, role: member.isRemoved === true ? 'none' : (member.role ?? 'none'), via: 'direct', since };
  }

  async #person(userId: string): Promise<PersonView> {
    const { name, picture } = (await this.#users.get(userId)) ?? {};
    return { id: userId, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
  }
}
