/** One user's access to one board, for as long as the user has its room open. */

import type { BoardRecords } from './board-records.ts';
import type { WatchedBoardAccess } from './board-types.ts';
import { effectiveRole, type GivenRole } from './roles.ts';

/** Reads the user's own record again only when the board has another version. */
export async function watchAccess(
  records: BoardRecords,
  board: string,
  userId: string,
  atLeast: GivenRole | null = null,
): Promise<WatchedBoardAccess> {
  const first = await records.find(board, userId, atLeast);
  let { board: facts, member, version } = first;
  return {
    isBoard: version > 0,
    role: first.role,
    isSuspended: first.isSuspended,
    async recheck() {
      const [state, isSuspended] = await Promise.all([records.freshly(board), records.isSuspended(userId)]);
      if (state.version !== version) {
        if (state.board !== null) ({ member } = await records.member(board, userId));
        [facts, version] = [state.board, state.version];
      }
      const role = effectiveRole({ board: facts, userId, member, isSuspended, atLeast });
      return { isBoard: facts !== null, role, isSuspended };
    },
  };
}
