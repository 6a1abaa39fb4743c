/**
 * The directory of people who are online: of each user the 20 boards they were on last and have a role on, in an index. A
 * caller sees the people of the boards on which the caller has a role now.
 *
 * Coming costs one read of the user's ties, the access to each, and one call of the index; going costs the call alone; entering
 * a further room while online costs nothing, or one call for a board that was not among the 20. A role that ended while the
 * user is online is noticed within `ONLINE_AGAIN_MS`.
 */

import type { Environment } from '../ports/environment.ts';
import type { PeopleWatch } from '../ports/people-watch.ts';
import { isBoardId } from './board-codec.ts';
import type { Boards } from './board-types.ts';
import { ONLINE_AGAIN_MS, type OnlineIndex } from './online-index.ts';
import { NEWEST_TIES, type Ties } from './ties.ts';

/** `shared`: people with whom the caller shares a board. `all`: everyone. `off`: nobody. */
export type DirectoryRule = 'shared' | 'all' | 'off';

export interface OnlinePeople extends PeopleWatch {
  /** Others who are online, at most `MAX_ONLINE`. `isWhole`: of all relays. */
  of(userId: string): Promise<{ ids: string[]; isWhole: boolean }>;
  /** Writes entries again when it is time. To be called about every 10 s. Never rejects. */
  refresh(): Promise<void>;
}

export interface OnlinePeopleOptions {
  rule: DirectoryRule;
  index: OnlineIndex;
  ties: Pick<Ties, 'boardsOf'>;
  boards: Pick<Boards, 'accessOf'>;
  environment: Pick<Environment, 'now'>;
  onError(error: unknown): void;
}

export const MAX_ONLINE = 500;
/** The group of everyone: no board has this id. */
const EVERYONE = '*';
/** Users written again at once. */
const REFRESHED_AT_ONCE = 500;

interface Online {
  rooms: Set<string>;
  groups: Set<string>;
  writtenAtMs: number;
}

export function createOnlinePeople({ rule, index, ties, boards, environment, onError }: OnlinePeopleOptions): OnlinePeople {
  const onlineByUser = new Map<string, Online>();

  /** Those of these groups on which the user has a role now. One after the other: all users come at once when a relay ends. */
  const withRole = async (userId: string, groups: Iterable<string>): Promise<string[]> => {
    const kept: string[] = [];
    for (const group of groups) if (group === EVERYONE || (await boards.accessOf(group, userId)).role !== null) kept.push(group);
    return kept;
  };
  const groupsOf = async (userId: string): Promise<string[]> =>
    rule === 'all' ? [EVERYONE] : withRole(userId, (await ties.boardsOf(userId)).slice(0, NEWEST_TIES));

  const come = async (userId: string, online: Online): Promise<void> => {
    const known = await groupsOf(userId);
    // They may be gone again.
    if (onlineByUser.get(userId) !== online) return;
    for (const board of known) online.groups.add(board);
    await index.add(userId, [...online.groups]);
    // A user who left meanwhile was removed before they were added.
    if (onlineByUser.get(userId) !== online) await index.remove(userId, [...online.groups]);
  };

  /** Writes a user's entries again, and removes those of boards on which they have no role any more. */
  const comeAgain = async (userId: string, online: Online): Promise<void> => {
    const kept = new Set(await withRole(userId, [...online.groups]));
    const lost = [...online.groups].filter((group) => !kept.has(group));
    if (onlineByUser.get(userId) !== online) return;
    for (const group of lost) online.groups.delete(group);
    if (lost.length > 0) await index.remove(userId, lost);
    await index.add(userId, [...online.groups]);
    if (onlineByUser.get(userId) !== online) await index.remove(userId, [...online.groups]);
  };

  return {
    entered(userId, room) {
      if (rule === 'off') return;
      const there = onlineByUser.get(userId);
      const online = there ?? { rooms: new Set(), groups: new Set(), writtenAtMs: environment.now() };
      online.rooms.add(room);
      const isNewBoard = rule === 'shared' && isBoardId(room) && !online.groups.has(room) && online.groups.size < 2 * NEWEST_TIES;
      if (isNewBoard) online.groups.add(room);
      if (there === undefined) {
        onlineByUser.set(userId, online);
        come(userId, online).catch(onError);
      } else if (isNewBoard) index.add(userId, [room]).catch(onError);
    },
    left(userId, room) {
      const online = onlineByUser.get(userId);
      online?.rooms.delete(room);
      if (online === undefined || online.rooms.size > 0) return;
      onlineByUser.delete(userId);
      index.remove(userId, [...online.groups]).catch(onError);
    },
    async of(userId) {
      if (rule === 'off') return { ids: [], isWhole: true };
      const own = await groupsOf(userId);
      const { ids, isWhole } = await index.of(own, MAX_ONLINE + 1);
      ids.delete(userId);
      return { ids: [...ids].slice(0, MAX_ONLINE), isWhole };
    },
    async refresh() {
      const nowMs = environment.now();
      let count = 0;
      for (const [userId, online] of onlineByUser) {
        if (nowMs - online.writtenAtMs < ONLINE_AGAIN_MS) continue;
        online.writtenAtMs = nowMs;
        await comeAgain(userId, online).catch(onError);
        if ((count += 1) >= REFRESHED_AT_ONCE) return;
      }
    },
  };
}
